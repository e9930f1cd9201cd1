"""Codes as a plain text classifier hears them, for fitting rules that bear with unsure readings.

Logistic regression on TF-IDF, each writer's conversations read by a model that never saw that writer.
It stands for any classifier of about that skill (code kappa 0.3 to 0.5), so the rubric does not
depend on the one that ships.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from coach.coding.train_openings import read_lines
from coach.content.places import shipped
from coach.domain import CODES, Reading

Matrix = NDArray[np.float64]
Example = tuple[str, str, frozenset[str]]
LEVELS = np.arange(0.1, 0.5, 0.02)


def heard_by_classifier(lines: Sequence[Mapping[str, Any]]) -> list[dict[int, Reading]]:
    """Readings of every conversation's manager turns, keyed by turn."""
    exchanges = read_lines(shipped() / "knowledge" / "exchanges" / "train.jsonl")
    single: list[Example] = [(e["rep"] or "", e["manager"], frozenset(e["codes"])) for e in exchanges]
    examples = [manager_turns(line) for line in lines]
    writers = [line["id"][0] for line in lines]
    tables: list[Matrix] = [np.empty((0, len(CODES)))] * len(lines)
    for writer in sorted(set(writers)):
        others = [e for w, found in zip(writers, examples, strict=True) if w != writer for _, e in found]
        mine = [n for n, w in enumerate(writers) if w == writer]
        table = _probabilities(single + others, [e for n in mine for _, e in examples[n]])
        for n, part in zip(mine, np.split(table, np.cumsum([len(examples[n]) for n in mine])[:-1]), strict=True):
            tables[n] = part
    truth = np.array([[c in codes for c in CODES] for found in examples for _, (_, _, codes) in found])
    limits = _thresholds(np.vstack(tables), truth)
    return [
        {i: _reading(row, limits) for (i, _), row in zip(found, table, strict=True)}
        for found, table in zip(examples, tables, strict=True)
    ]


def manager_turns(line: Mapping[str, Any]) -> list[tuple[int, Example]]:
    """Each manager turn with the rep's words before it and its reference codes."""
    found, before = [], ""
    for i, turn in enumerate(line["turns"]):
        if turn["speaker"] == "rep":
            before = turn["text"]
        else:
            found.append((i, (before, turn["text"], frozenset(line["codes"].get(str(i), ())))))
    return found


def _reading(row: Matrix, limits: Matrix) -> Reading:
    return Reading(
        probabilities={c: round(float(p), 4) for c, p in zip(CODES, row, strict=True)},
        codes=tuple(c for c, p, limit in zip(CODES, row, limits, strict=True) if p >= limit),
    )


def _probabilities(known: Sequence[Example], asked: Sequence[Example]) -> Matrix:
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    signs = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, sublinear_tf=True, max_features=20000)
    managers = [m for _, m, _ in known]
    rows = csr_array(hstack([words.fit_transform(managers), signs.fit_transform(managers)]))
    fresh = [m for _, m, _ in asked]
    asked_rows = csr_array(hstack([words.transform(fresh), signs.transform(fresh)]))
    table = np.zeros((len(asked), len(CODES)))
    for j, code in enumerate(CODES):
        model = LogisticRegression(C=8, solver="liblinear", random_state=0)
        model.fit(rows, [code in codes for _, _, codes in known])
        table[:, j] = model.predict_proba(asked_rows)[:, 1]
    return table


def _thresholds(table: Matrix, truth: NDArray[np.bool_]) -> Matrix:
    """For each code the probability from which on it counts as heard: the best F1 on unseen writers."""
    best = []
    for j in range(table.shape[1]):
        both = [(table[:, j] >= level) for level in LEVELS]
        f1 = [2 * (h & truth[:, j]).sum() / max(1, h.sum() + truth[:, j].sum()) for h in both]
        best.append(LEVELS[int(np.argmax(f1))])
    return np.array(best)
