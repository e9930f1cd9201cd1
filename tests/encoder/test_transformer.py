"""The transformer reads on this machine and leaves nothing behind on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coach.domain import CODES
from coach.encoder import Transformer
from coach.encoder.transformer import BATCH, SIZE

READ = "from coach.encoder import Transformer; print(Transformer().logits([('', 'Good.')]).shape)"


def test_reading_leaves_no_trace_in_the_home(tmp_path: Path) -> None:
    """ONNX Runtime keeps usage data there and sends it, unless it is told not to before its import."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_", "COV"))}
    done = subprocess.run(
        [sys.executable, "-c", READ], env={**env, "HOME": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "(1, 24)"
    assert not list(tmp_path.rglob("*"))


@pytest.fixture(scope="module")
def reader() -> Transformer:
    return Transformer()


def test_together_is_nearly_as_alone_in_the_same_order(reader: Transformer) -> None:
    texts = ["Who else knows?", "How many complaints do you get in a day?", "", *["What did she say?"] * BATCH]
    alone, together = reader.meaning(texts), reader.meaning(texts, together=True)
    assert alone.shape == together.shape == (BATCH + 3, SIZE)
    assert np.allclose(np.linalg.norm([*alone, *together], axis=1), 1, atol=1e-4)
    assert (alone * together).sum(axis=1).min() > 0.97
    assert (together @ alone[1]).argmax() == 1


def test_questions_that_ask_the_same_are_near(reader: Transformer) -> None:
    asked, same, other = reader.meaning(["When did he call you?", "At what time did he ring?", "What's in the flask?"])
    assert asked @ same > 0.7 > asked @ other


def test_nothing_to_read_gives_nothing(reader: Transformer) -> None:
    assert reader.logits([]).shape == (0, len(CODES))
    assert reader.strangeness([]).shape == (0,)
    assert reader.meaning([]).shape == reader.meaning([], together=True).shape == (0, SIZE)


def test_an_assistant_sounds_stranger_than_a_rep(reader: Transformer) -> None:
    drafts = ["I'd be happy to help! Is there anything else I can do for you?", "About a dozen. Mondays nearer twenty."]
    assistant, rep = reader.strangeness([("How many complaints do you get in a day?", draft) for draft in drafts])
    assert assistant > 0 > rep


def test_scores_are_the_same_on_any_processor(reader: Transformer) -> None:
    """Made on one without instructions for eight bits; to be made anew whenever the networks are trained."""
    told = "If you don't hit the number by June you're out and I'll replace you"
    expected = [
        -5.5, -5.88, -4.58, -3.92, -6.79, -3.83, -2.64, -1.22, -6.83, -3.4, -4.28, -7.88,
        -0.26, -5.32, -5.35, -4.1, 3.48, -2.54, -2.92, -4.49, -1.79, -4.42, -1.43, -1.8,
    ]  # fmt: skip
    assert np.allclose(reader.logits([("", told)])[0], expected, atol=0.05)
