"""Times and days as people write them."""

from __future__ import annotations

import datetime as dt

import pytest

from coach.transcripts.moments import day, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0:03", 3), ("00:01:02", 62), ("1:02:03.5", 3723.5), ("00:01:02,250", 62.25), ("0:0:5.1", 5.1), ("12.5", 12.5),
     ("", None), ("soon", None), ("1:2:3:4", None), ("-1", None), ("12345678", None)],
)  # fmt: skip
def test_a_clock_or_a_number_is_seconds(text: str, expected: float | None) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text",
    ["2026-05-14", "talk 20260514_133555", "2026_05_14", "14.05.2026", "14.5.2026", "14 May 2026, 03:35am",
     "May 14, 2026", "14. may 2026", "GMT20260514-140000_Recording.transcript.vtt"],
)  # fmt: skip
def test_a_day_is_found(text: str) -> None:
    assert day(text) == dt.date(2026, 5, 14)


@pytest.mark.parametrize(
    "text", ["", "05/06/2026", "2026-02-30", "30.02.2026", "14 Foo 2026", "call 120260514", "1999-01-01"]
)
def test_a_day_that_is_none_or_two_is_not_guessed(text: str) -> None:
    assert day(text) is None
