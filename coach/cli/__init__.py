"""The command line: thin. Commands import what they need when they run, so ``--help`` is quick."""

from __future__ import annotations

import logging
import sys

import typer

from coach.cli import (
    ask,
    calibrate,
    doctor,
    evaluate,
    export,
    knowledge,
    override,
    practice,
    report,
    run,
    scenarios,
    schema,
    ui,
)

app = typer.Typer(
    help="Practise the hard one-on-ones of sales leadership with a simulated rep, and learn from each.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("ui")(ui.ui)
app.command("practice")(practice.practice)
app.command("ask")(ask.ask)
app.command("run")(run.run)
app.command("evaluate")(evaluate.evaluate)
app.command("report")(report.report)
app.add_typer(scenarios.app, name="scenarios")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(override.app, name="override")
app.add_typer(calibrate.app, name="calibrate")
app.command("export")(export.export)
app.command("schema")(schema.schema)
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line; every error a user can cause becomes one sentence and exit code 2."""
    from coach.errors import CoachError

    # Ours first: some libraries set the root logger to talk as soon as they are imported.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except CoachError as error:
        typer.echo(f"coach: {error}", err=True)
        sys.exit(2)
