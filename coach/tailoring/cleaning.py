"""A scenario without lines that stand twice or give a hidden fact away, as far as every list keeps one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from coach.domain import Fact, Scenario
from coach.rep.giveaways import Giveaway, plain, words

_PUBLIC = ("openings", "reactions", "asides", "challenges", "tests", "endings", "next_time")


def cleaned(scenario: Scenario, first: Sequence[str] = ()) -> Scenario:
    """Facts keep their lines before all others; of the rest the first place keeps a line, ``first`` before others."""
    seen: set[str] = set()
    data = scenario.model_dump(mode="json")
    for fact in data["facts"]:
        fact["lines"] = _fresh(fact["lines"], seen)
    for fact in data["facts"]:
        fact["hints"] = _lists(fact["hints"], scenario.facts, seen)
    for topic in data["topics"]:
        topic["answers"] = _lists(topic["answers"], scenario.facts, seen)
    for key in sorted(_PUBLIC, key=lambda key: key not in first):
        data[key] = _lists(data[key], scenario.facts, seen)
    return Scenario.model_validate(data)


def untold(lines: Sequence[str], secrets: Sequence[Fact]) -> list[str]:
    """Lines that give no fact away."""
    known = [_giveaway(line) for fact in secrets for line in fact.giveaways]
    return [line for line in lines if not tells(line, known)]


def tells(text: str, known: Iterable[Giveaway]) -> bool:
    """Whether a text holds one of these giveaways."""
    flat = f" {' '.join(words(plain(text)))} "
    return any(one.found(flat, "") for one in known)


@lru_cache(maxsize=4096)
def _giveaway(line: str) -> Giveaway:
    return Giveaway.of(line)


def _lists(value: Any, secrets: Sequence[Fact], seen: set[str]) -> Any:  # noqa: ANN401
    """Lists of lines, however deep they stand."""
    if isinstance(value, dict):
        return {key: _lists(inner, secrets, seen) for key, inner in value.items()}
    return _fresh(untold(value, secrets) or value[:1], seen)


def _fresh(lines: Sequence[str], seen: set[str]) -> list[str]:
    fresh = {line.casefold(): line for line in lines if line.casefold() not in seen}
    seen |= set(fresh)
    return list(fresh.values()) or list(lines[:1])
