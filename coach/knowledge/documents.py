"""Reads a document that somebody adds: checks the file, picks the reader of its format, splits it into passages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coach.domain import Passage
from coach.errors import InputError
from coach.knowledge.entries import Entry
from coach.knowledge.formats import READERS
from coach.knowledge.splitting import split

MAX_BYTES = 20 * 2**20
MAX_CHARS = 3_000_000  # about a thousand pages


@dataclass(frozen=True)
class Loaded:
    """A document as it was read; ``id`` is a hash of its bytes."""

    id: str
    path: Path
    data: bytes

    @property
    def name(self) -> str:
        """The file's name."""
        return plain(self.path.name)


def plain(text: str) -> str:
    """Text on one line that does nothing to the terminal or database that it goes to."""
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))


def supported() -> tuple[str, ...]:
    """The file extensions that can be added."""
    return tuple(sorted(READERS))


def _formats() -> str:
    return ", ".join(supported())


def expand(paths: Iterable[Path]) -> list[Path]:
    """Replace every folder by the files in it, at any depth, whose format can be read; each file once.

    A folder without any stays, to be told of.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in READERS and p.is_file())
            shown = [p for p in inside if not any(n.startswith(".") for n in p.relative_to(path).parts)]
            found.update(dict.fromkeys(shown or [path]))
        else:
            found[path] = None
    return list(found)


def load(path: Path) -> Loaded:
    """Read the bytes of a file.

    Raises:
        InputError: When there is no such file, its format cannot be read, or it is empty or too large.
    """
    name = plain(path.name)
    if path.is_dir():
        raise InputError(f"{plain(str(path))} is a folder without a document in it; name one with {_formats()} files.")
    if path.suffix.lower() not in READERS:
        raise InputError(f"{name} has a format that cannot be read; save it as one of {_formats()} and add it again.")
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{name} is a device or pipe and no file; save what it gives as a file and add that.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = MAX_BYTES // 2**20
            raise InputError(f"{name} is larger than {limit} MB; split it into smaller files and add those.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{plain(str(path))} does not exist; check the path.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file can have this name"
        raise InputError(f"{name} cannot be read ({why}); check the file and its permissions.") from error
    if not data.strip():
        raise InputError(f"{name} is empty; write something in it or leave it out.")
    return Loaded(hashlib.sha256(data).hexdigest()[:16], path, data)


def read(loaded: Loaded, source: str) -> tuple[str, tuple[Entry, ...]]:
    """Split a loaded document into passages.

    Args:
        loaded: The document.
        source: The name its passages are cited by.

    Returns:
        The document's title and its passages in order.

    Raises:
        InputError: When its text cannot be read or there is none in it.
    """
    outline = READERS[loaded.path.suffix.lower()](loaded.data, loaded.name)
    if sum(len(block.text) for block in outline.blocks) > MAX_CHARS:
        raise InputError(f"{loaded.name} has more than {MAX_CHARS:,} characters; split it and add the parts you need.")
    title = plain(outline.title) or plain(loaded.path.stem)
    pieces = split(outline, title)
    if not pieces:
        raise InputError(f"{loaded.name} has no text in it; write something in it or leave it out.")
    return title, tuple(
        Entry(
            id=f"{loaded.id}/{i}",
            document=loaded.id,
            passage=Passage(source=source, section=plain(piece.section), text=_stored(piece.text), title=title),
            searchable=piece.searchable,
        )
        for i, piece in enumerate(pieces)
    )


def _stored(text: str) -> str:
    """Text as the database takes it: without halves of characters."""
    return text.encode("utf-8", "replace").decode("utf-8")
