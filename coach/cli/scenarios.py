"""``coach scenarios``: what can be practised, whether it is sound, and scenarios of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import AsJson, Content, Model, open_app, open_places

app = typer.Typer(help="List and check scenarios, and make your own.", no_args_is_help=True)


@app.command("list")
def list_(as_json: AsJson = False, content: Content = None) -> None:
    """Show what can be practised."""
    from coach.content import OWN, load_library, own_files
    from coach.settings import read_settings

    scenarios, own = load_library(open_places(content)).scenarios, own_files(read_settings().home / OWN)
    if as_json:
        wanted = {"id", "title", "stakes", "minutes", "difficulty", "focus"}
        listed = [
            s.model_dump(mode="json", include=wanted) | {"rep": s.persona.name, "yours": s.id in own}
            for s in scenarios.values()
        ]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("id", "conversation", "with", "minutes", "difficulty", "practises")
    for s in scenarios.values():
        title = f"{s.title} (yours)" if s.id in own else s.title
        table.add_row(
            s.id, escape(title), escape(s.persona.name), str(s.minutes), s.difficulty.value, ", ".join(s.focus)
        )
    Console().print(table)


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Scenario files [default: all that are in use].")] = None,
    content: Content = None,
) -> None:
    """Check scenarios: spelling of fields and codes, dangling names, facts that never open or that a line tells."""
    from coach.content import load_scenarios
    from coach.errors import ContentError, Problem
    from coach.rep import advice, faults

    files = paths or list(open_places(content).files("knowledge/scenarios", "*.y*ml"))
    problems: list[Problem] = []
    checked = []
    for path in files:
        try:
            checked += [(path, scenario) for scenario in load_scenarios([path]).values()]
        except ContentError as error:
            problems += error.problems
    for path, scenario in checked:
        problems += faults(scenario, path)
    if problems:
        raise ContentError(problems)
    for path, scenario in checked:
        lines = sum(1 for _ in scenario.all_lines())
        typer.echo(f"{scenario.id}: sound; {lines} lines, {len(scenario.facts)} facts, {len(scenario.topics)} topics.")
        for hint in advice(scenario, path):
            typer.echo(f"  {hint}")


@app.command()
def new(
    answers: Annotated[
        Path | None, typer.Option("--answers", help="Your five answers as YAML ('coach schema answers').")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="The built-in scenario to begin from.")] = None,
    names: Annotated[
        Path | None, typer.Option("--names", help="Names and hidden facts to change, as YAML ('coach schema choices').")
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Keep every line of the built-in, with other names.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Write here instead of among your own scenarios.")] = None,
    model: Model = None,
    content: Content = None,
) -> None:
    """Make a scenario of a conversation that is coming, from five answers."""
    from coach.cli import asking
    from coach.content import keep, read_yaml
    from coach.tailoring import Answers, Choices

    app = open_app(model, content)
    told = read_yaml(answers, Answers) if answers else asking.answers()
    offered = app.tailor.offer(told, from_)
    decided = read_yaml(names, Choices) if names else Choices()
    if whole:
        decided = decided.model_copy(update={"whole": True})
    if answers is None and names is None:
        decided = asking.choices(offered, decided.whole)
    made = app.tailor.tailor(told, decided, from_)
    if out:
        keep(made.scenario, made.notes, out)
        scenario, path = made.scenario, out
    else:
        scenario, path = app.keep(made)
    typer.echo(f"{scenario.title}: {path}\n")
    for note in made.notes:
        typer.echo(f"- {note}")
    if out:
        folder = "a folder's knowledge/scenarios/"
        typer.echo(f"\nCheck it with: coach scenarios check {out}\nPractise it: put it into {folder}, then --content.")
    else:
        typer.echo(f"\nRead and change it in any editor; then: coach scenarios check {path}")
        typer.echo(f"Practise it: coach practice {scenario.id}")


@app.command()
def remove(scenario: Annotated[str, typer.Argument(help="The id of a scenario of your own.")]) -> None:
    """Remove a scenario of your own; practised talks stay."""
    from coach.content import OWN
    from coach.content import remove as removed
    from coach.settings import read_settings

    typer.echo(f"Removed {removed(read_settings().home / OWN, scenario)}.")
