"""The rules page: the whole rubric, so that no score rests on a hidden rule."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from coach.critique.drafts import PLAIN
from coach.reports import render
from coach.web.api import Coach

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/rules")
def rules(app: Coach) -> str:
    """How levels, the overall judgement and the lean are computed, with every weight."""
    made = app.provenance(None)
    return render(
        "rules.html", rubric=app.critic.rubric, library=app.library, reliability=app.critic.reliability, made=made,
        plain=PLAIN,
    )  # fmt: skip
