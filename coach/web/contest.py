"""A manager contests a finding of their critique, a trainer sets another level. Both are kept; no level changes."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse

from coach.app import OWNER, App
from coach.domain import Finding, PrincipleId, Session
from coach.errors import InputError
from coach.web.api import Coach

Id = Annotated[str, Form(max_length=64)]
Number = Annotated[int, Form(ge=0, le=1000)]
router = APIRouter(include_in_schema=False)


def _found(app: Coach, session: Id, finding: Number) -> tuple[App, Session, Finding]:
    """The session and the finding of its critique that a form names."""
    found = app.practice.resume(OWNER, session)
    critique = app.store.critique(found)
    if critique is None or finding >= len(critique.findings):
        raise InputError("This critique has no such finding any more; reload the page to see it.")
    return app, found, critique.findings[finding]


Named = Annotated[tuple[App, Session, Finding], Depends(_found)]


@router.post("/contest")
def contest(named: Named, reason: Annotated[str, Form(max_length=5000)] = "") -> RedirectResponse:
    """Keep that this is not what the manager said or meant."""
    app, session, finding = named
    app.remarks.contest(session, finding, reason)
    return _back(session)


@router.post("/contest/withdraw")
def withdraw(named: Named) -> RedirectResponse:
    """Forget it."""
    app, session, finding = named
    app.remarks.withdraw(session, finding)
    return _back(session)


@router.post("/override")
def override(
    app: Coach,
    session: Id,
    principle: Annotated[PrincipleId, Form()],
    level: Annotated[Literal["1", "2", "3", "4", "5", "none"], Form()],
    reason: Annotated[str, Form(max_length=5000)],
    by: Annotated[str, Form(max_length=500)],
) -> RedirectResponse:
    """Keep a trainer's other level beside the engine's."""
    found = app.practice.resume(OWNER, session)
    critique = app.store.critique(found)
    if critique is None:
        raise InputError("This talk has no critique yet; end it and read the critique first.")
    app.remarks.override(found, critique, principle, None if level == "none" else int(level), reason, by)
    return _back(found)


def _back(session: Session) -> RedirectResponse:
    return RedirectResponse(f"/?session={quote(session.id)}", 303)
