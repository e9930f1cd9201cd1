"""Train the local coder: ``python -m coach.coding.train [--check]``.

Ridge regression on the kernel of all feature blocks (one linear solve for all codes), then a sigmoid
and a threshold per code from conversations held out by writer: the codes of a writer's conversations
are predicted by a model that saw none of that writer's. Nothing is drawn at random. The 42 labelled
conversations under ``eval/suite`` are not read here.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from coach.coding.classifier import ARTIFACT, Classifier, Encoder, Floats, pool, prepare, sigmoid, split
from coach.coding.features import Pair
from coach.content.places import shipped
from coach.domain import CODES, SLIPS, Code

RIDGE = 1.3
MIX = 0.25
SOURCE_WEIGHT = {"train": 1.0, "contrast": 1.0, "plain": 1.0, "everyday": 1.0, "conversations": 1.5, "natural": 2.0}
"""Turns of whole conversations are nearer to what is coded than single exchanges."""
SLIP_PRECISION = 0.6
PROBES: tuple[Pair, ...] = (
    ("", "Hello."),
    ("I'm worn out.", "That sounds hard. What would help most this week?"),
    ("I lost it.", "You always lose it. Do it again by Friday or you're out."),
    ("When is the review?", "leave it with me youll be fine i promise"),
)


@dataclass(frozen=True)
class Data:
    """Normalised pairs with their codes, weights and, for conversations, the writer."""

    pairs: list[Pair]
    labels: Floats
    weights: Floats
    writers: NDArray[np.str_]


def read_lines(name: str) -> Iterator[dict[str, Any]]:
    """The objects of a file of exchanges or conversations."""
    with (shipped() / "knowledge" / "exchanges" / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def manager_turns(conversation: dict[str, Any]) -> Iterator[tuple[Pair, list[Code]]]:
    """Each manager's turn with the nearest rep's turn before it and its codes."""
    before = ""
    for i, turn in enumerate(conversation["turns"]):
        if turn["speaker"] == "manager":
            yield (before, turn["text"]), conversation["codes"].get(str(i), [])
        else:
            before = turn["text"]


def read() -> Data:
    """Read every training file."""
    found: list[tuple[Pair, list[Code], str, str]] = []
    for source in ("train", "contrast", "plain", "everyday"):
        found += [((x["rep"], x["manager"]), x["codes"], source, "") for x in read_lines(source)]
    for source in ("conversations", "natural"):
        for talk in read_lines(source):
            writer = talk["id"].split("-")[0]
            found += [(pair, codes, source, writer) for pair, codes in manager_turns(talk)]
    return Data(
        prepare([pair for pair, *_ in found]),
        np.array([[code in codes for code in CODES] for _, codes, *_ in found], dtype=float),
        np.array([SOURCE_WEIGHT[source] for _, _, source, _ in found]),
        np.array([writer for *_, writer in found]),
    )


def solve(kernel: Floats, labels: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted kernel ridge regression: dual coefficients and bias for all codes at once."""
    bias = weights @ labels / weights.sum()
    return np.linalg.solve(kernel + np.diag(RIDGE / weights), labels - bias), bias


def threshold(probability: Floats, label: Floats, least_precision: float) -> float:
    """The cut with the best F1 among those that reach the precision asked for."""
    best, cut = -1.0, 0.99
    for candidate in np.quantile(probability, np.linspace(0.4, 0.998, 300)):
        hit = probability >= candidate
        right = float((hit & (label > 0)).sum())
        if right / hit.sum() >= least_precision and 2 * right / (hit.sum() + label.sum()) > best:
            best, cut = 2 * right / (hit.sum() + label.sum()), float(candidate)
    return cut


