"""Why the next conversation is the next one, in words that a manager can check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coach.content import Library
from coach.domain import Critique, Difficulty, Session
from coach.programme.next_step import READY, Next
from coach.reports.figures import tally
from coach.reports.render import hardness

QUOTED = 2  # moments of the manager's own talks that speak for it
TIMES = {0: "not held it yet", 1: "held it once", 2: "held it twice"}
NOT_MADE = "No conversation is made for it alone, and this is the one you have held least"
TOO_LITTLE = (
    "There is too little to go by yet to say which conversation would serve you best: nothing has fallen short in more "
    "than one of your talks. Take whichever is nearest to a talk that awaits you."
)


def reasons(following: Next, practised: Sequence[tuple[Session, Critique]], library: Library) -> tuple[str, ...]:
    """The reasons for a next step, one sentence or two each, with the manager's own words that speak for it.

    Args:
        following: what ``next_step`` found for ``practised``.
        practised: judged talks in any order.
        library: what behaviours, principles and scenarios are called.
    """
    if following.principle is None:
        return ("No talk of yours has been judged so far; this is a good one to begin with.",)
    if not following.sure:
        return (TOO_LITTLE,)
    act = library.acts[following.principle]
    seen = tally(critique.levels.get(following.principle) for _, critique in practised)
    helped = f"it helped in {seen.helped} of them" if seen.helped else "it helped in none of them yet"
    counted = f"{seen.n} of your talks called for {act}; {helped}."
    return (counted, *_moments(following, practised, library), _held(following, practised))


def _moments(following: Next, practised: Sequence[tuple[Session, Critique]], library: Library) -> Iterator[str]:
    """What the manager said in the newest talks in which it did not help."""
    newest = sorted(practised, key=lambda one: one[0].started_at, reverse=True)
    told = 0
    for session, critique in newest:
        found = [f for f in critique.findings if f.principle == following.principle and f.kind != "strength"]
        if not found or session.scenario_id not in library.scenarios or told == QUOTED:
            continue
        here, title = session.started_at.astimezone(), library.scenarios[session.scenario_id].title
        verb = "answered" if found[0].kind == "missed" else "said"
        yield f"In “{title}” on {here.day} {here:%B} you {verb}: “{found[0].evidence[0].quote}”"
        told += 1


def _held(following: Next, practised: Sequence[tuple[Session, Critique]]) -> str:
    """How often it was held, and why this difficulty."""
    tried = [(s.difficulty, c.overall) for s, c in practised if s.scenario_id == following.scenario.id]
    level = hardness(following.difficulty)
    made = "This conversation calls for it" if following.principle in following.scenario.focus else NOT_MADE
    often = f"{made}; you have {TIMES.get(len(tried), 'held it several times')}"
    if not tried:
        return f"{often}, so it begins {level}, as it was written."
    ready = [difficulty for difficulty, overall in tried if overall >= READY]
    if not ready:
        return f"{often}, and it was not easy, so it stays {level}."
    hardest = max(ready, key=list(Difficulty).index)
    if hardest == following.difficulty:
        return f"{often}, and it went well at its hardest."
    return f"{often}, and it went well, so it is one step harder now: {level}."
