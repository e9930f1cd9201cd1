"""How far scores agree with reference labels, from lines of the plain result form.

One function, used by ``coach evaluate --labels`` and by the benchmarks. A figure that the data cannot
define (one conversation, one value only) is null, never a guess.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import DegenerateDataWarning, bootstrap, spearmanr
from sklearn import config_context
from sklearn.metrics import cohen_kappa_score, f1_score, mean_absolute_error

from coach.domain import CODES, PRINCIPLES

Line = Mapping[str, Any]
Pairs = Sequence[tuple[Line, Line]]
Figure = float | None
RESAMPLES = 1000
SEED = 20240611


def agreement(predictions: Sequence[Line], references: Sequence[Line]) -> dict[str, Any]:
    """Compare predicted lines with reference lines, matched by ``id``.

    Args:
        predictions: lines with codes, levels, overall, lean, best, worst and ``status``.
        references: lines with the same fields except ``status``.

    Returns:
        Figures by group; ``intervals`` holds 95% bootstrap intervals over conversations. Failed
        predictions are counted and left out of every other figure.
    """
    labelled = {str(line["id"]): line for line in references}
    found = {str(line["id"]): line for line in predictions if str(line["id"]) in labelled}
    pairs = [(p, labelled[i]) for i, p in found.items() if p.get("status", "scored") == "scored"]
    return {
        "n": len(pairs),
        "failed": len(found) - len(pairs),
        "missing": len(labelled) - len(found),
        "unlabelled": len({str(line["id"]) for line in predictions} - set(labelled)),
        "codes": codes_figures(pairs),
        "levels": levels_figures(pairs),
        "overall": overall_figures(pairs),
        "lean": _ordinal([p["lean"] for p, _ in pairs], [r["lean"] for _, r in pairs], range(-2, 3)),
        "moments": moments_figures(pairs),
        "constants": {str(level): _constant(level, pairs) for level in range(1, 6)},
        "intervals": _intervals(pairs),
    }


def codes_figures(pairs: Pairs) -> dict[str, Any]:
    """Kappa over all turn-by-code cells and the mean F1 of the codes that occur."""
    truth, heard = _code_table(pairs)
    used = np.flatnonzero(truth.any(0) | heard.any(0))
    f1 = {CODES[j]: _round(f1_score(truth[:, j], heard[:, j], zero_division=0)) for j in used}
    return {
        "turns": len(truth),
        "kappa": _kappa(heard.ravel(), truth.ravel(), [0, 1], None),
        "macro_f1": _mean([v for v in f1.values() if v is not None]),
        "f1": f1,
    }


def levels_figures(pairs: Pairs) -> dict[str, Any]:
    """Agreement of levels where both rate, and on whether to rate at all."""
    cells = [(p["levels"].get(i), r["levels"].get(i), i) for p, r in pairs for i in PRINCIPLES]
    both = [(a, b, i) for a, b, i in cells if a is not None and b is not None]
    by_principle = {
        i: _ordinal([a for a, _, j in both if j == i], [b for _, b, j in both if j == i], range(1, 6))
        for i in PRINCIPLES
    }
    return {
        "cells": len(cells),
        **_ordinal([a for a, _, _ in both], [b for _, b, _ in both], range(1, 6)),
        "null_agreement": _mean([(a is None) == (b is None) for a, b, _ in cells]),
        "null_kappa": _kappa([a is None for a, _, _ in cells], [b is None for _, b, _ in cells], [False, True], None),
        "principles": by_principle,
    }


def overall_figures(pairs: Pairs) -> dict[str, Any]:
    """Agreement of the overall score, also as an order of conversations."""
    mine, theirs = [p["overall"] for p, _ in pairs], [r["overall"] for _, r in pairs]
    apart = [(a, b) for a, b in combinations(range(len(pairs)), 2) if abs(theirs[a] - theirs[b]) >= 2]
    return {
        **_ordinal(mine, theirs, range(1, 6)),
        "spearman": _spearman(mine, theirs),
        "pairs_two_apart": len(apart),
        "pairs_ordered": _mean([(mine[a] - mine[b]) * (theirs[a] - theirs[b]) > 0 for a, b in apart]),
        "pairs_tied": _mean([mine[a] == mine[b] for a, b in apart]),
    }


def moments_figures(pairs: Pairs) -> dict[str, Any]:
    """How often the best and the worst turn are the reference's, and whether there is one."""
    figures: dict[str, Any] = {}
    for field in ("best", "worst"):
        named = [(p[field], r[field]) for p, r in pairs if r[field] is not None]
        figures[field] = _mean([a == b for a, b in named])
        figures[f"{field}_named"] = len(named)
        figures[f"{field}_or_none"] = _mean([p[field] == r[field] for p, r in pairs])
    return figures


def _constant(level: int, pairs: Pairs) -> dict[str, Any]:
    """What always answering one level would reach; its kappa is 0 by definition."""
    rated = [v for _, r in pairs for v in r["levels"].values() if v is not None]
    theirs = [r["overall"] for _, r in pairs]
    return {
        "levels": _ordinal([level] * len(rated), rated, range(1, 6)),
        "overall": _ordinal([level] * len(theirs), theirs, range(1, 6)),
    }


