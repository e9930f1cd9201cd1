"""Levels of a talk before and after a change, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.coding import Coder
from coach.critique.levels import levels
from coach.critique.overall import overall
from coach.critique.rubric import Rubric
from coach.domain import Level, Reading, Turn
from eval.bench.critique.material import Talk

Levels = dict[str, Level | None]
OVERALL = "overall"
NOTHING = 2.5  # a principle that is not rated stands above an opening let pass and below something done


class Rater:
    """Rates talks; what was read once after the same words is not read again."""

    def __init__(self, coder: Coder, rubric: Rubric) -> None:
        """Take the coder that reads and the rules that rate."""
        self._coder = coder
        self._rubric = rubric
        self._read: dict[Talk, Reading] = {}

    def stand_ins(self) -> tuple[int, int]:
        """How many turns another engine than the chosen one read, and how many were read at all."""
        return sum(bool(reading.note) for reading in self._read.values()), len(self._read)

    def rate(self, talk: Talk) -> Levels:
        """The thirteen levels and the overall."""
        turns = [Turn(i=i, speaker=said.speaker, text=said.text) for i, said in enumerate(talk)]
        new = [i for i in range(len(talk)) if talk[: i + 1] not in self._read]
        for i, reading in self._coder.read(turns, new).items():
            self._read[talk[: i + 1]] = reading
        read = [turn.model_copy(update={"reading": self._read[talk[: turn.i + 1]]}) for turn in turns]
        rated: Levels = dict(levels(read, self._rubric).items())
        return rated | {OVERALL: overall(read, self._rubric)}


@dataclass(frozen=True)
class Case:
    """One change to one talk: what it was, and the levels on both sides of it."""

    what: str
    before: Levels
    after: Levels

    def rated(self) -> list[str]:
        """The principles rated on either side."""
        return [p for p in self.before if p != OVERALL and (self.before[p], self.after[p]) != (None, None)]

    def raised(self) -> list[str]:
        """The levels, overall among them, that stand higher afterwards."""
        return [p for p in self.before if standing(self.after[p]) > standing(self.before[p])]

    def lowered(self) -> list[str]:
        """The levels, overall among them, that stand lower afterwards."""
        return [p for p in self.before if standing(self.after[p]) < standing(self.before[p])]

    def on_both_sides(self, moved: Sequence[str]) -> bool:
        """Whether one of these levels is rated before and after, so that it did not only come or go."""
        return any(self.before[p] is not None and self.after[p] is not None for p in moved)


@dataclass(frozen=True)
class Invariance:
    """How many levels a change that should not matter left alone."""

    cases: int
    levels: int
    unchanged: float
    far: float
    up: float
    down: float
    appeared: float
    vanished: float
    overall: float

    @classmethod
    def of(cls, cases: Sequence[Case]) -> Invariance:
        """Count over the levels rated before or after; the overall apart."""
        pairs = [(case.before[p], case.after[p]) for case in cases for p in case.rated()]
        both = [(a, b) for a, b in pairs if a is not None and b is not None]
        all_ = max(1, len(pairs))
        return cls(
            cases=len(cases),
            levels=len(pairs),
            unchanged=sum(a == b for a, b in pairs) / all_,
            far=sum(abs(a - b) > 1 for a, b in both) / all_,
            up=sum(b > a for a, b in both) / all_,
            down=sum(b < a for a, b in both) / all_,
            appeared=sum(a is None for a, _ in pairs) / all_,
            vanished=sum(b is None for _, b in pairs) / all_,
            overall=sum(case.before[OVERALL] == case.after[OVERALL] for case in cases) / max(1, len(cases)),
        )


def standing(level: Level | None) -> float:
    """Where a level stands, so that a principle that comes to be rated has gone up or down."""
    return NOTHING if level is None else level
