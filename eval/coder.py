"""How far the shipped coder agrees with the reference labels: ``python -m eval.coder``.

Prints agreement over all turn-by-code cells on the labelled conversations beside two baselines: no
code at all, and the most frequent code on every turn. Then the same on 240 single exchanges, plain slips and their
fair doubles, by a writer who knew the codebook alone; nothing was learned from them or chosen by them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from coach.coding.classifier import sigmoid
from coach.coding.ensemble import Ensemble
from coach.domain import CODES, SLIPS

SUITE = Path(__file__).parent / "suite"
Cells = NDArray[np.bool_]
_SLIP = np.array([code in SLIPS for code in CODES])


@dataclass(frozen=True)
class Agreement:
    """Agreement of a coding with the reference labels."""

    kappa: float
    macro_f1: float
    slip_precision: float
    codes_a_turn: float


def turns(suite: Path = SUITE) -> tuple[list[tuple[str, str]], Cells]:
    """Every manager's turn with the nearest rep's turn before it, and its reference codes."""
    labels = {
        row["id"]: row["codes"] for row in map(json.loads, (suite / "labels.jsonl").read_text("utf-8").splitlines())
    }
    pairs: list[tuple[str, str]] = []
    truth: list[list[bool]] = []
    for talk in map(json.loads, (suite / "transcripts.jsonl").read_text("utf-8").splitlines()):
        before = ""
        for turn in talk["turns"]:
            if turn["speaker"] == "manager":
                codes = labels[talk["id"]].get(str(turn["i"]), [])
                pairs.append((before, turn["text"]))
                truth.append([code in codes for code in CODES])
            else:
                before = turn["text"]
    return pairs, np.array(truth)


def exchanges(suite: Path = SUITE) -> tuple[list[tuple[str, str]], Cells]:
    """Every single exchange, the rep's words and the manager's, and its codes."""
    rows = [json.loads(line) for line in (suite / "exchanges.jsonl").read_text("utf-8").splitlines()]
    truth = np.array([[code in row["codes"] for code in CODES] for row in rows])
    return [(row["rep"], row["manager"]) for row in rows], truth


def predict(model: Ensemble, pairs: list[tuple[str, str]]) -> Cells:
    """The codes at their thresholds."""
    cuts = np.array([model.thresholds[code] for code in CODES])
    hit: Cells = model.probabilities(pairs) >= cuts
    return hit


def agreement(truth: Cells, hit: Cells) -> Agreement:
    """Pooled kappa over turn-by-code cells, macro-F1 over codes that occur, slips' micro precision."""
    occurs = truth.any(axis=0)
    f1 = precision_recall_fscore_support(truth, hit, zero_division=0)[2]
    slips = hit[:, _SLIP]
    precision = (slips & truth[:, _SLIP]).sum() / slips.sum() if slips.any() else float("nan")
    return Agreement(
        float(cohen_kappa_score(truth.ravel(), hit.ravel())),
        float(np.mean(f1[occurs])),
        float(precision),
        float(hit.sum(axis=1).mean()),
    )


def show(what: str, model: Ensemble, pairs: list[tuple[str, str]], truth: Cells) -> None:
    """Print how far each reader, and both together, agree with the codes of some turns."""
    hit = predict(model, pairs)
    none = np.zeros_like(truth)
    frequent = none.copy()
    frequent[:, truth.sum(axis=0).argmax()] = True
    print(f"coder {model.version}, {len(pairs)} {what}, {truth.sum(axis=1).mean():.2f} reference codes a turn\n")
    print("coding           kappa  macro-F1  slip precision  codes a turn")
    cuts = np.array([model.thresholds[code] for code in CODES])
    words = model.classifier.probabilities(pairs) >= cuts
    meaning = sigmoid(model.transformer.logits(pairs)) >= cuts
    alone = (("words alone", words), ("transformer", meaning))
    for name, cells in (("shipped coder", hit), *alone, ("most frequent", frequent), ("no codes", none)):
        got = agreement(truth, cells)
        print(f"{name:15}  {got.kappa:5.3f}  {got.macro_f1:8.3f}  {got.slip_precision:14.2f}  {got.codes_a_turn:12.2f}")
    print("\ncode            n  coded  precision  recall    F1")
    precision, recall, f1, count = precision_recall_fscore_support(truth, hit, zero_division=0)
    for j, code in enumerate(CODES):
        print(f"{code:11} {count[j]:5} {hit[:, j].sum():6} {precision[j]:10.2f} {recall[j]:7.2f} {f1[j]:5.2f}")
    fair = np.flatnonzero(truth[:, _SLIP].sum(axis=1) == 0)
    slipped = np.flatnonzero(truth[:, _SLIP].sum(axis=1))
    heard = hit[:, _SLIP].sum(axis=1) > 0
    print(f"\na slip heard in {heard[fair].mean():.2f} of {len(fair)} turns without one")
    print(f"and in {heard[slipped].mean():.2f} of {len(slipped)} turns with one\n")


def main() -> None:
    """Print the report."""
    model = Ensemble.load()
    show("manager turns of whole conversations", model, *turns())
    show("single exchanges", model, *exchanges())


if __name__ == "__main__":
    main()
