"""How the transformer's scores and the word model's become codes: on conversations that neither has seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import cohen_kappa_score

from coach.coding.classifier import Floats, sigmoid
from coach.coding.ensemble import Calibration, mixture
from coach.coding.train import out_of_fold
from coach.domain import CODES, SLIPS
from coach.encoder import Transformer
from eval.train_transformer.examples import WRITERS, Coded

MIX = 0.4
"""The transformer's share; of 0.3, 0.4 and 0.5 the best on the writers kept out, by little."""
SLIP_PRECISION = 0.6
"""Of the slips that are heard, this many have to be ones: a slip wrongly held against a manager costs trust."""


def calibrate(transformer: Transformer, examples: Sequence[Coded]) -> Calibration:
    """The thresholds for the writers kept out.

    Raises:
        ValueError: the word model was given other conversations than ``examples`` holds.
    """
    talks = [one for one in examples if one.writer]
    labels = np.array([[code in one.codes for code in CODES] for one in talks])
    words, known = out_of_fold()  # by writers, in the same order
    if not np.array_equal(labels, known > 0):
        raise ValueError("the transformer and the word model were not given the same conversations")
    kept = np.array([one.writer in WRITERS for one in talks])
    logits = transformer.logits([(one.before, one.said) for one in talks if one.writer in WRITERS])
    strength, slip = thresholds(sigmoid(mixture(words[kept], logits, MIX)), labels[kept])
    return Calibration(mix=MIX, strength=strength, slip=slip)


def thresholds(probability: Floats, labels: np.ndarray) -> tuple[float, float]:
    """The thresholds of strengths and of slips with the best pooled kappa at a slip precision of SLIP_PRECISION.

    Args:
        probability: of each code in each turn, (turns, codes).
        labels: whether the code is there, in the same shape.

    Raises:
        ValueError: no threshold reaches that precision.
    """
    slip = np.array([code in SLIPS for code in CODES])
    best = (-1.0, 0.0, 0.0)
    for strength_cut in np.arange(0.1, 0.61, 0.02):
        for slip_cut in np.arange(0.1, 0.71, 0.02):
            hit = probability >= np.where(slip, slip_cut, strength_cut)
            right = (hit & labels)[:, slip].sum() / max(1, hit[:, slip].sum())
            if right >= SLIP_PRECISION:
                kappa = float(cohen_kappa_score(labels.ravel(), hit.ravel()))
                best = max(best, (kappa, float(strength_cut), float(slip_cut)))
    if best[0] < 0:
        raise ValueError(f"no threshold of slips reaches a precision of {SLIP_PRECISION}")
    return round(best[1], 2), round(best[2], 2)
