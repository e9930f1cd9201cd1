"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from coach.app import App
    from coach.content import Places

Model = Annotated[
    str | None, typer.Option("--model", help="Who speaks, codes and writes [default: COACH_MODEL or offline].")
]
Content = Annotated[
    Path | None, typer.Option("--content", help="Your own folder with knowledge/ and prompts/, laid over what ships.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def open_app(model: str | None = None, content: Path | None = None) -> App:
    """The app with these options over the environment's settings."""
    from coach.app import App
    from coach.settings import read_settings

    return App(read_settings(model=model, content=content))


def open_places(content: Path | None = None) -> Places:
    """Where authored content lies, for commands that need nothing else of the app and should be quick."""
    from coach.content import Places
    from coach.settings import read_settings

    settings = read_settings(content=content)
    return Places.of(settings.content, settings.home)
