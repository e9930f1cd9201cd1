"""Places in a talk are called by the manager's own count, whoever spoke first."""

from __future__ import annotations

import pytest

from coach.domain import Turn
from coach.reports.replies import ordinal, own, reply, where, your_reply

TALK = tuple(Turn(i=i, speaker="manager" if i % 2 else "rep", text="So.") for i in range(8))


@pytest.mark.parametrize(
    ("n", "called"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (21, "21st")]
)
def test_a_count_is_said_as_one_says_it(n: int, called: str) -> None:
    assert ordinal(n) == called


def test_only_what_the_manager_said_is_counted() -> None:
    assert [reply(own(TALK), i) for i in (1, 3, 7)] == ["1st reply", "2nd reply", "4th reply"]
    assert reply(own(TALK[1:]), 1) == "1st reply"
    assert your_reply(TALK, 5) == "your 3rd reply"
    assert your_reply(TALK, 1, 3, 7) == "your 1st, 2nd and 4th replies"


@pytest.mark.parametrize(
    ("i", "called"),
    [(0, "at the start"), (3, "in your 2nd reply"), (4, "after your 2nd reply"), (9, "after your 4th reply")],
)
def test_words_of_both_are_placed(i: int, called: str) -> None:
    assert where(TALK, i) == called
