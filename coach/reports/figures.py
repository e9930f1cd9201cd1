"""What many conversations show together: pure functions from rows to counts with their intervals.

Levels are ordinal and single ones uncertain, so nothing here is a mean of levels. What is counted is in how many of
the conversations that called for a principle it helped (level 4 or 5), with the 95% Wilson score interval of that share
(E. B. Wilson, 1927), which holds for small counts. Conversations of one person resemble each other, so the true
intervals are somewhat wider.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.stats import binomtest

from coach.domain import PRINCIPLES, Code, Level, PrincipleId
from coach.reports.results import Moment, Row

ENOUGH = 3
"""Conversations below which no share is given."""
MOST_PERIODS = 60
WEEKS, MONTHS, QUARTERS = 84, 731, 2192
"""Days up to which dates are counted by weeks, months, quarters; beyond, by years."""

Outcome = Literal["helped", "mixed", "missed", "cost"]
OUTCOMES: tuple[Outcome, ...] = Outcome.__args__  # type: ignore[attr-defined]
Verdict = Literal[
    "not called for", "too few", "mostly helps", "helps rather often", "helps rather seldom", "seldom helps"
]  # fmt: skip


def outcome(level: Level | None) -> Outcome | None:
    """A level in a word, None where nothing called for the principle."""
    return None if level is None else "cost" if level == 1 else "missed" if level == 2 else OUTCOMES[level == 3]


@dataclass(frozen=True)
class Share:
    """``count`` of ``of``, with the ends of its 95% interval as fractions."""

    count: int
    of: int
    low: float
    high: float


@dataclass(frozen=True)
class Tally:
    """How often a principle helped, was mixed, was missed or cost, among the conversations that called for it."""

    helped: int = 0
    mixed: int = 0
    missed: int = 0
    cost: int = 0

    @property
    def n(self) -> int:
        """Conversations that called for it."""
        return self.helped + self.mixed + self.missed + self.cost

    @property
    def helps(self) -> Share | None:
        """In how many it helped; None if there are too few to say."""
        return _share(self.helped, self.n)

    @property
    def verdict(self) -> Verdict:
        """How often it helped, in words; the plain ones only if the whole interval lies on one side of half."""
        helps = self.helps
        if helps is None:
            return "too few" if self.n else "not called for"
        if helps.low > 0.5:
            return "mostly helps"
        if helps.high < 0.5:
            return "seldom helps"
        return "helps rather often" if 2 * helps.count >= helps.of else "helps rather seldom"


def _share(count: int, of: int) -> Share | None:
    if of < ENOUGH:
        return None
    found = binomtest(count, of).proportion_ci(method="wilson")
    return Share(count, of, float(found.low), float(found.high))


def tally(levels: Iterable[Level | None]) -> Tally:
    """Count the outcomes of levels."""
    counts = Counter(outcome(level) for level in levels)
    return Tally(**{name: counts[name] for name in OUTCOMES})


def by_principle(rows: Sequence[Row]) -> dict[PrincipleId, Tally]:
    """The outcomes of every principle, in the codebook's order."""
    return {principle: tally(row.levels.get(principle) for row in rows) for principle in PRINCIPLES}


def by_team(rows: Sequence[Row], most: int) -> dict[str, dict[PrincipleId, Tally]]:
    """The outcomes of every principle in each team, by name; of many teams those with most conversations.

    Rows without a team count for the team named "".
    """
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.about.team].append(row)
    largest = sorted(groups, key=lambda team: (-len(groups[team]), team))[:most]
    return {team: by_principle(groups[team]) for team in sorted(largest, key=lambda team: (not team, team.casefold()))}


def conversations_with(rows: Iterable[Row]) -> Counter[Code]:
    """In how many conversations each behaviour was heard."""
    return Counter(code for row in rows for code in row.codes)


@dataclass(frozen=True)
class Timeline:
    """Outcomes by period; ``periods`` have equal steps, also those without a conversation."""

    periods: tuple[str, ...]
    whole: tuple[Tally, ...]
    principles: Mapping[PrincipleId, tuple[Tally, ...]]


def over_time(rows: Iterable[Row]) -> Timeline | None:
    """Outcomes by week, month, quarter or year, whichever fits the dates; None with dates in fewer than two."""
    dated = [(row.about.date, row) for row in rows if row.about.date]
    if not dated:
        return None
    first, last = min(date for date, _ in dated), max(date for date, _ in dated)
    name, step = _calendar((last - first).days)
    begin, end = step(first), step(last)
    if begin == end:
        return None
    groups: dict[int, list[Row]] = defaultdict(list)
    for date, row in dated:
        groups[step(date)].append(row)
    steps = range(max(begin, end - MOST_PERIODS + 1), end + 1)
    each = [by_principle(groups[i]) for i in steps]
    return Timeline(
        periods=tuple(name(i) for i in steps),
        whole=tuple(tally(row.overall for row in groups[i]) for i in steps),
        principles={principle: tuple(one[principle] for one in each) for principle in PRINCIPLES},
    )


def _calendar(days: int) -> tuple[Callable[[int], str], Callable[[dt.date], int]]:
    """Name and number of the period that suits a span of days."""
    if days <= WEEKS:
        monday = dt.date.fromordinal
        return lambda i: f"week of {day(monday(7 * i + 1))}", lambda date: (date.toordinal() - 1) // 7
    if days <= MONTHS:
        return lambda i: f"{dt.date(i // 12, i % 12 + 1, 1):%b %Y}", lambda date: 12 * date.year + date.month - 1
    if days <= QUARTERS:
        return lambda i: f"Q{i % 4 + 1} {i // 4}", lambda date: 4 * date.year + (date.month - 1) // 3
    return str, lambda date: date.year


def day(date: dt.date) -> str:
    """A date as people write it."""
    return f"{date.day} {date:%b %Y}"


def change(tallies: Iterable[Tally]) -> str:
    """Whether the last known share differs from the first by more than chance would; "" with fewer than two."""
    known = [share for share in (one.helps for one in tallies) if share]
    if len(known) < 2:
        return ""
    if known[-1].low > known[0].high:
        return "helped more often at the end than at the start"
    return "helped less often at the end than at the start" if known[-1].high < known[0].low else "no clear change"


def standing_out(moments: Iterable[tuple[Row, Moment]], most: int) -> list[tuple[Row, Moment]]:
    """The moments that stand out most: one a conversation, each of another behaviour as long as there are."""
    ranked = sorted(moments, key=lambda pair: (pair[1].weight, -pair[0].n), reverse=True)
    fresh: list[tuple[Row, Moment]] = []
    again: list[tuple[Row, Moment]] = []
    seen: set[str] = set()
    for row, moment in ranked:
        subject = moment.code or moment.principle
        (again if subject in seen else fresh).append((row, moment))
        seen.add(subject)
    return (fresh + again)[:most]


def worth_opening(rows: Iterable[Row], first: Iterable[int], most: int) -> list[Row]:
    """Conversations that people will ask for: those quoted, then each manager's newest in turn."""
    scored = {row.n: row for row in rows if row.scored}
    quoted = [scored[n] for n in dict.fromkeys(first) if n in scored]
    taken = {row.n for row in quoted}
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(scored.values(), key=lambda row: (row.about.date or dt.date.min, -row.n), reverse=True):
        if row.n not in taken:
            groups[row.about.team, row.about.manager].append(row)
    queue = sorted(
        ((place, row.n, row) for group in groups.values() for place, row in enumerate(group)), key=lambda item: item[:2]
    )
    return (quoted + [row for _, _, row in queue])[:most]
