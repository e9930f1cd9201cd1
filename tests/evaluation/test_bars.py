"""Bars for continuous integration: a failed recording is no score and is not overlooked."""

from __future__ import annotations

import pytest

from coach.errors import InputError
from coach.evaluation import Tally, read_bar, read_price


def tally(*overall: int, failed: int = 0) -> Tally:
    made = Tally()
    for level in overall:
        made.add({"status": "scored", "overall": level})
    for _ in range(failed):
        made.add({"status": "failed", "overall": None})
    return made


@pytest.mark.parametrize(
    ("bar", "counted", "told"),
    [
        ("3", tally(3, 3), ""),
        ("3", tally(2, 4, failed=9), ""),
        ("3.2", tally(3, 3), "the mean overall is 3.00; the bar is 3.2"),
        ("75%", tally(1, 1, 1, failed=1), ""),
        ("0.75", tally(1, 1, 1, failed=1), ""),
        ("95%", tally(5, failed=1), "1 of 2 recordings were scored; the bar is 95%"),
        ("100%", tally(), "0 of 0 recordings were scored; the bar is 100%"),
        ("1", tally(failed=1), "the mean overall is 0.00; the bar is 1"),
    ],
)
def test_a_run_is_under_the_bar_or_not(bar: str, counted: Tally, told: str) -> None:
    assert read_bar(bar).missed(counted) == told


@pytest.mark.parametrize("text", ["6", "-1", "0", "nan", "0%", "101%", "much", "3%%", ""])
def test_what_is_no_bar_is_told(text: str) -> None:
    with pytest.raises(InputError, match="neither a level from 1 to 5"):
        read_bar(text)


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,b", "-1,2", "nan,1", "inf,1", ","])
def test_what_is_no_price_is_told(text: str) -> None:
    with pytest.raises(InputError, match="is not IN,OUT"):
        read_price(text)


def test_a_price_is_two_amounts() -> None:
    assert read_price("2.50, 10") == (2.5, 10.0)
