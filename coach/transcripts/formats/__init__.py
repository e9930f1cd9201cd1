"""The formats of recordings, by name: each a module that knows its own and reads it.

To support another, write a module with ``SUFFIXES``, ``knows(head)`` for the first lines of text, and ``read(file)``,
which yields recordings and raises ``InputError`` for a file it cannot use; then name it here. They are asked in this
order, those with an unmistakable beginning first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from coach.errors import InputError
from coach.transcripts.files import File, mark
from coach.transcripts.formats import csv_table, docx, json_document, jsonl, plain, sbv, srt, vtt
from coach.transcripts.recording import Recording
from coach.transcripts.unreadable import Unreadable


class Format(NamedTuple):
    """How to know a format and how to read it."""

    suffixes: tuple[str, ...]
    read: Callable[[File], Iterator[Recording | Unreadable]]
    knows: Callable[[str], bool] = lambda _head: False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "docx": Format(docx.SUFFIXES, docx.read),
        "vtt": Format(vtt.SUFFIXES, vtt.read, vtt.knows),
        "sbv": Format(sbv.SUFFIXES, sbv.read, sbv.knows),
        "srt": Format(srt.SUFFIXES, srt.read, srt.knows),
        "jsonl": Format(jsonl.SUFFIXES, jsonl.read),
        "json": Format(json_document.SUFFIXES, json_document.read, json_document.knows),
        "csv": Format(csv_table.SUFFIXES, csv_table.read, csv_table.knows),
        "text": Format(plain.SUFFIXES, plain.read, plain.knows),
    }
)
SUFFIXES = frozenset(suffix for one in FORMATS.values() for suffix in one.suffixes)
_MARKED = (FORMATS["vtt"], FORMATS["srt"], FORMATS["sbv"])
_ZIP = b"PK\x03\x04"
_OTHERS = {
    b"%PDF": "a PDF; save its text as .txt",
    b"\xd0\xcf\x11\xe0": "protected by a password or of Word's old format; save it without one as .docx",
    b"{\\rtf": "rich text; save it as plain text or .docx",
}


def tell(file: File) -> Format:
    """Tell a file's format by its content; its ending only decides where the content leaves it open.

    Raises:
        InputError: if neither says what it is.
    """
    head = file.head()
    text = head.decode(mark(head) or "utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    by_suffix = next((one for one in FORMATS.values() if file.path.suffix.lower() in one.suffixes), None)
    found = next((one for one in FORMATS.values() if one.knows(text)), None)
    if by_suffix is FORMATS["jsonl"]:
        # A broken line looks like anything, and is to be told by its number.
        return FORMATS["json"] if json_document.laid_out(text) else found if found in _MARKED else by_suffix
    for sign, what in _OTHERS.items():
        if head.startswith(sign):
            raise InputError(f"{file.name}: this is {what}")
    if head.startswith(_ZIP):
        return FORMATS["docx"]
    if found:
        return found
    if by_suffix is None:
        known = ", ".join(sorted(FORMATS))
        raise InputError(f"{file.name}: this is no transcript in a known format; they are {known}")
    return by_suffix
