"""Fit the published rubric: ``python -m eval.fit_rubric [--cv]``.

Levels, overall and lean are fitted on ``knowledge/exchanges/conversations.jsonl``, each conversation
twice: with its reference codes, and with the codes a plain text classifier hears in it when it was
trained on other writers. So the weights hold for sure and for unsure readings. ``--cv`` prints
cross-validated figures and writes nothing. The 42 conversations of ``eval/suite`` are never read.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import yaml
from scipy.optimize import minimize

from coach.coding.train_openings import ANSWERS, SPOILS, cue_lines, fit, read_lines, rep_turns
from coach.content.places import shipped
from coach.critique.levels import evidence, openings
from coach.critique.moments import share
from coach.critique.rubric import Call, Cap, Hearing, Moments, PrincipleRules, Rubric, Scale
from coach.domain import CODES, PRINCIPLES, SLIPS, STRENGTHS, Code, PrincipleId, Reading, Turn
from coach.evaluation.agreement import agreement
from eval.noise import Matrix, heard_by_classifier
from eval.rubric import rate, turns_of

TARGET = shipped() / "knowledge" / "rubric.yaml"
NS = len(STRENGTHS)
NOISY = 0.75
HEARING = Hearing(floor=0.5, repeat=0.5, repairs=("OWN", "SAFETY", "EMPATHY"), repaired=0.75, openings=6)
CUTS = (1.5, 2.5, 3.5, 4.5)
OPENING = 1.25
"""Least points of an opening, so that one of 80% is never passed over in silence (codebook, layer 2)."""
FACE = 0.08
"""Least weight on overall and lean, so that nothing the codebook names is worth nothing."""
FAINT = 0.05
LEAN_CUTS = (-1.5, -0.5, 0.5, 1.5)
CAPS = (
    Cap(
        name="kindness without clarity",
        without=("STANDARD", "PURPOSE", "INSIGHT", "TRY", "DEVELOP", "ALIGN"),
        most=3,
    ),
    Cap(name="clarity without respect", without=("ASK", "REFLECT", "EMPATHY", "SAFETY", "CHOICE", "MOTIVE"), most=3),
)
Line = Mapping[str, Any]


class Data:
    """Every conversation read twice, with its references."""

    def __init__(self, lines: Sequence[Line], noisy: Sequence[Mapping[int, Reading]]) -> None:
        """Read with openings that come from conversations of other folds."""
        called = _openings(lines)
        self.lines = lines
        self.turns = [turns_of(line, line["codes"], calls) for line, calls in zip(lines, called, strict=True)]
        self.noisy = [turns_of(line, read, calls) for line, read, calls in zip(lines, noisy, called, strict=True)]
        self.evidence = np.vstack([_row(turns) for turns in [*self.turns, *self.noisy]])
        self.opening = np.array(
            [[openings(turns, HEARING).get(p, 0.0) for p in PRINCIPLES] for turns in [*self.turns, *self.noisy]]
        )

    def rows(self, chosen: Sequence[int]) -> tuple[np.ndarray, Matrix]:
        """Rows of the two readings of some conversations, and how much each weighs."""
        n = len(self.lines)
        index = np.concatenate([np.asarray(chosen), np.asarray(chosen) + n])
        return index, np.repeat([1.0, NOISY], len(chosen))

    def values(self, field: str, principle: str | None = None) -> Matrix:
        """Reference values, NaN where there is none, once for each reading."""
        found = [line[field] if principle is None else line[field][principle] for line in self.lines]
        return np.tile(np.array([np.nan if v is None else v for v in found], dtype=np.float64), 2)


def _row(turns: Sequence[Turn]) -> Matrix:
    heard = evidence(turns, HEARING)
    return np.array([heard.get(code, 0.0) for code in CODES])


def _openings(lines: Sequence[Line]) -> list[dict[int, dict[PrincipleId, float]]]:
    """Openings of every conversation, read by a model trained on the other folds."""
    folds = np.random.default_rng(0).permutation(len(lines)) % 5
    data = shipped() / "knowledge"
    exchanges, cues = read_lines(data / "exchanges" / "train.jsonl"), cue_lines(data / "principles.yaml")
    found: list[dict[int, dict[PrincipleId, float]]] = [{} for _ in lines]
    for fold in range(5):
        model = fit([line for line, f in zip(lines, folds, strict=True) if f != fold], exchanges, cues)
        for n in np.flatnonzero(folds == fold).tolist():
            spots = [i for i, turn in enumerate(lines[n]["turns"]) if turn["speaker"] == "rep"]
            found[n] = dict(zip(spots, model.read(rep_turns(lines[n])), strict=True))
    return found


def fit_scale(
    rows: Matrix,
    truth: Matrix,
    weight: Matrix,
    own: frozenset[str],
    bounds: Sequence[tuple[float, float]],
    least: Mapping[Code, float] | None = None,
) -> Scale:
    """Least squares on the balance of evidence, weights bounded below by 0 and sparse beyond a principle's own."""
    penalty = np.array([0.002 if code in own else 0.01 for code in CODES])
    share = weight / weight.sum()
    free = np.ones(len(CODES), dtype=bool)
    low = np.array([(least or {}).get(code, 0.0) for code in CODES])
    start = np.array([sum(b) / 2 for b in bounds])

    def loss(theta: Matrix) -> tuple[float, Matrix]:
        start_, up, down, w = theta[0], theta[1], theta[2], theta[3:]
        support, against = rows[:, :NS] @ w[:NS], rows[:, NS:] @ w[NS:]
        whole = 1 + support + against
        off = start_ + (up * support - down * against) / whole - truth
        q = share * off
        gain = q * (up * (1 + against) + down * against) / whole**2
        cost = -q * (down * (1 + support) + up * support) / whole**2
        head = [q.sum(), (q * support / whole).sum(), -(q * against / whole).sum()]
        tail = np.concatenate([rows[:, :NS].T @ gain, rows[:, NS:].T @ cost]) + penalty + 0.002 * w
        return float(0.5 * (q * off).sum() + penalty @ w + 0.001 * (w @ w)), np.concatenate([head, tail])

    theta = np.concatenate([start, np.full(len(CODES), 0.2)])
    for _ in range(2):
        limits = [*bounds, *((a, 6.0 if f else a) for a, f in zip(low, free, strict=True))]
        theta[3:] = np.where(free, np.maximum(theta[3:], low), low)
        theta = minimize(loss, theta, jac=True, bounds=limits, method="L-BFGS-B", options={"maxiter": 3000}).x
        free = theta[3:] >= 0.06
    found = {code: round(float(w), 2) for code, w in zip(CODES, theta[3:], strict=True) if w >= 0.02}
    return Scale(
        start=round(float(theta[0]), 2),
        up=round(float(theta[1]), 2),
        down=round(float(theta[2]), 2),
        support={code: found[code] for code in STRENGTHS if code in found},
        against={code: found[code] for code in SLIPS if code in found},
    )


