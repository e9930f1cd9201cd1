"""Blind calibration: one conversation at a time, no score anywhere, and the agreement once the trainer asks for it.

Nothing that an engine or anybody else said of a conversation is read before its labels are finished and closed.
"""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from coach.app import OWNER, App
from coach.app import SUITE as TRANSCRIPTS
from coach.domain import CODES, PRINCIPLES, Transcript
from coach.errors import InputError
from coach.evaluation.calibration import ENOUGH, SUITE, Collection, Draft, collection, collections, compare
from coach.evaluation.labels import Label, read_labels
from coach.programme import same_judge
from coach.reports import render
from coach.store import Mark, Marks
from coach.web.api import Coach

Name = Annotated[str, Query(alias="set", max_length=40)]
Id = Annotated[str, Query(max_length=300)]
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/calibration")
def page(app: Coach, name: Name = "", id_: Annotated[Id, Query(alias="id")] = "") -> str:
    """A conversation to label; without a collection, the collections."""
    if not name:
        return _overview(app)
    found, marks = _collection(app, name), Marks(app.store).all(OWNER, name)
    order = found.order(OWNER)
    drafts = [one for one in order if one in marks and marks[one].state == "draft"]
    fresh = [one for one in order if one not in marks]
    asked = [id_] if id_ in found.transcripts and (id_ not in marks or marks[id_].state != "shown") else []
    chosen = next(iter([*asked, *drafts, *fresh]), None)
    if chosen is None:
        return _overview(app, "Every conversation of this collection is labelled.")
    draft = Draft.model_validate(marks[chosen].fields) if chosen in marks else Draft()
    return _form(app, found, chosen, draft)


@router.post("/calibration")
async def save(request: Request, app: Coach) -> Response:
    """Keep the marks: as a draft, or as finished if nothing is open."""
    form = await request.form(max_fields=2000)
    name, id_ = str(form.get("set", "")), str(form.get("id", ""))
    found = _collection(app, name)
    if id_ not in found.transcripts:
        raise InputError("This conversation is not in the collection any more; reload the page.")
    transcript, draft, marks = found.transcripts[id_], _draft(form), Marks(app.store)
    fields = draft.model_dump(mode="json")
    if form.get("action") != "done":
        marks.save(OWNER, name, id_, Mark("draft", fields))
        return HTMLResponse(_form(app, found, id_, draft, told="Your marks are kept; go on whenever you like."))
    try:
        draft.label(transcript)
    except InputError as error:
        marks.save(OWNER, name, id_, Mark("draft", fields))
        return HTMLResponse(_form(app, found, id_, draft, wrong=str(error)), 400)
    marks.save(OWNER, name, id_, Mark("done", fields))
    return RedirectResponse(f"/calibration?set={quote(name)}", 303)


@router.post("/calibration/show")
def show(app: Coach, name: Annotated[str, Form(alias="set", max_length=40)]) -> RedirectResponse:
    """Close what is labelled and show it beside the engines."""
    _collection(app, name)
    Marks(app.store).show(OWNER, name)
    return RedirectResponse(f"/calibration/agreement?set={quote(name)}", 303)


@router.get("/calibration/agreement")
def agreed(app: Coach, name: Name = SUITE) -> HTMLResponse:
    """Agreement of one's closed labels with every engine that scored the same conversations."""
    found = _collection(app, name)
    labels = labelled(app, found, ("shown",))
    if not labels:
        wrong = "Nothing is closed yet. Label a conversation, then ask for the comparison; until then nothing is shown."
        return HTMLResponse(_overview(app, wrong), 400)
    chosen = [found.transcripts[label.id] for label in labels]
    made = app.provenance(None)
    others: dict[str, Any] = {f"{made.coder} (now)": list(app.scorer.score(chosen))}
    for engine, lines in found.results().items():
        if made.coder not in engine or made.basis not in engine:
            others[engine] = lines
    if found.references:
        others["the reference labels"] = read_labels(found.references)
    pairs = [(s, c) for s, c in app.store.critiques(OWNER) if same_judge(c.provenance, made)]
    overrides = [one for session, _ in pairs for one in app.remarks.overrides(session)]
    shown = compare(labels, others)
    text = render(
        "agreement.html",
        name=name,
        labels=labels,
        compared=shown,
        enough=ENOUGH,
        overrides=overrides,
        library=app.library,
    )
    return HTMLResponse(text)


@router.get("/calibration/labels.jsonl")
def download(app: Coach, name: Name = SUITE) -> Response:
    """One's finished labels, in the form that ``coach evaluate --labels`` reads."""
    labels = labelled(app, _collection(app, name), ("done", "shown"))
    text = "".join(json.dumps(label.model_dump(mode="json"), ensure_ascii=False) + "\n" for label in labels)
    headers = {"Content-Disposition": f'attachment; filename="labels-{name}.jsonl"', "Cache-Control": "no-store"}
    return Response(text, media_type="application/x-ndjson", headers=headers)


def labelled(app: App, found: Collection, states: tuple[str, ...]) -> list[Label]:
    """The owner's labels of a collection in these states."""
    marks = Marks(app.store).all(OWNER, found.name)
    return [
        Draft.model_validate(mark.fields).label(found.transcripts[id_])
        for id_, mark in marks.items()
        if mark.state in states and id_ in found.transcripts
    ]


def _collection(app: App, name: str) -> Collection:
    return collection(name, app.settings.home, app.places.file(TRANSCRIPTS))


def _draft(form: FormData) -> Draft:
    """What a form marks; whatever else it holds is passed over."""
    levels = {p: _level(value) for p in PRINCIPLES if (value := str(form.get(f"level-{p}", "")))}
    numbers = {name: form.get(name) or None for name in ("overall", "lean", "best", "worst")}
    codes: dict[str, list[str]] = {}
    for value in map(str, form.getlist("code")):
        turn, _, code = value.partition(":")
        if code in CODES and turn.isdecimal():
            codes.setdefault(turn, []).append(code)
    try:
        return Draft.model_validate({"levels": levels, "coded": "coded" in form, "codes": codes, **numbers})
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InputError(f"The mark for {field[:60]} cannot be used; choose one that the page offers.") from None


def _level(value: str) -> str | None:
    return None if value == "none" else value


def _form(app: App, found: Collection, id_: str, draft: Draft, told: str = "", wrong: str = "") -> str:
    marks = Marks(app.store).all(OWNER, found.name)
    transcript: Transcript = found.transcripts[id_]
    return render(
        "calibration.html",
        name=found.name,
        transcript=transcript,
        draft=draft,
        done=sum(mark.state != "draft" for mark in marks.values()),
        total=len(found.transcripts),
        library=app.library,
        told=told,
        wrong=wrong,
    )


def _overview(app: App, told: str = "") -> str:
    marks, shown = Marks(app.store), []
    for name in collections(app.settings.home, app.places.file(TRANSCRIPTS)):
        states = [mark.state for mark in marks.all(OWNER, name).values()]
        total = len(_collection(app, name).transcripts)
        shown.append(
            {"name": name, "total": total, **{state: states.count(state) for state in ("draft", "done", "shown")}}
        )
    return render("calibration_sets.html", sets=shown, told=told, enough=ENOUGH)
