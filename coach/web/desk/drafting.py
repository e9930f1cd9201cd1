"""A scenario while it is edited: what is wrong with it, and what a manager will meet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from coach.app import App
from coach.content import drafted
from coach.domain import MOODS, Difficulty, Fact, Scenario
from coach.errors import CoachError, ContentError, Problem
from coach.rep import advice, answers, faults, gate_trust

SHOWN = 40  # problems shown at once
_ID = re.compile(r"^id:.*$", re.MULTILINE)


@dataclass(frozen=True)
class Checked:
    """What there is to say about a draft."""

    scenario: Scenario | None = None
    wrong: tuple[Problem, ...] = ()
    spoils: tuple[Problem, ...] = ()
    hints: tuple[Problem, ...] = ()
    told: str = ""
    gates: dict[str, str] = field(default_factory=dict)
    lines: dict[str, tuple[int, ...]] = field(default_factory=dict)


def checked(text: str, app: App) -> Checked:
    """Check a draft as saving it would, and as ``coach scenarios check`` does."""
    try:
        with drafted(text) as draft:
            scenario = draft.scenario
            spoils, hints = faults(scenario, draft.path), advice(scenario, draft.path)
    except ContentError as error:
        return Checked(wrong=error.problems)
    except CoachError as error:
        return Checked(told=str(error))
    gates = {fact.id: gate(fact, scenario, app) for fact in scenario.facts}
    return Checked(scenario, (), tuple(spoils), tuple(hints), gates=gates, lines=_lines(scenario))


def gate(fact: Fact, scenario: Scenario, app: App) -> str:
    """When a fact opens, in words."""
    trust = {level: f"{gate_trust(fact, level):g}" for level in Difficulty}
    parts = [f"at trust {trust[Difficulty.STANDARD]} ({trust[Difficulty.EASY]} easy, {trust[Difficulty.HARD]} hard)"]
    name = partial(_named, app=app)
    if fact.gate.all_of:
        parts.append(f"after {_listed(map(name, fact.gate.all_of), 'and')}")
    if fact.gate.any_of:
        parts.append(f"after {_listed(map(name, fact.gate.any_of), 'or')}")
    topic = next(topic.name for topic in scenario.topics if topic.id == fact.topic)
    parts.append(f"when the talk is about “{topic}”")
    if fact.gate.after:
        parts.append(f"and not before {_listed(fact.gate.after, 'and')}")
    return ", ".join(parts)


def copy(text: str, name: str) -> str:
    """The same scenario under another id."""
    return _ID.sub(f"id: {name}", text, count=1)


def free(name: str, app: App) -> str:
    """An id like this one that no scenario has."""
    stem = re.sub(r"-\d+$", "", name)[:36]
    return next(one for n in range(2, 10_000) if (one := f"{stem}-{n}") not in app.library.scenarios)


def _lines(scenario: Scenario) -> dict[str, tuple[int, ...]]:
    """How many lines there are for each mood: guarded, wary, open."""
    groups = {
        "on a topic": tuple(sum(len(getattr(one.answers, mood)) for one in scenario.topics) for mood in MOODS),
        "to what is done": tuple(sum(len(getattr(one, mood)) for one in scenario.reactions.values()) for mood in MOODS),
        "when nothing fits": tuple(len(getattr(scenario.asides.evasions, mood)) for mood in MOODS),
        "questions back": tuple(len(getattr(scenario.challenges, mood)) for mood in MOODS),
    }
    return groups | {"answers in all": tuple(answers(scenario, mood) for mood in MOODS)}


def _named(code: str, app: App) -> str:
    found = next((one for one in app.library.behaviours.values() if one.code == code), None)
    return f"“{found.name.lower()}”" if found else code


def _listed(names: object, word: str) -> str:
    every = list(names)  # type: ignore[call-overload]
    return f" {word} ".join(filter(None, [", ".join(every[:-1]), every[-1]]))
