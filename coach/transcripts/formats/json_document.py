"""A whole JSON document: one conversation or a list of them, ours or a chat's messages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.transcripts.files import File
from coach.transcripts.formats import jsonl
from coach.transcripts.forms import is_chat, parse, recording
from coach.transcripts.recording import Recording
from coach.transcripts.unreadable import Unreadable

SUFFIXES = (".json",)
_OPENS = re.compile(r"\s*(?:\{|\[\s*[\[{\]])")
_LAID_OUT = re.compile(r"\s*(?:\{\s*\n\s*\"|\[\s*\n\s*[\[{])")


def knows(head: str) -> bool:
    """Whether the text opens like a JSON object or a list of them."""
    return _OPENS.match(head) is not None


def laid_out(head: str) -> bool:
    """Whether the document goes over several lines, so that none of them is JSON by itself."""
    return _LAID_OUT.match(head) is not None


def read(file: File) -> Iterator[Recording | Unreadable]:
    """Yield the conversations of the document; one without an id gets the file's name and its place.

    A file with a JSON object a line is read as what it is, whatever its ending says.
    """
    text = file.text()
    data = parse(text, file.name, "file")
    if not isinstance(data, Unreadable):
        several = isinstance(data, list) and not is_chat(data)
        items = enumerate(data, start=1) if several else [(0, data)]
        for number, item in items:
            yield _one(item, f"{file.name}#{number}" if number else file.name)
    elif isinstance(parse(text.lstrip().partition("\n")[0], file.name, "line"), dict):
        yield from jsonl.read(file)
    else:
        yield data


def _one(data: object, where: str) -> Recording | Unreadable:
    if isinstance(data, dict) and "id" not in data:
        data = data | {"id": where[-200:]}
    return recording(data, where, "conversation")
