"""``coach schema``: the JSON Schema of every file form."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def schema(
    name: Annotated[str | None, typer.Argument(help="The form; without it the names are listed.")] = None,
) -> None:
    """Print the JSON Schema of a file form, for editors and other tools."""
    from pydantic import TypeAdapter

    from coach.content import Exchange
    from coach.critique import Rubric
    from coach.domain import Acts, Aspect, Behaviour, Override, Principle, Scenario
    from coach.errors import InputError
    from coach.evaluation.labels import Label
    from coach.programme import Export
    from coach.reports.lines import CritiqueLine
    from coach.session import Script
    from coach.tailoring import Answers, Choices
    from coach.transcripts import RosterRow, TranscriptForm

    forms: dict[str, TypeAdapter[object]] = {
        "acts": TypeAdapter(Acts),
        "answers": TypeAdapter(Answers),
        "aspects": TypeAdapter(tuple[Aspect, ...]),
        "behaviour": TypeAdapter(Behaviour),
        "choices": TypeAdapter(Choices),
        "critique": TypeAdapter(CritiqueLine),
        "export": TypeAdapter(Export),
        "exchange": TypeAdapter(Exchange),
        "label": TypeAdapter(Label),
        "override": TypeAdapter(Override),
        "principles": TypeAdapter(tuple[Principle, ...]),
        "roster": TypeAdapter(RosterRow),
        "rubric": TypeAdapter(Rubric),
        "scenario": TypeAdapter(Scenario),
        "script": TypeAdapter(Script),
        "transcript": TypeAdapter(TranscriptForm),
    }
    if name is None:
        typer.echo("\n".join(forms))
    elif name in forms:
        typer.echo(json.dumps(forms[name].json_schema(), indent=2))
    else:
        raise InputError(f"There is no form {name!r}; the forms are: {', '.join(forms)}.")
