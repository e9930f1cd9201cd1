"""The plain form: one JSON object a line, ``{"id", "turns": [{"speaker", "text"}]}``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from coach.domain import Speaker, Transcript, Turn
from coach.transcripts.unreadable import Unreadable

MAX_LINE = 2_000_000  # bytes of one conversation
MAX_TURNS = 2_000
MAX_ID = 200


class TurnForm(BaseModel):
    """One utterance."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    speaker: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    text: str


class TranscriptForm(BaseModel):
    """One recorded conversation; further fields are kept out of the way, not refused."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID)]
    turns: Annotated[tuple[TurnForm, ...], Field(min_length=1, max_length=MAX_TURNS)]


def read(path: Path, manager: str | None) -> Iterator[Transcript | Unreadable]:
    """Yield each line's transcript, or its id and the reason why it cannot be used."""
    with path.open("rb") as lines:
        number = 0
        while raw := lines.readline(MAX_LINE + 1):
            number += 1
            where = f"{path.name}:{number}"
            if len(raw) > MAX_LINE:
                while raw and not raw.endswith(b"\n"):
                    raw = lines.readline(MAX_LINE)
                yield Unreadable(where, f"{where}: the line is longer than {MAX_LINE:,} bytes; split the recording")
            elif raw.strip():
                yield _transcript(raw, where, manager)


def _transcript(raw: bytes, where: str, manager: str | None) -> Transcript | Unreadable:
    try:
        data = json.loads(raw.decode("utf-8-sig"))
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Unreadable(where, f"{where}: the line holds half a character (a lone \\u escape); export it again")
    except UnicodeDecodeError:
        return Unreadable(where, f"{where}: the line is not UTF-8 text; save the file as UTF-8")
    except (ValueError, RecursionError):
        return Unreadable(where, f"{where}: the line is not JSON")
    try:
        form = TranscriptForm.model_validate(data)
    except ValidationError as error:
        details = error.errors()[0]
        field = ".".join(str(part) for part in details["loc"]) or "line"
        given = data.get("id") if isinstance(data, dict) else None
        name = given[:MAX_ID] if isinstance(given, str) and given.strip() else where
        return Unreadable(name, f"{where}: {field}: {details['msg'][:1].lower()}{details['msg'][1:]}")
    speakers = {turn.speaker for turn in form.turns}
    roles = _roles(speakers, manager)
    if isinstance(roles, str):
        return Unreadable(form.id, f"{where}: {roles}")
    turns = tuple(Turn(i=i, speaker=roles[t.speaker], text=t.text) for i, t in enumerate(form.turns))
    return Transcript(id=form.id, turns=turns)


def _roles(speakers: set[str], manager: str | None) -> dict[str, Speaker] | str:
    """Who is manager and who rep, or why that cannot be told; names count without their case."""
    people = {speaker.casefold() for speaker in speakers}
    names = " ".join(", ".join(sorted(speakers)).split())[:200]
    if len(people) == 1:
        return f"only one speaker ({names}) says anything; a one-on-one needs a manager and a rep"
    if len(people) > 2:
        return f"{len(people)} people speak ({names}); only talks between two can be judged"
    leader = (manager or "").casefold()
    if leader not in people and people == {"manager", "rep"}:
        leader = "manager"
    if leader in people:
        return {s: "manager" if s.casefold() == leader else "rep" for s in speakers}
    return f"the speakers are {names}; say who leads with --manager NAME"
