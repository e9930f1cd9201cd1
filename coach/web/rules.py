"""The rules page: the whole rubric, so that no score rests on a hidden rule."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from coach.app import App
from coach.reports import render

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def _app(request: Request) -> App:
    app: App = request.app.state.coach
    return app


@router.get("/rules")
def rules(app: Annotated[App, Depends(_app)]) -> str:
    """How levels, the overall judgement and the lean are computed, with every weight."""
    return render("rules.html", rubric=app.critic.rubric, library=app.library)
