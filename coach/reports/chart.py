"""A share over time as a drawing: where its dots, whiskers and lines stand. The template draws it as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.reports.figures import Share, Tally, change

WIDTH, HEIGHT = 340, 132
LEFT, RIGHT, TOP, BOTTOM = 38, 10, 8, 34
LABELLED = 8
"""Periods up to which each says how many conversations it holds."""


@dataclass(frozen=True)
class Dot:
    """One period: the share with its interval, or only its place where there are too few conversations."""

    x: float
    n: int
    label: str
    share: Share | None
    y: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class Chart:
    """Dots in order, lines between neighbours that both have a share, and what changed, in words."""

    title: str
    dots: tuple[Dot, ...]
    lines: tuple[tuple[Dot, Dot], ...]
    says: str

    @property
    def crowded(self) -> bool:
        """Whether there is no room for a number below each dot."""
        return len(self.dots) > LABELLED


def chart(title: str, periods: Sequence[str], tallies: Sequence[Tally]) -> Chart | None:
    """Draw the share of conversations in which it helped; None if fewer than half the periods have enough."""
    if 2 * sum(one.helps is not None for one in tallies) < len(tallies):
        return None
    step = (WIDTH - LEFT - RIGHT) / len(periods)
    dots = tuple(
        _dot(LEFT + step * (i + 0.5), label, one) for i, (label, one) in enumerate(zip(periods, tallies, strict=True))
    )
    lines = tuple((a, b) for a, b in zip(dots, dots[1:], strict=False) if a.share and b.share)
    says = change(tallies)
    return Chart(title, dots, lines, says) if says else None


def height(fraction: float) -> float:
    """Where a fraction stands, in units from the top."""
    return round(TOP + (1 - fraction) * (HEIGHT - TOP - BOTTOM), 1)


def _dot(x: float, label: str, one: Tally) -> Dot:
    share = one.helps
    if share is None:
        return Dot(round(x, 1), one.n, label, None)
    y = height(share.count / share.of)
    return Dot(round(x, 1), one.n, label, share, y, height(share.high), height(share.low))
