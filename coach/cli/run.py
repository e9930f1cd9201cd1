"""``coach run``: play scripted managers against scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.options import AsJson, Content, Model, open_app

if TYPE_CHECKING:
    from coach.session import Run, Script


def run(
    scripts: Annotated[list[Path], typer.Argument(help="Scripts (YAML).")],
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="Play scripts without a scenario of their own against these.")
    ] = None,
    as_json: AsJson = False,
    model: Model = None,
    content: Content = None,
) -> None:
    """Play scripted managers; exit code 1 if an expectation does not hold."""
    from coach.content import read_yaml
    from coach.session import Script, play

    app = open_app(model, content)
    plays = [
        (script, app.library.scenario(name))
        for script in (read_yaml(path, Script) for path in scripts)
        for name in _names(script, scenario)
    ]
    failed = 0
    for script, played in plays:
        result = play(script, played, app.coder, app.voice, app.critic, app.provenance(script.seed))
        failed += not result.passed
        typer.echo(json.dumps(_line(result), ensure_ascii=False) if as_json else _summary(result))
    if failed:
        raise typer.Exit(1)


def _names(script: Script, given: list[str] | None) -> list[str]:
    from coach.errors import InputError

    names = [script.scenario] if script.scenario else list(given or [])
    if not names:
        raise InputError(f"The script {script.id!r} names no scenario; add one to it or give --scenario ID.")
    return names


def _line(result: Run) -> dict[str, Any]:
    from coach.reports import critique_line

    return {
        "script": result.script,
        "scenario": result.scenario,
        "passed": result.passed,
        "failures": list(result.failures),
        "turns": [
            {
                "i": turn.i,
                "speaker": turn.speaker,
                "text": turn.text,
                "codes": list(turn.reading.codes) if turn.reading else [],
                "state": turn.state.model_dump(mode="json") if turn.state else {},
                "opened": list(turn.opened),
            }
            for turn in result.transcript.turns
        ],
        "critique": critique_line(result.transcript, result.critique),
    }


def _summary(result: Run) -> str:
    end = result.transcript.turns[-1].state
    trust = f"trust {end.trust:.0f}, {len(end.open_facts)} opened" if end else ""
    verdict = "passed" if result.passed else "FAILED"
    lines = [f"{verdict}  {result.script} x {result.scenario}: {trust}, overall {result.critique.overall}"]
    return "\n".join([*lines, *(f"        {failure}" for failure in result.failures)])
