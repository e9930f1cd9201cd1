"""The API: the same practice as the page, for tools. It never shows state or secrets of a running talk."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

import coach
from coach.app import OWNER, App
from coach.debrief import Comparison, Debrief
from coach.domain import Critique, Difficulty, Passage, Session, Since, Speaker, Turn
from coach.errors import CoachError, InputError
from coach.models import destination
from coach.reports.lines import CritiqueLine
from coach.transcripts import TranscriptForm, transcript_of
from coach.web.growing import growing
from coach.web.tries import compared


class ScenarioCard(BaseModel):
    """A conversation that can be practised."""

    id: str
    title: str
    stakes: str
    minutes: int
    difficulty: Difficulty
    rep: str
    brief: str


class Said(BaseModel):
    """One utterance."""

    i: int
    speaker: Speaker
    text: str
    notice: bool = Field(False, description="not the rep's words: the coach stepped out of the play")
    hint: str = Field("", description="what the coach whispered after it, because it was asked to")


class Talk(BaseModel):
    """A practice session as both sides have heard it."""

    id: str
    scenario: str
    difficulty: Difficulty
    started_at: datetime
    ended: bool
    after: str | None = Field(None, description="the session that this one follows")
    since: Since | None = Field(None, description="what has happened since that session")
    branch_of: str | None = Field(None, description="the session that was rewound to begin this one")
    turns: list[Said]


class StartForm(BaseModel):
    """What to practise."""

    scenario: str
    difficulty: Difficulty | None = Field(
        None, description="if left out, that of the session before, or the scenario's own"
    )
    seed: int | None = Field(None, ge=0, lt=2**31, description="repeats a conversation word for word")
    after: str | None = Field(
        None, max_length=64, description="meet the same rep again: an ended session with this scenario; needs since"
    )
    since: Since | None = Field(
        None,
        description="what has happened since then: a promise kept or broken, things better or worse, or nothing",
    )


class ReplyForm(BaseModel):
    """What the manager says."""

    text: str = Field(max_length=200_000)


class RewindForm(BaseModel):
    """Where to start again."""

    turn: int = Field(ge=0, description="a turn of the manager's, to answer differently, or the rep's, to answer anew")


class Hint(BaseModel):
    """What the coach whispers."""

    words: str


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


class EvaluateForm(BaseModel):
    """A recorded conversation to be judged."""

    transcript: TranscriptForm
    manager: str = Field("", max_length=80, description="the manager's name, where speakers have names")
    agreed: bool = Field(
        False, description="the people in it agree that its words go to the model; needed where a model is configured"
    )


class Health(BaseModel):
    """The server is ready."""

    status: str = "ok"
    version: str = coach.__version__


def _app(request: Request) -> App:
    app: App = request.app.state.coach
    return app


def _session(session_id: str, app: Annotated[App, Depends(_app)]) -> Session:
    return app.practice.resume(OWNER, session_id)


Coach = Annotated[App, Depends(_app)]
Found = Annotated[Session, Depends(_session)]
router = APIRouter()


@router.get("/healthz")
def healthz() -> Health:
    """Answers when the coach is ready."""
    return Health()


@router.get("/api/scenarios")
def scenarios(app: Coach) -> list[ScenarioCard]:
    """What can be practised."""
    shown = set(ScenarioCard.model_fields) - {"rep"}
    found = app.library.scenarios.values()
    return [ScenarioCard(rep=s.persona.name, **s.model_dump(include=shown)) for s in found]


@router.get("/api/knowledge/search")
def search(
    app: Coach, words: Annotated[str, Query(max_length=2000)], k: Annotated[int, Query(ge=1, le=50)] = 5
) -> list[Passage]:
    """Passages of the knowledge base, best first."""
    return app.knowledge.search(words, k)


@router.get("/api/sessions")
def sessions(app: Coach) -> list[Talk]:
    """Sessions so far, the newest first."""
    return [_talk(session, app.store.path(session)) for session in app.store.sessions(OWNER)]


@router.post("/api/sessions", status_code=201)
def start(form: StartForm, app: Coach) -> Talk:
    """Start a conversation; the rep speaks first."""
    seed = secrets.randbelow(2**31) if form.seed is None else form.seed
    session = app.practice.start(OWNER, form.scenario, form.difficulty, seed, form.after, form.since)
    return _talk(session, app.store.path(session))


@router.get("/api/sessions/{session_id}")
def read(session: Found, app: Coach) -> Talk:
    """A session as it stands."""
    return _talk(session, app.store.path(session))


@router.post("/api/sessions/{session_id}/replies")
def reply(session: Found, form: ReplyForm, app: Coach) -> Talk:
    """Say something; the rep's answer is the last turn."""
    moved = app.practice.reply(session, form.text)
    return _talk(moved, app.store.path(moved))


