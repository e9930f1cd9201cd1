"""Fit the guard's judge: ``python -m eval.fit_judge [--check]``.

Learns from ``eval/guard/training.jsonl`` (drafts for eleven reps by writers who had not seen the guard), the half
``tune`` of ``eval/guard/drafts.jsonl``, the reps' authored lines and the training conversations, whose managers' turns
stand for a rep who talks like a boss. The half ``frozen`` is not read. Prints how the judge does on reps it did not
see; ``--check`` writes nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from coach.coding.train import read_lines
from coach.content import load_library
from coach.content.places import Places
from coach.rep.judge import ARTIFACT, Names, grams
from coach.rep.sentences import sentences

FOLDER = Path(__file__).parent / "guard"
VOICES = (
    "assistant", "coach", "gives_in", "meta", "other_person", "role_flip", "speaks_for_manager", "stage_direction"
)  # fmt: skip
"""What a judge of wording can hear; secrets, repeats, length and markup are found otherwise."""
LEAKS = ("leak", "allusion", "leak_paraphrase")
DRAFT, LINE, TALK, BOSS, PART = 2.0, 0.5, 0.7, 0.5, 1.0  # weights of what is learned from
LONG = 8  # words from which on a manager's turn sounds like a boss
STRENGTH = 10.0  # inverse of the ridge
ALARMS = 0.01  # share of clean drafts for an unseen rep that the judge alone may stop


@dataclass(frozen=True)
class Text:
    """A text to learn from, whose rep it is for, and whether it is out of role."""

    text: str
    bad: bool
    weight: float
    rep: str = ""


@dataclass(frozen=True)
class Draft:
    """A draft as the guard meets it: every beginning and every later sentence."""

    rep: str
    kind: str | None
    texts: list[str]


def drafts() -> Iterator[Draft]:
    """The drafts with their reps; those with faults that are no matter of voice are left out."""
    library = load_library(Places.of(None)).scenarios
    rows = [{"scenario": "burnout", **row} for row in _read("drafts") if row["half"] == "tune"] + _read("training")
    for row in rows:
        if row["bad"] in (None, *VOICES, *LEAKS):
            names = Names(library[row["scenario"]].persona.name)
            parts = [names.masked(part) for part in sentences(row["draft"]) or [row["draft"]]]
            whole = [" ".join(parts[: i + 1]) for i in range(len(parts))]
            yield Draft(row["scenario"], row["bad"], [*whole, *parts[1:]])


def texts(found: Sequence[Draft]) -> Iterator[Text]:
    """Everything to learn from."""
    for draft in found:
        length = (len(draft.texts) + 1) // 2
        bad = draft.kind in VOICES
        yield Text(draft.texts[length - 1], bad, DRAFT, draft.rep)
        if length > 1 and not bad:
            yield Text(draft.texts[0], False, PART, draft.rep)
    for scenario in load_library(Places.of(None)).scenarios.values():
        names = Names(scenario.persona.name)
        yield from (Text(names.masked(line), False, LINE, scenario.id) for _, line in scenario.all_lines())
    for turn in (turn for talk in read_lines("conversations") for turn in talk["turns"]):
        if turn["speaker"] == "rep":
            yield Text(turn["text"], False, TALK)
        elif len(turn["text"].split()) >= LONG:
            yield Text(turn["text"], True, BOSS)


def fit(rows: Sequence[Text]) -> LogisticRegression:
    """One linear model."""
    model = LogisticRegression(C=STRENGTH, max_iter=300)
    return model.fit(grams([r.text for r in rows]), [r.bad for r in rows], sample_weight=[r.weight for r in rows])


def main(arguments: Sequence[str]) -> int:
    """Print the figures of unseen reps and write the judge."""
    found = list(drafts())
    rows = list(texts(found))
    scores: list[tuple[str | None, float]] = []
    for rep in sorted({draft.rep for draft in found}):
        model = fit([row for row in rows if row.rep != rep])
        mine = [draft for draft in found if draft.rep == rep]
        values = iter(model.decision_function(grams([text for draft in mine for text in draft.texts])))
        scores += [(draft.kind, max(next(values) for _ in draft.texts)) for draft in mine]
    clean = np.array([score for kind, score in scores if kind not in VOICES])
    least = float(np.quantile(clean, 1 - ALARMS))
    print(
        f"{len(scores)} drafts, each judged for a rep that was not learned from; {ALARMS:.2f} of the clean ones stopped"
    )
    for kind in VOICES:
        of_kind = [score >= least for name, score in scores if name == kind]
        print(f"{kind:20} {len(of_kind):4} stopped {np.mean(of_kind):.2f}")
    found_bad = np.array([score for kind, score in scores if kind in VOICES])
    print(f"{'all of these':20} {len(found_bad):4} stopped {(found_bad >= least).mean():.2f}")
    if "--check" not in arguments:
        model = fit(rows)
        weights = model.coef_[0].astype(np.float16)
        np.savez_compressed(ARTIFACT, weights=weights, bias=float(model.intercept_[0]), least=least)
    return 0


def _read(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
