"""Two branches of one talk side by side: what was said differently, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Literal

from coach.debrief.debrief import Debrief, in_words
from coach.debrief.path import CLEARLY, MOVED, Step
from coach.domain import Evidence, Finding, Frozen, PrincipleId, Turn


class Branch(Frozen):
    """What one branch has that the other has not, from the moment where they part."""

    id: str
    steps: tuple[Step, ...]
    trust: str
    """What became of trust since they parted, in words."""
    opened: tuple[str, ...]
    """Facts that came out since."""
    agreed: tuple[Evidence, ...]
    """What the manager said they would do by a day or a time in the whole talk, in the order it was said."""
    farewell: str
    """The rep's last words at the end of the talk; empty where it was left before."""
    keep: Finding | None
    change: Finding | None


class Differing(Frozen):
    """A principle that both branches called for and the critiques judge differently, each in words."""

    principle: PrincipleId
    words: tuple[str, str]
    better: Literal[0, 1]
    """Which branch it went better in."""


class Comparison(Frozen):
    """Two branches and the moment where they part."""

    rep: str
    title: str
    turn: int
    """The turn from which they differ."""
    before: str
    """What the rep had said when they parted."""
    trust: float
    """Trust at that moment, 0-100."""
    one: Branch
    other: Branch
    ended: Literal[0, 1] | None
    """Which branch ended with more trust; None where both ended with about the same."""
    clearly: bool
    """Whether it was clearly more."""
    widest: int | None
    """The turn, among those that both have, that moved trust most differently; None where none did."""
    differing: tuple[Differing, ...]


def compare(one: Debrief, other: Debrief) -> Comparison:
    """Compare two branches of one talk, whose shared turns have the same ids."""
    turn = sum(1 for _ in takewhile(lambda pair: pair[0].id == pair[1].id, zip(one.turns, other.turns, strict=False)))
    parting = one.turns[turn - 1]
    trust = parting.state.trust if parting.state else 0.0
    ends = [way.steps[-1].trust if way.steps else trust for way in (one, other)]
    ahead = ends[1] - ends[0]
    return Comparison(
        rep=one.rep,
        title=one.scenario.title,
        turn=turn,
        before=parting.text,
        trust=trust,
        one=_branch(one, turn, trust),
        other=_branch(other, turn, trust),
        ended=None if abs(ahead) < MOVED else int(ahead > 0),
        clearly=abs(ahead) >= CLEARLY,
        widest=_widest(one, other, turn),
        differing=tuple(_differing(one, other)),
    )


def _branch(debrief: Debrief, turn: int, trust: float) -> Branch:
    critique = debrief.critique
    steps = tuple(step for step in debrief.steps if step.turn >= turn)
    opened = [fact for step in steps for fact in step.opened]
    facts = {fact.id: fact.text for fact in debrief.scenario.facts}
    return Branch(
        id=debrief.id,
        steps=steps,
        trust=_became((steps[-1].trust if steps else trust) - trust, debrief.rep),
        opened=tuple(facts[fact] for fact in opened),
        agreed=debrief.agreed,
        farewell=_farewell(debrief.turns, turn),
        keep=None if critique.keep is None else critique.findings[critique.keep],
        change=None if critique.change is None else critique.findings[critique.change],
    )


def _widest(one: Debrief, other: Debrief, start: int) -> int | None:
    """A branch that is shorter is compared only as far as it goes."""
    there = {step.turn: step.change for step in other.steps if step.turn >= start}
    apart = {step.turn: abs(step.change - there[step.turn]) for step in one.steps if step.turn in there}
    widest = max(apart, key=lambda turn: apart[turn], default=None)
    return widest if widest is not None and apart[widest] >= MOVED else None


def _became(change: float, rep: str) -> str:
    if abs(change) < MOVED:
        return f"{rep} trusted you about as much as before."
    much = "clearly" if abs(change) >= CLEARLY else "a little"
    return f"{rep} came to trust you {much} {'more' if change > 0 else 'less'}."


def _farewell(turns: Sequence[Turn], start: int) -> str:
    """The words with which the rep closed the talk: those that answer no words of the manager's."""
    *_, before, last = (None, None, *turns)
    closes = before is not None and before.speaker == "rep" and last is not None and last.i >= start
    return last.text if closes and last else ""


def _differing(one: Debrief, other: Debrief) -> Iterator[Differing]:
    for principle, level in one.critique.levels.items():
        beside = other.critique.levels.get(principle)
        if level is None or beside is None:
            continue  # what a branch did not call for is no worse in it
        words = in_words(level), in_words(beside)
        if words[0] == words[1]:
            continue  # "helped, helped" is no difference to anybody who reads words
        yield Differing(principle=principle, words=words, better=0 if level > beside else 1)
