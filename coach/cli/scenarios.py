"""``coach scenarios``: what can be practised, and whether a scenario is sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import AsJson, Content, open_places

app = typer.Typer(help="List and check scenarios.", no_args_is_help=True)


@app.command("list")
def list_(as_json: AsJson = False, content: Content = None) -> None:
    """Show what can be practised."""
    from coach.content import load_library

    scenarios = load_library(open_places(content)).scenarios
    if as_json:
        wanted = {"id", "title", "stakes", "minutes", "difficulty", "focus"}
        listed = [s.model_dump(mode="json", include=wanted) | {"rep": s.persona.name} for s in scenarios.values()]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "conversation", "with", "minutes", "difficulty", "practises")
    for s in scenarios.values():
        table.add_row(s.id, s.title, s.persona.name, str(s.minutes), s.difficulty.value, ", ".join(s.focus))
    Console().print(table)


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Scenario files [default: all that are in use].")] = None,
    content: Content = None,
) -> None:
    """Check scenarios: spelling of fields and codes, dangling names, gates that can never open."""
    from coach.content import line_of, load_scenarios
    from coach.domain import Difficulty
    from coach.errors import ContentError, Problem
    from coach.rep import unreachable

    files = paths or list(open_places(content).files("knowledge/scenarios", "*.y*ml"))
    problems: list[Problem] = []
    checked = []
    for path in files:
        try:
            checked += [(path, scenario) for scenario in load_scenarios([path]).values()]
        except ContentError as error:
            problems += error.problems
    for path, scenario in checked:
        shut = {fact: level for level in Difficulty for fact in unreachable(scenario, level)}
        for i, fact in enumerate(scenario.facts):
            if fact.id in shut:
                message = f"{fact.id!r} can never open at difficulty {shut[fact.id].value}; lower its trust"
                problems.append(Problem(path, line_of(path, ("facts", i, "gate")), f"facts[{i}].gate", message))
    if problems:
        raise ContentError(problems)
    for _, scenario in checked:
        lines = sum(1 for _ in scenario.all_lines())
        typer.echo(f"{scenario.id}: sound; {lines} lines, {len(scenario.facts)} facts, {len(scenario.topics)} topics.")
