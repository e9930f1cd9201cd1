"""A function that reports its progress, as a generator."""

from __future__ import annotations

import threading
import time
from contextvars import ContextVar

import pytest

from coach.web.growing import Shown, growing

WHO: ContextVar[str] = ContextVar("who", default="nobody")


def test_what_is_shown_comes_in_order():
    def work(shown: Shown) -> None:
        for part in ("One.", "One. Two.", "One. Two. Three."):
            shown(part)

    assert list(growing(work)) == ["One.", "One. Two.", "One. Two. Three."]


def test_what_is_shown_comes_while_the_work_goes_on():
    go_on = threading.Event()

    def work(shown: Shown) -> None:
        shown("One.")
        assert go_on.wait(5)
        shown("One. Two.")

    parts = growing(work)
    assert next(parts) == "One."
    go_on.set()
    assert list(parts) == ["One. Two."]


def test_work_that_shows_nothing_yields_nothing_even_if_it_returns_something():
    assert list(growing(lambda _shown: "done")) == []


def test_empty_text_is_text():
    assert list(growing(lambda shown: shown(""))) == [""]


@pytest.mark.parametrize("error", [ValueError("odd"), KeyboardInterrupt(), SystemExit(3)])
def test_what_the_work_raises_comes_after_what_it_showed(error):
    def work(shown: Shown) -> None:
        shown("One.")
        raise error

    parts = growing(work)
    assert next(parts) == "One."
    with pytest.raises(type(error)) as raised:
        next(parts)
    assert raised.value is error


def test_the_work_runs_in_the_callers_context():
    WHO.set("me")
    assert list(growing(lambda shown: shown(WHO.get()))) == ["me"]


def test_work_goes_on_to_its_end_when_nobody_looks_any_more():
    done = threading.Event()

    def work(shown: Shown) -> None:
        shown("One.")
        time.sleep(0.05)
        shown("One. Two.")
        done.set()

    parts = growing(work)
    next(parts)
    parts.close()
    assert done.wait(2)


def test_nothing_starts_before_somebody_looks():
    begun = threading.Event()
    parts = growing(lambda _shown: begun.set())
    assert not begun.wait(0.05)
    assert list(parts) == []
    assert begun.is_set()
