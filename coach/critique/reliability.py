"""How far scores can be trusted: what was measured of each engine, and how much is needed before scores decide.

``python -m eval.suite`` measures an engine and writes ``knowledge/reliability.yaml``. A measurement holds for one coder
(its prompt is part of its id) on one basis: the rules, and for a model the definitions and examples it is shown. What
is not in the file has not been measured, and the product says so.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coach.domain import Frozen, Probability, Provenance

NOT_MEASURED = "How far these readings can be trusted has not been measured for this engine. Judge by the quotes."
Judged = Literal["levels", "overall"]
Count = Annotated[int, Field(ge=0)]
Spread = Annotated[float, Field(ge=0)]


class Figure(Frozen):
    """A figure with its 95% bootstrap interval over conversations."""

    value: float
    low: float
    high: float


class Retest(Frozen):
    """What differs when the same engine reads the same conversations again."""

    runs: Annotated[int, Field(ge=2)]
    levels_same: Probability = Field(description="share of levels that come out the same in two runs")
    level_sd: Spread = Field(description="standard deviation of a level between runs, pooled over all levels")
    overall_same: Probability = Field(description="share of overall judgements that come out the same in two runs")
    overall_sd: Spread = Field(description="standard deviation of the overall judgement between runs")


class Measured(Frozen):
    """Agreement of one coder, on one basis, with the reference labels, and its own spread."""

    coder: str
    basis: str = Field(description="hash of the rules, and for a model of the definitions and examples it is shown")
    rubric: str = Field("", description="version of the rules, for people")
    prompts: dict[str, str] = Field({}, description="prompt name -> hash")
    version: str = Field("", description="version of the coach that was measured")
    conversations: Count
    left_out: Count = Field(0, description="manager turns that the engine left to the local coder")
    code_kappa: Figure
    level_weighted_kappa: Figure
    overall_spearman: Figure
    level_error: Spread | None = Field(
        None, description="standard deviation of the difference between its levels and the reference's"
    )
    retest: Retest | None = None


class Reliability(Frozen):
    """All measurements, and the bar below which no score passes or fails anything."""

    needed: Probability = Field(description="the lower end of the interval that a figure needs before it decides")
    engines: tuple[Measured, ...] = ()

    def of(self, made: Provenance) -> Measured | None:
        """What was measured of the engine that made a result, None if nothing was."""
        return next((one for one in self.engines if (one.coder, one.basis) == (made.coder, made.basis)), None)

    def describe(self, made: Provenance) -> str:
        """One plain paragraph on how far to trust what this engine made."""
        measured = self.of(made)
        return _paragraph(measured) if measured else NOT_MEASURED

    def doubt(self, made: Provenance, judged: Judged = "levels") -> str:
        """Why levels, or the overall judgement, by this engine cannot decide anything; empty if they can."""
        measured = self.of(made)
        if measured is None:
            return f"how far {_NAMES[judged]} by this engine can be trusted has not been measured"
        figure = measured.level_weighted_kappa if judged == "levels" else measured.overall_spearman
        if figure.low >= self.needed:
            return ""
        return (
            f"{_NAMES[judged]} by this engine agree with the reference labels at {figure.value:.2f}, perhaps only "
            f"{figure.low:.2f}; {self.needed:.2f} is needed"
        )


_NAMES: dict[Judged, str] = {"levels": "levels", "overall": "overall judgements"}


def steadiness(retest: Retest | None) -> str:
    """How much the engine's judgement moves when nothing has changed, in one sentence."""
    if retest is None:
        return "How much its readings differ when it reads the same talk again has not been measured."
    if retest.levels_same == retest.overall_same == 1:
        return f"Reading the same talks {retest.runs} times gave the same levels every time."
    return (
        f"Reading the same talks {retest.runs} times, {retest.levels_same:.0%} of the levels came out the same (spread "
        f"{retest.level_sd:.2f} of a level) and {retest.overall_same:.0%} of the overall judgements (spread "
        f"{retest.overall_sd:.2f})."
    )


def _paragraph(measured: Measured) -> str:
    def show(figure: Figure) -> str:
        return f"{figure.value:.2f} (95% interval {figure.low:.2f} to {figure.high:.2f})"

    left = f" It left {measured.left_out} turns to the coach's own reader." if measured.left_out else ""
    return (
        f"Measured on {measured.conversations} recorded talks with reference labels, where 0 is chance and 1 is full "
        f"agreement: behaviours {show(measured.code_kappa)}, levels {show(measured.level_weighted_kappa)}, the order "
        f"of talks from worse to better {show(measured.overall_spearman)}. {steadiness(measured.retest)}{left} Single "
        "levels are hints, so they are shown in words; rely on the quotes."
    )
