"""Shared fixtures: real content, a real index, a home of its own for every test."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coach.app import App
from coach.content import Library
from coach.domain import Scenario
from coach.settings import Settings
from eval.bench.llm_server import LLMServer
from eval.bench.model_answers import Player

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the person's own data or settings."""
    home = tmp_path / "home"
    monkeypatch.setenv("COACH_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "160")
    for name in ("COACH_MODEL", "COACH_CONTENT", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The whole product with what ships, shared by tests that only add to it."""
    app = App(Settings(home=tmp_path_factory.mktemp("coach")))
    yield app
    app.knowledge.close()
    app.store.close()


@pytest.fixture(scope="session")
def library(app: App) -> Library:
    """The authored content that ships."""
    return app.library


@pytest.fixture(scope="session")
def burnout(library: Library) -> Scenario:
    """The first scenario."""
    return library.scenarios["burnout"]


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
    llm_server.answer = Player()
    return llm_server


@pytest.fixture
def model_app(app: App, model_env: LLMServer, tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Make the product over the model server; content and knowledge are those of the shared app."""
    importlib.import_module("httpx")  # what ends a stream must not meet it half imported by another thread
    made: list[App] = []

    def make(**settings: object) -> App:
        home = tmp_path / f"model-{len(made)}"
        home.mkdir()
        app.knowledge.open()
        (home / "index").symlink_to(app.settings.home / "index")
        chosen = {"model": f"openai:{model_env.model}", "model_seconds": 5.0} | settings
        product = App(Settings(home=home, **chosen))
        product.__dict__.update(library=app.library, knowledge=app.knowledge)
        made.append(product)
        return product

    yield make
    for product in made:
        product.store.close()
