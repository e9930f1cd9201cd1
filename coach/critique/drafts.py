"""What there is to say about a conversation, before anyone finds words for it.

A draft is a fact computed from readings: a behaviour shown, or an opening of the rep's that nobody
took. How much it matters comes from the published rubric.

A slip counts in every level as it was heard; it is said only if it is plain (``_held_against``).

What to change first is a slip, else a principle missed altogether. A talk with neither still let something pass
as a rule; then it is, by ``_let_pass``, something hard that the rep told and got no answer to, or what the rep was
close to telling and never told, or else an opening for the weakest principle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Literal

from coach.critique.levels import certainty
from coach.critique.rubric import Rubric
from coach.domain import SLIPS, Behaviour, Citation, Code, Level, PrincipleId, Reading, Turn

QUOTES = 2  # how many turns one finding quotes at most
NEARLY = 0.9  # a second quote is shown only if it was heard about as surely as the first
MISSED_WEIGHT = 0.8  # an opening let pass weighs like a mild slip
MISSED_LEVEL = 2  # at this level and below, a principle without a code of its own was missed
HINT: PrincipleId = "psychological_safety"  # what a rep calls for who hints at something kept back, or has told it
HEARD: frozenset[Code] = frozenset({"EMPATHY", "REFLECT", "SAFETY", "OWN"})
"""What answers something hard, told or hinted at; a question does as well, about a hint one on its subject,"""
HELPED: frozenset[Code] = frozenset({"SUPPORT", "CREDIT"})
"""and where it was told, so do help and respect."""
PLAIN = 0.5  # probability from which a slip is said whatever good was in the same turn
CLEAR = 0.6  # probability from which the rep's words are a clear opening
GOOD = 4  # at this level and above, a principle has nothing to change first


@dataclass(frozen=True)
class Draft:
    """One thing worth saying: what, where, and how much it matters."""

    principle: PrincipleId
    kind: Literal["strength", "slip", "missed"]
    code: Code | None
    level: Level
    turns: tuple[int, ...]
    weight: float
    passages: tuple[Citation, ...] = ()


def drafts(
    turns: Sequence[Turn],
    levels: Mapping[PrincipleId, Level | None],
    behaviours: Mapping[Code, Behaviour],
    rubric: Rubric,
) -> list[Draft]:
    """Everything worth saying, the weightiest first."""
    found = [*_shown(turns, levels, behaviours, rubric), *_missed(turns, levels, behaviours)]
    if all(draft.kind == "strength" for draft in found):
        found += _let_pass(turns, levels, behaviours)
    return sorted(found, key=lambda draft: -draft.weight)


def _shown(
    turns: Sequence[Turn],
    levels: Mapping[PrincipleId, Level | None],
    behaviours: Mapping[Code, Behaviour],
    rubric: Rubric,
) -> list[Draft]:
    """One draft for each behaviour shown, citing the turns that show it most surely."""
    where: dict[Code, list[tuple[float, int]]] = {}
    for turn in turns:
        if turn.speaker == "manager" and turn.reading:
            for code in turn.reading.codes:
                if code not in SLIPS or _held_against(turn.reading, code):
                    where.setdefault(code, []).append((certainty(turn.reading, code, rubric.hearing.floor), turn.i))
    weights: dict[str, float] = dict(rubric.moments.helps.items()) | dict(rubric.moments.hurts.items())
    found = []
    for code, shown in where.items():
        rated = [(p, level) for p in behaviours[code].principles if (level := levels.get(p)) is not None]
        if not rated:
            continue
        best = max(sure for sure, _ in shown)
        surest = [s for s in sorted(shown, key=lambda s: (-s[0], s[1])) if s[0] >= NEARLY * best][:QUOTES]
        weight = weights.get(code, 0.5) * sum(sure for sure, _ in surest)
        kind: Literal["strength", "slip"] = "slip" if code in SLIPS else "strength"
        found.append(Draft(rated[0][0], kind, code, rated[0][1], tuple(sorted(i for _, i in surest)), weight))
    return found


def _held_against(reading: Reading, slip: Code) -> bool:
    """Whether a slip is plain enough to be said: surely heard, or nothing good in its turn was heard more surely."""
    return reading.sure(slip) >= PLAIN or not reading.outweighed(slip)


def _missed(
    turns: Sequence[Turn], levels: Mapping[PrincipleId, Level | None], behaviours: Mapping[Code, Behaviour]
) -> list[Draft]:
    """One draft for each principle rated low although none of its behaviours was shown."""
    shown = {code for turn in turns if turn.speaker == "manager" and turn.reading for code in turn.reading.codes}
    touched = {p for code in shown for p in behaviours[code].principles}
    found = []
    for principle, level in levels.items():
        if level is None or level > MISSED_LEVEL or principle in touched:
            continue
        answered = _answer_to_opening(turns, principle)
        if answered is not None:
            strength, i = answered
            found.append(Draft(principle, "missed", None, level, (i,), MISSED_WEIGHT * strength))
    return found


def _let_pass(
    turns: Sequence[Turn], levels: Mapping[PrincipleId, Level | None], behaviours: Mapping[Code, Behaviour]
) -> list[Draft]:
    """The one opening that is most worth taking next time, in a talk without a slip; empty if all were taken.

    The rep's words are an opening if they tell something that had to be earned, if they hint at something that stayed
    hidden to the end, or if they clearly call for a principle that is rated below good. It was let pass if the answer
    did not take it up; see ``_taken``. What was told goes before all else, then a hint, then the weakest principle;
    among its openings the latest, after which nothing made up for it.
    """
    told = {fact for turn in turns for fact in turn.opened}
    just_told = False
    ranked: list[tuple[tuple[int, Level, int], Draft]] = []
    for before, turn in pairwise(turns):
        if before.speaker == "manager":
            just_told = bool(before.opened)
        if before.speaker != "rep" or before.notice or turn.speaker != "manager" or turn.reading is None:
            continue
        if turn.reading.danger:  # the play stopped there; nobody is told how to say it better
            continue
        hinted = bool(before.state and before.state.hinted and before.state.hinted not in told)
        openings = before.reading.openings if before.reading else {}
        called = {p: clear for p, clear in openings.items() if clear >= CLEAR and (levels.get(p) or GOOD) < GOOD}
        if just_told or hinted:
            called[HINT] = 1.0
        touched = {p for code in turn.reading.codes for p in behaviours[code].principles}
        for principle, clear in called.items():
            level, special = levels.get(principle), principle == HINT and (just_told or hinted)
            taken = _taken(before, turn.reading, just_told) if special else principle in touched
            if level is not None and not taken:
                rank = ((0 if just_told else 1) if special else 2, level, -turn.i)
                ranked.append((rank, Draft(principle, "missed", None, level, (turn.i,), MISSED_WEIGHT * clear)))
    return [min(ranked, key=itemgetter(0))[1]] if ranked else []


def _taken(before: Turn, reading: Reading, just_told: bool) -> bool:
    """Whether an answer takes up something hard that the rep has told, or hinted at."""
    codes = frozenset(reading.codes)
    topic = before.state.topic if before.state else ""
    asked = "ASK" in codes and (just_told or not reading.topics or topic in reading.topics)
    return asked or bool(codes & (HEARD | HELPED if just_told else HEARD))


def _answer_to_opening(turns: Sequence[Turn], principle: PrincipleId) -> tuple[float, int] | None:
    """The manager's turn that followed the rep's clearest opening for a principle, with its probability."""
    best: tuple[float, int] | None = None
    opening = 0.0
    for turn in turns:
        if turn.speaker == "rep":
            opening = turn.reading.openings.get(principle, 0.0) if turn.reading else 0.0
        elif opening and (best is None or opening > best[0]):
            best = (opening, turn.i)
    return best
