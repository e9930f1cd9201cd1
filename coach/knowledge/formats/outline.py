"""What every reader of a format returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coach.errors import InputError

Kind = Literal["heading", "paragraph", "item", "row", "passage"]
"""A ``passage`` stays as it is, unless it is too long to be one."""


@dataclass(frozen=True)
class Block:
    """A piece of a document that is never joined with its neighbour on one line."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Outline:
    """A document as its reader understood it."""

    title: str
    blocks: tuple[Block, ...]


def decode(data: bytes, name: str) -> str:
    """Turn the bytes of a text file into text with plain line ends.

    Raises:
        InputError: When the file is binary or not UTF-8.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{name} is UTF-16 text; save it as UTF-8 and add it again.")
    if b"\x00" in data:
        raise InputError(f"{name} is not a text file; save its text as .txt or .md in UTF-8 and add that.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = data[: error.start].count(b"\n") + 1
        raise InputError(f"{name} is not UTF-8 text (line {where}); save it as UTF-8 and add it again.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
