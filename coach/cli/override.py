"""``coach override``: a trainer's other level for a principle, kept beside what the engine said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.options import AsJson, open_app

if TYPE_CHECKING:
    from coach.domain import Override, PrincipleId

app = typer.Typer(help="Set another level for a principle, with a reason; the engine's stays.", no_args_is_help=True)
Results = Annotated[
    Path | None, typer.Option("--results", help="Folder of results; without it the practice sessions here are meant.")
]


@app.command("set")
def set_(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The recording, or the practice session.")],
    principle: Annotated[str, typer.Argument(help="The principle's id, such as coaching.")],
    level: Annotated[str, typer.Argument(help="1 to 5, or none if nothing called for it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence.")],
    by: Annotated[str, typer.Option("--by", help="Who says so.")],
    results: Results = None,
) -> None:
    """Keep another level beside what the engine said; neither the result nor any agreement figure changes."""
    from coach.app import OWNER
    from coach.domain import PRINCIPLES
    from coach.errors import InputError
    from coach.evaluation.overrides import add_override

    named: PrincipleId | None = next((known for known in PRINCIPLES if known == principle), None)
    if named is None:
        raise InputError(f"There is no principle {principle[:40]!r}; the principles are: {', '.join(PRINCIPLES)}.")
    if level not in ("1", "2", "3", "4", "5", "none"):
        raise InputError(f"{level[:40]!r} is no level; give 1 to 5, or none.")
    given = None if level == "none" else int(level)
    if results:
        made = add_override(results, id_, named, given, reason, by)
    else:
        coach = open_app()
        session = coach.practice.resume(OWNER, id_)
        critique = coach.store.critique(session)
        if critique is None:
            raise InputError("This session has no critique yet; end it and read the critique first.")
        made = coach.remarks.override(session, critique, named, given, reason, by)
    typer.echo(_told(made))


@app.command("list")
def list_(results: Results = None, as_json: AsJson = False) -> None:
    """List the levels that were set, and what they come to."""
    import json

    from coach.app import OWNER
    from coach.evaluation.overrides import moved, read_overrides

    if results:
        found = read_overrides(results)
    else:
        coach = open_app()
        found = [one for session, _ in coach.store.critiques(OWNER) for one in coach.remarks.overrides(session)]
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
        return
    for one in found:
        typer.echo(_told(one))
    sum_ = moved(found)
    typer.echo(
        f"Levels set by trainers: {sum_.levels}; {sum_.higher} higher, {sum_.lower} lower, {sum_.called} on whether it "
        "was called for. They were set with the engine's level in sight, so no agreement figure contains them."
    )


def _told(one: Override) -> str:
    def shown(level: int | None) -> str:
        return "none" if level is None else str(level)

    return f"{one.id} {one.principle}: {shown(one.level)} (engine {shown(one.was)}), {one.by}: {one.reason}"