def train() -> tuple[Classifier, Floats, Floats]:
    """Train on everything; returns also the out-of-fold probabilities and labels of the conversations."""
    data = read()
    encoder = Encoder.fit(data.pairs)
    rows, owner = split(data.pairs)
    x, x_rows = encoder.matrix(data.pairs), encoder.matrix(rows)
    kernel: Floats = (x @ x.T).toarray()
    score = np.zeros_like(data.labels)
    for writer in sorted(set(data.writers) - {""}):
        fit, test = data.writers != writer, data.writers == writer
        dual, bias = solve(kernel[np.ix_(fit, fit)], data.labels[fit], data.weights[fit])
        weights = x[fit].T @ dual
        part = x_rows[test[owner]] @ weights + bias
        place = np.cumsum(test) - 1
        score[test] = pool(kernel[np.ix_(test, fit)] @ dual + bias, part, place[owner[test[owner]]], MIX)
    held = data.writers != ""
    score, labels = score[held], data.labels[held]
    slope, shift = np.zeros(len(CODES)), np.zeros(len(CODES))
    for j in range(len(CODES)):
        line = LogisticRegression(C=1e3).fit(score[:, [j]], labels[:, j])
        slope[j], shift[j] = line.coef_[0, 0], line.intercept_[0]
    probability = sigmoid(slope * score + shift)
    thresholds = {
        code: threshold(probability[:, j], labels[:, j], SLIP_PRECISION if code in SLIPS else 0.0)
        for j, code in enumerate(CODES)
    }
    dual, bias = solve(kernel, data.labels, data.weights)
    model = Classifier(encoder, np.asarray(x.T @ dual), bias, slope, shift, MIX, thresholds)
    return Classifier.from_arrays(model.arrays()), probability, labels


def out_of_fold() -> tuple[Floats, Floats]:
    """Probabilities of the conversations' turns by models that saw none of their writer's, and their labels."""
    _, probability, labels = train()
    return probability, labels


def report(model: Classifier, probability: Floats, labels: Floats) -> str:
    """Out-of-fold precision, recall and F1 of each code at its threshold, and the pooled kappa."""
    cuts = np.array([model.thresholds[code] for code in CODES])
    hit, true = probability >= cuts, labels > 0
    lines = ["code          n  cut   prec  rec   F1"]
    scores = []
    for j, code in enumerate(CODES):
        right = int((hit[:, j] & true[:, j]).sum())
        precision, recall = right / max(1, hit[:, j].sum()), right / true[:, j].sum()
        scores.append(2 * right / (hit[:, j].sum() + true[:, j].sum()))
        lines.append(f"{code:11} {true[:, j].sum():4} {cuts[j]:.2f}  {precision:.2f}  {recall:.2f}  {scores[-1]:.2f}")
    agreed, by_chance = (hit == true).mean(), hit.mean() * true.mean() + (1 - hit.mean()) * (1 - true.mean())
    brier = ((probability - labels) ** 2).mean()
    kappa = (agreed - by_chance) / (1 - by_chance)
    lines.append(f"held out by writer: kappa {kappa:.3f}, macro-F1 {np.mean(scores):.3f}, Brier {brier:.4f}")
    return "\n".join([*lines, f"codes a turn: {hit.sum(1).mean():.2f} coded, {true.sum(1).mean():.2f} true", ""])


def main(arguments: list[str] | None = None) -> int:
    """Train and write the artifact, or check the shipped one against a fresh training."""
    parser = argparse.ArgumentParser(description="Train the local coder.")
    parser.add_argument("--check", action="store_true", help="compare with the shipped artifact, write nothing")
    check = parser.parse_args(arguments).check
    model, probability, labels = train()
    sys.stdout.write(report(model, probability, labels))
    if check:
        shipped = Classifier.load()
        apart = float(np.abs(shipped.probabilities(PROBES) - model.probabilities(PROBES)).max())
        apart = max(apart, *(abs(shipped.thresholds[code] - model.thresholds[code]) for code in CODES))
        sys.stdout.write(f"largest difference from {shipped.version}: {apart:.2e}\n")
        return int(apart > 1e-3)
    np.savez_compressed(ARTIFACT, **model.arrays())  # type: ignore[arg-type]
    sys.stdout.write(f"{ARTIFACT.name} {Classifier.load().version}: {ARTIFACT.stat().st_size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
