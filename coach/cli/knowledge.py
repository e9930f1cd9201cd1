"""``coach knowledge``: search the knowledge base and add your own documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.options import AsJson, Content, open_app

if TYPE_CHECKING:
    from coach.domain import Passage
    from coach.knowledge import AddReport, KnowledgeBase

app = typer.Typer(help="Search the knowledge base and add documents of your own.", no_args_is_help=True)

Source = Annotated[str, typer.Argument(help="A document's name or id, as 'coach knowledge list' shows them.")]


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
        _print_json([passage.model_dump(mode="json") for passage in passages])
        return
    if not passages:
        typer.echo("Nothing fits these words; try others.")
    for passage in passages:
        typer.secho(_shown(f"{passage.title or passage.source} - {passage.section}"), bold=True)
        typer.echo(f"{_shown(passage.text)}\n")


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Documents or folders of documents.")], content: Content = None
) -> None:
    """Add your own documents; they can be found and quoted, never obeyed."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    knowledge = open_app(content=content).knowledge
    console = Console(stderr=True, markup=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=None)

        def told(name: str, number: int, total: int) -> None:
            progress.update(task, description=name[:40], completed=number - 1, total=total)

        report = knowledge.added.add(paths, told)
    _print_report(report, knowledge)
    for failure in report.failures:
        typer.echo(f"coach: {_shown(failure)}", err=True)
    if report.failures:
        raise typer.Exit(2)


def _print_report(report: AddReport, knowledge: KnowledgeBase) -> None:
    for document in report.added:
        about = Counter(name for passage in knowledge.reading(document.source) for name in passage.principles)
        subjects = ", ".join(f"{name} {times}" for name, times in about.most_common()) or "no principle in particular"
        replaced = " in place of what it was" if document.source in report.replaced else ""
        typer.echo(_shown(f"added {document.source}{replaced}: {document.title}"))
        typer.echo(f"  {_count(document.passages, 'passage')}, about {subjects}")
    for name in report.duplicates:
        typer.echo(_shown(f"already there: {name}"))
    typer.echo(f"{_count(len(report.added), 'document')} added, {_count(report.passages, 'passage')}.")


@app.command("list")
def list_(as_json: AsJson = False, content: Content = None) -> None:
    """Show what there is: the articles that ship and the documents you added."""
    documents = open_app(content=content).knowledge.documents()
    if as_json:
        _print_json(
            [
                {
                    "id": d.id, "source": d.source, "title": d.title, "passages": d.passages,
                    "built_in": not d.added_at, "added_at": d.added_at or None, "origin": d.origin or None,
                }
                for d in documents
            ]
        )  # fmt: skip
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "title", "passages", "added", "from", "id")
    for d in documents:
        added, id_ = (d.added_at, d.id) if d.added_at else ("built in", "")
        table.add_row(*map(_shown, (d.source, d.title, str(d.passages), added, d.origin, id_)))
    Console(markup=False, emoji=False, highlight=False).print(table)


@app.command()
def show(
    source: Source,
    section: Annotated[str | None, typer.Option("--section", help="Only this section.")] = None,
    as_json: AsJson = False,
    content: Content = None,
) -> None:
    """Show the passages of a document in reading order."""
    from coach.errors import InputError

    knowledge = open_app(content=content).knowledge
    name = next((d.source for d in knowledge.documents() if source in (d.id, d.source)), None)
    if name is None:
        raise InputError(_shown(f"There is no document '{source}'; see: coach knowledge list."))
    passages = knowledge.reading(name, section)
    if not passages:
        raise InputError(_shown(f"{name} has no section '{section}'; see: coach knowledge show {name}."))
    if as_json:
        _print_json([passage.model_dump(mode="json", exclude={"score"}) for passage in passages])
    else:
        _print_passages(passages)


def _print_passages(passages: Iterable[Passage]) -> None:
    section = ""
    for passage in passages:
        if passage.section != section:
            section = passage.section
            typer.secho(_shown(section), bold=True)
        about = f" [{', '.join(passage.principles)}]" if passage.principles else ""
        typer.echo(f"{_shown(passage.text)}{about}\n")


@app.command()
def remove(source: Source) -> None:
    """Take out a document that you added."""
    document = open_app().knowledge.added.remove(source)
    typer.echo(_shown(f"removed {document.source}, {_count(document.passages, 'passage')}."))


@app.command()
def rebuild(content: Content = None) -> None:
    """Make the index of what ships and of what you added anew, from the passages themselves."""
    knowledge = open_app(content=content).knowledge
    documents = knowledge.rebuild()
    typer.echo(f"The knowledge index {knowledge.hash} is ready, and {_count(documents, 'added document')}.")


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="Where to; nothing in it is overwritten.")]) -> None:
    """Write the documents you added as Markdown, which 'coach knowledge add' reads again to the same passages."""
    files = open_app().knowledge.export(folder)
    typer.echo(_shown(f"{_count(len(files), 'document')} written to {folder}."))


@app.command()
def build(content: Content = None) -> None:
    """Build the index of what ships, so that the first conversation starts at once."""
    knowledge = open_app(content=content).knowledge
    knowledge.open()
    typer.echo(f"The knowledge index {knowledge.hash} is ready.")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _shown(text: str) -> str:
    """Text of somebody's document, which does nothing to the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " if c in "\t\u00a0" else "\ufffd" for c in text)


def _print_json(value: Any) -> None:  # noqa: ANN401 - whatever json takes
    text = json.dumps(value, ensure_ascii=False, indent=2)
    typer.echo("".join(c if c.isprintable() or c == "\n" else _escape(c) for c in text))


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) != 0x7F else "\\u007f"
