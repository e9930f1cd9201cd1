"""What a scenario can have wrong that its form cannot express: dangling names, gates that never open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from coach.content.yaml_forms import lines_of
from coach.domain import CODES, Scenario
from coach.errors import Problem

Finding = tuple[tuple[str | int, ...], str]
"""A field by its place in the file, and what is wrong there."""
_MOOD = re.compile(r"reactions\.([A-Z]+)\.(guarded|wary|open)")


def lint(scenario: Scenario, path: Path) -> list[Problem]:
    """Return every problem of a valid form, with its line in ``path``."""
    return placed(
        [*_ids(scenario), *_references(scenario), *_particulars(scenario), *_gates(scenario), *_lines(scenario)], path
    )


def placed(found: Iterable[Finding], path: Path) -> list[Problem]:
    """Give every finding its line in the file."""
    listed = list(found)
    lines = lines_of(path, [loc for loc, _ in listed])
    return [Problem(path, line, _field(loc), said) for line, (loc, said) in zip(lines, listed, strict=True)]


def plainly(problem: Problem) -> Problem:
    """Say of a reaction that has no lines for a mood what that means; any other problem stays as it is."""
    reaction = _MOOD.fullmatch(problem.field)
    if reaction is None or not problem.message.startswith(("is missing", "needs at least")):
        return problem
    code, mood = reaction.groups()
    return replace(problem, message=f"there is no line for {code} when {mood}; add one")


def _field(loc: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def _ids(scenario: Scenario) -> Iterator[Finding]:
    for kind, ids in (("topics", [t.id for t in scenario.topics]), ("facts", [f.id for f in scenario.facts])):
        for name, count in Counter(ids).items():
            if count > 1:
                yield (kind, ids.index(name), "id"), f"{name!r} is used {count} times; ids must differ"


def _references(scenario: Scenario) -> Iterator[Finding]:
    topics = {topic.id for topic in scenario.topics}
    if sum(topic.presenting for topic in scenario.topics) != 1:
        yield ("topics",), "exactly one topic must be marked presenting: true"
    for i, topic in enumerate(scenario.topics):
        if not (topic.words or topic.asks or topic.presenting):
            yield ("topics", i), f"the topic {topic.id!r} has no words and no asks, so no manager can touch it"
    for i, fact in enumerate(scenario.facts):
        if fact.topic not in topics:
            yield ("facts", i, "topic"), f"there is no topic {fact.topic!r}; topics are {', '.join(sorted(topics))}"
    for i, suggestion in enumerate(scenario.suggestions):
        if suggestion.topic not in topics:
            yield ("suggestions", i, "topic"), f"there is no topic {suggestion.topic!r}"
    for code in CODES:
        if code not in scenario.reactions:
            yield ("reactions",), f"there is no reaction to {code}; add lines for guarded, wary and open"


def _particulars(scenario: Scenario) -> Iterator[Finding]:
    topics, facts = {topic.id for topic in scenario.topics}, {fact.id for fact in scenario.facts}
    for i, one in enumerate(scenario.particulars):
        if one.topic not in topics:
            known = ", ".join(sorted(topics))
            yield ("particulars", i, "topic"), f"there is no topic {one.topic!r}; topics are {known}"
        if one.after not in facts | {None}:
            yield ("particulars", i, "after"), f"there is no fact {one.after!r}; facts are {', '.join(sorted(facts))}"


def _gates(scenario: Scenario) -> Iterator[Finding]:
    """A gate can only open if it asks for some behaviour and the facts before it can open too."""
    ids = {fact.id for fact in scenario.facts}
    for i, fact in enumerate(scenario.facts):
        if not (fact.gate.all_of or fact.gate.any_of):
            yield ("facts", i, "gate"), f"the gate of {fact.id!r} asks for no behaviour, so anyone would learn it"
        for other in fact.gate.after:
            if other not in ids:
                yield ("facts", i, "gate", "after"), f"there is no fact {other!r}, so {fact.id!r} can never open"
        if fact.id in _awaited(fact.id, scenario):
            yield ("facts", i, "gate", "after"), f"{fact.id!r} waits for a fact that waits for it; it can never open"


def _awaited(fact_id: str, scenario: Scenario) -> set[str]:
    """Every fact that has to open before this one, through any number of steps."""
    after = {fact.id: fact.gate.after for fact in scenario.facts}
    awaited: set[str] = set()
    new = set(after[fact_id])
    while new:
        awaited |= new
        new = {other for one in new for other in after.get(one, ())} - awaited
    return awaited


def _lines(scenario: Scenario) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for key, line in scenario.all_lines():
        before = seen.setdefault(line.casefold(), key)
        if before != key:
            loc = where(key, scenario)
            yield loc, f"the line {line[:50]!r} stands both in {before} and in {key}; a rep repeats nothing"


def where(key: str, scenario: Scenario) -> tuple[str | int, ...]:
    """Where in the file a line id of ``Scenario.all_lines`` stands."""
    group, *rest, n = key.split(".")
    if group == "answers":
        topic = next(i for i, topic in enumerate(scenario.topics) if topic.id == rest[0])
        return ("topics", topic, "answers", rest[1], int(n))
    if group in ("hints", "facts"):
        fact = next(i for i, fact in enumerate(scenario.facts) if fact.id == rest[0])
        return ("facts", fact, "hints" if group == "hints" else "lines", int(n))
    if group == "particulars":
        return ("particulars", int(rest[0]), "says", int(n))
    return (group, *rest, int(n))
