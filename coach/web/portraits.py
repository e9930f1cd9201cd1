"""The rep's portrait: drawn, with a demeanour that follows the state in words and never shows a number."""

from __future__ import annotations

from coach.app import App
from coach.content import DEFAULT
from coach.domain import Scenario
from coach.reports import render
from coach.session import Demeanour

SAYS: dict[Demeanour, str] = {
    "guarded": "{rep} looks away, arms folded",
    "wary": "{rep} watches you, one eyebrow raised",
    "open": "{rep} looks at you with a small smile",
    "strained": "{rep} looks worn, with shoulders down",
}


def portrait(app: App, scenario: Scenario, demeanour: Demeanour) -> str:
    """The rep across the table, described for those who cannot see it."""
    return _drawn(app, scenario, demeanour, close=False, says=says(scenario, demeanour))


def face(app: App, scenario: Scenario) -> str:
    """The rep's face for a list that gives the name beside it."""
    return _drawn(app, scenario, "wary", close=True, says="")


def says(scenario: Scenario, demeanour: Demeanour) -> str:
    """The demeanour in words."""
    return SAYS[demeanour].format(rep=scenario.persona.name.split()[0])


def _drawn(app: App, scenario: Scenario, demeanour: Demeanour, *, close: bool, says: str) -> str:
    look = app.looks.get(scenario.id, app.looks[DEFAULT])
    return render("portrait.html", look=look, demeanour=demeanour, close=close, says=says)
