"""The path of trust: what each thing the manager said did to it, and where the points of its drawing stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from coach.domain import Frozen
from coach.reports.replies import nth

MOVED = 3.0  # points of trust from which a turn is said to have moved it
CLEARLY = 10.0  # points of trust from which a change is a clear one
WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 60, 18, 16, 34
SCALE = ((0, "none"), (50, "half"), (100, "full"))  # amounts of trust that a line across names
LABELLED = 16  # points up to which each says its turn; in a longer talk only those that moved trust do

Shape = Literal["up", "down", "still", "opened"]
"""What a point is drawn as, so that colour is not needed: triangles, a dot, and a diamond where something came out."""


class Step(Frozen):
    """Trust after one manager turn."""

    turn: int
    trust: float
    change: float
    said: str
    answered: str
    opened: tuple[str, ...]
    mood: str = ""
    """How the rep's mood changed with it, in words; empty where it did not."""
    hinted: bool = False
    """Whether the manager had asked for a hint before."""

    @property
    def moved(self) -> bool:
        """Whether this turn moved trust enough to be named."""
        return abs(round(self.change)) >= MOVED or bool(self.opened)

    @property
    def went(self) -> str:
        """What this turn did to trust, in words."""
        if abs(round(self.change)) < MOVED:
            return "stayed about the same"
        return f"{'rose' if self.change > 0 else 'fell'} {'clearly' if abs(self.change) >= CLEARLY else 'a little'}"


@dataclass(frozen=True)
class Point:
    """One thing the manager said, where it stands in the drawing."""

    step: Step
    x: float
    y: float
    shape: Shape
    wide: float
    """The room it has, all of which leads to its turn."""
    label: str
    """The manager's own count of it, or nothing where there is no room."""


@dataclass(frozen=True)
class Path:
    """The drawing: points in order, the line through them, and the height at which the talk began."""

    points: tuple[Point, ...]
    line: str
    start: float | None
    rules: tuple[tuple[str, float], ...]
    """How far the rep trusts, in words, with its height, for the lines across: a scale of numbers looks like marks."""
    says: str
    """The drawing in one sentence."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def draw(steps: Sequence[Step], start: float | None, said: Sequence[int]) -> Path:
    """Place the steps in a drawing of ``WIDTH`` by ``HEIGHT``, trust from 0 at the bottom to 100 at the top.

    Args:
        steps: what the manager said and what it did.
        start: trust at the beginning, if it is known.
        said: the indices of all that the manager said, to count by.
    """
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(steps))
    points = tuple(
        Point(
            step,
            x=round(LEFT + wide * (n + 0.75), 1),
            y=height(step.trust),
            shape=shape(step),
            wide=round(wide, 1),
            label=_label(step, len(steps), said),
        )
        for n, step in enumerate(steps)
    )
    begin = [] if start is None else [(float(LEFT), height(start))]
    line = " ".join(f"{x:g},{y:g}" for x, y in (*begin, *((p.x, p.y) for p in points)))
    rules = tuple((words, height(trust)) for trust, words in SCALE)
    return Path(points, line, None if start is None else height(start), rules, _says(steps, start))


def height(trust: float) -> float:
    """Where so much trust stands, in units from the top."""
    return round(TOP + (1 - trust / 100) * (HEIGHT - TOP - BOTTOM), 1)


def shape(step: Step) -> Shape:
    """What a step is drawn as."""
    if step.opened:
        return "opened"
    return "still" if not step.moved else "up" if step.change > 0 else "down"


def _label(step: Step, steps: int, said: Sequence[int]) -> str:
    return str(nth(said, step.turn)) if steps <= LABELLED or step.moved and steps <= 2 * LABELLED else ""


def _says(steps: Sequence[Step], start: float | None) -> str:
    if not steps or start is None:
        return ""
    ups, downs = (sum(step.moved and step.change * sign > 0 for step in steps) for sign in (1, -1))
    change = steps[-1].trust - start
    ended = "about where" if abs(round(change)) < MOVED else "above where" if change > 0 else "below where"
    return f"Trust {_times('rose', ups)}, {_times('fell', downs)}, and ended {ended} it began."


def _times(went: str, n: int) -> str:
    if not n:
        return f"never {went}"
    return f"{went} {('once', 'twice')[n - 1] if n <= 2 else f'{n} times'}"
