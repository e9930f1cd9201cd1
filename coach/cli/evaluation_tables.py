"""Tables that ``coach evaluate`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coach.evaluation import Change


def print_changes(found: Sequence[Change], most: int) -> None:
    """What changed since a baseline, what got worse first."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Changed since the baseline", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("", "recording", "before", "now", "levels"):
        table.add_column(heading, overflow="fold")
    ordered = sorted(found, key=lambda change: not change.worse)
    for change in ordered[:most]:
        cells = (change.id, change.before, change.now, change.levels)
        table.add_row("worse" if change.worse else "", *(escape(cell[:200]) for cell in cells))
    console = Console()
    console.print(table)
    if len(found) > most:
        console.print(f"and {len(found) - most} more")


def print_agreement(figures: dict[str, Any]) -> None:
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
