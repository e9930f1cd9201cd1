"""``coach report``: make the reports of a folder of results anew, or one critique to hand over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import Content, open_places


def report(
    folder: Annotated[Path, typer.Argument(help="A folder of results, from coach evaluate.")],
    pdf: Annotated[
        list[str] | None,
        typer.Option("--pdf", help="Write only the critique of the conversation with this id, as PDF to hand over."),
    ] = None,
    content: Content = None,
) -> None:
    """Make the reports of a folder of results anew: HTML, XLSX, CSV and JUnit XML."""
    from coach.content import load_library
    from coach.reports import write_critique, write_reports

    library = load_library(open_places(content))
    made = [write_critique(folder, id, library) for id in pdf] if pdf else write_reports(folder, library)
    for path in made:
        typer.echo(path)
