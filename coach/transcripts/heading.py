"""What stands above a conversation, or in its file's name, about whose it is and when it was."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from coach.transcripts.moments import day

_FIELD = re.compile(
    r"(manager|rep|team|date|title|meeting|subject|duration|attendees|participants)\s*[:=]\s*(\S.*)", re.I
)
_IN_NAME = re.compile(
    r"(?:^|[ _,;(\[/])(manager|rep|team)=([^=,;()\[\]_/]{1,80}?)(?=[,;()\[\]_/]|\s+\w+=|\.\w+$|$)", re.I
)
_TELLING = frozenset({"team", "date", "title", "meeting", "subject", "duration", "attendees", "participants"})
MAX_LINES = 20


@dataclass(frozen=True)
class Heading:
    """What a file says about its conversation."""

    manager: str = ""
    rep: str = ""
    team: str = ""
    date: dt.date | None = None

    @classmethod
    def of(cls, lines: Iterable[str]) -> Heading:
        """Read lines such as ``Team: North``; a line that is only a day, as Teams and Meet write it, is the date."""
        found: dict[str, str] = {}
        date = None
        for line in list(lines)[:MAX_LINES]:
            if field := _FIELD.fullmatch(line.strip()):
                found.setdefault(field[1].lower(), field[2].strip()[:200])
            elif len(line) <= 40:
                date = date or day(line)
        stated = day(found.get("date", ""))
        return cls(found.get("manager", ""), found.get("rep", ""), found.get("team", ""), stated or date)

    @classmethod
    def of_name(cls, name: str) -> Heading:
        """Read a file's name, such as ``2026-05-14 manager=Dana Fox, team=North.vtt``."""
        found = {match[1].lower(): match[2].strip() for match in _IN_NAME.finditer(name)}
        return cls(found.get("manager", ""), found.get("rep", ""), found.get("team", ""), day(name))

    def fields(self) -> dict[str, Any]:
        """Name the parts for a ``Recording``."""
        return {"manager": self.manager, "rep": self.rep, "team": self.team, "date": self.date}


def block(lines: Sequence[str]) -> int:
    """Count the lines of a block of fields that opens a text, up to its empty line; 0 if there is none.

    "Manager: ..." and "Rep: ..." alone are two people talking; some other field has to stand among them.
    """
    end = next((i for i, line in enumerate(lines[: MAX_LINES + 1]) if not line.strip()), 0)
    fields = [_FIELD.fullmatch(line.strip()) for line in lines[:end]]
    names = {field[1].lower() for field in fields if field}
    return end if all(fields) and names & _TELLING else 0
