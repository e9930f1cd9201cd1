"""What a manager should practise next, from the critiques of what they practised before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from coach.domain import PRINCIPLES, Critique, Difficulty, PrincipleId, Scenario, Session

READY = 4  # an overall from which the same conversation is worth trying harder
HARDER = {Difficulty.EASY: Difficulty.STANDARD, Difficulty.STANDARD: Difficulty.HARD, Difficulty.HARD: Difficulty.HARD}


ENOUGH = 2  # talks in which a principle has to have been called for before anything is recommended because of it
CHOICES = 3  # scenarios to choose from where there is too little to recommend one


@dataclass(frozen=True)
class Next:
    """A scenario to practise and why."""

    scenario: Scenario
    difficulty: Difficulty
    principle: PrincipleId | None
    sure: bool = False
    """Whether several talks speak for it; otherwise it is only a place to begin."""


def next_step(practised: Iterable[tuple[Session, Critique]], scenarios: Mapping[str, Scenario]) -> Next:
    """The scenario that trains the weakest principle so far, one step harder once it went well.

    Args:
        practised: ended sessions with their critiques, in any order.
        scenarios: what can be practised; must not be empty.
    """
    done = [(session, critique) for session, critique in practised if session.scenario_id in scenarios]
    rated = _rated(critique for _, critique in done)
    lacking = {p: levels for p, levels in rated.items() if _falls_short(levels)}
    weakest = _weakest(lacking or rated)
    fitting = [s for s in scenarios.values() if weakest in s.focus] or list(scenarios.values())
    tried = [session.scenario_id for session, _ in done]
    chosen = min(fitting, key=lambda scenario: (tried.count(scenario.id), scenario.id))
    played = [(c.overall, s.difficulty) for s, c in done if s.scenario_id == chosen.id]
    return Next(chosen, _difficulty(played, chosen.difficulty), weakest, sure=bool(lacking))


def choices(
    following: Next, practised: Iterable[tuple[Session, Critique]], scenarios: Mapping[str, Scenario]
) -> tuple[Scenario, ...]:
    """Scenarios to choose from: those practised least, and of them those that train what fell short before others."""
    tried = [session.scenario_id for session, _ in practised]
    least = sorted(scenarios.values(), key=lambda s: (tried.count(s.id), following.principle not in s.focus, s.id))
    return tuple(least[:CHOICES])


def _difficulty(played: Sequence[tuple[int, Difficulty]], authored: Difficulty) -> Difficulty:
    """One step above the hardest that went well; else the one that went best, the easier of equals."""
    steps = list(Difficulty)
    ready = [difficulty for overall, difficulty in played if overall >= READY]
    if ready:
        return HARDER[max(ready, key=steps.index)]
    return min(played, key=lambda p: (-p[0], steps.index(p[1])), default=(0, authored))[1]


def _rated(critiques: Iterable[Critique]) -> dict[PrincipleId, list[int]]:
    """The levels of each principle that was called for."""
    rated: dict[PrincipleId, list[int]] = {}
    for critique in critiques:
        for principle, level in critique.levels.items():
            if level is not None:
                rated.setdefault(principle, []).append(level)
    return rated


def _falls_short(levels: Sequence[int]) -> bool:
    """Whether a principle was called for often enough, and helped in less than half of the talks."""
    return len(levels) >= ENOUGH and 2 * sum(level >= READY for level in levels) < len(levels)


def _weakest(rated: Mapping[PrincipleId, Sequence[int]]) -> PrincipleId | None:
    """The principle with the lowest mean level, None if nothing was rated yet."""
    return min(rated, key=lambda p: (fmean(rated[p]), PRINCIPLES.index(p)), default=None)
