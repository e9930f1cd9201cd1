"""What many practised talks show together, and how sure that is: pure functions from talks to figures.

A talk counts once, however often it was rewound. Levels by different engines or rules are not comparable, so figures
rest on the talks that were read as the newest one was; the others are named and left out. What is counted is in how
many talks a principle helped, with its 95% Wilson interval. A change is called one only if a bootstrap interval of the
difference between the later and the earlier half excludes zero, and the difference is larger than the engine's own
error would make it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Literal

import numpy as np
from numpy.polynomial.polynomial import polypow
from scipy.stats import fisher_exact

from coach.critique import Measured
from coach.domain import (
    PRINCIPLES,
    SLIPS,
    Code,
    Contest,
    Critique,
    Level,
    PrincipleId,
    Provenance,
    Session,
    Slip,
    Turn,
)
from coach.reports.figures import Outcome, Tally, outcome, tally

HALF = 3
"""Talks that each half needs before a change is looked for."""
RECENT = 3
"""A slip heard in one of the last so many talks is not gone."""
SURE = 0.05
NORMAL = 1.96  # standard deviations either side that hold 95%

Verdict = Literal["too few", "not measured", "no clear change", "better", "worse"]


@dataclass(frozen=True)
class Talk:
    """A judged talk; ``turns`` are those of its path, with their readings."""

    session: Session
    critique: Critique
    turns: Sequence[Turn]

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.session.started_at


@dataclass(frozen=True)
class Engine:
    """What read some of the talks."""

    coder: str
    basis: str
    versions: tuple[str, ...]
    contents: tuple[str, ...]
    prompts: Mapping[str, str]
    talks: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Change:
    """Mean level of the later half minus that of the earlier; ``noise`` is what the engine's error alone would make."""

    verdict: Verdict
    difference: float = 0.0
    low: float = 0.0
    high: float = 0.0
    noise: float = 0.0
    n: int = 0


@dataclass(frozen=True)
class Course:
    """One principle over the talks that count, the oldest first; None where nothing called for it."""

    principle: PrincipleId
    outcomes: tuple[Outcome | None, ...]
    tally: Tally
    early: Tally
    late: Tally
    change: Change


@dataclass(frozen=True)
class Showing:
    """The last time that a slip was heard."""

    session: Session
    turn: int
    quote: str
    contested: bool


@dataclass(frozen=True)
class Returning:
    """A slip: in how many talks, how often, when last, and whether it became rarer or more frequent."""

    code: Slip
    talks: int
    of: int
    times: int
    since: int
    """Talks after the one in which it was last heard."""
    last: Showing
    verdict: Verdict

    @property
    def back(self) -> bool:
        """Whether it keeps coming back: heard in several talks, and lately."""
        return self.talks > 1 and self.since < RECENT


@dataclass(frozen=True)
class Progress:
    """Everything the page shows of the past; talks and outcomes are in order, the oldest first."""

    talks: tuple[Talk, ...]
    counted: tuple[Talk, ...]
    engines: tuple[Engine, ...]
    courses: tuple[Course, ...]
    slips: tuple[Returning, ...]

    @property
    def better(self) -> tuple[Course, ...]:
        """Principles that improved."""
        return tuple(course for course in self.courses if course.change.verdict == "better")

    @property
    def worse(self) -> tuple[Course, ...]:
        """Principles that got worse."""
        return tuple(course for course in self.courses if course.change.verdict == "worse")

    @property
    def rarer(self) -> tuple[Returning, ...]:
        """Slips that became rarer."""
        return tuple(slip for slip in self.slips if slip.verdict == "better")


def progress(talks: Sequence[Talk], measured: Measured | None, contests: Sequence[Contest] = ()) -> Progress:
    """Put the figures together.

    Args:
        talks: judged talks in any order.
        measured: what is known of the engine that read the newest of them.
        contests: findings that the manager contests; they are marked, and counted all the same.
    """
    ordered = tuple(sorted(talks, key=lambda talk: talk.at))
    counted = tuple(talk for talk in ordered if same_judge(talk.critique.provenance, ordered[-1].critique.provenance))
    marks = {(contest.session, contest.code, contest.turn) for contest in contests}
    return Progress(
        talks=ordered,
        counted=counted,
        engines=_engines(ordered),
        courses=tuple(_course(principle, counted, measured) for principle in PRINCIPLES),
        slips=_slips(counted, marks),
    )


def same_judge(one: Provenance, other: Provenance) -> bool:
    """Whether levels of two results may be compared: one engine and prompt, on one basis."""
    return (one.coder, one.basis) == (other.coder, other.basis)


