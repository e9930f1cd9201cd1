"""Figures say how many conversations they rest on, and nothing where these are too few."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from result_lines import finding, row

from coach.domain import PRINCIPLES
from coach.reports.chart import chart, height
from coach.reports.figures import (
    Tally,
    by_principle,
    by_team,
    change,
    conversations_with,
    outcome,
    over_time,
    standing_out,
    tally,
    worth_opening,
)


def test_levels_become_words() -> None:
    assert [outcome(level) for level in (None, 1, 2, 3, 4, 5)] == [None, "cost", "missed", "mixed", "helped", "helped"]


def test_a_share_has_the_wilson_interval_of_the_literature() -> None:
    # Wilson 95% for 9 of 12, worked by hand: centre 0.6894, half width 0.2217.
    share = Tally(helped=9, mixed=3).helps
    assert share is not None
    assert (share.low, share.high) == (pytest.approx(0.4677, abs=1e-4), pytest.approx(0.9111, abs=1e-4))


@pytest.mark.parametrize("few", [Tally(), Tally(helped=2), Tally(missed=1, cost=1)])
def test_under_three_conversations_there_is_no_share(few: Tally) -> None:
    assert few.helps is None
    assert few.verdict in ("too few", "not called for")


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (Tally(), "not called for"),
        (Tally(helped=1), "too few"),
        (Tally(helped=3, missed=1), "helps rather often"),
        (Tally(helped=2, mixed=2), "helps rather often"),
        (Tally(helped=1, cost=2), "helps rather seldom"),
        (Tally(helped=20, cost=2), "mostly helps"),
        (Tally(helped=2, mixed=20), "seldom helps"),
    ],
)
def test_plain_words_stand_only_where_chance_is_ruled_out(one: Tally, verdict: str) -> None:
    assert one.verdict == verdict


@given(st.lists(st.none() | st.integers(1, 5)))
def test_every_rated_conversation_is_counted_once_and_the_interval_holds_the_share(levels: list[int | None]) -> None:
    one = tally(levels)
    assert one.n == sum(level is not None for level in levels)
    if share := one.helps:
        assert 0 <= share.low <= share.count / share.of <= share.high <= 1


def test_teams_keep_their_own_counts_and_the_largest_stay() -> None:
    rows = [row(team=team, levels={"trust": level}) for team, level in [("b", 4), ("A", 1), ("b", 2), ("", 5), ("", 4)]]
    teams = by_team(rows, 3)
    assert list(teams) == ["A", "b", ""]
    assert (teams["b"]["trust"], teams[""]["trust"]) == (Tally(helped=1, missed=1), Tally(helped=2))
    assert list(by_team(rows, 2)) == ["b", ""]
    assert list(by_principle(rows)) == list(PRINCIPLES)


def test_a_behaviour_counts_once_in_a_conversation() -> None:
    rows = [row(codes={"1": ("ASK",), "3": ("ASK",)}), row(codes={"1": ("ASK", "BLAME")})]
    assert conversations_with(rows) == {"ASK": 2, "BLAME": 1}


@pytest.mark.parametrize(
    ("dates", "periods"),
    [
        (("2026-01-05", "2026-01-19"), ("week of 5 Jan 2026", "week of 12 Jan 2026", "week of 19 Jan 2026")),
        (("2025-11-30", "2026-02-28"), ("Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026")),
        (("2023-12-31", "2026-02-01"), tuple(f"Q{i % 4 + 1} {i // 4}" for i in range(4 * 2023 + 3, 4 * 2026 + 1))),
        (("2010-01-01", "2017-01-01"), tuple(str(year) for year in range(2010, 2018))),
    ],
)
def test_time_runs_in_equal_steps_that_suit_the_dates(dates: tuple[str, ...], periods: tuple[str, ...]) -> None:
    line = over_time([row(date=date, levels={"trust": 4}) for date in dates])
    assert line is not None
    assert line.periods == periods
    assert [one.n for one in line.principles["trust"]] == [1, *[0] * (len(periods) - 2), 1]
    assert sum(one.n for one in line.whole) == 2


@given(st.lists(st.dates(), max_size=5))
def test_any_dates_make_a_bounded_line_or_none(dates: list[dt.date]) -> None:
    line = over_time([row(date=str(date)) for date in dates])
    assert line is None or 2 <= len(line.periods) <= 60


def test_without_dates_or_in_one_period_there_is_no_line() -> None:
    assert over_time([row()]) is None
    assert over_time([row(date="2026-01-05"), row(date="2026-01-06"), row()]) is None


def test_a_change_is_named_only_if_the_intervals_part() -> None:
    low, high, few = Tally(helped=1, cost=30), Tally(helped=30, cost=1), Tally(helped=1)
    assert change([low, few, high]).startswith("helped more often")
    assert change([high, low]).startswith("helped less often")
    assert change([Tally(helped=1, cost=2), Tally(helped=2, cost=1)]) == "no clear change"
    assert change([high, few]) == ""


def test_a_chart_draws_what_is_known_and_joins_only_neighbours() -> None:
    known, few = Tally(helped=3, cost=3), Tally(helped=1)
    drawn = chart("Trust", ["a", "b", "c", "d"], [known, few, known, known])
    assert drawn is not None
    assert [dot.share is None for dot in drawn.dots] == [False, True, False, False]
    assert [(a.label, b.label) for a, b in drawn.lines] == [("c", "d")]
    assert drawn.dots[0].top < drawn.dots[0].y == height(0.5) < drawn.dots[0].bottom
    assert not drawn.crowded
    assert chart("Trust", ["a", "b", "c"], [known, few, few]) is None


def test_moments_are_of_different_behaviours_first() -> None:
    rows = [
        row(0, findings=(finding("strength", 1, "a", level=5),), worst=None, change=None),
        row(1, findings=(finding("strength", 1, "b", level=5),), worst=None, change=None),
        row(2, findings=(finding("strength", 1, "c", code="CREDIT"),), worst=None, change=None),
        row(3, findings=(), best=None, worst=None, keep=None, change=None),
    ]
    best = standing_out([(one, one.best) for one in rows if one.best], 3)
    assert [one.n for one, _ in best] == [0, 2, 1]
    assert [one.n for one, _ in standing_out([(one, one.best) for one in rows if one.best], 1)] == [0]


def test_those_quoted_come_first_then_each_managers_newest_in_turn() -> None:
    rows = [
        row(0, manager="Ann", date="2026-01-01"),
        row(1, manager="Ann", date="2026-03-01"),
        row(2, manager="Ann", date="2026-02-01"),
        row(3, manager="Ben"),
        row(4, manager="Ben", date="2026-02-01"),
    ]
    assert [one.n for one in worth_opening(rows, [2, 9], 10)] == [2, 1, 4, 0, 3]
    assert [one.n for one in worth_opening(rows, [], 2)] == [1, 4]
