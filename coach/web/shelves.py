"""The knowledge page: search, open a passage where it stands, add a document of one's own.

Plain HTML from the shared templates, without Gradio: it is read, linked to from critiques and printed.
"""

from __future__ import annotations

import shutil
from pathlib import Path, PurePath
from typing import Annotated, TypedDict

from fastapi import APIRouter, Form, Query, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from coach.app import App
from coach.domain import Passage
from coach.errors import CoachError
from coach.knowledge import supported
from coach.reports import render
from coach.web.api import Coach

RESULTS = 8
MAX_FILES = 20
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class Shown(TypedDict):
    """A document as the page lists it; those without an id ship with the coach and cannot be removed."""

    id: str
    source: str
    title: str
    passages: int


@router.get("/knowledge")
def page(
    app: Coach,
    words: Annotated[str, Query(max_length=2000)] = "",
    source: Annotated[str, Query(max_length=300)] = "",
    section: Annotated[str, Query(max_length=1000)] = "",
    quote: Annotated[str, Query(max_length=2000)] = "",
) -> str:
    """Search results, or a document opened at a section, or the list of documents."""
    return _page(app, words=words, source=source, section=section, quote=quote)


@router.post("/knowledge")
def add(app: Coach, files: list[UploadFile]) -> HTMLResponse:
    """Add documents; says what was taken, what was known and what could not be read."""
    folder = app.settings.home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        paths = [_kept(file, folder) for file in files[:MAX_FILES] if file.filename]
        report = app.knowledge.added.add(paths)
        told = [f"Added “{d.title}” ({d.passages} passages)." for d in report.added]
        told += [f"{name} is there already." for name in report.duplicates]
        wrong = [*report.failures] or ([] if paths else ["No file was chosen; choose one and add it again."])
    except CoachError as error:
        told, wrong = [], [str(error)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return HTMLResponse(_page(app, told=told, wrong=wrong), 400 if wrong and not told else 200)


@router.post("/knowledge/remove")
def remove(app: Coach, document: Annotated[str, Form(max_length=100)]) -> RedirectResponse:
    """Take out a document of one's own; one that is gone already is no error."""
    if any(document == there.id for there in app.knowledge.added.documents()):
        app.knowledge.added.remove(document)
    return RedirectResponse("/knowledge", 303)


def _kept(file: UploadFile, folder: Path) -> Path:
    """Write an upload under its own bare name: a file of that name added again replaces the first."""
    path = folder / (PurePath((file.filename or "").replace("\\", "/")).name[-120:] or "document")
    with path.open("wb") as target:
        shutil.copyfileobj(file.file, target)
    return path


def _page(
    app: App,
    *,
    words: str = "",
    source: str = "",
    section: str = "",
    quote: str = "",
    told: list[str] | None = None,
    wrong: list[str] | None = None,
) -> str:
    opened = [passage for passage in app.knowledge.passages("all") if passage.source == source] if source else []
    return render(
        "knowledge.html",
        words=words,
        found=app.knowledge.search(words, RESULTS) if words else [],
        opened=_sections(opened),
        title=opened[0].title or source if opened else "",
        here=section,
        quote=quote,
        missing=bool(source) and not opened,
        documents=_documents(app),
        formats=",".join(supported()),
        told=told or [],
        wrong=wrong or [],
    )


def _sections(passages: list[Passage]) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.section, []).append(passage)
    return found


def _documents(app: App) -> list[Shown]:
    own = [Shown(id=d.id, source=d.source, title=d.title, passages=d.passages) for d in app.knowledge.added.documents()]
    ours = [Shown(id="", source=a.id, title=a.title, passages=len(a.passages)) for a in app.knowledge.articles]
    return [*own, *ours]
