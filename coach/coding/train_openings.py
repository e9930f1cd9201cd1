"""Train the reader of openings: ``python -m coach.coding.train_openings [--check]``.

Nobody labelled the openings of single turns. What is known of a conversation: a principle that is
rated although no behaviour of it was shown had an opening in the rep's words; an unrated one had
none. So a conversation without a principle's codes is a bag of rep turns, positive if the principle
was rated, and the probability of the bag is the noisy-or of its turns. Two weaker hints are added:
a line that a manager answered with a strength of a principle, and the cues of ``principles.yaml``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array, vstack

from coach.coding.features import normalise, tokens
from coach.coding.openings import EXTRA, Matrix, Openings, features
from coach.content import read_yaml
from coach.content.places import shipped
from coach.domain import PRINCIPLES, Code, Principle, PrincipleId

TARGET = Path(__file__).with_name("openings.npz")
RARE = 4
HINT = 0.4
CUE = 2.0
RIDGE = 1.0
STEPS = 150

ANSWERS: dict[PrincipleId, frozenset[Code]] = {
    "vision": frozenset({"PURPOSE"}),
    "coaching": frozenset({"ASK", "REFLECT"}),
    "motivation": frozenset({"MOTIVE"}),
    "wellbeing": frozenset({"EMPATHY", "SUPPORT"}),
    "trust": frozenset({"CHOICE", "SUPPORT"}),
    "psychological_safety": frozenset({"SAFETY"}),
    "integrity": frozenset({"OWN"}),
    "data": frozenset({"INSIGHT"}),
    "change": frozenset({"TRY"}),
    "accountability": frozenset({"STANDARD"}),
    "recognition": frozenset({"CREDIT"}),
    "strategy": frozenset({"ALIGN"}),
    "developing": frozenset({"DEVELOP"}),
}
"""The strengths that answer a call for a principle (codebook, layer 1)."""
SPOILS: dict[PrincipleId, frozenset[Code]] = {
    "coaching": frozenset({"COMMAND"}),
    "wellbeing": frozenset({"DISMISS"}),
    "trust": frozenset({"CONTROL"}),
    "psychological_safety": frozenset({"THREAT", "BLAME"}),
    "integrity": frozenset({"DEFLECT", "OVERPROMISE"}),
    "data": frozenset({"WEAPON"}),
    "accountability": frozenset({"OVERPROMISE"}),
    "strategy": frozenset({"SHORTCUT"}),
}
"""The slips of a principle's own (codebook, layer 1)."""


@dataclass(frozen=True)
class Hints:
    """Single rep lines and, for each principle, whether they called for it."""

    rows: csr_array
    calls: NDArray[np.float64]
    weight: NDArray[np.float64]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def rep_turns(conversation: Mapping[str, Any]) -> list[str]:
    """What the rep said, turn by turn."""
    return [turn["text"] for turn in conversation["turns"] if turn["speaker"] == "rep"]


def cue_lines(path: Path) -> list[tuple[str, PrincipleId]]:
    """The authored example lines of each principle."""
    return [(line, principle.id) for principle in read_yaml(path, tuple[Principle, ...]) for line in principle.cues]


def fit(
    conversations: Sequence[Mapping[str, Any]],
    exchanges: Sequence[Mapping[str, Any]],
    cues: Sequence[tuple[str, PrincipleId]],
) -> Openings:
    """Fit one noisy-or model a principle; deterministic."""
    turns = [(n, text) for n, conversation in enumerate(conversations) for text in rep_turns(conversation)]
    answered = [line for c in conversations for line in _answered(c)]
    answered += [(e["rep"], frozenset(e["codes"])) for e in exchanges if e["rep"]]
    texts = [text for _, text in turns] + [text for text, _ in answered] + [text for text, _ in cues]
    words, idf = _vocabulary(texts)
    columns = {word: j for j, word in enumerate(words)}
    rows = csr_array(features([text for _, text in turns], columns, idf))
    hints = csr_array(features(texts[len(turns) :], columns, idf))
    weight = np.array([HINT] * len(answered) + [CUE] * len(cues))
    owner = np.array([n for n, _ in turns])
    shown = [{code for codes in c["codes"].values() for code in codes} for c in conversations]
    weights, bias = np.zeros((len(PRINCIPLES), len(words) + EXTRA)), np.zeros(len(PRINCIPLES))
    for j, principle in enumerate(PRINCIPLES):
        own = ANSWERS[principle] | SPOILS.get(principle, frozenset())
        rated = np.array([c["levels"][principle] is not None for c in conversations], dtype=np.float64)
        kept = np.array([not shown[n] & own for n in range(len(conversations))])
        calls = [bool(codes & ANSWERS[principle]) for _, codes in answered] + [p == principle for _, p in cues]
        inside = kept[owner]
        numbers, bags = np.unique(owner[inside], return_inverse=True)
        given = Hints(hints, np.array(calls, dtype=np.float64), weight)
        # an authored cue of the principle is a rep turn known to call for it: a bag of its own
        cue = hints[[len(answered) + n for n, (_, p) in enumerate(cues) if p == principle]]
        bags = np.concatenate([bags, len(numbers) + np.arange(cue.shape[0])])
        labels = np.concatenate([rated[numbers], np.ones(cue.shape[0])])
        solution = _noisy_or(csr_array(vstack([rows[inside], cue])), bags, labels, given)
        weights[j], bias[j] = solution[:-2], solution[-2]
    return Openings(words, idf, weights.astype(np.float16).astype(np.float64), np.round(bias, 4))


