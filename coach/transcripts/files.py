"""A file of recordings: its bytes, its text, its first lines."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from coach.errors import InputError

MAX_FILE = 20 * 2**20
"""Bytes of a file that is read whole; an hour of talk takes about 0.2 MB."""
HEAD = 8192
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class File:
    """One file; ``name`` is what results and messages call it."""

    path: Path
    name: str

    def head(self) -> bytes:
        """Return the first bytes, enough to tell the format."""
        with self.path.open("rb") as file:
            return file.read(HEAD)

    def data(self) -> bytes:
        """Return all bytes; raises ``InputError`` if they are more than one conversation can take."""
        with self.path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
        if len(data) > MAX_FILE:
            raise InputError(f"{self.name}: the file is larger than {MAX_FILE // 2**20} MB; split it")
        return data

    def text(self) -> str:
        """Return the file as text with plain line ends; raises ``InputError`` if it is none."""
        return decoded(self.data(), self.name).replace("\r\n", "\n").replace("\r", "\n")


def mark(data: bytes) -> str | None:
    """Name the encoding that a byte order mark at the start tells, if there is one."""
    return next((encoding for sign, encoding in _MARKS if data.startswith(sign)), None)


def decoded(data: bytes, name: str) -> str:
    """Turn bytes into text: by their byte order mark, as UTF-8, or as Windows-1252 where that is sure.

    Raises:
        InputError: if the bytes are no text or their encoding is a guess.
    """
    try:
        text = data.decode(mark(data) or "utf-8")
    except UnicodeDecodeError:
        if mark(data):
            raise InputError(f"{name}: the file is cut off or damaged; export it again") from None
        text = _windows(data, name)
    if "\0" in text:
        raise InputError(f"{name}: the file is not text; export the transcript as text, VTT, SRT, CSV, DOCX or JSONL")
    return text


def _windows(data: bytes, name: str) -> str:
    """Windows-1252, if a second opinion agrees; a wrong guess would put words into people's mouths."""
    from charset_normalizer import from_bytes

    sample = data[: 2**18]
    if b"\0" not in sample:
        best = from_bytes(sample).best()
        if best is not None and "cp1252" in best.could_be_from_charset:
            try:
                return data.decode("cp1252")
            except UnicodeDecodeError:
                pass
    raise InputError(f"{name}: the file is not UTF-8 text; save it as UTF-8 and try again")
