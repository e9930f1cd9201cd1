"""Questions at the terminal: five about the conversation, then names and hidden facts one by one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from coach.errors import InputError

if TYPE_CHECKING:
    from coach.tailoring import Answers, Choices, Name, Offer

QUESTIONS = {
    "who": "Who is it? Begin with the name, then role, firm and how long with you",
    "happened": "What happened?",
    "fear": "What do you fear?",
    "want": "What do you want from the conversation?",
    "talks": "How do they talk?",
}


def at_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def answers() -> Answers:
    """The five answers, each asked again until it can be used.

    Raises:
        InputError: if nobody is there to ask.
    """
    from pydantic import ValidationError

    from coach.tailoring import Answers, person

    if not at_terminal():
        raise InputError(
            "There is no terminal to ask at; give the five answers with --answers FILE ('coach schema answers')."
        )
    typer.echo(
        "Five questions about the conversation. What you write stays on this computer unless you chose a model.\n"
    )
    given = dict.fromkeys(QUESTIONS, "")
    asked = list(QUESTIONS)
    while True:
        for field in asked:
            given[field] = typer.prompt(QUESTIONS[field])
        try:
            told = Answers(**given)
            person(told)
        except ValidationError as error:
            details = error.errors()[0]
            asked = [str(details["loc"][0])]
            typer.echo(f"  {details['msg']}.")
        except InputError as error:
            asked = ["who"]
            typer.echo(f"  {error}")
        else:
            return told


def choices(offered: Offer, whole: bool) -> Choices:
    """Names and hidden facts, each with a default that Enter takes."""
    from coach.tailoring import Choices

    typer.echo(f"\nNearest: {offered.title} ({offered.base})" + (f"; {offered.why}." if offered.why else "."))
    if offered.others:
        typer.echo(f"Others not far off: {', '.join(offered.others)} (--from).")
    for assumed in offered.person.assumed:
        typer.echo(f"Assumed: {assumed}.")
    typer.echo(
        "\nWhat may lie behind it. Enter takes the default; keep, drop, or write what the rep would say instead."
    )
    facts, strange = {}, [fact for fact in offered.facts if fact.built_in and fact.default == "drop"]
    ask = f"{len(strange)} facts of the built-in speak of its own trade. Look at them too?"
    skipped = strange if strange and not whole and not typer.confirm(ask, default=False) else []
    for fact in offered.facts:
        if fact in skipped:
            continue
        typer.echo(f"\n  {fact.text}\n  “{fact.says}”")
        facts[fact.id] = typer.prompt(f"  {fact.id}", default="keep" if whole and fact.built_in else fact.default)
    return Choices(names=_names(offered.names) if whole else {}, facts=facts, whole=whole)


def _names(names: tuple[Name, ...]) -> dict[str, str]:
    typer.echo("\nNames of the built-in scenario, and what stands in their place.")
    return {name.old: typer.prompt(f"  {_shown(name)}", default=name.new) for name in names}


def _shown(name: Name) -> str:
    others = [one for one in name.suggestions if one != name.new]
    return f"{name.old} ({name.times} times{', or ' + ', '.join(others) if others else ''})"
