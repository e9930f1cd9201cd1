"""The turn that helped most and the turn that hurt or missed most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

from coach.critique.rubric import Rubric
from coach.domain import Code, Reading, Slip, Strength, Turn

_NOT_TO_THE_REP = ("meta", "unclear")


def moments(turns: Sequence[Turn], rubric: Rubric) -> tuple[int | None, int | None]:
    """Positions (over all turns) of the best and the worst manager turn; None where there is none.

    Every code gives or takes its published points. Unlike a level, a choice among turns also weighs
    what was heard only faintly. The most points win, the earlier turn if two are equal, and a turn
    below the least points wins nothing.
    """
    best = _most(turns, rubric.moments.least_help, lambda reading: help_of(reading, rubric))
    worst = _most(turns, rubric.moments.least_hurt, lambda reading: hurt_of(reading, rubric))
    return best, worst


def help_of(reading: Reading, rubric: Rubric) -> float:
    """Points by which a turn helped: its strengths, less what its slips spoiled."""
    rules = rubric.moments
    return _sum(reading, rules.helps, rules.faint) - _sum(reading, rules.spoils, rules.faint)


def hurt_of(reading: Reading, rubric: Rubric) -> float:
    """Points by which a turn hurt: its slips, less what its strengths softened."""
    rules = rubric.moments
    return _sum(reading, rules.hurts, rules.faint) - _sum(reading, rules.softens, rules.faint)


def share(reading: Reading, code: Code, faint: float) -> float:
    """How much one code counts in a turn: the root of its probability, nothing if that is faint."""
    probability = reading.probabilities.get(code, 1.0 if code in reading.codes else 0.0)
    return sqrt(probability) if probability >= faint else 0.0


def _sum(reading: Reading, weights: Mapping[Strength, float] | Mapping[Slip, float], faint: float) -> float:
    return sum(weight * share(reading, code, faint) for code, weight in weights.items())


def _most(turns: Sequence[Turn], least: float, of: Callable[[Reading], float]) -> int | None:
    found: int | None = None
    most = least
    for turn in turns:
        if turn.speaker != "manager" or turn.reading is None or turn.reading.aside in _NOT_TO_THE_REP:
            continue
        points = of(turn.reading)
        if points > most or (found is None and points >= least):
            found, most = turn.i, points
    return found
