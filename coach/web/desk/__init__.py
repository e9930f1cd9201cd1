"""The trainer's desk: scenarios, scripts and recordings, on plain pages without Gradio."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from coach.content import scenario_files
from coach.reports import render
from coach.web.api import Coach
from coach.web.desk import recordings, scenarios, scripts
from coach.web.desk.evaluations import found
from coach.web.desk.scenarios import BY_HAND, CHECKED, SAVED
from coach.web.desk.scripts import PLAYED, script_files
from coach.web.desk.work import Works

FORM = 1_000_000  # bytes of a form with a scenario or scripts in it; every byte may take three in a form
LIMITS = {CHECKED: FORM, BY_HAND: FORM, SAVED: FORM, PLAYED: FORM}

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/desk")
def index(app: Coach) -> str:
    """What a trainer can do here."""
    own = sum(path.is_relative_to(app.own) for path in scenario_files(app.places).values())
    return render(
        "desk.html",
        scenarios=len(app.library.scenarios),
        own=own,
        scripts=len(script_files(app)),
        evaluations=len(found(app)),
        documents=len(app.knowledge.articles) + len(app.knowledge.added.documents()),
        shared=app.settings.shared,
    )


router.include_router(scenarios.router)
router.include_router(scripts.router)
router.include_router(recordings.router)

__all__ = ["LIMITS", "Works", "router"]