@router.post("/api/sessions/{session_id}/replies/stream", response_class=EventStream)
def reply_streamed(session: Found, form: ReplyForm, app: Coach) -> EventStream:
    """Say something and hear the answer as it is spoken, as server-sent events.

    ``shown`` carries the answer so far, as ``text``; the last event is ``talk``, as from ``replies``, or ``error``.
    """
    moved: list[Session] = []
    spoken = growing(lambda shown: moved.append(app.practice.reply(session, form.text, shown)))
    first = next(spoken, "")  # what cannot be said at all is refused before anything is sent

    def events() -> Iterator[str]:
        try:
            for text in chain([first], spoken):
                yield _event("shown", json.dumps({"text": text}))
            yield _event("talk", _talk(moved[0], app.store.path(moved[0])).model_dump_json())
        except CoachError as error:
            yield _event("error", json.dumps({"detail": str(error)}))

    return EventStream(events())


@router.post("/api/sessions/{session_id}/end")
def end(session: Found, app: Coach) -> Talk:
    """End the conversation; the rep has the last word."""
    ended = app.practice.end(session)
    return _talk(ended, app.store.path(ended))


@router.get("/api/sessions/{session_id}/critique")
def critique(session: Found, app: Coach) -> Critique:
    """The critique of an ended conversation."""
    if session.ended_at is None:
        raise InputError("This conversation is still going on; end it to read its critique.")
    return app.practice.critique(session)


@router.get("/api/sessions/{session_id}/debrief", response_model_exclude={"scenario"})
def debriefed(session: Found, app: Coach) -> Debrief:
    """All that the debrief page shows of an ended conversation: the path of trust, what stayed hidden, promises."""
    if session.ended_at is None:
        raise InputError("This conversation is still going on; end it to read its debrief.")
    return app.debriefed(session)


@router.post("/api/sessions/{session_id}/rewind", status_code=201)
def rewind(session: Found, form: RewindForm, app: Coach) -> Talk:
    """Begin another branch of the talk at an earlier moment; the one that is left ends as it stands and stays."""
    branch = app.practice.rewind(session, form.turn)
    return _talk(branch, app.store.path(branch))


@router.get("/api/sessions/{session_id}/branches")
def branches(session: Found, app: Coach) -> list[Talk]:
    """All branches of the session's talk, itself among them, the oldest first."""
    return [_talk(branch, app.store.path(branch)) for branch in app.practice.branches(session)]


@router.get("/api/sessions/{session_id}/compare")
def compare(session: Found, other: Annotated[str, Query(max_length=64)], app: Coach) -> Comparison:
    """Two ended branches of one talk side by side, the older first, from the turn where they part."""
    return compared(app, session.id, other)


@router.post("/api/sessions/{session_id}/hint")
def hint(session: Found, app: Coach) -> Hint:
    """One short hint for the present moment; it is kept with the last turn. It tells no secret and no number."""
    return Hint(words=app.practice.hint(session))


@router.post("/api/evaluate")
def evaluate(form: EvaluateForm, app: Coach) -> CritiqueLine:
    """Judge a recorded conversation, as ``coach evaluate`` does; nothing of it is kept."""
    away = sorted({destination(app.names[part]) for part in ("coder", "writer") if not app.names[part].offline})
    if away and not form.agreed:
        raise InputError(f"Its words would go {' and '.join(away)}; send agreed: true if the people in it agree.")
    line = app.scorer.outcome(transcript_of(form.transcript, form.manager or None)).line
    return CritiqueLine.model_validate(line)


@router.delete("/api/sessions/{session_id}", status_code=204)
def delete(session: Found, app: Coach) -> None:
    """Delete a session's talk with everything said in it, in all its branches."""
    app.store.delete(session)


def create_api(app: App) -> FastAPI:
    """The API with its documentation at ``/docs`` and ``/openapi.json``."""
    api = FastAPI(title="Sales leadership coach", version=coach.__version__)
    api.state.coach = app
    api.add_exception_handler(CoachError, _explain)
    api.add_exception_handler(RequestValidationError, _point)
    api.include_router(router)
    return api


def _talk(session: Session, path: Sequence[Turn]) -> Talk:
    return Talk(
        id=session.id,
        scenario=session.scenario_id,
        difficulty=session.difficulty,
        started_at=session.started_at,
        ended=session.ended_at is not None,
        after=session.after,
        since=session.since,
        branch_of=session.branch_of,
        turns=[Said.model_validate(turn, from_attributes=True) for turn in path],
    )


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


def _point(_request: Request, error: Exception) -> JSONResponse:
    """Say what is wrong with a request without sending its private words back."""
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    return JSONResponse({"detail": [{key: p[key] for key in ("loc", "msg", "type")} for p in problems]}, 422)


def _explain(_request: Request, error: Exception) -> JSONResponse:
    """Turn our errors into one sentence with a fitting status."""
    status = 400 if isinstance(error, InputError) else 503
    return JSONResponse({"detail": str(error)}, status)
