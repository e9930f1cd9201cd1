"""The patterns of ``guard.txt``, with the names of a scenario filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from coach.domain import Persona
from coach.rep.giveaways import section
from coach.rep.reported import Reports

KINDS = (  # the patterns of guard.txt, in the order in which they are tried
    "speaks_for_manager", "stage_direction", "markup", "assistant", "meta", "coach", "role_flip", "other_person",
    "gives_in",
)  # fmt: skip
SPOKEN = frozenset(KINDS) - {"speaks_for_manager", "stage_direction", "markup", "meta"}  # may stand in a report


@lru_cache(maxsize=1_000)
def sign(name: str) -> re.Pattern[str]:
    """The pattern of a section of ``guard.txt`` that names nobody."""
    return _either_of(section(name, whole_lines=True))


@lru_cache(maxsize=32)
def patterns(
    persona: Persona, public: str
) -> tuple[tuple[str, tuple[re.Pattern[str], ...], re.Pattern[str] | None], ...]:
    """Each kind with its patterns, and the pattern of words that the manager may have used first."""
    rep, others, firm = _known_names(persona, public)
    names = {"{rep}": _names(rep), "{other}": f"(?-i:{_names(others)})", "{firm}": _names(firm)}

    def named(lines: Sequence[str]) -> tuple[str, ...]:
        for mark, value in names.items():
            lines = tuple(line.replace(mark, value) for line in lines)
        return tuple(lines)

    def always(kind: str) -> tuple[re.Pattern[str], ...]:
        lines = section(kind, whole_lines=True)
        own = tuple(line for line in lines if any(mark in line for mark in names))
        same = tuple(line for line in lines if line not in own)  # for every scenario: compiled once
        return tuple(_either_of(some) for some in (same, named(own)) if some)

    def unless_asked(kind: str) -> re.Pattern[str] | None:
        lines = section(f"{kind}, unless asked", whole_lines=True)
        return _either_of(named(lines)) if lines else None

    kinds = ((kind, always(kind), unless_asked(kind)) for kind in KINDS)
    return tuple((kind, found, asked) for kind, found, asked in kinds if found)


def _known_names(persona: Persona, public: str) -> tuple[list[str], list[str], list[str]]:
    """Names of the rep, of others, of the firm."""
    rep = [persona.name, *(part for part in persona.name.split() if len(part) > 2)]
    others = sorted(set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", public)) - set(rep))
    return rep, others, re.findall(r"\b(?:at|for) ([A-Z]\w+)", persona.role)[:1]


def _names(names: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, names))})" if names else "(?!)"


@lru_cache(maxsize=128)
def _either_of(lines: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in lines), re.IGNORECASE)


@lru_cache(maxsize=32)
def people(persona: Persona, public: str) -> tuple[re.Pattern[str], Reports]:
    """The rep's own name, and who knows everybody else's."""
    rep, others, _ = _known_names(persona, public)
    return re.compile(rf"\b{_names(rep)}\b", re.IGNORECASE), Reports(_names(others))