def fit_call(rows: Matrix, opening: Matrix, rated: Matrix, weight: Matrix, own: frozenset[str]) -> Call:
    """Logistic regression with weights of at least 0, scaled so that its even chance is 1 point."""
    table = np.column_stack([opening, np.minimum(1.0, rows)])
    allowed = [True] + [code in own or code in SLIPS for code in CODES]

    def loss(theta: Matrix) -> tuple[float, Matrix]:
        z = theta[0] + table @ theta[1:]
        slope = weight * (1 / (1 + np.exp(-z)) - rated) / weight.sum()
        total = (weight * (np.logaddexp(0, z) - rated * z)).sum() / weight.sum()
        extra = np.concatenate([[0.0], np.full(len(theta) - 1, 0.004)])
        return float(total + extra @ theta), np.concatenate([[slope.sum()], table.T @ slope]) + extra

    limits = [(-8.0, 8.0), *((0.0, 20.0 if a else 0.0) for a in allowed)]
    theta = minimize(loss, np.zeros(table.shape[1] + 1), jac=True, bounds=limits, method="L-BFGS-B").x
    if theta[0] > -0.1:
        return Call(always=1.0, opening=0.0, codes={})
    scaled = theta[1:] / -theta[0]
    codes = {c: round(min(float(w), 3.0), 2) for c, w in zip(CODES, scaled[1:], strict=True) if w >= 0.05}
    return Call(always=0.0, opening=round(min(max(float(scaled[0]), OPENING), 3.0), 2), codes=codes)


def fit_moments(data: Data, chosen: Sequence[int]) -> Moments:
    """Which turn was named: a choice among a conversation's turns by bounded points of its codes."""
    help_, least_help = _choice(data, chosen, "best", sign=1.0)
    hurt, least_hurt = _choice(data, chosen, "worst", sign=-1.0)
    return Moments(
        faint=FAINT,
        helps={code: help_[code] for code in STRENGTHS},
        spoils={code: help_[code] for code in SLIPS if help_[code]},
        hurts={code: hurt[code] for code in SLIPS},
        softens={code: hurt[code] for code in STRENGTHS if hurt[code]},
        least_help=least_help,
        least_hurt=least_hurt,
    )


