"""The reader of words alone: loads, behaves on hostile text and agrees with the reference labels."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from coach.coding.classifier import Classifier
from coach.domain import CODES
from coach.errors import ConfigError
from eval.coder import agreement, predict, turns


@pytest.fixture(scope="module")
def coder() -> Classifier:
    return Classifier.load()


def test_artifact_is_whole(coder: Classifier) -> None:
    assert set(coder.thresholds) == set(CODES)
    assert all(0 < cut < 1 for cut in coder.thresholds.values())
    assert len(coder.version) == 12


def test_shape_follows_the_pairs(coder: Classifier) -> None:
    assert coder.probabilities([]).shape == (0, len(CODES))
    assert coder.probabilities([("", "Hello."), ("Hi.", "What happened? Tell me.")]).shape == (2, len(CODES))


HOSTILE = [
    "",
    " \n\t ",
    "🙂🙃💥",
    "?" * 500,
    "a" * 50_000,
    "you always do this, ring them now. " * 1_500,
    "<script>alert(1)</script><b>well done</b>",
    "\x00\u202e\ufeff",
    "مرحبا كيف حالك",
    "今日はどうでしたか？",
    "'; DROP TABLE turns; --",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_gets_probabilities(coder: Classifier, text: str) -> None:
    got = coder.probabilities([("", text), (text, "Okay."), (text, text)])
    assert np.isfinite(got).all() and (got >= 0).all() and (got <= 1).all()


@pytest.mark.parametrize("text", ["", " \n", "🙂🙃💥", "?!"])
def test_no_words_no_codes(coder: Classifier, text: str) -> None:
    assert not coder.probabilities([("I can't go on.", text)]).any()


def test_long_text_is_read_in_bounded_time(coder: Classifier) -> None:
    start = time.perf_counter()
    coder.probabilities([("", "what do you think we should do about it " * 1_250)])
    assert time.perf_counter() - start < 2


def test_a_turn_scores_the_same_alone_and_in_company(coder: Classifier) -> None:
    pairs = [("I'm tired.", "That sounds hard. What would help?"), ("", "Hi."), ("Lost it.", "You always lose it.")]
    together = coder.probabilities(pairs)
    assert np.array_equal(together, Classifier.load().probabilities(pairs))
    assert np.allclose(together, np.vstack([coder.probabilities([pair]) for pair in pairs]), atol=1e-12)


def test_agreement_with_reference_labels_has_a_floor(coder: Classifier) -> None:
    pairs, truth = turns()
    got = agreement(truth, predict(coder, pairs))
    assert got.kappa > 0.30
    assert got.macro_f1 > 0.27


@pytest.mark.parametrize("content", [None, b"", b"not an archive"])
def test_missing_or_damaged_artifact_is_said_plainly(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "coder.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="missing or damaged"):
        Classifier.load(path)
