"""``coach ask``: a question about a practised talk, answered from that talk with the words it rests on."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.cli.options import AsJson, Content, Model, open_app


def ask(
    session: Annotated[str, typer.Argument(help="The talk; its critique names it.")],
    question: Annotated[str, typer.Argument(help='What you want to know: "why did trust fall at turn 5?"')],
    as_json: AsJson = False,
    model: Model = None,
    content: Content = None,
) -> None:
    """Ask the coach about a talk that has ended."""
    from coach.app import OWNER
    from coach.reports import render

    app = open_app(model, content)
    talk = app.practice.resume(OWNER, session)
    answer = app.ask(talk, question)
    if as_json:
        typer.echo(answer.model_dump_json())
        return
    rep = app.practice.scenario(talk).persona.name.split()[0]
    typer.echo(render("answer.txt", answer=answer, rep=rep, turns=app.store.path(talk)))