def _ordinal(mine: Sequence[int], theirs: Sequence[int], labels: Sequence[int]) -> dict[str, Any]:
    off = [abs(a - b) for a, b in zip(mine, theirs, strict=True)]
    return {
        "n": len(off),
        "weighted_kappa": _kappa(mine, theirs, labels, "quadratic"),
        "exact": _mean([d == 0 for d in off]),
        "within_one": _mean([d <= 1 for d in off]),
        "bias": _mean([a - b for a, b in zip(mine, theirs, strict=True)]),
        "mean_error": _round(mean_absolute_error(theirs, mine)) if off else None,
    }


def _intervals(pairs: Pairs) -> dict[str, list[float] | None]:
    """95% percentile intervals, resampling whole conversations with a fixed seed."""
    statistics: dict[str, Callable[[Pairs], Figure]] = {
        "codes.kappa": _code_kappa_of(pairs),
        "levels.weighted_kappa": lambda drawn: _level_kappa(drawn),
        "overall.weighted_kappa": lambda drawn: _kappa(
            [p["overall"] for p, _ in drawn], [r["overall"] for _, r in drawn], range(1, 6), "quadratic"
        ),
        "overall.spearman": lambda drawn: _spearman([p["overall"] for p, _ in drawn], [r["overall"] for _, r in drawn]),
    }
    if len(pairs) < 3:
        return dict.fromkeys(statistics)
    return {name: _interval(pairs, of) for name, of in statistics.items()}


def _interval(pairs: Pairs, of: Callable[[Pairs], Figure]) -> list[float] | None:
    """The middle 95% of the resampled figure, or None if too many resamples leave it undefined."""

    def figure(drawn: NDArray[np.int64]) -> float:
        value = of([pairs[i] for i in drawn])
        return np.nan if value is None else value

    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        warnings.simplefilter("ignore", DegenerateDataWarning)  # resamples that leave it undefined are counted below
        found = bootstrap(
            (np.arange(len(pairs)),),
            figure,
            vectorized=False,
            n_resamples=RESAMPLES,
            method="percentile",
            rng=np.random.default_rng(SEED),
        ).bootstrap_distribution
    defined = found[np.isfinite(found)]
    if len(defined) < 0.9 * len(found):
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return [round(float(low), 3), round(float(high), 3)]


def _code_kappa_of(pairs: Pairs) -> Callable[[Pairs], Figure]:
    """Kappa of codes from counts kept per conversation, so that resampling stays quick."""
    counts = {id(pair): _counts(pair) for pair in pairs}
    mine, theirs = [0, 0, 1, 1], [0, 1, 0, 1]

    def figure(drawn: Pairs) -> Figure:
        total = np.sum([counts[id(pair)] for pair in drawn], axis=0)
        return _kappa(mine, theirs, [0, 1], None, total)

    return figure


def _counts(pair: tuple[Line, Line]) -> NDArray[np.int64]:
    truth, heard = _code_table([pair])
    return np.bincount((2 * heard + truth).ravel(), minlength=4)


def _level_kappa(drawn: Pairs) -> Figure:
    both = [
        (a, b)
        for p, r in drawn
        for i in PRINCIPLES
        if (a := p["levels"].get(i)) is not None and (b := r["levels"].get(i)) is not None
    ]
    return _kappa([a for a, _ in both], [b for _, b in both], range(1, 6), "quadratic")


def _code_table(pairs: Pairs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One row a turn that the reference codes, one column a code: reference and prediction."""
    truth, heard = [], []
    for prediction, reference in pairs:
        for turn, codes in reference["codes"].items():
            truth.append([code in codes for code in CODES])
            heard.append([code in prediction["codes"].get(str(turn), ()) for code in CODES])
    shape = (len(truth), len(CODES))
    return np.array(truth, dtype=np.int64).reshape(shape), np.array(heard, dtype=np.int64).reshape(shape)


def _kappa(
    mine: Sequence[Any] | NDArray[Any],
    theirs: Sequence[Any] | NDArray[Any],
    labels: Sequence[Any],
    weights: str | None,
    counts: NDArray[Any] | None = None,
) -> Figure:
    if len(mine) == 0 or (counts is not None and not counts.any()):
        return None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # a single value on both sides leaves kappa undefined: null below
        kappa = cohen_kappa_score(list(mine), list(theirs), labels=list(labels), weights=weights, sample_weight=counts)
    return _round(kappa)


def _spearman(mine: Sequence[int], theirs: Sequence[int]) -> Figure:
    if len(set(mine)) < 2 or len(set(theirs)) < 2:
        return None
    return _round(spearmanr(mine, theirs).statistic)


def _mean(values: Sequence[float]) -> Figure:
    return _round(np.mean(values)) if len(values) else None


def _round(value: Any) -> Figure:  # noqa: ANN401 - numpy scalars of several kinds
    return round(float(value), 3) if np.isfinite(value) else None
