"""What a manager should practise next, from the critiques of what they practised before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from coach.domain import PRINCIPLES, Critique, Difficulty, PrincipleId, Scenario, Session

READY = 4  # an overall from which the same conversation is worth trying harder
HARDER = {Difficulty.EASY: Difficulty.STANDARD, Difficulty.STANDARD: Difficulty.HARD, Difficulty.HARD: Difficulty.HARD}


@dataclass(frozen=True)
class Next:
    """A scenario to practise and why."""

    scenario: Scenario
    difficulty: Difficulty
    principle: PrincipleId | None


def next_step(practised: Iterable[tuple[Session, Critique]], scenarios: Mapping[str, Scenario]) -> Next:
    """The scenario that trains the weakest principle so far, one step harder once it went well.

    Args:
        practised: ended sessions with their critiques, in any order.
        scenarios: what can be practised; must not be empty.
    """
    done = [(session, critique) for session, critique in practised if session.scenario_id in scenarios]
    weakest = _weakest(critique for _, critique in done)
    fitting = [s for s in scenarios.values() if weakest in s.focus] or list(scenarios.values())
    tried = [session.scenario_id for session, _ in done]
    chosen = min(fitting, key=lambda scenario: (tried.count(scenario.id), scenario.id))
    played = [(c.overall, s.difficulty) for s, c in done if s.scenario_id == chosen.id]
    return Next(chosen, _difficulty(played, chosen.difficulty), weakest)


def _difficulty(played: Sequence[tuple[int, Difficulty]], authored: Difficulty) -> Difficulty:
    """One step above the hardest that went well; else the one that went best, the easier of equals."""
    steps = list(Difficulty)
    ready = [difficulty for overall, difficulty in played if overall >= READY]
    if ready:
        return HARDER[max(ready, key=steps.index)]
    return min(played, key=lambda p: (-p[0], steps.index(p[1])), default=(0, authored))[1]


def _weakest(critiques: Iterable[Critique]) -> PrincipleId | None:
    """The principle with the lowest mean level, None if nothing was rated yet."""
    rated: dict[PrincipleId, list[int]] = {}
    for critique in critiques:
        for principle, level in critique.levels.items():
            if level is not None:
                rated.setdefault(principle, []).append(level)
    return min(rated, key=lambda p: (fmean(rated[p]), PRINCIPLES.index(p)), default=None)
