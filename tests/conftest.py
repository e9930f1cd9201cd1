"""Shared fixtures: real content, a real index, a home of its own for every test."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import shipped
from shipped import Product

from coach import app as composition
from coach.app import App
from coach.content import Library, Places, load_library, read_exchanges
from coach.content import library as authored
from coach.critique import Examples
from coach.domain import Scenario
from coach.knowledge import KnowledgeBase, exchanges, search
from coach.knowledge.articles import Article, load_articles
from coach.knowledge.entries import Embedding
from coach.knowledge.index import index_hash, open_index
from coach.knowledge.shelf import Shelf
from coach.models import chat
from coach.session import Practice
from coach.settings import Settings
from coach.store import Store
from eval.bench.llm_server import LLMServer
from eval.bench.model_answers import Player

ROOT = Path(__file__).parent.parent
ARTICLES = "knowledge/articles"
MADE_ONCE = ("index", composition.MEANINGS)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the person's own data or settings."""
    home = tmp_path / "home"
    monkeypatch.setenv("COACH_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # each process compiling all anew takes seconds
    for name in ("COACH_MODEL", "COACH_CONTENT", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The whole product with what ships, shared by tests that only add to it; what is made once, by all workers."""
    home, folder = tmp_path_factory.mktemp("coach"), tmp_path_factory.getbasetemp()
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "shared"
    for name in MADE_ONCE:
        (shared / name).mkdir(parents=True, exist_ok=True)
        (home / name).symlink_to(shared / name)
    with closing(App(Settings(home=home))) as app:
        yield app


@pytest.fixture(scope="session")
def share_index(app: App) -> Callable[[Path], None]:
    """Give a home the index that is already built, and what lines mean that were read."""

    def share(home: Path) -> None:
        app.knowledge.open()
        home.mkdir(exist_ok=True)
        for name in MADE_ONCE:
            (home / name).symlink_to(app.settings.home / name)

    return share


@pytest.fixture(scope="session")
def product(share_index: Callable[[Path], None]) -> Product:
    """Make the product over a home of its own, with the index that is already built."""

    @contextmanager
    def make(home: Path, **settings: object) -> Iterator[App]:
        share_index(home)
        with closing(App(Settings(home=home, **settings))) as made:
            yield made

    return make


@pytest.fixture(scope="session", autouse=True)
def one_library() -> Iterator[None]:
    """Products without content of their own share what was read of what ships, and others its files."""
    indexed = shipped.once(lambda path: Examples(read_exchanges(path)))

    def loaded(places: Places) -> Library:
        own = any(root.is_dir() for root in places.roots[1:])
        return load_library(places) if own else shipped.library()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "load_library", loaded)
        patch.setattr(composition, "read_exchanges", shipped.once(read_exchanges))
        patch.setattr(authored, "read_yaml", shipped.once(authored.read_yaml))
        patch.setattr(composition.Examples, "load", lambda paths: indexed(*paths))
        yield


@cache
def built_in_embedding() -> Embedding:
    from coach.knowledge.embedding import WordLlamaEmbedding

    return WordLlamaEmbedding()


@cache
def shipped_articles() -> tuple[Article, ...]:
    return load_articles(Places.of(None).folders(ARTICLES))


@pytest.fixture(scope="session", autouse=True)
def one_embedding() -> Iterator[None]:
    """Every knowledge base shares the built-in embedding and, without others of its own, the articles that ship."""

    def loaded(folders: Iterable[Path]) -> tuple[Article, ...]:
        only = tuple(folders) == Places.of(None).folders(ARTICLES)
        return shipped_articles() if only else load_articles(folders)

    def embedding(base: KnowledgeBase) -> Embedding:
        base._given = base._given or built_in_embedding()
        return base._given

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "load_articles", loaded)
        patch.setattr(KnowledgeBase, "embedding", property(embedding))
        yield


class Lent(Shelf):
    """An index that many products read; the last of them is this session, so nobody before it closes the files."""

    def close(self) -> None:
        """Leave the files open."""


@pytest.fixture(scope="session", autouse=True)
def one_index() -> Iterator[None]:
    """Homes that share an index by a link share what is open of it, too: every Chroma client is a dozen open files."""
    lent: dict[tuple[Path, str], Lent] = {}

    def opened(home: Path, articles: Sequence[Article], embedding: Embedding, chroma_url: str = "") -> Shelf:
        if chroma_url or not (home / "index").is_symlink():
            return open_index(home, articles, embedding, chroma_url)
        index = (home / "index").resolve()
        key = index, index_hash(articles, embedding)
        if key not in lent:
            open_index(index.parent, articles, embedding).close()
            lent[key] = Lent(index / key[1])
        return lent[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchanges, "open_index", opened)
        patch.setattr(search, "open_index", opened)
        yield
    for shelf in lent.values():
        Shelf.close(shelf)


@pytest.fixture(scope="session")
def library(app: App) -> Library:
    """The authored content that ships."""
    return app.library


@pytest.fixture(scope="session")
def burnout(library: Library) -> Scenario:
    """The first scenario."""
    return library.scenarios["burnout"]


@pytest.fixture
def talks(app: App, tmp_path: Path) -> Iterator[Practice]:
    """Practice as it ships, over a database of the test's own."""
    with closing(Store.open(tmp_path / "coach.db")) as store:
        yield Practice(app.library, store, app.coder, app.voice, app.critic, app.provenance)


@pytest.fixture
def llm_server() -> Iterator[LLMServer]:
    """A well-behaved model server of the test's own."""
    with LLMServer() as server:
        yield server


@pytest.fixture
def model_env(llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> LLMServer:
    """The model server as the environment's endpoint, answering the product's own prompts."""
    monkeypatch.setenv("OPENAI_API_KEY", str(llm_server.api_key))
    monkeypatch.setenv("OPENAI_BASE_URL", llm_server.url)
    monkeypatch.setattr(chat, "PAUSE_S", 0.01)
    llm_server.answer = Player()
    return llm_server


@pytest.fixture
def model_app(product: Product, model_env: LLMServer, tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Make the product over the model server."""
    importlib.import_module("httpx")  # what ends a stream must not meet it half imported by another thread
    numbers = count()
    with ExitStack() as made:

        def make(**settings: object) -> App:
            chosen = {"model": f"openai:{model_env.model}", "model_seconds": 5.0} | settings
            return made.enter_context(product(tmp_path / f"model-{next(numbers)}", **chosen))

        yield make
