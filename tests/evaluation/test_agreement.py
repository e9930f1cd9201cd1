import json
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain import PRINCIPLES
from coach.evaluation.agreement import agreement

SUITE = Path(__file__).resolve().parents[2] / "eval" / "suite" / "labels.jsonl"


@pytest.fixture(scope="module", autouse=True)
def few_resamples() -> Iterator[None]:
    """How wide an interval is does not matter here, only that there is one around the figure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["coach.evaluation.agreement"], "RESAMPLES", 100)
        yield


@pytest.fixture(scope="module")
def labels() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SUITE.read_text("utf-8").splitlines()]


def line(name: str, overall: int, levels: int | None, codes: list[str], best: int | None = 1) -> dict[str, Any]:
    return {
        "id": name,
        "codes": {"1": codes},
        "levels": dict.fromkeys(PRINCIPLES, levels),
        "overall": overall,
        "lean": 0,
        "best": best,
        "worst": None,
    }


def figures(value: object) -> Iterator[float]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from figures(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from figures(inner)
    elif isinstance(value, float):
        yield value


def test_labels_agree_with_themselves(labels: list[dict[str, Any]]) -> None:
    found = agreement(labels, labels)
    assert found["n"] == 42 and found["failed"] == 0
    assert found["codes"]["kappa"] == found["codes"]["macro_f1"] == 1.0
    assert found["levels"]["weighted_kappa"] == found["levels"]["exact"] == found["levels"]["null_agreement"] == 1.0
    assert (
        found["overall"]["spearman"] == found["overall"]["weighted_kappa"] == found["overall"]["pairs_ordered"] == 1.0
    )
    assert found["overall"]["bias"] == 0.0 and found["lean"]["weighted_kappa"] == 1.0
    assert found["moments"]["best"] == found["moments"]["worst"] == 1.0
    assert found["intervals"]["levels.weighted_kappa"] == [1.0, 1.0]


def test_failed_and_missing_predictions_are_counted_and_not_scored(labels: list[dict[str, Any]]) -> None:
    failed = {"id": labels[0]["id"], "status": "failed", "reason": "empty"}
    found = agreement([failed, *labels[1:-1], line("other", 3, 3, [])], labels)
    assert (found["n"], found["failed"], found["missing"], found["unlabelled"]) == (40, 1, 1, 1)
    assert found["levels"]["exact"] == 1.0


def test_intervals_contain_the_figure_and_repeat(labels: list[dict[str, Any]]) -> None:
    predictions = deepcopy(labels)
    for n, prediction in enumerate(predictions):
        prediction["overall"] = min(5, prediction["overall"] + n % 2)
        prediction["levels"]["coaching"] = 3
    one, two = agreement(predictions, labels), agreement(predictions, labels)
    assert one == two
    for name in ("levels.weighted_kappa", "overall.weighted_kappa", "overall.spearman"):
        group, key = name.split(".")
        low, high = one["intervals"][name]
        assert low <= one[group][key] <= high and low < high


def test_figures_of_a_small_known_case() -> None:
    references = [line("a", 1, 1, ["ASK"]), line("b", 5, 5, ["BLAME"]), line("c", 3, None, [], best=None)]
    predictions = [line("a", 2, 2, ["ASK"]), line("b", 4, 5, []), line("c", 4, 4, ["BLAME"], best=3)]
    found = agreement(predictions, references)
    assert found["levels"]["n"] == 26 and found["levels"]["cells"] == 39
    assert found["levels"]["exact"] == 0.5 and found["levels"]["within_one"] == 1.0
    assert found["levels"]["null_agreement"] == pytest.approx(0.667, abs=0.001)
    assert found["overall"]["bias"] == pytest.approx(0.333, abs=0.001)
    assert found["overall"]["pairs_two_apart"] == 3
    assert found["overall"]["pairs_ordered"] == pytest.approx(0.667, abs=0.001)
    assert found["overall"]["pairs_tied"] == pytest.approx(0.333, abs=0.001)
    assert found["moments"]["best"] == 1.0 and found["moments"]["best_named"] == 2
    assert found["moments"]["best_or_none"] == pytest.approx(0.667, abs=0.001)
    assert found["codes"]["f1"] == {"ASK": 1.0, "BLAME": 0.0}
    assert found["constants"]["3"]["overall"]["bias"] == 0.0


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_tiny_inputs_give_null_instead_of_a_guess(number: int) -> None:
    lines = [line(f"l{n}", 3, 3, ["ASK"]) for n in range(number)]
    found = agreement(lines, lines)
    assert found["n"] == number
    assert found["overall"]["spearman"] is None and found["overall"]["weighted_kappa"] is None
    assert found["overall"]["pairs_ordered"] is None
    assert found["intervals"]["overall.spearman"] is None
    json.dumps(found, allow_nan=False)


def test_nothing_rated() -> None:
    lines = [line("a", 1, None, []), line("b", 2, None, [])]
    found = agreement(lines, lines)
    assert found["levels"]["weighted_kappa"] is None and found["levels"]["null_agreement"] == 1.0
    assert found["codes"]["macro_f1"] is None
    json.dumps(found, allow_nan=False)


levels = st.none() | st.integers(1, 5)
lines = st.builds(
    line, st.just("x"), st.integers(1, 5), levels, st.lists(st.sampled_from(["ASK", "BLAME"]), unique=True)
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(lines, lines), max_size=2))
def test_every_figure_is_finite_or_null(both: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    predictions = [{**p, "id": str(n)} for n, (p, _) in enumerate(both)]
    references = [{**r, "id": str(n)} for n, (_, r) in enumerate(both)]
    found = agreement(predictions, references)
    assert all(value == value and abs(value) < 10 for value in figures(found))
