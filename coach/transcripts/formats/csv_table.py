"""Tables with a row for each utterance: CSV and its relatives, one conversation or many by an id column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from coach.transcripts.files import File
from coach.transcripts.moments import day, seconds
from coach.transcripts.recording import Cue, Recording
from coach.transcripts.tables import columns, rows
from coach.transcripts.unreadable import Unreadable

SUFFIXES = (".csv", ".tsv")
SPEAKER = ("speaker", "speaker_name", "participant", "who", "name", "role", "user")
TEXT = ("text", "transcript", "utterance", "content", "message", "words", "sentence", "body", "caption")
TIME = ("seconds", "start", "start_time", "time", "timestamp", "begin", "offset", "start_seconds")
ID = ("id", "conversation", "conversation_id", "call", "call_id", "meeting", "meeting_id", "recording", "recording_id",
      "transcript_id", "file")  # fmt: skip


def knows(head: str) -> bool:
    """Whether the first line names a column for speakers and one for their words."""
    return columns(head.lstrip("\n").partition("\n")[0], _names_both) is not None


def read(file: File) -> Iterator[Recording | Unreadable]:
    """Yield a conversation, or one for each run of rows with the same id.

    Raises:
        InputError: if the first row does not name speaker and text, or the table is broken.
    """
    table = list(rows(file.text(), file.name, _names_both))
    ids = next((name for name in ID if table and name in table[0][1]), "")
    # An id that changes with every row numbers the utterances.
    if ids and len({row.get(ids) for _, row in table}) == len(table) > 1:
        ids = ""
    for id, group in groupby(table, key=lambda item: item[1].get(ids, "").strip()):
        lines = list(group)
        number, first = lines[0]
        yield Recording(
            f"{file.name}:{number}" if ids else file.name,
            tuple(Cue(_cell(row, SPEAKER), _cell(row, TEXT), seconds(_cell(row, TIME))) for _, row in lines),
            id=id[:200],
            manager=first.get("manager", "").strip(),
            rep=first.get("rep", "").strip(),
            team=first.get("team", "").strip(),
            date=day(first.get("date", "")),
        )


def _names_both(names: Sequence[str]) -> bool:
    return any(name in names for name in SPEAKER) and any(name in names for name in TEXT)


def _cell(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if name in row), "")
