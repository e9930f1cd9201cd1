"""The plain form: one JSON object a line, ``{"id", "turns": [{"speaker", "text"}]}`` or a chat's messages."""

from __future__ import annotations

import io
from collections.abc import Iterator

from coach.transcripts.files import File, mark
from coach.transcripts.forms import parse, recording
from coach.transcripts.recording import Recording
from coach.transcripts.unreadable import Unreadable

SUFFIXES = (".jsonl", ".ndjson")
MAX_LINE = 2_000_000  # bytes of one conversation


def read(file: File) -> Iterator[Recording | Unreadable]:
    """Yield each line's conversation, or its id and the reason why it cannot be used; any number of lines."""
    wide = mark(file.head()) not in (None, "utf-8-sig")
    with io.BytesIO(file.text().encode()) if wide else file.path.open("rb") as lines:
        number = 0
        while raw := lines.readline(MAX_LINE + 1):
            number += 1
            where = f"{file.name}:{number}"
            if len(raw) > MAX_LINE:
                while raw and not raw.endswith(b"\n"):
                    raw = lines.readline(MAX_LINE)
                yield Unreadable(where, f"{where}: the line is longer than {MAX_LINE:,} bytes; split the recording")
            elif raw.strip():
                yield _line(raw, where)


def _line(raw: bytes, where: str) -> Recording | Unreadable:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Unreadable(where, f"{where}: the line is not UTF-8 text; save the file as UTF-8")
    data = parse(text, where, "line")
    return data if isinstance(data, Unreadable) else recording(data, where, "line")
