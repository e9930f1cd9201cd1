"""The documents a user added: one writer at a time, readers never wait and never see half a change.

Every change is made on a copy, a new generation of the index, and takes effect when the file ``current`` names it.
A change that is killed leaves the generation before it in force. The generation before the current one is kept, so
that a reader that has just looked up ``current`` can still open what it named.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from coach.errors import InputError, KnowledgeError
from coach.knowledge.documents import Loaded, expand, load, read
from coach.knowledge.entries import Document, Embedding, Entry
from coach.knowledge.index import clear, locked
from coach.knowledge.shelf import Shelf
from coach.knowledge.writer import ShelfWriter, copy_shelf

WAIT_SECONDS = 30.0
RETRIES = 5
GENERATION = "generation-"
T = TypeVar("T")


@dataclass(frozen=True)
class AddReport:
    """What came of adding documents; ``failures`` are sentences to show as they are."""

    added: tuple[Document, ...] = ()
    replaced: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def passages(self) -> int:
        """How many passages were added."""
        return sum(document.passages for document in self.added)


class AddedDocuments:
    """The added documents under ``HOME/knowledge``."""

    def __init__(self, home: Path, embedding: Embedding, wait: float = WAIT_SECONDS) -> None:
        """Open nothing yet; a writer waits ``wait`` seconds for another one."""
        self.directory = home / "knowledge"
        self._embedding = embedding
        self._wait = wait
        self._shelf: Shelf | None = None
        self._guard = threading.RLock()

    def read(self, action: Callable[[Shelf], T]) -> T | None:
        """Do something with the current generation, None when nothing was ever added.

        Vectors of another embedding than this one's are made anew first.
        """
        with self._guard:
            for _ in range(RETRIES):
                shelf = self._newest()
                if shelf is None:
                    return None
                if shelf.embedding != self._embedding.name:
                    self._embed_again()
                    continue
                try:
                    return action(shelf)
                except KnowledgeError:
                    if self._current() == shelf.directory.name:
                        raise
            raise KnowledgeError(f"The added documents in {self.directory} change too fast to be read; try again.")

    def documents(self) -> tuple[Document, ...]:
        """List the added documents in the order added."""
        with self._guard:
            shelf = self._newest()
            return shelf.documents() if shelf else ()

    def add(self, paths: Iterable[Path]) -> AddReport:
        """Add files, and the readable files of folders.

        A file with the bytes of one that is there is skipped; a file from the same path as one that is there replaces
        it; a file that cannot be read is reported and the others still go in.

        Raises:
            KnowledgeError: When another process is writing for too long or the folder cannot be written.
        """
        loaded: list[Loaded] = []
        failures: list[str] = []
        for path in expand(paths):
            try:
                loaded.append(load(path))
            except InputError as error:
                failures.append(str(error))
        if not loaded:
            return AddReport(failures=tuple(failures))
        with self._locked(), self._opened() as shelf:
            report = self._add(shelf, loaded)
        return replace(report, failures=(*failures, *report.failures))

    def remove(self, document_id: str) -> Document:
        """Take out a document.

        Raises:
            InputError: When there is no document with this id.
            KnowledgeError: When another process is writing for too long or the folder cannot be written.
        """
        with self._locked(), self._opened() as shelf:
            found = next((d for d in shelf.documents() if d.id == document_id), None) if shelf else None
            if found is None:
                raise InputError(f"There is no added document '{document_id}'; list them to see their ids.")
            with self._changing(shelf) as writer:
                writer.remove(document_id)
        return found

    def close(self) -> None:
        """Let go of the files."""
        with self._guard:
            if self._shelf is not None:
                self._shelf.close()
                self._shelf = None

    def _add(self, shelf: Shelf | None, loaded: Iterable[Loaded]) -> AddReport:
        there = {document.id: document for document in shelf.documents()} if shelf else {}
        added: dict[str, tuple[Document, tuple[Entry, ...]]] = {}
        replaced: list[Document] = []
        duplicates: list[str] = []
        failures: list[str] = []
        for item in loaded:
            if item.id in there or item.id in added:
                duplicates.append(item.name)
                continue
            origin = str(item.path.absolute())
            old = next((document for document in there.values() if document.origin == origin), None)
            taken = {document.source for document in there.values() if document is not old}
            source = _free_name(item.path, taken | {document.source for document, _ in added.values()})
            try:
                title, entries = read(item, source)
            except InputError as error:
                failures.append(str(error))
                continue
            if old is not None:
                replaced.append(there.pop(old.id))
            now = datetime.now(UTC).isoformat(timespec="seconds")
            added[item.id] = (Document(item.id, source, title, len(entries), origin, now), entries)
        if added:
            with self._changing(shelf) as writer:
                for document in replaced:
                    writer.remove(document.id)
                for document, entries in added.values():
                    writer.add(document, entries)
        return AddReport(
            added=tuple(document for document, _ in added.values()),
            replaced=tuple(document.source for document in replaced),
            duplicates=tuple(duplicates),
            failures=tuple(failures),
        )

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self.directory / "write.lock", self._wait, "changes the added documents")

    def _current(self) -> str:
        try:
            return (self.directory / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def _newest(self) -> Shelf | None:
        """Open the generation that ``current`` names, unless it is open already."""
        for _ in range(RETRIES):
            name = self._current()
            if not name:
                return None
            if self._shelf is None or self._shelf.directory.name != name:
                self.close()
                try:
                    self._shelf = Shelf(self.directory / name)
                except KnowledgeError:
                    if self._current() == name:
                        raise
                    continue  # replaced twice since it was looked up
            return self._shelf
        raise KnowledgeError(f"The added documents in {self.directory} change too fast to be read; try again.")

    def _embed_again(self) -> None:
        with self._locked(), self._opened() as shelf:
            if shelf is not None and shelf.embedding != self._embedding.name:
                with self._changing(shelf):
                    pass

    @contextmanager
    def _opened(self) -> Iterator[Shelf | None]:
        """Open the current generation for a writer, apart from the one that readers share; needs the lock."""
        name = self._current()
        shelf = Shelf(self.directory / name) if name else None
        try:
            yield shelf
        finally:
            if shelf is not None:
                shelf.close()

    @contextmanager
    def _changing(self, shelf: Shelf | None) -> Iterator[ShelfWriter]:
        """Give a writer on a copy of the current generation and put the copy in force; needs the lock."""
        before = shelf.directory if shelf else None
        directory = self.directory / f"{GENERATION}{uuid4().hex[:12]}"
        try:
            self._prune(before)
            if shelf is not None and shelf.embedding == self._embedding.name:
                copy_shelf(shelf.directory, directory)
            else:
                directory.mkdir(parents=True)
            writer = ShelfWriter(directory, self._embedding)
            try:
                if shelf is not None and shelf.embedding != self._embedding.name:
                    _copy(shelf, writer)
                yield writer
                writer.finish()
            finally:
                writer.close()
            pointer = self.directory / "current.new"
            pointer.write_text(directory.name, encoding="utf-8")
            pointer.replace(self.directory / "current")
        except BaseException:
            clear(directory)
            raise

    def _prune(self, keep: Path | None) -> None:
        """Remove generations that are no longer in force and what killed writers left."""
        for path in self.directory.glob(f"{GENERATION}*"):
            if path != keep:
                clear(path)


def _copy(shelf: Shelf, writer: ShelfWriter) -> None:
    entries = shelf.entries()
    for document in shelf.documents():
        writer.add(document, [entry for entry in entries if entry.document == document.id])


def _free_name(path: Path, taken: Collection[str]) -> str:
    """Name a document by its file, with a number when another one has that name."""
    names = (path.name, *(f"{path.stem}-{i}{path.suffix}" for i in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
