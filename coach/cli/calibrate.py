"""``coach calibrate``: conversations to label blindly, and how far one's labels agree with the engines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import open_app

app = typer.Typer(
    help="Conversations to label without seeing scores; the page /calibration shows them one by one.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="The collection, such as suite.")]


@app.command("list")
def list_() -> None:
    """List the collections of conversations to label."""
    from coach.app import SUITE
    from coach.evaluation.calibration import collection, collections

    coach = open_app()
    suite = coach.places.file(SUITE)
    for name in collections(coach.settings.home, suite):
        typer.echo(f"{name}: {len(collection(name, coach.settings.home, suite).transcripts)} conversations")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="A name for the collection.")],
    paths: Annotated[list[Path], typer.Argument(help="Recordings: files or folders.")],
    labels: Annotated[Path | None, typer.Option("--labels", help="Reference labels of them (JSONL).")] = None,
    manager: Annotated[
        str | None, typer.Option("--manager", help="The manager's name, where speakers have names.")
    ] = None,
) -> None:
    """Make a collection of your own recordings; they are copied to where the coach keeps its data."""
    from coach.evaluation.calibration import add_collection
    from coach.transcripts import Unreadable, read_transcripts

    read = list(read_transcripts(paths, manager))
    for one in read:
        if isinstance(one, Unreadable):
            typer.echo(f"left out: {one.reason}", err=True)
    n = add_collection(name, (o for o in read if not isinstance(o, Unreadable)), open_app().settings.home, labels)
    typer.echo(f"{n} conversations to label; coach ui, then /calibration.")


@app.command("results")
def results(
    name: Name, folder: Annotated[Path, typer.Argument(help="A folder that coach evaluate wrote for them.")]
) -> None:
    """Keep an engine's results for a collection, to compare labels with once they are finished."""
    from coach.app import SUITE
    from coach.evaluation.calibration import add_results, collection

    coach = open_app()
    engine, n = add_results(collection(name, coach.settings.home, coach.places.file(SUITE)), folder)
    typer.echo(f"{n} results by {engine} are kept for {name}.")
