"""Everything that is kept of a person, as one document that they can take along."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

import coach
from coach.domain import Contest, Critique, Frozen, Override, Session, Turn
from coach.store import Marks, Remarks, Store


class ExportedTalk(Frozen):
    """One branch of a talk: what was said, how it was read, and what was said of that."""

    session: Session
    turns: tuple[Turn, ...] = Field(description="with their readings; the rep's state only once the talk has ended")
    critique: Critique | None
    contests: tuple[Contest, ...]
    overrides: tuple[Override, ...]


class Export(Frozen):
    """Everything that the coach keeps of one person's practice."""

    form: Literal["coach-export-1"] = "coach-export-1"
    version: str = Field(coach.__version__, description="version of the coach")
    made_at: dt.datetime
    owner: str
    talks: tuple[ExportedTalk, ...]
    labels: dict[str, dict[str, dict[str, Any]]] = Field(
        {}, description="blind labels: collection -> conversation -> what was marked, with its state"
    )
    scenarios: dict[str, str] = Field({}, description="scenarios of one's own: name -> YAML")


def export(store: Store, owner: str, scenarios: dict[str, str]) -> Export:
    """Collect everything the database holds of an owner, and their own scenarios."""
    remarks, marks = Remarks(store), Marks(store)
    labels = {
        collection: {name: {**mark.fields, "state": mark.state} for name, mark in marks.all(owner, collection).items()}
        for collection in marks.collections(owner)
    }
    talks = tuple(_talk(store, remarks, session) for session in store.sessions(owner))
    now = dt.datetime.now(dt.UTC)
    return Export(made_at=now, owner=owner, talks=talks, labels=labels, scenarios=scenarios)


def _talk(store: Store, remarks: Remarks, session: Session) -> ExportedTalk:
    turns = store.path(session)
    if session.ended_at is None:  # what the rep hides is still to be found out
        turns = tuple(turn.model_copy(update={"state": None, "notes": ()}) for turn in turns)
    return ExportedTalk(
        session=session,
        turns=turns,
        critique=store.critique(session),
        contests=remarks.contests(session),
        overrides=remarks.overrides(session),
    )
