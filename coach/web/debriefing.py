"""A debrief at an address of its own: to print, to keep as PDF, and to ask the coach about."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from coach.app import OWNER
from coach.debrief import in_words
from coach.debrief.asking import Answer
from coach.domain import Session
from coach.errors import InputError
from coach.reports import critique_line, render
from coach.reports.lines import CritiqueLine
from coach.reports.paper import critique_pdf
from coach.web.api import Coach, Found

router = APIRouter()


class Question(BaseModel):
    """What the manager wants to know about a talk."""

    question: str = Field(max_length=2000, description="one question, up to 500 characters")


@router.post("/api/sessions/{session_id}/questions")
def ask(session: Found, form: Question, app: Coach) -> Answer:
    """Ask the coach about an ended conversation; the answer carries the words and passages it rests on."""
    return app.ask(session, form.question)


@router.get("/debrief/{session_id}.pdf", include_in_schema=False)
def pdf(session: Found, app: Coach) -> Response:
    """The critique as a PDF to keep."""
    _ended(session)
    line = critique_line(app.practice.transcript(session), app.practice.critique(session))
    made = critique_pdf(CritiqueLine.model_validate(line), app.library, app.remarks.overrides(session))
    named = {"Content-Disposition": f'attachment; filename="debrief-{session.id}.pdf"'}
    return Response(made, media_type="application/pdf", headers=named)


@router.get("/debrief/{session_id}", include_in_schema=False)
def page(session_id: Annotated[str, Path(max_length=64)], app: Coach) -> HTMLResponse:
    """The debrief with everything unfolded, to print; a sentence if there is none."""
    try:
        session = app.practice.resume(OWNER, session_id)
        _ended(session)
        shown, wrong = app.debriefed(session), ""
    except InputError as error:
        shown, wrong = None, str(error)
    made = render("debrief_page.html", debrief=shown, wrong=wrong, library=app.library, in_words=in_words, whole=True)
    return HTMLResponse(made, 400 if wrong else 200)


def _ended(session: Session) -> None:
    if session.ended_at is None:
        raise InputError("This conversation is still going on; end it to read its debrief.")
