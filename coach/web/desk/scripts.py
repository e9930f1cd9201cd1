"""Scripted managers: choose or paste some, play them against scenarios, read what held and what was said."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, cast

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from coach.app import App
from coach.content import SCRIPTS, put, read_yaml, version
from coach.domain import Difficulty
from coach.errors import CoachError, ContentError, InputError, Taken
from coach.reports import render
from coach.session import Play, Run, Script
from coach.session import cast as casting
from coach.web.api import Coach
from coach.web.desk.work import Background, Work

PLAYED = "/desk/scripts/play"
SHIPPED = "eval/scripts"
MOST_PLAYS = 100
MOST_FILES = 20
MOST_BYTES = 200_000
JOBS = 4  # talks under way at once

router = APIRouter()
Names = Annotated[list[str], Form(max_length=200)]


def script_files(app: App) -> dict[str, Path]:
    """Scripts that ship and those somebody keeps, by file name without its ending; the latter win."""
    files = (*app.places.files(SHIPPED, "*.y*ml"), *app.places.files(SCRIPTS, "*.y*ml"))
    return {path.stem: path for path in files}


@router.get("/desk/scripts")
def listed(app: Coach) -> str:
    """The scripts, and what they can be played against."""
    return _page(app)


@router.post(PLAYED)
def begin(
    app: Coach,
    works: Background,
    script: Names = [],  # noqa: B006 - FastAPI copies it
    scenario: Names = [],  # noqa: B006
    difficulty: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form(max_length=2 * MOST_BYTES)] = "",
    keep: Annotated[str, Form(max_length=20)] = "",
    files: list[UploadFile] = [],  # noqa: B006
) -> Response:
    """Play what was chosen, in the background."""
    try:
        own = _given(text, files)
        levels = [Difficulty(difficulty)] if difficulty in list(Difficulty) else []
        known = script_files(app)
        chosen = [read_yaml(known[name], Script) for name in script if name in known]
        if not (own or chosen):
            raise InputError("Nothing was chosen; tick a script, or paste or upload one.")
        plays = casting([*chosen, *(one for one, _ in own)], scenario, levels, app.library)
        if len(plays) > MOST_PLAYS:
            raise InputError(f"These are {len(plays)} talks; at most {MOST_PLAYS} are played at once. Choose fewer.")
        for one in plays:
            app.manager(one.script, one.scenario)  # says now whether a model is missing
        if keep:
            _keep(own, app)
        work = works.begin("Scripts", len(plays), lambda work: _play(app, plays, work))
    except CoachError as error:
        told = "\n".join(map(_told, error.problems)) if isinstance(error, ContentError) else str(error)
        return HTMLResponse(_page(app, told, text, script, scenario, difficulty), 400)
    return RedirectResponse(f"/desk/scripts/{work.id}", 303)


@router.get("/desk/scripts/{name}")
def results(name: str, app: Coach, works: Background) -> Response:
    """How far it is, then what came of it."""
    work = works.get(name)
    if work is None:
        return HTMLResponse(_page(app, "These results are not kept any more; play the scripts again."), 404)
    return HTMLResponse(render("desk_results.html", work=work, runs=_runs(work)))


@router.get("/desk/scripts/{name}/{n}")
def talk(name: str, n: int, app: Coach, works: Background) -> Response:
    """What was said in one of the talks, with what it did."""
    work = works.get(name)
    runs = _runs(work) if work else []
    if work is None or not 0 <= n < len(runs):
        return HTMLResponse(_page(app, "These results are not kept any more; play the scripts again."), 404)
    scenario = app.library.scenarios.get(runs[n].scenario)
    shown = render("desk_talk.html", work=work, run=runs[n], scenario=scenario, library=app.library)
    return HTMLResponse(shown)


def _runs(work: Work) -> list[Run]:
    return cast("list[Run]", list(work.results))


def _play(app: App, plays: list[Play], work: Work) -> None:
    for run, _seconds in app.played(plays, JOBS):
        work.results.append(run)
        work.step()


def _given(text: str, files: list[UploadFile]) -> list[tuple[Script, str]]:
    """Pasted and uploaded scripts with their words."""
    texts = [("the pasted script", text)] if text.strip() else []
    for file in [file for file in files if file.filename][:MOST_FILES]:
        data = file.file.read(MOST_BYTES + 1)
        texts.append((str(file.filename)[-80:], data.decode("utf-8", "replace")))
    return [(_read(name, words.replace("\r\n", "\n")), words.replace("\r\n", "\n")) for name, words in texts]


def _read(name: str, text: str) -> Script:
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > MOST_BYTES:
        raise InputError(f"{name} is larger than {MOST_BYTES // 1000} KB; leave some lines out.")
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        path = Path(folder) / "script.yaml"
        path.write_bytes(data)
        return read_yaml(path, Script)


def _keep(own: list[tuple[Script, str]], app: App) -> None:
    """Save scripts among one's own; the same one again changes nothing."""
    for script, text in own:
        name = "".join(c if c.isalnum() and c.isascii() else "-" for c in script.id.lower()).strip("-") or "script"
        path = app.own / SCRIPTS / f"{name}.yaml"
        if version(path) and path.read_text("utf-8") != text:
            raise Taken(f"You keep another script {script.id!r} already; give this one another id, or do not keep it.")
        with put(text, path):
            pass


def _told(problem: object) -> str:
    """A problem without the file that is nobody's."""
    line, field, message = (getattr(problem, name) for name in ("line", "field", "message"))
    return f"Line {line}: {field + ': ' if field else ''}{message}"


def _page(
    app: App,
    wrong: str = "",
    text: str = "",
    ticked: list[str] | None = None,
    scenarios: list[str] | None = None,
    difficulty: str = "",
) -> str:
    listed, broken = [], []
    for name, path in script_files(app).items():
        try:
            listed.append((name, read_yaml(path, Script), path.is_relative_to(app.own)))
        except ContentError as error:
            broken.append(f"{path.name}: {_told(error.problems[0])}")
    models = sorted({str(name) for name in app.names.values() if not name.offline})
    return render(
        "desk_scripts.html",
        scripts=listed,
        broken=broken,
        scenarios=list(app.library.scenarios.values()),
        levels=list(Difficulty),
        wrong=wrong.splitlines(),
        text=text,
        ticked=ticked or [],
        chosen=scenarios or [],
        difficulty=difficulty,
        most=MOST_PLAYS,
        models=models,
        play=PLAYED,
    )
