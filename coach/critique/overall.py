"""Overall quality and the lean from managing to leading, by the published rubric."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from coach.critique.levels import evidence, to_level, value
from coach.critique.rubric import Rubric
from coach.domain import Level, Turn


def overall(turns: Sequence[Turn], rubric: Rubric) -> Level:
    """How well the person led as a whole, 1 to 5.

    Kindness without clarity and clarity without respect stay at the most their caps allow.
    """
    heard = evidence(turns, rubric.hearing)
    level = to_level(rubric.overall, heard, rubric.cuts, rubric.overall_five)
    return min([level, *(cap.most for cap in rubric.caps if not any(code in heard for code in cap.without))])


def lean(turns: Sequence[Turn], rubric: Rubric) -> int:
    """From -2 (purely managing: tasks, control, short-term numbers) to 2 (purely leading)."""
    return -2 + bisect_right(rubric.lean_cuts, value(rubric.lean, evidence(turns, rubric.hearing)))
