"""The documents a user added: one writer at a time, readers never wait and never see half a change.

Every change is made on a copy, a new generation of the index, and takes effect when the file ``current`` names it.
A change that is killed leaves the generation before it in force. The generation before the current one is kept, so
that a reader that has just looked up ``current`` can still open what it named.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from coach.domain import PrincipleId
from coach.errors import InputError, KnowledgeError
from coach.knowledge.adding import Adding, AddReport
from coach.knowledge.documents import expand, plain
from coach.knowledge.entries import Document, Embedding, Entry
from coach.knowledge.index import clear, locked
from coach.knowledge.shelf import Shelf
from coach.knowledge.writer import ShelfWriter, copy_shelf

WAIT_SECONDS = 30.0
RETRIES = 5
GENERATION = "generation-"
T = TypeVar("T")
About = Callable[[Sequence[str]], "list[tuple[PrincipleId, ...]]"]
"""Tells for each text which principles it is about."""


class AddedDocuments:
    """The added documents under ``HOME/knowledge``."""

    def __init__(
        self,
        home: Path,
        embedding: Embedding,
        about: About | None = None,
        *,
        wait: float = WAIT_SECONDS,
        chroma_url: str = "",
    ) -> None:
        """Open nothing yet.

        Args:
            home: The folder for everything the product stores.
            embedding: What the vectors are made with.
            about: Tells which principles passages are about; none when left out.
            wait: Seconds for which a writer waits for another one.
            chroma_url: The Chroma server that holds the vectors; the home itself when empty.
        """
        self.directory = home / "knowledge"
        self._embedding = embedding
        self._about = about
        self._wait = wait
        self._chroma_url = chroma_url
        self._shelf: Shelf | None = None
        self._guard = threading.RLock()

    def read(self, action: Callable[[Shelf], T]) -> T | None:
        """Do something with the current generation, None when nothing was ever added.

        Vectors of another embedding than this one's, or in another place, are made anew first.
        """
        with self._guard:
            for _ in range(RETRIES):
                shelf = self._newest()
                if shelf is None:
                    return None
                if self._stale(shelf):
                    self.rebuild(only_stale=True)
                    continue
                try:
                    return action(shelf)
                except KnowledgeError:
                    if self.version == shelf.directory.name:
                        raise
            raise KnowledgeError(f"The added documents in {self.directory} change too fast to be read; try again.")

    def documents(self) -> tuple[Document, ...]:
        """List the added documents in the order added."""
        with self._guard:
            shelf = self._newest()
            return shelf.documents() if shelf is not None else ()

    def add(self, paths: Iterable[Path], told: Callable[[str, int, int], None] | None = None) -> AddReport:
        """Add files, and the readable files of folders.

        A file with the bytes of one that is there is skipped; a file from the same path as one that is there replaces
        it; a file that cannot be read is reported and the others still go in.

        Args:
            paths: Files and folders.
            told: Called with a file's name, its number from 1 and the number of files, before it is read.

        Raises:
            KnowledgeError: When another process is writing for too long or the folder cannot be written.
        """
        files = expand(paths)
        with self._locked(), self._opened() as shelf, ExitStack() as stack:
            there = shelf.documents() if shelf is not None else ()
            adding = Adding(there, self._placed, lambda: stack.enter_context(self._changing(shelf)))
            for number, path in enumerate(files, start=1):
                if told:
                    told(plain(path.name), number, len(files))
                adding.add(path)
        return adding.report()

    def remove(self, name: str) -> Document:
        """Take out the document with this id or source.

        Raises:
            InputError: When there is none.
            KnowledgeError: When another process is writing for too long or the folder cannot be written.
        """
        with self._locked(), self._opened() as shelf:
            there = shelf.documents() if shelf is not None else ()
            found = next((d for d in there if name in (d.id, d.source)), None)
            if shelf is None or found is None:
                raise InputError(f"There is no added document '{plain(name)}'; list them to see their names and ids.")
            with self._changing(shelf) as writer:
                writer.remove(found.id)
        return found

    def rebuild(self, *, only_stale: bool = False) -> int:
        """Make the vectors and the principles of every document anew; returns the number of documents.

        Raises:
            KnowledgeError: When another process is writing for too long or the folder cannot be written.
        """
        with self._locked(), self._opened() as shelf:
            if shelf is None or (only_stale and not self._stale(shelf)):
                return 0
            with self._changing(shelf, anew=True):
                return len(shelf.documents())

    def close(self) -> None:
        """Let go of the files."""
        with self._guard:
            if self._shelf is not None:
                self._shelf.close()
                self._shelf = None

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self.directory / "write.lock", self._wait, "changes the added documents")

    @property
    def version(self) -> str:
        """Names the generation in force; empty when nothing was ever added."""
        try:
            return (self.directory / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def _newest(self) -> Shelf | None:
        """Open the generation that ``current`` names, unless it is open already."""
        for _ in range(RETRIES):
            name = self.version
            if not name:
                return None
            if self._shelf is None or self._shelf.directory.name != name:
                self.close()
                try:
                    self._shelf = Shelf(self.directory / name)
                except KnowledgeError:
                    if self.version == name:
                        raise
                    continue  # replaced twice since it was looked up
            return self._shelf
        raise KnowledgeError(f"The added documents in {self.directory} change too fast to be read; try again.")

    def _stale(self, shelf: Shelf) -> bool:
        return (shelf.embedding, shelf.server) != (self._embedding.name, self._chroma_url)

    def _placed(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """The entries, each told which principles it is about."""
        if self._about is None:
            return tuple(entries)
        about = self._about([f"{entry.passage.section}. {entry.passage.text}" for entry in entries])
        return tuple(
            replace(entry, passage=entry.passage.model_copy(update={"principles": principles}))
            for entry, principles in zip(entries, about, strict=True)
        )

    @contextmanager
    def _opened(self) -> Iterator[Shelf | None]:
        """Open the current generation for a writer, apart from the one that readers share; needs the lock."""
        name = self.version
        shelf = Shelf(self.directory / name) if name else None
        try:
            yield shelf
        finally:
            if shelf is not None:
                shelf.close()

    @contextmanager
    def _changing(self, shelf: Shelf | None, *, anew: bool = False) -> Iterator[ShelfWriter]:
        """Give a writer on a copy of the current generation and put the copy in force; needs the lock."""
        before = shelf.directory if shelf is not None else None
        directory = self.directory / f"{GENERATION}{uuid4().hex[:12]}"
        try:
            self._prune(before)
            copied = shelf is not None and not anew and not self._chroma_url and not self._stale(shelf)
            if shelf is not None and copied:
                copy_shelf(shelf.directory, directory)
            else:
                directory.mkdir(parents=True)
            writer = ShelfWriter(directory, self._embedding, self._chroma_url)
            try:
                if shelf is not None and not copied:
                    self._copy(shelf, writer)
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

    def _copy(self, shelf: Shelf, writer: ShelfWriter) -> None:
        entries: dict[str, list[Entry]] = {}
        for entry in self._placed(shelf.entries()):
            entries.setdefault(entry.document, []).append(entry)
        for document in shelf.documents():
            writer.add(document, entries.get(document.id, []))

    def _prune(self, keep: Path | None) -> None:
        """Remove generations that are no longer in force and what killed writers left."""
        for path in self.directory.glob(f"{GENERATION}*"):
            if path != keep:
                clear(path)
