"""``coach evaluate``: score recorded conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.asking import at_terminal
from coach.cli.evaluation_input import Given, files
from coach.cli.options import Content, Model
from coach.errors import InputError

if TYPE_CHECKING:
    from coach.app import App
    from coach.evaluation import Baseline, Change, Journal, Line, Tally
    from coach.models import ModelName

WORST_FIRST = 40  # changes shown


def evaluate(
    paths: Annotated[
        list[str], typer.Argument(help="Recordings: files, folders, or patterns such as 'talks/**/*.vtt'.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the results; a run that was stopped goes on there.")],
    labels: Annotated[Path | None, typer.Option("--labels", help="Reference labels to compare with (JSONL).")] = None,
    manager: Annotated[
        str | None, typer.Option("--manager", help="The manager's name, where speakers have names.")
    ] = None,
    roster: Annotated[Path | None, typer.Option("--roster", help="Who leads whom, a CSV file (coach schema).")] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, max=256, help="Conversations at once (1; with a model COACH_MODEL_CONCURRENCY)."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first so many recordings.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what a run would ask of the model; score and send nothing.")
    ] = False,
    price: Annotated[
        str | None, typer.Option("--price", help="IN,OUT: what a million tokens cost, for --dry-run.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Send recordings to the model without asking.")] = False,
    pseudonymise: Annotated[
        bool,
        typer.Option(
            "--pseudonymise",
            help="Replace names, companies, mails and phone numbers first. Misses names written small or ALL CAPITALS, "
            "names that are everyday words at the start of a sentence, numbers said in words, and what gives somebody "
            "away without a name; ids and file names stay.",
        ),
    ] = False,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-under",
            help="Exit with 1 if the mean overall of the scored falls under a level (3.2), or the share of recordings "
            "that are scored under a share (95%). May be given for both.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            help="Folder of an earlier run: print what changed; exit with 1 if a recording that was scored now fails "
            "or has a lower overall.",
        ),
    ] = None,
    model: Model = None,
    content: Content = None,
) -> None:
    """Score recorded conversations into OUT/critiques.jsonl, with reports; with labels also OUT/agreement.json.

    What is finished is kept: run the same command again to go on, or to score only what is new. With a model it says
    where the words go and asks first.
    """
    from coach.app import Evaluation, Rehearsing
    from coach.evaluation import Journal, Tally, read_bar, read_baseline, read_labels, read_price, write_lines
    from coach.settings import read_settings

    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is a file; name a folder.")
    bars = [read_bar(text) for text in fail_under or ()]
    cost = read_price(price) if price else None
    references = read_labels(labels) if labels else None
    before = read_baseline(baseline) if baseline else None
    settings = read_settings(model=model, content=content)
    app = (Rehearsing if dry_run else Evaluation)(settings)
    models = [(part, app.names[part]) for part in ("coder", "writer") if not app.names[part].offline]
    given = Given(files(paths), manager, roster, limit, settings.home / "pseudonyms.key" if pseudonymise else None)
    given.check()
    if dry_run:
        _rehearse(app, given, out, models, cost)
        return
    jobs = jobs or (settings.model_concurrency if models else 1)
    with Journal(out) as journal:
        if models:
            _consent(app, given, journal, models, yes)
        _score(app, given, journal, jobs, bool(models))
        done = Done(Tally(), [])
        write_lines(_counted(journal.lines(), done), out / "critiques.jsonl")
        _report(app, out, references)
    _told(done, out)
    if not done.tally.scored:
        raise InputError("Nothing could be scored; the reasons stand above.")
    doubt = app.critic.doubt(app.scorer.provenance, "overall")
    if doubt and any(not bar.share for bar in bars):
        typer.echo(f"coach: The mean overall decides nothing: {doubt}.", err=True)
    counting = [bar for bar in bars if bar.share or not doubt]
    missed = [told for bar in counting if (told := bar.missed(done.tally))]
    if before:
        missed += _compared(before, out, whole=limit is None)
    for told in missed:
        typer.echo(f"coach: Not passed: {told}.", err=True)
    if missed:
        raise typer.Exit(1)


@dataclass
class Done:
    """What came of a run."""

    tally: Tally
    failures: list[str]
    guessed: int = 0


def _told(done: Done, out: Path) -> None:
    """Say what came of a run and where it lies."""
    typer.echo(f"{done.tally.scored} scored, {done.tally.failed} failed; results in {out / 'critiques.jsonl'}")
    if done.tally.scored:
        typer.echo(f"to read: {out / 'report.html'}")
    if done.guessed:
        mended = f"mend {out / 'roster.csv'} and run again with --roster and that file"
        typer.echo(f"Who leads was guessed in {done.guessed} of them; where it is wrong, {mended}.", err=True)
    for failure in done.failures:
        typer.echo(f"failed: {failure}", err=True)


def _rehearse(
    app: App,
    given: Given,
    out: Path,
    models: Sequence[tuple[str, ModelName]],
    price: tuple[float, float] | None,
) -> None:
    """Say what a run would do and ask."""
    from contextlib import ExitStack

    from coach.evaluation import JOURNAL, Journal, estimate, left
    from coach.models import destination

    with ExitStack() as stack:
        journal = stack.enter_context(Journal(out)) if (out / JOURNAL).exists() else None
        total = sum(1 for _ in given.recordings())
        todo = left(given.recordings(), app.scorer.provenance, journal)
        if not models:
            typer.echo(f"{total} recordings, {sum(1 for _ in todo)} of them to score; no model is asked.")
            return
        found = estimate(todo, app.scorer, any(part == "coder" for part, _ in models))
    typer.echo(f"{total} recordings, {found.recordings} of them to score; nothing was sent.")
    for part, name in models:
        typer.echo(f"{part}: {name}, {destination(name)}")
    typer.echo(f"about {found.calls:,} calls, {found.input_tokens:,} tokens in and {found.output_tokens:,} out")
    if price:
        typer.echo(f"about {found.cost(price):,.2f} at {price[0]:g} in and {price[1]:g} out for a million tokens")
    else:
        typer.echo("for the cost, add --price IN,OUT of your provider")
    typer.echo(f"Estimated from the prompts of {found.rehearsed} recordings; answers are taken to be of usual length.")


def _score(app: App, given: Given, journal: Journal, jobs: int, modelled: bool) -> None:
    """Score what is not finished."""
    from functools import partial

    from coach.app import recording_scorer
    from coach.evaluation import processes, run, threads

    if not modelled:
        app.knowledge.open()  # once, before every worker would
    workers = threads(jobs) if modelled else processes(partial(recording_scorer, app.settings), jobs)
    try:
        with workers as pool, _progress(given) as seen:
            run(given.recordings(), pool, app.scorer, jobs, journal, seen)
    except KeyboardInterrupt:
        typer.echo("coach: Stopped. What is finished is kept; run the same command again to go on.", err=True)
        raise typer.Exit(130) from None
    if given.limit is None:
        journal.forget()


def _counted(lines: Iterator[str], done: Done) -> Iterator[str]:
    """Pass lines on, counted and with their failures named."""
    import json

    from coach.domain import About

    for text in lines:
        line = json.loads(text)
        done.tally.add(line)
        done.guessed += line["status"] == "scored" and About.model_validate(line.get("about", {})).guessed
        if line["status"] == "failed":
            at = "" if line["reason"].startswith(line["id"]) else f"{line['id']}: "
            done.failures.append(f"{at}{line['reason']}")
        yield text


def _consent(app: App, given: Given, journal: Journal, models: Sequence[tuple[str, ModelName]], yes: bool) -> None:
    """Say where words of real people would go, and ask.

    Raises:
        InputError: if nobody is there to ask and nobody has agreed.
        typer.Exit: if the answer is no.
    """
    from coach.evaluation import left
    from coach.models import destination

    number = sum(1 for _ in left(given.recordings(), app.scorer.provenance, journal))
    if not number:
        return
    where = " and ".join(dict.fromkeys(f"{destination(name)} (model {name})" for _, name in models))
    kept = "with pseudonyms" if given.key else "with every name in them (--pseudonymise replaces names first)"
    typer.echo(f"The words of {number} recordings go {where}, {kept}.", err=True)
    if yes:
        return
    if not at_terminal():
        raise InputError("Nothing was sent: there is no terminal to ask at; add --yes if the people in them agree.")
    if not typer.confirm("Do the people in them agree, and shall they be sent?", default=False, err=True):
        typer.echo("Nothing was sent.", err=True)
        raise typer.Exit(2)


@contextmanager
def _progress(given: Given) -> Iterator[Callable[[bool, bool], None]]:
    """Show on a terminal how far it is, how fast, how long still and how many failed."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _scored, _now: None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}"),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("scoring", total=sum(1 for _ in given.recordings()), told="")
        failed = 0

        def seen(scored: bool, _now: bool) -> None:
            nonlocal failed
            failed += not scored
            speed = progress.tasks[task].speed
            rate = f"{speed:.1f} a second, " if speed else ""
            progress.update(task, advance=1, told=f"{rate}{failed} failed")

        yield seen


