"""``coach run``: play scripted managers against scenarios."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.options import AsJson, Content, Model, open_app

if TYPE_CHECKING:
    from coach.app import App
    from coach.domain import Difficulty, Turn
    from coach.session import Play, Run, Script

JOBS = 4  # threads: a run takes about a tenth of a second, and another process takes seconds to start
MOST_JOBS = 64
NAME_MAX = 200  # a longer profile is no file name


def run(
    scripts: Annotated[list[Path] | None, typer.Argument(help="Scripts (YAML).")] = None,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="Play scripts without a scenario of their own against these.")
    ] = None,
    difficulty: Annotated[
        list[str] | None,
        typer.Option("--difficulty", help="easy, standard or hard [default: the script's or the scenario's]."),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--manager-profile", help="Let a model play the manager described by these words or in this file."
        ),
    ] = None,
    turns: Annotated[int, typer.Option("--turns", min=1, max=100, help="The most that this manager says.")] = 12,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show what is said as it is said, one talk at a time.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=MOST_JOBS, help="Talks under way at once.")] = JOBS,
    as_json: AsJson = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Also write the results to this file, as JUnit XML.")
    ] = None,
    model: Model = None,
    content: Content = None,
) -> None:
    """Play scripted managers; exit code 1 if an expectation does not hold."""
    from coach.errors import InputError
    from coach.reports import Case, write_junit
    from coach.session import cast

    if junit and not junit.absolute().parent.is_dir():
        raise InputError(f"{junit} cannot be written: there is no such folder; give --junit another file.")
    app = open_app(model, content)
    given = [*_read(scripts or ()), *_profiled(profile, turns)]
    if not given:
        raise typer.BadParameter("there is nothing to play; give a script, or --manager-profile and --model")
    plays = cast(given, scenario or [], _levels(difficulty), app.library)
    runs, cases = [], []
    for result, seconds in _played(app, plays, jobs, watch and not as_json):
        runs.append(result)
        cases.append(Case(result.scenario, _name(result), result.failures, result.unscored, seconds))
        if as_json:
            typer.echo(json.dumps(_line(result), ensure_ascii=False))
    if not as_json:
        _show(runs)
    if junit:
        write_junit(cases, junit)
    if not all(result.passed for result in runs):
        raise typer.Exit(1)


def _read(paths: Sequence[Path]) -> list[Script]:
    from coach.content import read_yaml
    from coach.session import Script

    return [read_yaml(path, Script) for path in paths]


def _profiled(profile: str | None, turns: int) -> list[Script]:
    """The script that ``--manager-profile`` stands for."""
    from coach.content import read_text
    from coach.errors import InputError
    from coach.session import Script

    if profile is None:
        return []
    path = Path(profile) if len(profile) < NAME_MAX and "\n" not in profile else None
    words = (read_text(path) if path and path.is_file() else profile).strip()
    if path and path.suffix.strip(".") and " " not in profile and not path.is_file():
        raise InputError(f"There is no file {profile}; give one, or describe the manager in words.")
    if not 0 < len(words) <= 4000:
        raise InputError("A manager's profile has between 1 and 4,000 characters.")
    return [Script(id=path.stem[:80] if path and path.is_file() else "profile", profile=words, turns=turns)]


def _levels(given: Sequence[str] | None) -> list[Difficulty]:
    from coach.domain import Difficulty
    from coach.errors import InputError

    for name in given or ():
        if name not in list(Difficulty):
            raise InputError(f"There is no difficulty {name!r}; choose easy, standard or hard.")
    return [Difficulty(name) for name in given or ()]


def _played(app: App, plays: Sequence[Play], jobs: int, watch: bool) -> Iterator[tuple[Run, float]]:
    """Each run with its seconds, under a bar where somebody watches the terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    quiet = watch or not console.is_terminal
    bar = Progress(console=console, transient=True, disable=quiet, redirect_stdout=False, redirect_stderr=False)
    with bar as progress:
        runs = app.played(plays, 1 if watch else jobs, _tell if watch else None)
        yield from progress.track(runs, total=len(plays), description="Playing")


def _tell(one: Play, turn: Turn) -> None:
    """Print a turn as soon as it has been said."""
    if not turn.i:
        typer.secho(f"{one.script.id} x {one.scenario.id}\n", bold=True)
    name = one.scenario.persona.name.split()[0] if turn.speaker == "rep" else "Manager"
    typer.echo(f"{name}: {turn.text}\n")
    sys.stdout.flush()


def _name(result: Run) -> str:
    return f"{result.script} ({result.difficulty.value})"


def _line(result: Run) -> dict[str, Any]:
    from coach.reports import critique_line

    return {
        "script": result.script,
        "scenario": result.scenario,
        "difficulty": result.difficulty.value,
        "manager": result.manager,
        "passed": result.passed,
        "failures": list(result.failures),
        "unscored": list(result.unscored),
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


def _show(runs: Sequence[Run]) -> None:
    """A table of the runs, and below it whatever did not hold or was not scored."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("script", "scenario", "difficulty", "trust", "opened", "overall", "result")
    for result in runs:
        end = result.transcript.turns[-1].state
        state = (f"{end.trust:.0f}", ", ".join(end.open_facts) or "-") if end else ("", "")
        verdict = Text("passed", "green") if result.passed else Text("FAILED", "bold red")
        overall = str(result.critique.overall)
        table.add_row(Text(result.script), result.scenario, result.difficulty.value, *state, overall, verdict)
    Console().print(table)
    for result in runs:
        for word, lines in (("", result.failures), ("unscored: ", result.unscored)):
            for line in lines:
                typer.echo(f"{result.script} x {result.scenario} ({result.difficulty.value}): {word}{line}")
