"""Two branches of a talk side by side: on the page, and printable at an address of its own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from coach.errors import InputError
from coach.reports import render
from coach.web.api import Coach
from coach.web.tries import comparison

Id = Annotated[str, Query(max_length=64)]
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/compare")
def page(app: Coach, one: Id = "", other: Id = "") -> HTMLResponse:
    """Both branches, to read or to print; a sentence if they cannot be compared."""
    shown, wrong = "", ""
    try:
        shown = comparison(app, one, other)
    except InputError as error:
        wrong = str(error)
    return HTMLResponse(render("compare_page.html", shown=shown, wrong=wrong), 400 if wrong else 200)
