"""Recorded conversations from files: one adapter a format, registered by file ending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from itertools import count
from pathlib import Path

from coach.domain import Transcript
from coach.errors import InputError
from coach.transcripts import jsonl
from coach.transcripts.unreadable import Unreadable

Reader = Callable[[Path, str | None], Iterator[Transcript | Unreadable]]


FORMATS: dict[str, Reader] = {".jsonl": jsonl.read}


def read_transcripts(paths: Sequence[Path], manager: str | None = None) -> Iterator[Transcript | Unreadable]:
    """Read recordings from files and folders, one at a time.

    Args:
        paths: files, or folders whose files of a known format are read in order of name.
        manager: the manager's name in files whose speakers have names.

    Raises:
        InputError: if a path does not exist, holds nothing readable or has an unknown format.
    """
    seen: set[str] = set()
    for path in _files(paths):
        item = None
        for item in _read(path, manager):
            own = _own_id(item.id, seen)
            seen.add(own)
            if own == item.id:
                yield item
            elif isinstance(item, Unreadable):
                yield Unreadable(own, item.reason)
            else:
                yield Unreadable(own, f"{path.name}: the id {item.id!r} was used before")
        if item is None:
            own = _own_id(path.name, seen)
            seen.add(own)
            yield Unreadable(own, f"{path.name}: the file holds no conversation")


def _read(path: Path, manager: str | None) -> Iterator[Transcript | Unreadable]:
    try:
        yield from FORMATS[path.suffix.lower()](path, manager)
    except OSError as error:
        yield Unreadable(path.name, f"{path} cannot be read ({error.strerror})")


def _own_id(name: str, seen: Set[str]) -> str:
    """The name itself, or with the first number that nothing before has."""
    numbered = (f"{name}#{n}" for n in count(2))
    return name if name not in seen else next(one for one in numbered if one not in seen)


def _files(paths: Sequence[Path]) -> list[Path]:
    known = ", ".join(sorted(FORMATS))
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix.lower() in FORMATS and p.is_file())
            if not found:
                raise InputError(f"The folder {path} holds no recording; known formats are {known}.")
            files += found
        elif not path.is_file():
            raise InputError(f"There is no file {path}; check the path.")
        elif path.suffix.lower() not in FORMATS:
            raise InputError(f"{path} has no known format; known formats are {known}.")
        else:
            files.append(path)
    return files