def _choice(data: Data, chosen: Sequence[int], field: str, sign: float) -> tuple[dict[Code, float], float]:
    """Points of each code for being named, and the least points at which a turn is named at all."""
    direction = sign * np.array([1.0] * NS + [-1.0] * len(SLIPS))
    tables, named, weights = [], [], []
    for n in chosen:
        for turns, weight in ((data.turns[n], 1.0), (data.noisy[n], NOISY)):
            read = [(t.i, t.reading) for t in turns if t.speaker == "manager" and t.reading]
            table = np.array([[share(reading, code, FAINT) for code in CODES] for _, reading in read])
            tables.append(table * direction)
            named.append([i for i, _ in read].index(pick) if (pick := data.lines[n][field]) is not None else None)
            weights.append(weight)

    def loss(w: Matrix) -> tuple[float, Matrix]:
        total = 1.5 * float(w @ w)
        slope: Matrix = 3.0 * w
        for table, pick, weight in zip(tables, named, weights, strict=True):
            if pick is not None:
                z = table @ w
                chance = np.exp(z - np.logaddexp.reduce(z))
                total -= weight * float(np.log(chance[pick]))
                slope += weight * (table.T @ chance - table[pick])
        return total, slope

    w = minimize(loss, np.ones(len(CODES)), jac=True, bounds=[(0.0, 5.0)] * len(CODES), method="L-BFGS-B").x
    top = np.array([float((table @ w).max()) for table in tables])
    some, shares = np.array([pick is not None for pick in named]), np.array(weights)
    steps = np.arange(0.05, 1.5, 0.05)
    least = steps[int(np.argmax([(shares * ((top >= step) == some)).sum() for step in steps]))]
    return {code: round(float(v), 2) for code, v in zip(CODES, w, strict=True)}, round(float(least), 2)


def fit_rubric(data: Data, chosen: Sequence[int]) -> Rubric:
    """Fit every part on some of the conversations."""
    index, weight = data.rows(chosen)
    rows = data.evidence[index]
    principles: dict[PrincipleId, PrincipleRules] = {}
    for j, principle in enumerate(PRINCIPLES):
        truth = data.values("levels", principle)[index]
        own: frozenset[str] = ANSWERS[principle] | SPOILS.get(principle, frozenset())
        rated = ~np.isnan(truth)
        scale = fit_scale(rows[rated], truth[rated], weight[rated], own, [(1.6, 2.45), (1.5, 3.3), (0.8, 1.8)])
        call = fit_call(rows, data.opening[index, j], rated.astype(float), weight, own)
        principles[principle] = PrincipleRules(call=call, scale=scale)
    everything, least = frozenset(CODES), dict.fromkeys(CODES, FACE)
    overall = fit_scale(
        rows, data.values("overall")[index], weight, everything, [(1.6, 3.0), (1.5, 3.3), (0.8, 1.8)], least
    )
    bounds_lean = [(-1.0, 1.0), (1.0, 3.0), (1.0, 3.0)]
    least_lean: dict[Code, float] = {code: FACE for code in CODES if code not in ("STANDARD", "OVERPROMISE", "DEFLECT")}
    lean = fit_scale(rows, data.values("lean")[index], weight, everything, bounds_lean, least_lean)
    return Rubric(
        version="1",
        hearing=HEARING,
        cuts=CUTS,
        five=2,
        overall_five=4,
        principles=principles,
        overall=overall,
        caps=CAPS,
        lean=lean,
        lean_cuts=LEAN_CUTS,
        moments=fit_moments(data, chosen),
    )


def cross_validate(data: Data, folds: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Agreement on conversations that the rubric was not fitted on, from both kinds of reading."""
    results: dict[str, list[dict[str, Any]]] = {"reference codes": [], "heard by a classifier": []}
    for fold in sorted(set(folds)):
        rubric = fit_rubric(data, [n for n, f in enumerate(folds) if f != fold])
        for n in [n for n, f in enumerate(folds) if f == fold]:
            for name, turns in (("reference codes", data.turns[n]), ("heard by a classifier", data.noisy[n])):
                results[name].append(rate(data.lines[n]["id"], turns, rubric))
    return {name: agreement(lines, data.lines) for name, lines in results.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write the rubric, or print cross-validated figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cv", action="store_true", help="print cross-validated figures, write nothing")
    options = parser.parse_args(arguments)
    lines = read_lines(shipped() / "knowledge" / "exchanges" / "conversations.jsonl")
    data = Data(lines, heard_by_classifier(lines))
    if options.cv:
        from eval.rubric import show

        writers = [ord(line["id"][0]) for line in lines]
        chance = (np.random.default_rng(1).permutation(len(lines)) % 10).tolist()
        for title, folds in (("by conversation, ten folds", chance), ("by writer, seven folds", writers)):
            for name, figures in cross_validate(data, folds).items():
                print(show(f"{title}, {name}", figures))
        return 0
    rubric = fit_rubric(data, range(len(lines)))
    TARGET.write_text(HEAD + yaml.safe_dump(rubric.model_dump(mode="json"), sort_keys=False, width=100), "utf-8")
    print(f"wrote {TARGET.name}")
    return 0


HEAD = """\
# How ratings are computed from coded turns. Fitted by `python -m eval.fit_rubric`; read by coach.critique.
#
# Evidence of a code: each heard showing counts `floor` plus the rest by its probability, each further one
# `repeat` of the one before; a slip that one of `repairs` follows later keeps `repaired` of its weight.
# A value is start + (up * F - down * A) / (1 + F + A), F and A being the weighted evidence for (`support`)
# and `against`; it is a level by `cuts`. A 5 needs `five` different strengths of the
# principle, a 5 overall `overall_five`.
# A principle is rated when its `call` points reach 1; otherwise nothing called for it.
# Best and worst turn: each code gives its points times the root of its probability, from `faint` upwards.
"""

if __name__ == "__main__":
    raise SystemExit(main())