def _lines(out: Path) -> Iterator[Line]:
    import json

    with (out / "critiques.jsonl").open(encoding="utf-8") as file:
        for text in file:
            yield json.loads(text)


def _report(app: App, out: Path, references: Sequence[dict[str, Any]] | None) -> None:
    """Write what is made of the lines: agreement with labels, and the reports."""
    from coach.reports import write_reports

    if references is not None:
        from coach.cli.evaluation_tables import print_agreement
        from coach.evaluation import agreement, write_json

        compared = ("id", "status", "codes", "levels", "overall", "lean", "best", "worst")
        figures = agreement([{name: line[name] for name in compared} for line in _lines(out)], references)
        write_json(figures, out / "agreement.json")
        print_agreement(figures)
    write_reports(out, app.library)


def _compared(before: Baseline, out: Path, whole: bool) -> list[str]:
    """Print what changed since an earlier run; returns what got worse, in one sentence or none."""
    from coach.cli.evaluation_tables import print_changes
    from coach.evaluation import changes, engine

    engines = frozenset(name for line in _lines(out) for name in engine(line))
    if engines != before.engines:
        typer.echo(f"Other engine than the baseline's: {_joined(before.engines)}; now {_joined(engines)}.")
    found: list[Change] = list(changes(before, _lines(out), whole))
    worse = sum(change.worse for change in found)
    if not found:
        typer.echo("Nothing changed since the baseline.")
        return []
    print_changes(found, WORST_FIRST)
    return [f"{worse} recordings got worse than in the baseline"] if worse else []


def _joined(engines: frozenset[str]) -> str:
    return " | ".join(sorted(engines)) or "none"
