"""``coach practice``: a conversation in the terminal."""

from __future__ import annotations

import io
import secrets
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.options import Content, Model, open_app

if TYPE_CHECKING:
    from coach.domain import Since

STOP = ("/end", "/quit")


def practice(
    scenario: Annotated[str, typer.Argument(help="The conversation to practise; see: coach scenarios list.")],
    difficulty: Annotated[
        str | None, typer.Option("--difficulty", help="easy, standard or hard [default: the scenario's].")
    ] = None,
    after: Annotated[
        str | None, typer.Option("--after", help="Meet the same rep again: the session this one follows.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="With --after, what has happened: kept, broken, better, worse or quiet."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Repeats a conversation word for word.")] = None,
    model: Model = None,
    content: Content = None,
) -> None:
    """Talk with a rep in the terminal and read the critique."""
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    from coach.app import OWNER
    from coach.domain import Difficulty
    from coach.errors import InputError
    from coach.reports import render

    app = open_app(model, content)
    chosen = app.library.scenario(scenario)
    if difficulty is not None and difficulty not in list(Difficulty):
        raise InputError(f"There is no difficulty {difficulty!r}; choose easy, standard or hard.")
    happened = _happened(since)
    console = Console(highlight=False)
    console.print(Panel(Text(f"{chosen.brief.strip()}\n\nYour aim: {chosen.goal}"), title=Text(chosen.title)))
    console.print(Text(f"About {chosen.minutes} minutes. Type what you would say; /end ends the talk.\n", style="dim"))
    level = Difficulty(difficulty) if difficulty else None
    number = secrets.randbelow(2**31) if seed is None else seed
    session = app.practice.start(OWNER, chosen.id, level, number, after, happened)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a line that is not text is refused alone
    name = chosen.persona.name.split()[0]
    shown = 0
    while True:
        path = app.store.path(session)
        for turn in path[shown:]:
            if turn.speaker == "rep":
                console.print(Text.assemble((f"{name}: ", "bold"), turn.text))
        shown = len(path)
        if session.ended_at:
            break
        said = _read()
        if said is None or said.strip().lower() in STOP:
            session = app.practice.end(session)
            continue
        try:
            session = app.practice.reply(session, said)
        except InputError as error:
            console.print(Text(str(error), style="yellow"))
    path = app.store.path(session)
    if not any(turn.speaker == "manager" for turn in path):
        console.print(Text("You said nothing, so there is nothing to look back on.", style="dim"))
        return
    console.print(Text("\nBefore you read on: how do you think it went? (Enter to skip)", style="dim"))
    session = app.practice.reflect(session, _read() or "")
    typer.echo("\n" + render("debrief.txt", debrief=app.debriefed(session), library=app.library))


def _happened(since: str | None) -> Since | None:
    """What has happened since the talk before, if it is one of the things that can."""
    from coach.domain import SINCE
    from coach.errors import InputError

    found = next((known for known in SINCE if known == since), None)
    if since is not None and found is None:
        raise InputError(f"Nothing is called {since!r} here; choose {', '.join(SINCE[:-1])} or {SINCE[-1]}.")
    return found


def _read() -> str | None:
    """One line from the manager, None at the end of input."""
    if sys.stdin.isatty():
        typer.secho("You: ", bold=True, nl=False)
    try:
        return input()
    except EOFError:
        return None
