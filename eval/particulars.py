"""How often a narrow question finds its small answer: ``python -m eval.particulars``.

``eval/fidelity/particulars/*.jsonl`` holds, for each scenario, other wordings of the questions that the playwright
foresaw, and as narrow questions that none of the small answers is for. All are asked in an open mood with every fact
told, so that nothing but the matching can fail. The transformer learned from the wordings of all scenarios but one:
that one, below the line, is the measure, also of scenarios that trainers write.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from coach.content import load_library
from coach.content.places import Places
from coach.domain import Scenario
from coach.rep.particulars import particulars
from eval.train_transformer.examples import SCENARIO

FOLDER = Path(__file__).parent / "fidelity" / "particulars"


@dataclass(frozen=True)
class Found:
    """Questions that have a small answer, those of them that got it or another one; and those that have none."""

    asked: int = 0
    right: int = 0
    wrong: int = 0
    stray: int = 0
    answered: int = 0

    def __add__(self, other: Found) -> Found:
        """The two together."""
        return Found(
            self.asked + other.asked,
            self.right + other.right,
            self.wrong + other.wrong,
            self.stray + other.stray,
            self.answered + other.answered,
        )

    def row(self, name: str) -> str:
        """A line of the table."""
        shares = f"{self.right / self.asked:6.2f} {self.wrong / self.asked:6.2f}"
        return f"{name:20} {self.asked:6} {shares} {self.stray:10} {self.answered / self.stray:9.2f}"


def measure(scenario: Scenario, questions: Path) -> Found:
    """What the questions of a scenario find.

    Args:
        scenario: with its small answers.
        questions: a JSONL file of ``{"q": question, "is": place of its small answer, or -1}``.
    """
    reader, told = particulars(scenario.particulars), [fact.id for fact in scenario.facts]
    total = Found()
    for row in map(json.loads, questions.read_text("utf-8").splitlines()):
        place = reader.find(row["q"], "open", told, ())
        if row["is"] < 0:
            total += Found(stray=1, answered=int(place is not None))
        else:
            right = place == row["is"]
            total += Found(asked=1, right=int(right), wrong=int(place is not None and not right))
    return total


def main() -> None:
    """Print the table."""
    found = {
        name: measure(scenario, FOLDER / f"{name}.jsonl")
        for name, scenario in load_library(Places.of(None)).scenarios.items()
    }
    kept_out = found.pop(SCENARIO)
    print(f"{'scenario':20} {'asked':>6} {'right':>6} {'wrong':>6} {'none fits':>10} {'answered':>9}")
    for name, one in found.items():
        print(one.row(name))
    print(sum(found.values(), Found()).row("learned from"))
    print("-" * 62)
    print(kept_out.row(SCENARIO))


if __name__ == "__main__":
    main()
