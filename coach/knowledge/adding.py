"""What happens to each file that somebody adds: taken, a replacement, known already, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from coach.errors import InputError
from coach.knowledge.documents import Loaded, load, plain, read
from coach.knowledge.entries import Document, Entry
from coach.knowledge.writer import ShelfWriter


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


class Adding:
    """Adds one file after another, so that no more than one is in memory."""

    def __init__(
        self,
        there: Iterable[Document],
        placed: Callable[[Sequence[Entry]], Sequence[Entry]],
        writer: Callable[[], ShelfWriter],
    ) -> None:
        """Write nothing yet.

        Args:
            there: The documents that are there already.
            placed: Gives passages their principles.
            writer: Called once, when there is something to write.
        """
        self._ids = {document.id for document in there}
        self._by_origin = {document.origin: document for document in there}
        self._names = {document.source for document in there}
        self._placed = placed
        self._open = writer
        self._writer: ShelfWriter | None = None
        self._added: list[Document] = []
        self._replaced: list[str] = []
        self._duplicates: list[str] = []
        self._failures: list[str] = []

    def add(self, path: Path) -> None:
        """Add a file, or note why it was not added."""
        try:
            self._take(load(path))
        except InputError as error:
            self._failures.append(str(error))

    def report(self) -> AddReport:
        """What came of all the files."""
        return AddReport(
            tuple(self._added), tuple(self._replaced), tuple(self._duplicates), tuple(self._failures)
        )  # fmt: skip

    def _take(self, item: Loaded) -> None:
        if item.id in self._ids:
            self._duplicates.append(item.name)
            return
        origin = plain(str(item.path.absolute()))
        old = self._by_origin.get(origin)
        source = _free_name(item.path, self._names - {old.source} if old else self._names)
        title, entries = read(item, source)
        if self._writer is None:
            self._writer = self._open()
        if old:
            self._writer.remove(old.id)
            self._ids.discard(old.id)
            self._names.discard(old.source)
            self._replaced.append(old.source)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        document = Document(item.id, source, title, len(entries), origin, now)
        self._writer.add(document, self._placed(entries))
        self._ids.add(item.id)
        self._names.add(source)
        self._by_origin[origin] = document
        self._added.append(document)


def _free_name(path: Path, taken: Container[str]) -> str:
    """Name a document by its file, with a number when another one has that name."""
    stem, suffix = plain(path.stem), plain(path.suffix)
    names = chain([f"{stem}{suffix}"], (f"{stem}-{i}{suffix}" for i in count(2)))
    return next(name for name in names if name not in taken)
