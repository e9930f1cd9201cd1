"""How far scores can be trusted: agreement with reference labels, measured for each engine and rubric.

``python -m eval.suite`` measures and writes ``knowledge/reliability.yaml``; an engine that is not in it
has not been measured, and the product says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from coach.domain import Frozen

LEVELS_NEEDED = 0.6
"""From here on a script may fail because of a level: the lower end of the interval of the levels' agreement."""
NOT_MEASURED = "How far these readings can be trusted has not been measured for this engine. Judge by the quotes."


class Figure(Frozen):
    """A figure with its 95% bootstrap interval over conversations."""

    value: float
    low: float
    high: float


class Measured(Frozen):
    """Agreement of one coder and rubric with the reference labels."""

    coder: str
    rubric: str
    conversations: int
    code_kappa: Figure
    level_weighted_kappa: Figure
    overall_spearman: Figure


def describe(measurements: Iterable[Measured], coder: str, rubric: str) -> str:
    """One plain paragraph on how far to trust this coder with this rubric."""
    measured = _of(measurements, coder, rubric)
    return _paragraph(measured) if measured else NOT_MEASURED


def level_doubt(measurements: Iterable[Measured], coder: str, rubric: str) -> str:
    """Why single levels by this coder and rubric cannot decide anything; empty if they can."""
    measured = _of(measurements, coder, rubric)
    if measured is None:
        return "how far levels by this engine can be trusted has not been measured"
    kappa = measured.level_weighted_kappa
    if kappa.low >= LEVELS_NEEDED:
        return ""
    return (
        f"levels by this engine agree with the reference labels at {kappa.value:.2f}, perhaps only {kappa.low:.2f}; "
        f"{LEVELS_NEEDED:.2f} is needed"
    )


def _of(measurements: Iterable[Measured], coder: str, rubric: str) -> Measured | None:
    return next((one for one in measurements if (one.coder, one.rubric) == (coder, rubric)), None)


def _paragraph(measured: Measured) -> str:
    def show(figure: Figure) -> str:
        return f"{figure.value:.2f} (95% interval {figure.low:.2f} to {figure.high:.2f})"

    return (
        f"Measured on {measured.conversations} recorded talks with reference labels, where 0 is chance and 1 is full "
        f"agreement: behaviours {show(measured.code_kappa)}, levels {show(measured.level_weighted_kappa)}, the order "
        f"of talks from worse to better {show(measured.overall_spearman)}. Single levels are hints, so they are shown "
        "in words; rely on the quotes."
    )
