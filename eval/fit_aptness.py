"""Fit how the rep chooses an answer: ``python -m eval.fit_aptness [--check]``.

``eval/fidelity/answers/*.jsonl`` holds, for each scenario, questions as managers type them with the ids of the rep's
lines that a strict reader takes for an answer, often none. The ratings are a logistic regression on all pairs of
question and line; the figures printed are of scenarios that the regression did not see. The transformer, whose likeness
is one of the signs, learned from the questions of all scenarios but one: that one, below the line, is the measure, and
on it is chosen from which rating on a line is said. ``--check`` writes nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from coach.coding.topics import finder
from coach.content import load_library
from coach.content.places import Places
from coach.domain import Scenario
from coach.rep.aptness import Weights, answers
from eval.train_transformer.examples import SCENARIO

FOLDER = Path(__file__).parent / "fidelity" / "answers"
TARGET = Path(__file__).parents[1] / "coach" / "rep" / "aptness.json"
STRENGTH = 0.3  # inverse of the ridge
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """A question, its signs for every line of the mood, and which of these lines answer it."""

    signs: Floats
    good: Flags


def load(scenario: Scenario) -> tuple[list[str], list[Asked]]:
    """The names of the signs, and the labelled questions of a scenario."""
    names: list[str] = []
    asked = []
    for row in map(json.loads, (FOLDER / f"{scenario.id}.jsonl").read_text("utf-8").splitlines()):
        named = finder(scenario.topics).find(row["q"])
        found = answers(scenario.topics).signs(row["q"], named, row["mood"])
        names = list(found[0][-1])
        good = np.array([key in row["good"] for key, *_ in found])
        asked.append(Asked(np.array([list(signs.values()) for *_, signs in found]), good))
    return names, asked


def fit(asked: Sequence[Asked]) -> tuple[Floats, float]:
    """Weights of the raw signs and the bias."""
    x = np.vstack([one.signs for one in asked])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    model = LogisticRegression(C=STRENGTH, max_iter=5_000)
    model.fit((x - mean) / spread, np.concatenate([one.good for one in asked]))
    weights: Floats = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def best(asked: Sequence[Asked], weights: Floats, bias: float) -> tuple[Floats, Flags, Flags]:
    """Of each question: the highest rating, whether that line answers, and whether any does."""
    scores = [one.signs @ weights + bias for one in asked]
    ratings = np.array([1 / (1 + np.exp(-score.max())) for score in scores])
    right = np.array([bool(one.good[score.argmax()]) for one, score in zip(asked, scores, strict=True)])
    return ratings, right, np.array([bool(one.good.any()) for one in asked])


def cut(ratings: Floats, right: Flags, any_good: Flags) -> float:
    """The rating from which on saying the best line is right more often than declining."""
    grid = np.unique(np.round(ratings, 3))
    worth = [float((right & (ratings >= least)).sum() + (~any_good & (ratings < least)).sum()) for least in grid]
    return float(grid[int(np.argmax(worth))])


def main(arguments: Sequence[str]) -> int:
    """Print the figures of unseen scenarios and write the weights."""
    library = load_library(Places.of(None)).scenarios
    ids = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
    loaded = {name: load(library[name]) for name in ids}
    names = loaded[ids[0]][0]
    print("scenario             right of those with an answer   told apart from those without (ROC area)")
    parts = []
    for name in ids:
        weights, bias = fit([one for other in ids if other != name for one in loaded[other][1]])
        ratings, right, any_good = best(loaded[name][1], weights, bias)
        parts.append((ratings, right, any_good))
        print(f"{name:20} {right[any_good].mean():8.2f} {roc_auc_score(any_good, ratings):36.2f}")
    ratings, right, any_good = (np.concatenate(part) for part in zip(*parts, strict=True))
    print(f"all                  {right[any_good].mean():8.2f} {roc_auc_score(any_good, ratings):36.2f}")
    ratings, right, any_good = parts[ids.index(SCENARIO)]
    least = cut(ratings, right, any_good)
    said = ratings >= least
    print(f"{SCENARIO}, which the transformer did not learn from:")
    print(f"from {least:.3f} on a line is said: {said.mean():.2f} of {len(said)}, right in {right[said].mean():.2f}")
    print(f"of those declined no line answered in {(~any_good)[~said].mean():.2f}")
    print(f"without declining right in {right.mean():.2f}")
    weights, bias = fit([one for _, asked in loaded.values() for one in asked])
    signs = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    made = Weights(signs=signs, bias=round(bias, 4), answer=round(least, 3))
    if "--check" not in arguments:
        TARGET.write_text(made.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
