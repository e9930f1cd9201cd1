"""A measurement holds for one engine on one basis; below the published bar nothing passes or fails."""

from __future__ import annotations

import pytest

from coach.app import App
from coach.content import Places, read_yaml
from coach.critique.reliability import NOT_MEASURED, Figure, Measured, Reliability, Retest
from coach.domain import Provenance

GOOD, POOR = Figure(value=0.8, low=0.7, high=0.9), Figure(value=0.6, low=0.4, high=0.7)
RETEST = Retest(runs=3, levels_same=0.9, level_sd=0.21, overall_same=0.95, overall_sd=0.1)
ENGINE = Measured(
    coder="openai:x/code-abc", basis="b1", conversations=42, left_out=3, retest=RETEST,
    code_kappa=GOOD, level_weighted_kappa=POOR, overall_spearman=GOOD,
)  # fmt: skip
KNOWN = Reliability(needed=0.6, engines=(ENGINE,))
MADE = Provenance(coder="openai:x/code-abc", basis="b1")


@pytest.mark.parametrize("field", ["coder", "basis"])
def test_another_prompt_engine_or_basis_is_not_measured(field: str) -> None:
    other = MADE.model_copy(update={field: "other"})
    assert KNOWN.of(MADE) is ENGINE
    assert KNOWN.of(other) is None
    assert KNOWN.describe(other) == NOT_MEASURED
    assert "has not been measured" in KNOWN.doubt(other) and "overall" in KNOWN.doubt(other, "overall")


def test_the_bar_is_the_lower_end_of_the_interval() -> None:
    assert "perhaps only 0.40; 0.60 is needed" in KNOWN.doubt(MADE)
    assert KNOWN.doubt(MADE, "overall") == ""


def test_the_spread_between_readings_is_told() -> None:
    told = KNOWN.describe(MADE)
    assert "Reading the same talks 3 times, 90% of the levels came out the same (spread 0.21 of a level)" in told
    assert "It left 3 turns to the coach's own reader." in told
    once = Reliability(needed=0.6, engines=(ENGINE.model_copy(update={"retest": None}),))
    assert "has not been measured" in once.describe(MADE)


def test_what_ships_is_measured_and_reads_the_same_every_time(app: App) -> None:
    shipped = read_yaml(Places.of(None).file("knowledge/reliability.yaml"), Reliability)
    measured = shipped.of(app.provenance(None))
    assert measured is not None, "run python -m eval.suite again"
    assert measured.retest is not None and (measured.retest.level_sd, measured.retest.levels_same) == (0, 1)
    assert "gave the same levels every time" in shipped.describe(app.provenance(None))
