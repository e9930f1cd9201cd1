"""Fit which small answer a question asks for: ``python -m eval.fit_particulars [--check]``.

The questions are those of ``eval.particulars``. The ratings are a logistic regression on all pairs of question and
small answer; the figures printed are of scenarios that the regression did not see. The transformer, whose likeness the
signs are made of, learned from the questions of all scenarios but one: that one, below the line, is the measure, and on
it is chosen from which rating on a small answer is said. ``--check`` writes nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import numpy as np

from coach.content import load_library
from coach.content.places import Places
from coach.domain import Scenario
from coach.rep.aptness import Weights
from coach.rep.particulars import WEIGHTS, particulars
from coach.rep.questions import question
from eval.fit_aptness import TARGET, Asked, Flags, Floats, best, fit
from eval.particulars import FOLDER
from eval.train_transformer.examples import SCENARIO


def load(scenario: Scenario) -> tuple[list[str], list[Asked]]:
    """The names of the signs, and the questions of a scenario."""
    reader, count = particulars(scenario.particulars), len(scenario.particulars)
    names: list[str] = []
    asked = []
    for row in map(json.loads, (FOLDER / f"{scenario.id}.jsonl").read_text("utf-8").splitlines()):
        signs = reader.signs(question(row["q"]))
        names = list(signs)
        asked.append(Asked(np.stack(list(signs.values()), axis=1), np.arange(count) == row["is"]))
    return names, asked


def worth(ratings: Floats, right: Flags, least: float) -> int:
    """Answers from a rating on: those that are right, less those that are not."""
    said = ratings > least
    return int((right & said).sum()) - int((~right & said).sum())


def main(arguments: Sequence[str]) -> int:
    """Print the figures of unseen scenarios and write the weights."""
    library = load_library(Places.of(None)).scenarios
    loaded = {name: load(library[name]) for name in sorted(path.stem for path in FOLDER.glob("*.jsonl"))}
    names = loaded[SCENARIO][0]
    rated = {}
    for name, (_, asked) in loaded.items():
        rated[name] = best(asked, *fit([one for other in loaded if other != name for one in loaded[other][1]]))
    ratings, right, _ = rated[SCENARIO]
    least = max(np.round(np.arange(0.2, 0.9, 0.05), 2), key=lambda least: worth(ratings, right, least))
    print(f"{'scenario':20} {'right':>6} {'wrong':>6} {'none fits, answered':>20}")
    for name, (ratings, right, one_fits) in sorted(rated.items(), key=lambda item: item[0] == SCENARIO):
        said = ratings > least
        shares = (right & said)[one_fits].mean(), (~right & said)[one_fits].mean(), said[~one_fits].mean()
        print("-" * 55 + "\n" if name == SCENARIO else "", end="")
        print(f"{name:20} {shares[0]:6.2f} {shares[1]:6.2f} {shares[2]:20.2f}")
    weights, bias = fit([one for _, asked in loaded.values() for one in asked])
    signs = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    made = Weights(signs=signs, bias=round(bias, 4), answer=float(least))
    if "--check" not in arguments:
        TARGET.with_name(WEIGHTS).write_text(made.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
