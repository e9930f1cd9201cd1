"""Recordings in, report out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from coach.app import App
from coach.errors import CoachError, InputError
from coach.models import destination
from coach.reports import render
from coach.transcripts.formats import SUFFIXES
from coach.web.api import Coach
from coach.web.desk import evaluations
from coach.web.desk.evaluations import Evaluated
from coach.web.desk.work import Background, Works

FILES = {
    "report": "report.html", "table": "conversations.csv", "book": "results.xlsx", "lines": "critiques.jsonl",
    "roster": "roster.csv",
}  # fmt: skip
# What recordings say stands in the report: no script, no form, nothing from elsewhere, and no part in this site.
SANDBOX = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter()


@router.get("/desk/recordings")
def listed(app: Coach, works: Background) -> str:
    """What was uploaded before, and where to upload more."""
    return _page(app, works)


@router.post("/desk/recordings")
def upload(
    app: Coach,
    works: Background,
    files: list[UploadFile],
    manager: Annotated[str, Form(max_length=80)] = "",
    pseudonyms: Annotated[str, Form(max_length=20)] = "",
    engine: Annotated[str, Form(max_length=20)] = "",
    roster: UploadFile | None = None,
) -> Response:
    """Keep recordings and judge them in the background; a model is asked only where somebody agreed to it."""
    try:
        given = [(file.filename, file.file) for file in files if file.filename]
        model = engine == "model" and bool(_models(app))
        one = evaluations.keep(app, given, manager.strip(), bool(pseudonyms), model, _given(roster))
        try:
            _begin(app, works, one)
        except InputError:
            evaluations.delete(one)
            raise
    except CoachError as error:
        return HTMLResponse(_page(app, works, str(error)), 400)
    return RedirectResponse(f"/desk/recordings/{one.id}", 303)


@router.get("/desk/recordings/{name}")
def shown(name: str, app: Coach, works: Background) -> Response:
    """How far it is, then what came of it."""
    try:
        one = evaluations.find(app, name)
    except InputError as error:
        return HTMLResponse(_page(app, works, str(error)), 404)
    return HTMLResponse(_outcome(one, works))


@router.post("/desk/recordings/{name}/again")
def again(name: str, app: Coach, works: Background, roster: UploadFile | None = None) -> Response:
    """Go on with what was interrupted, or judge all of it by a mended roster."""
    try:
        one = evaluations.find(app, name)
    except InputError as error:
        return HTMLResponse(_page(app, works, str(error)), 400)
    try:
        if given := _given(roster):
            works.free(name)
            one = evaluations.mend(one, given)
        _begin(app, works, one)
    except InputError as error:
        return HTMLResponse(_outcome(one, works, str(error)), 400)
    return RedirectResponse(f"/desk/recordings/{name}", 303)


@router.post("/desk/recordings/{name}/remove")
def remove(name: str, app: Coach, works: Background) -> Response:
    """Delete recordings with everything that came of them; what is under way is stopped first."""
    try:
        one = evaluations.find(app, name)
    except InputError as error:
        return HTMLResponse(_page(app, works, str(error)), 404)
    if not works.stop(name):
        evaluations.delete(one)
    return RedirectResponse("/desk/recordings", 303)


@router.get("/desk/recordings/{name}/{what}")
def file(name: str, what: str, app: Coach, works: Background) -> Response:
    """The report to read, or the tables to take away."""
    try:
        one = evaluations.find(app, name)
        path = one.folder / FILES.get(what, "")
        if what not in FILES or not path.is_file():
            raise InputError("This is not here; the report is written when everything is judged.")
    except InputError as error:
        return HTMLResponse(_page(app, works, str(error)), 404)
    return FileResponse(path, filename=None if what == "report" else path.name, headers=SANDBOX)


def _given(file: UploadFile | None) -> evaluations.Upload | None:
    """A file of a form; none if nothing was chosen there."""
    return (file.filename, file.file) if file and file.filename else None


def _outcome(one: Evaluated, works: Works, wrong: str = "") -> str:
    scored, guessed, failed = evaluations.counts(one) if one.finished else (0, 0, [])
    work = works.get(one.id)
    return render(
        "desk_evaluation.html", one=one, work=work, scored=scored, guessed=guessed, failed=failed, wrong=wrong
    )


def _begin(app: App, works: Works, one: Evaluated) -> None:
    total = len(one.about.files)
    works.begin("Recordings", total, lambda work: evaluations.judge(app, one, work), one.id)


def _models(app: App) -> dict[str, str]:
    """Models that would judge, and where words go to reach them."""
    names = [app.names[part] for part in ("coder", "writer") if not app.names[part].offline]
    return {str(name): destination(name) for name in names}


def _page(app: App, works: Works, wrong: str = "") -> str:
    listed = evaluations.found(app)
    under_way = {one.id for one in listed if (work := works.get(one.id)) and not work.finished}
    return render(
        "desk_recordings.html",
        evaluations=listed,
        under_way=under_way,
        wrong=wrong,
        models=_models(app),
        suffixes=sorted(SUFFIXES),
        most=evaluations.MOST_FILES,
        megabytes=evaluations.MOST_BYTES // 2**20,
    )