def change(levels: Sequence[int], measured: Measured | None) -> Change:
    """How levels, the oldest first, changed from the earlier half to the later.

    The interval is a percentile bootstrap (Efron, 1979) of the difference of means, worked out rather than drawn: the
    same talks in the other order give the same interval turned round. Where their number is odd, the middle one counts
    for the later half.
    """
    n, half = len(levels), len(levels) // 2
    if half < HALF:
        return Change("too few", n=n)
    if measured is None or measured.level_error is None:
        return Change("not measured", n=n)
    early, late = levels[:half], levels[half:]
    low, high = _least(late, early), -_least(early, late)
    difference = fmean(late) - fmean(early)
    noise = NORMAL * measured.level_error * math.sqrt(1 / len(early) + 1 / len(late))
    clear = (low > 0 or high < 0) and abs(difference) > noise
    verdict: Verdict = ("better" if difference > 0 else "worse") if clear else "no clear change"
    return Change(verdict, difference, low, high, noise, n)


def _least(late: Sequence[int], early: Sequence[int]) -> float:
    """The lower end of the bootstrap interval of how much larger the mean of ``late`` is."""
    (late_means, late_chances), (early_means, early_chances) = _redrawn(late), _redrawn(early)
    differences, chances = np.subtract.outer(late_means, early_means), np.outer(late_chances, early_chances)
    return float(np.quantile(differences, SURE / 2, weights=chances, method="inverted_cdf"))


def _redrawn(levels: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Every mean that as many levels drawn from these can have, and its chance."""
    n = len(levels)
    chances = polypow(np.bincount(levels) / n, n)  # the chance of each sum: how one draw falls, n times over
    return np.arange(len(chances)) / n, chances


def _course(principle: PrincipleId, talks: Sequence[Talk], measured: Measured | None) -> Course:
    levels: list[Level | None] = [talk.critique.levels.get(principle) for talk in talks]
    rated = [level for level in levels if level is not None]
    half = len(rated) // 2
    return Course(
        principle=principle,
        outcomes=tuple(outcome(level) for level in levels),
        tally=tally(levels),
        early=tally(rated[:half]),
        late=tally(rated[half:]),
        change=change(rated, measured),
    )


def _slips(talks: Sequence[Talk], marks: set[tuple[str, Code | None, int]]) -> tuple[Returning, ...]:
    """Slips that were heard, those that come back most first."""
    found = [slip for code in SLIPS if (slip := _slip(code, talks, marks))]
    return tuple(sorted(found, key=lambda slip: (-slip.back, -slip.talks, slip.since, SLIPS.index(slip.code))))


def _slip(code: Slip, talks: Sequence[Talk], marks: set[tuple[str, Code | None, int]]) -> Returning | None:
    heard = [[turn for turn in talk.turns if turn.reading and code in turn.reading.codes] for talk in talks]
    where = [n for n, turns in enumerate(heard) if turns]
    if not where:
        return None
    talk, turn = talks[where[-1]], heard[where[-1]][-1]
    quote = turn.reading.quotes.get(code, "") if turn.reading else ""
    contested = (talk.session.id, code, turn.i) in marks
    return Returning(
        code=code,
        talks=len(where),
        of=len(talks),
        times=sum(map(len, heard)),
        since=len(talks) - 1 - where[-1],
        last=Showing(talk.session, turn.i, quote or turn.text, contested),
        verdict=_rarer([bool(turns) for turns in heard]),
    )


def _rarer(heard: Sequence[bool]) -> Verdict:
    """Whether a slip became rarer from the earlier half to the later (Fisher's exact test, 1922)."""
    half = len(heard) // 2
    if half < HALF:
        return "too few"
    early, late = sum(heard[:half]), sum(heard[half:])
    of_early, of_late = half, len(heard) - half
    if fisher_exact([[early, of_early - early], [late, of_late - late]]).pvalue >= SURE:
        return "no clear change"
    return "better" if late * of_early < early * of_late else "worse"


def _engines(talks: Sequence[Talk]) -> tuple[Engine, ...]:
    """What read the talks, the newest first."""
    groups: dict[tuple[str, str], list[Talk]] = {}
    for talk in talks:
        made = talk.critique.provenance
        groups.setdefault((made.coder, made.basis), []).append(talk)
    engines = [_engine(group) for group in groups.values()]
    return tuple(sorted(engines, key=lambda engine: engine.last, reverse=True))


def _engine(talks: Sequence[Talk]) -> Engine:
    made = [talk.critique.provenance for talk in talks]
    return Engine(
        coder=made[-1].coder,
        basis=made[-1].basis,
        versions=tuple(dict.fromkeys(one.version for one in made)),
        contents=tuple(dict.fromkeys(one.content for one in made)),
        prompts=made[-1].prompts,
        talks=len(talks),
        first=talks[0].at,
        last=talks[-1].at,
    )
