"""The index of the built-in articles: named by what is in it, built once, never written again.

It lies in ``HOME/index/<hash>/``, where the hash covers the articles, the embedding and the format. It is built in a
sibling directory behind a file lock and renamed into place, so processes that start together build it once, and a
build that is killed leaves nothing that could be taken for an index.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from coach.errors import KnowledgeError
from coach.knowledge.articles import Article, article_entries
from coach.knowledge.entries import Document, Embedding
from coach.knowledge.shelf import FORMAT, Shelf
from coach.knowledge.vectors import forget
from coach.knowledge.writer import ShelfWriter

KEEP = 8
BUILD_SECONDS = 600.0


def index_hash(articles: Sequence[Article], embedding: Embedding) -> str:
    """Name the index of some articles: changes with content, embedding or format, with nothing else."""
    content = [[a.id, a.title, [[p.section, p.text, p.principles, p.kind] for p in a.passages]] for a in articles]
    whole = json.dumps([FORMAT, embedding.name, sorted(content)], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def open_index(home: Path, articles: Sequence[Article], embedding: Embedding, chroma_url: str = "") -> Shelf:
    """Open the index of the articles, building it first when there is none yet.

    Args:
        home: The folder for everything the product stores.
        articles: The built-in articles.
        embedding: What the vectors are made with.
        chroma_url: The Chroma server that holds the vectors; the home itself when empty.

    Returns:
        The index, open for reading.

    Raises:
        KnowledgeError: When it can be neither opened nor built.
    """
    directory = _directory(home, articles, embedding, chroma_url)
    if not directory.is_dir():
        with locked(home / "index" / "build.lock", BUILD_SECONDS, "builds the knowledge index"):
            if not directory.is_dir():
                _build(directory, articles, embedding, chroma_url)
                _prune(directory)
    return Shelf(directory)


def rebuild_index(home: Path, articles: Sequence[Article], embedding: Embedding, chroma_url: str = "") -> None:
    """Build the index of the articles whether there is one or not; who has the old one open may go on reading it.

    Raises:
        KnowledgeError: When it cannot be built; the old one then stays.
    """
    directory = _directory(home, articles, embedding, chroma_url)
    with locked(home / "index" / "build.lock", BUILD_SECONDS, "builds the knowledge index"):
        _build(directory, articles, embedding, chroma_url)
        _prune(directory)


def _directory(home: Path, articles: Sequence[Article], embedding: Embedding, chroma_url: str) -> Path:
    server = f"-{hashlib.sha256(chroma_url.encode()).hexdigest()[:8]}" if chroma_url else ""
    return home / "index" / f"{index_hash(articles, embedding)}{server}"


def _build(directory: Path, articles: Sequence[Article], embedding: Embedding, chroma_url: str) -> None:
    building = directory.with_name(f"{directory.name}.building")
    clear(building)
    building.mkdir(parents=True)
    writer = ShelfWriter(building, embedding, chroma_url)
    try:
        entries = article_entries(articles)
        for article in articles:
            document = Document(article.id, article.id, article.title, len(article.passages))
            writer.add(document, [entry for entry in entries if entry.document == article.id])
        writer.finish()
    finally:
        writer.close()
    if directory.is_dir():
        directory.rename(directory.with_name(f"{directory.name}.old.building"))  # pruned with what killed builds left
    building.rename(directory)


def _prune(current: Path) -> None:
    """Remove what killed builds left and all but the newest indexes; only for the holder of the lock."""
    others = [path for path in current.parent.iterdir() if path.is_dir() and path != current]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    finished = [path for path in others if path.suffix != ".building"]
    for path in {*others} - {*finished[: KEEP - 1]}:
        clear(path)


def clear(directory: Path) -> None:
    """Remove a directory; what is still open elsewhere goes when it can."""
    forget(directory)
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def locked(path: Path, seconds: float, doing: str) -> Iterator[None]:
    """Hold a file lock, noting beside it who holds it; the system lets go of it when a process dies.

    Raises:
        KnowledgeError: When somebody else holds it for longer than ``seconds``, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    note = path.with_suffix(".holder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise KnowledgeError(
            f"Another process {doing} ({_holder(note)}) and did not finish within {seconds:g} s;"
            " wait for it or end it, then try again."
        ) from error
    except OSError as error:
        raise KnowledgeError(f"The folder {path.parent} cannot be written ({error.strerror or error}).") from error
    try:
        note.write_text(str(os.getpid()), encoding="utf-8")
        yield
    except OSError as error:
        raise KnowledgeError(f"The knowledge index in {path.parent} cannot be written ({error}).") from error
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _holder(note: Path) -> str:
    try:
        return f"process {note.read_text(encoding='utf-8')}"
    except OSError:
        return "an unknown process"
