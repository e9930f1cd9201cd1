"""What would spoil a talk with a scenario that can be read: secrets that stay shut, or that a line gives away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coach.content import Finding, placed, where
from coach.domain import MOODS, Difficulty, Fact, Mood, RepState, Scenario
from coach.errors import Problem
from coach.rep.gates import gate_trust, ideal, lacking
from coach.rep.giveaways import Giveaway, plain, words


def faults(scenario: Scenario, path: Path) -> list[Problem]:
    """Facts that can never open, and lines that tell a fact before it opens, with their lines in ``path``."""
    return placed([*_shut(scenario), *_told(scenario)], path)


def advice(scenario: Scenario, path: Path) -> list[Problem]:
    """What a talk can live with, but should not have to."""
    return placed([*_few(scenario), *_late(scenario)], path)


def answers(scenario: Scenario, mood: Mood) -> int:
    """Lines with which the rep can answer in a mood: on a topic, or to what the manager does."""
    on_topics = sum(len(getattr(topic.answers, mood)) for topic in scenario.topics)
    return on_topics + sum(len(getattr(lines, mood)) for lines in scenario.reactions.values())


def _shut(scenario: Scenario) -> Iterator[Finding]:
    """Every fact that even an ideal manager never opens, at the easiest difficulty where that is so."""
    best = {level: ideal(scenario, level) for level in Difficulty}
    for i, fact in enumerate(scenario.facts):
        shut = [level for level in Difficulty if fact.id not in best[level].open_facts]
        if shut:
            why = _why(fact, best[shut[0]], shut[0])
            yield ("facts", i, "gate"), f"{fact.id!r} can never open at {shut[0].value}: {why}"


def _why(fact: Fact, best: RepState, level: Difficulty) -> str:
    missing = lacking(fact, best, level)
    if missing.after:
        return f"it waits for {missing.after[0]!r}, which cannot open there"
    return "even an ideal manager does not get there; lower its trust or ask for less"


def _told(scenario: Scenario) -> Iterator[Finding]:
    """Lines that may be said or read while a fact is closed and hold one of its giveaways."""
    open_to_all: list[tuple[tuple[str | int, ...], str]] = [
        ((name,), getattr(scenario, name)) for name in ("title", "brief", "goal")
    ]
    told = [(where(key, scenario), line) for key, line in scenario.all_lines() if scenario.told_by(key) is None]
    flat = [(loc, f" {' '.join(words(plain(line)))} ") for loc, line in (*open_to_all, *told)]
    whole = "\n".join(line for _, line in flat)  # no part of a giveaway goes over the end of a line
    for fact in scenario.facts:
        for written in fact.giveaways:
            giveaway = Giveaway.of(written)
            for loc, line in flat if giveaway.found(whole, "") else ():
                if giveaway.found(line, ""):
                    said = " and ".join(f"“{found[0]}”" for part in giveaway.parts if (found := part.search(line)))
                    yield loc, f"tells {fact.id!r} before it opens, by the words {said}; say it otherwise"


def _late(scenario: Scenario) -> Iterator[Finding]:
    """Facts whose trust even an ideal manager does not reach in the minutes that the talk should take."""
    best = {level: ideal(scenario, level, scenario.minutes).trust for level in Difficulty}
    for i, fact in enumerate(scenario.facts):
        late = [level for level in Difficulty if gate_trust(fact, level) > best[level]]
        if late:
            bar, most = f"{gate_trust(fact, late[0]):g}", f"{best[late[0]]:.0f}"
            told = f"trust {bar} is needed, and {scenario.minutes} minutes with an ideal manager come to {most}"
            yield ("facts", i, "gate"), f"{fact.id!r} will hardly ever open at {late[0].value}: {told}"


def _few(scenario: Scenario) -> Iterator[Finding]:
    """A talk takes about one answer a minute, and a rep repeats nothing."""
    for mood in MOODS:
        number = answers(scenario, mood)
        if number < scenario.minutes:
            talk = f"a talk of {scenario.minutes} minutes needs about {scenario.minutes}"
            yield ("topics",), f"the rep has {number} answers when {mood}; {talk}, so words run out"
