"""The rep takes a moment, never longer than a moment."""

from __future__ import annotations

import time

import pytest

from coach.web import pace


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    return waits


def test_only_the_first_words_are_held_back_and_longer_ones_longer(slept: list[float]) -> None:
    assert list(pace.paced(["Well.", "Well. I am tired."], 1)) == ["Well.", "Well. I am tired."]
    list(pace.paced(["x" * 60], 1))
    list(pace.paced(["x" * 4000], 1))
    assert pace.LEAST_S < slept[0] < slept[1] < slept[2] == pace.MOST_S


def test_the_time_that_it_took_counts(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([5.0, 9.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert list(pace.paced(["x" * 4000], 1)) == ["x" * 4000]
    assert slept == [0.0]


def test_it_can_be_off(slept: list[float]) -> None:
    list(pace.paced(["Well."], 0))
    assert slept == [0.0]
