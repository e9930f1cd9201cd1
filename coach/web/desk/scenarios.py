"""The scenario editor: YAML and preview side by side, checked while somebody types, saved as one's own."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from coach.app import App
from coach.content import SCENARIOS, read_text, scenario_files, version, written
from coach.errors import ContentError, InputError, Taken
from coach.reports import render
from coach.tailoring import Answers, Choices
from coach.web.api import Coach
from coach.web.desk.drafting import SHOWN, checked, copy, free

CHECKED, BY_HAND, SAVED = "/desk/scenarios/check", "/desk/scenarios/checked", "/desk/scenarios/save"
# What a trainer pasted is shown beside it: only the script of this page may run.
POLICY = "default-src 'self'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; base-uri 'none'; object-src 'none'"
MEND = "It is not saved yet: something has to be mended first."
LONGEST = 400_000  # characters of a form field; what is longer than a scenario may be gets a sentence, not an error
ASKED = {
    "who": ("Who is it?", "Name first, then role, firm and how long they have been with you"),
    "happened": ("What happened?", "As somebody would tell it to a friend"),
    "fear": ("What does the manager fear?", "That she leaves, that it ends in a quarrel"),
    "want": ("What does the manager want from the conversation?", ""),
    "talks": ("How does the rep talk?", "Dry, fast, says little"),
}
Yaml = Annotated[str, Form(max_length=LONGEST)]
Name = Annotated[str, Query(max_length=100)]
Answer = Annotated[str, Form(max_length=1500)]

router = APIRouter()


@router.get("/desk/scenarios")
def listed(app: Coach) -> str:
    """Every scenario: which are one's own, and which one could start from."""
    return _list(app)


@router.get("/desk/scenarios/edit")
def edit(app: Coach, id: Name = "", saved: Name = "") -> Response:
    """One's own scenario to change, or a copy of another to start from."""
    path = scenario_files(app.places).get(id)
    if path is None:
        return HTMLResponse(_list(app, wrong="This scenario is not here any more."), 404)
    text, told = read_text(path), ""
    if path.parent != app.own / SCENARIOS:
        name = free(id, app)
        text, told = copy(text, name), f"A copy of {id}, to be changed; it is kept as {name} when you save it."
        return _editor(app, text, told=told)
    told = "Saved. It can be practised now." if saved else ""
    return _editor(app, text, opened=version(path), told=told, here=id)


@router.post(CHECKED)
def check(app: Coach, text: Yaml = "") -> str:
    """The preview of a draft, with everything that is wrong in it."""
    return render("_desk_preview.html", checked=checked(_unix(text), app), shown=SHOWN)


@router.post(BY_HAND)
def check_by_hand(app: Coach, text: Yaml = "", opened: Annotated[str, Form(max_length=100)] = "") -> Response:
    """The same where the browser runs no script."""
    return _editor(app, _unix(text), opened)


@router.post(SAVED)
def save(
    app: Coach,
    text: Yaml = "",
    opened: Annotated[str, Form(max_length=100)] = "",
    then: Annotated[str, Form(max_length=20)] = "",
    anyway: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Save a draft that can be practised; anything else comes back with what is wrong."""
    text = _unix(text)
    try:
        scenario = app.save(text, opened, bool(anyway))
    except Taken as error:
        return _editor(app, text, opened, taken=str(error), status=409)
    except ContentError as error:
        elsewhere = [problem for problem in error.problems if problem.path.exists()]  # the draft's file is gone
        wrong = f"It is not saved, since another file has to be mended first: {elsewhere[0]}." if elsewhere else MEND
        return _editor(app, text, opened, wrong=wrong, status=400)
    except InputError as error:
        return _editor(app, text, opened, wrong=str(error), status=400)
    name = quote(scenario.id)
    return RedirectResponse(f"/?scenario={name}" if then == "try" else f"/desk/scenarios/edit?id={name}&saved=1", 303)


@router.post("/desk/scenarios/remove")
def remove(app: Coach, id: Annotated[str, Form(max_length=100)]) -> Response:
    """Remove one's own scenario; talks that were held with it stay."""
    try:
        app.discard(id)
    except InputError as error:
        return HTMLResponse(_list(app, wrong=str(error)), 404)
    return RedirectResponse("/desk/scenarios", 303)


@router.post("/desk/scenarios/new")
def new(
    app: Coach,
    who: Answer = "",
    happened: Answer = "",
    fear: Answer = "",
    want: Answer = "",
    talks: Answer = "",
    base: Annotated[str, Form(max_length=100)] = "",
    whole: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """A draft made of five answers; nothing is kept until it is saved."""
    told = {"who": who, "happened": happened, "fear": fear, "want": want, "talks": talks}
    try:
        answers = Answers(**told)
        made = app.tailor.tailor(answers, Choices(whole=bool(whole)), base or None)
    except ValidationError as error:
        question = ASKED[str(error.errors()[0]["loc"][0])][0]
        return HTMLResponse(_list(app, told, f"“{question}” needs a little more than that; a sentence will do."), 400)
    except InputError as error:
        return HTMLResponse(_list(app, told, str(error)), 400)
    scenario = made.scenario
    if scenario.id in app.library.scenarios:
        scenario = scenario.model_copy(update={"id": free(scenario.id, app)})
    return _editor(app, written(scenario, made.notes), told="A draft, not saved yet. Read it, change it, then save it.")


def _unix(text: str) -> str:
    """A form sends the lines of a text box with the endings of another system."""
    return text.replace("\r\n", "\n")


def _list(app: App, answers: dict[str, str] | None = None, wrong: str = "") -> str:
    files = scenario_files(app.places)
    own = {name for name, path in files.items() if path.parent == app.own / SCENARIOS}
    return render(
        "desk_scenarios.html",
        scenarios=list(app.library.scenarios.values()),
        own=own,
        asked=ASKED,
        answers=answers or {},
        wrong=wrong,
        shipped=[name for name, path in files.items() if path.is_relative_to(app.places.roots[0])],
    )


def _editor(
    app: App,
    text: str,
    opened: str = "",
    *,
    told: str = "",
    wrong: str = "",
    taken: str = "",
    here: str = "",
    status: int = 200,
) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    page = render(
        "desk_scenario.html",
        text=text,
        opened=opened,
        checked=checked(text, app),
        shown=SHOWN,
        told=told,
        wrong=wrong,
        taken=taken,
        here=here,
        folder=str(app.own / SCENARIOS),
        check=CHECKED,
        by_hand=BY_HAND,
        save=SAVED,
        nonce=nonce,
    )
    return HTMLResponse(page, status, {"Content-Security-Policy": POLICY.format(nonce=nonce)})
