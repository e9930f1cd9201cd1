"""``coach evaluate``: score recorded conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from coach.cli.options import Content, Model, open_app


def evaluate(
    paths: Annotated[list[Path], typer.Argument(help="Recordings: files or folders.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")],
    labels: Annotated[Path | None, typer.Option("--labels", help="Reference labels to compare with (JSONL).")] = None,
    manager: Annotated[
        str | None, typer.Option("--manager", help="The manager's name, where speakers have names.")
    ] = None,
    model: Model = None,
    content: Content = None,
) -> None:
    """Score recorded conversations into OUT/critiques.jsonl; with labels also OUT/agreement.json."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from coach.errors import InputError
    from coach.evaluation import agreement, read_labels, write_json, write_lines
    from coach.transcripts import read_transcripts

    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is a file; name a folder.")
    references = read_labels(labels) if labels else None
    scorer = open_app(model, content).scorer
    recordings = read_transcripts(paths, manager)
    lines: list[dict[str, Any]] = []
    failures: list[str] = []
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading")

        def seen(line: dict[str, Any]) -> None:
            if references is not None:
                lines.append(line)
            if line["status"] == "failed":
                at = "" if line["reason"].startswith(line["id"]) else f"{line['id']}: "
                failures.append(f"{at}{line['reason']}")
            done = int(progress.tasks[task].completed) + 1
            progress.update(task, completed=done, description=f"{done} conversations")

        write_lines(scorer.score(recordings), out / "critiques.jsonl", seen)
        total = int(progress.tasks[task].completed)
    if references is not None:
        figures = agreement(lines, references)
        write_json(figures, out / "agreement.json")
        _print_agreement(figures)
    typer.echo(f"{total - len(failures)} scored, {len(failures)} failed; results in {out / 'critiques.jsonl'}")
    for failure in failures:
        typer.echo(f"failed: {failure}", err=True)
    if total == len(failures):
        raise InputError("Nothing could be scored; the reasons stand above.")


def _print_agreement(figures: dict[str, Any]) -> None:
    """Agreement with the reference labels, beside what a constant guess would get."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    def show(value: float | None) -> str:
        return "-" if value is None else f"{value:.2f}"

    levels, overall, moments = figures["levels"], figures["overall"], figures["moments"]
    title = "Agreement with the reference labels, beside constant guesses"
    table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("", no_wrap=True)
    for heading in ("this", *(f"all {level}" for level in figures["constants"])):
        table.add_column(heading, justify="right", no_wrap=True)
    rows: list[tuple[str, float | None, tuple[str, str] | None]] = [
        ("codes: kappa over turn x code", figures["codes"]["kappa"], None),
        ("codes: macro-F1", figures["codes"]["macro_f1"], None),
        ("levels: weighted kappa", levels["weighted_kappa"], ("levels", "weighted_kappa")),
        ("levels: exact", levels["exact"], ("levels", "exact")),
        ("levels: within one", levels["within_one"], ("levels", "within_one")),
        ("levels: rated or not", levels["null_agreement"], None),
        ("overall: Spearman", overall["spearman"], None),
        ("overall: weighted kappa", overall["weighted_kappa"], ("overall", "weighted_kappa")),
        ("overall: bias", overall["bias"], ("overall", "bias")),
        ("pairs two or more apart in order", overall["pairs_ordered"], None),
        ("best moment found", moments["best"], None),
        ("worst moment found", moments["worst"], None),
    ]
    for name, value, constant in rows:
        guesses = [show(c[constant[0]][constant[1]]) if constant else "" for c in figures["constants"].values()]
        table.add_row(name, show(value), *guesses)
    Console().print(table)
