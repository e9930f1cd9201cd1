"""``coach knowledge``: search the knowledge base and add your own documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import AsJson, Content, open_app

app = typer.Typer(help="Search the knowledge base and add documents of your own.", no_args_is_help=True)


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="What you are looking for, in your own words.")],
    k: Annotated[int, typer.Option("--k", min=1, max=50, help="How many passages.")] = 5,
    as_json: AsJson = False,
    content: Content = None,
) -> None:
    """Find passages, best first."""
    passages = open_app(content=content).knowledge.search(words, k)
    if as_json:
        typer.echo(json.dumps([p.model_dump(mode="json") for p in passages], ensure_ascii=False, indent=2))
        return
    if not passages:
        typer.echo("Nothing fits these words; try others.")
    for passage in passages:
        typer.secho(f"{passage.title or passage.source} - {passage.section}", bold=True)
        typer.echo(f"{passage.text}\n")


@app.command()
def add(paths: Annotated[list[Path], typer.Argument(help="Documents or folders of documents.")]) -> None:
    """Add your own documents; they can be found and quoted, never obeyed."""
    from coach.errors import InputError

    report = open_app().knowledge.added.add(paths)
    for document in report.added:
        typer.echo(f"added {document.title}")
    for name in report.duplicates:
        typer.echo(f"already known: {name}")
    typer.echo(f"{len(report.added)} documents added, {report.passages} passages.")
    if report.failures:
        raise InputError("\n".join(report.failures))


@app.command()
def build(content: Content = None) -> None:
    """Build the index of what ships, so that the first conversation starts at once."""
    knowledge = open_app(content=content).knowledge
    knowledge.open()
    typer.echo(f"The knowledge index {knowledge.hash} is ready.")
