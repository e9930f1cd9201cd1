"""The plain form: one JSON object a line, ``{"id", "turns": [{"speaker", "text"}]}`` or a chat's messages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from coach.transcripts.files import File, mark
from coach.transcripts.forms import parse, recording
from coach.transcripts.recording import Recording
from coach.transcripts.unreadable import Unreadable

SUFFIXES = (".jsonl", ".ndjson")
MAX_LINE = 2_000_000  # bytes of one conversation
FEW = 3
"""So many lines in a row that cannot be read are told one by one; of more, a binary file perhaps, only the first."""


def read(file: File) -> Iterator[Recording | Unreadable]:
    """Yield each line's conversation, or its id and the reason why it cannot be used; any number of lines."""
    odd: list[Unreadable] = []
    more = 0
    for where, data in _lines(file):
        if not isinstance(data, Unreadable):
            yield from _told(odd, more)
            odd, more = [], 0
            yield recording(data, where, "line")
        elif len(odd) < FEW:
            odd.append(data)
        else:
            more += 1
    yield from _told(odd, more)


def _told(odd: list[Unreadable], more: int) -> list[Unreadable]:
    """The failures of some lines in a row."""
    if not more:
        return odd
    told = f"{odd[0].reason} (the same goes for the {len(odd) - 1 + more:,} lines after it; is this the right file?)"
    return [Unreadable(odd[0].id, told)]


def _lines(file: File) -> Iterator[tuple[str, Any | Unreadable]]:
    """Where each line stands and what its JSON says."""
    wide = mark(file.head()) not in (None, "utf-8-sig")
    with io.BytesIO(file.text().encode()) if wide else file.path.open("rb") as lines:
        number = 0
        while raw := lines.readline(MAX_LINE + 1):
            number += 1
            where = f"{file.name}:{number}"
            if len(raw) > MAX_LINE:
                while raw and not raw.endswith(b"\n"):
                    raw = lines.readline(MAX_LINE)
                told = f"{where}: the line is longer than {MAX_LINE:,} bytes; split the recording"
                yield where, Unreadable(where, told)
            elif raw.strip():
                yield where, _parsed(raw, where)


def _parsed(raw: bytes, where: str) -> Any | Unreadable:  # noqa: ANN401 - JSON is anything
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Unreadable(where, f"{where}: the line is not UTF-8 text; save the file as UTF-8")
    return parse(text, where, "line")
