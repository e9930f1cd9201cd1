"""The JSON forms of a conversation: ours, and a chat's messages."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from coach.transcripts.moments import day
from coach.transcripts.recording import Cue, Recording
from coach.transcripts.unreadable import Unreadable

MAX_TURNS = 2_000
MAX_ID = 200
_SILENT = frozenset({"system", "developer", "tool", "function"})


def _words(value: object) -> str:
    return " ".join(value.split())[:200] if isinstance(value, str) else ""


def _time(value: object) -> float | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7
    return float(value) if fits else None  # type: ignore[arg-type]


def _part(value: object) -> object:
    """Message content may come in parts, of which those with text count."""
    if not isinstance(value, list):
        return value
    return " ".join(part["text"] for part in value if isinstance(part, dict) and isinstance(part.get("text"), str))


# Further fields were always allowed to hold anything, so what does not fit is passed over rather than refused.
Note = Annotated[str, BeforeValidator(_words)]
Day = Annotated[dt.date | None, BeforeValidator(lambda value: day(value) if isinstance(value, str) else None)]
Seconds = Annotated[float | None, BeforeValidator(_time)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class TurnForm(BaseModel):
    """One utterance."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    speaker: Name
    text: str
    seconds: Seconds = Field(None, description="when it begins, counted from the start of the recording")


class _AboutForm(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    manager: Note = Field("", description="name of the manager, or of the speaker who is it")
    rep: Note = Field("", description="name of the rep, or of the speaker who is it")
    team: Note = Field("", description="the manager's team")
    date: Day = Field(None, description="day of the talk: 2026-05-14")


class TranscriptForm(_AboutForm):
    """One recorded conversation; further fields are kept out of the way, not refused."""

    id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID)]
    turns: Annotated[tuple[TurnForm, ...], Field(min_length=1, max_length=MAX_TURNS)]


class MessageForm(BaseModel):
    """One message of a chat."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    role: Name
    name: Note = ""
    content: Annotated[str, BeforeValidator(_part)]


class ChatForm(_AboutForm):
    """A conversation as chat models take it."""

    id: Note = ""
    messages: Annotated[tuple[MessageForm, ...], Field(min_length=1, max_length=MAX_TURNS)]


def parse(text: str, where: str, part: str) -> Any | Unreadable:  # noqa: ANN401 - JSON is anything
    """Parse JSON; ``part`` is what to call the text in a message."""
    try:
        data = json.loads(text)
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Unreadable(where, f"{where}: the {part} holds half a character (a lone \\u escape); export it again")
    except (ValueError, RecursionError):
        return Unreadable(where, f"{where}: the {part} is not JSON")
    return data


def is_chat(data: object) -> bool:
    """Whether parsed JSON is a list of a chat's messages."""
    return isinstance(data, list) and bool(data) and all(isinstance(one, dict) and "role" in one for one in data)


def recording(data: object, where: str, part: str) -> Recording | Unreadable:
    """Turn parsed JSON into a recording; its turns are taken word for word, since labels refer to their numbers.

    A chat's instructions and tool messages are no part of the talk and are left out.
    """
    if is_chat(data):
        data = {"messages": data}
    chat = isinstance(data, dict) and "messages" in data and "turns" not in data
    try:
        form = ChatForm.model_validate(data) if chat else TranscriptForm.model_validate(data)
    except ValidationError as error:
        details = error.errors()[0]
        field = ".".join(str(step) for step in details["loc"]) or part
        given = data.get("id") if isinstance(data, dict) else None
        name = given[:MAX_ID] if isinstance(given, str) and given.strip() else where
        return Unreadable(name, f"{where}: {field}: {details['msg'][:1].lower()}{details['msg'][1:]}")
    if isinstance(form, ChatForm):
        spoken = (one for one in form.messages if one.role.casefold() not in _SILENT)
        cues = tuple(Cue(one.name or one.role, one.content) for one in spoken)
    else:
        cues = tuple(Cue(turn.speaker, turn.text, turn.seconds) for turn in form.turns)
    about = {"manager": form.manager, "rep": form.rep, "team": form.team}
    return Recording(where, cues, id=form.id, **about, date=form.date, spoken=False)
