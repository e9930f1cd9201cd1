"""Why the next conversation is the next one, in words that a manager can check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.domain import Critique, Difficulty, Principle, PrincipleId, Session
from coach.programme.next_step import READY, Next
from coach.reports.figures import tally


def reasons(
    following: Next, practised: Sequence[tuple[Session, Critique]], principles: Mapping[PrincipleId, Principle]
) -> tuple[str, ...]:
    """The reasons for a next step, one sentence each.

    Args:
        following: what ``next_step`` found for ``practised``.
        practised: judged talks in any order.
        principles: the principles by id.
    """
    if following.principle is None:
        return ("No talk of yours has been judged so far; this is a good one to begin with.",)
    name = principles[following.principle].name
    seen = tally(critique.levels.get(following.principle) for _, critique in practised)
    weakest = f"You have the most to win in “{name}”: of {seen.n} talks that called for it, it helped in {seen.helped}."
    if seen.n == 1:
        weakest = f"It is early to say, but “{name}” did not help in the one talk that has called for it so far."
        if seen.helped:
            weakest = f"It is too early to say where there is most to win; “{name}” was called for once, and helped."
    return (weakest, _trains(following), _steps(following, practised))


def _trains(following: Next) -> str:
    if following.principle in following.scenario.focus:
        return "This conversation practises it, and you have practised it no more often than the others that do."
    return "No conversation is made for it alone; this is the one you have practised least."


def _steps(following: Next, practised: Sequence[tuple[Session, Critique]]) -> str:
    """Why this difficulty."""
    tried = [(s.difficulty, c.overall) for s, c in practised if s.scenario_id == following.scenario.id]
    if not tried:
        return f"You have not practised it yet, so it begins {_as(following.difficulty)}, as it was written."
    steps = list(Difficulty)
    ready = [difficulty for difficulty, overall in tried if overall >= READY]
    hardest = max(ready, key=steps.index, default=None)
    if hardest is None:
        return f"It has not gone well yet, so it stays {_as(following.difficulty)}."
    if hardest == following.difficulty:
        return f"It went well {_as(hardest)}, and there is nothing harder."
    return f"It went well {_as(hardest)}, so it is one step harder now: {_as(following.difficulty)}."


def _as(difficulty: Difficulty) -> str:
    return {"easy": "easy", "standard": "at standard difficulty", "hard": "hard"}[difficulty.value]