def _answered(conversation: Mapping[str, Any]) -> list[tuple[str, frozenset[str]]]:
    turns = conversation["turns"]
    return [
        (turns[i]["text"], frozenset(conversation["codes"].get(str(i + 1), ())))
        for i in range(len(turns) - 1)
        if turns[i]["speaker"] == "rep" and turns[i + 1]["speaker"] == "manager"
    ]


def _vocabulary(texts: Sequence[str]) -> tuple[list[str], Matrix]:
    seen = Counter(word for text in texts for word in set(tokens(normalise(text))))
    words = sorted(word for word, count in seen.items() if count >= RARE)
    idf = np.log((1 + len(texts)) / (1 + np.array([seen[w] for w in words]))) + 1.0
    return words, np.asarray(idf.astype(np.float16).astype(np.float64))


def _noisy_or(rows: csr_array, bags: NDArray[np.intp], rated: Matrix, hints: Hints) -> Matrix:
    """Maximise the likelihood of the bags and, weighted, of the hints; the two have their own biases."""

    def loss(theta: Matrix) -> tuple[float, Matrix]:
        weights, bias, hint_bias = theta[:-2], theta[-2], theta[-1]
        z = rows @ weights + bias
        none = np.bincount(bags, -np.logaddexp(0, z), len(rated))
        some = -np.expm1(none) + 1e-9
        slope = ((1 - rated)[bags] - (rated * np.exp(none) / some)[bags]) / (1 + np.exp(-z))
        y = hints.rows @ weights + hint_bias
        hint_slope = hints.weight * (1 / (1 + np.exp(-y)) - hints.calls)
        total = -(rated * np.log(some) + (1 - rated) * none).sum()
        total += (hints.weight * (np.logaddexp(0, y) - hints.calls * y)).sum() + RIDGE / 2 * (weights @ weights)
        slopes = rows.T @ slope + hints.rows.T @ hint_slope + RIDGE * weights
        bounded = 0.02 * bias  # keeps principles that are always rated finite
        return float(total + 0.01 * bias**2), np.concatenate([slopes, [slope.sum() + bounded, hint_slope.sum()]])

    start = np.zeros(rows.shape[1] + 2)
    start[-2:] = -2.0
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x)


def train() -> Openings:
    """Fit on everything that is there for fitting; never on the measuring suite."""
    data = shipped() / "knowledge"
    conversations = read_lines(data / "exchanges" / "conversations.jsonl")
    exchanges = read_lines(data / "exchanges" / "train.jsonl")
    return fit(conversations, exchanges, cue_lines(data / "principles.yaml"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the model, or with ``--check`` compare a fresh one with what ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="retrain and compare instead of writing")
    if parser.parse_args(arguments).check:
        lines = [
            text
            for c in read_lines(shipped() / "knowledge" / "exchanges" / "conversations.jsonl")
            for text in rep_turns(c)
        ]
        fresh, kept = train().read(lines), Openings.load().read(lines)
        worst = max(abs(a[p] - b[p]) for a, b in zip(fresh, kept, strict=True) for p in PRINCIPLES)
        sys.stdout.write(f"largest difference of a probability: {worst:.4f}\n")
        return int(worst > 0.02)
    train().save(TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
