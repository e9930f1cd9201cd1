"""The judge hears whose voice it is, whatever the rep is called."""

from __future__ import annotations

import numpy as np
import pytest

from coach.errors import ConfigError
from coach.rep import judge
from coach.rep.judge import Judge, Names, grams


def test_a_boss_and_an_assistant_are_stopped_and_a_rep_is_not() -> None:
    ship = Judge.load()
    assert ship.stops(["How are you feeling about your targets this quarter, and how can I support you?"])
    assert ship.stops(["I'd be happy to help you with that! Is there anything else I can do for you today?"])
    assert not ship.stops(["I've been on the road since six. Ask me when I've had a sandwich."])
    assert not ship.stops(["No."])


def test_one_bad_sentence_is_enough() -> None:
    ship, bad = Judge.load(), "How are you feeling about your targets this quarter, and how can I support you?"
    assert ship.stops(["It's been a long week.", bad])


def test_a_name_is_as_good_as_another() -> None:
    carys, tobi = Names("Carys Bevan").masked("Carys here."), Names("Tobi Adeyemi").masked("TOBI here.")
    assert carys == tobi
    assert "Carys" in Names("Bo").masked("Carys here.")


def test_hashed_rows_have_one_length_however_long_the_text() -> None:
    rows = grams(["Yes, and so it goes.", "word " * 500])
    assert np.allclose(rows.power(2).sum(axis=1), 2.0)
    assert np.isfinite(Judge.load().score(["", "\u202e\U0001f4a9" * 300]))


def test_a_missing_data_file_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(judge, "ARTIFACT", tmp_path / "judge.npz")
    Judge.load.cache_clear()
    with pytest.raises(ConfigError, match=r"judge\.npz"):
        Judge.load()
    Judge.load.cache_clear()
