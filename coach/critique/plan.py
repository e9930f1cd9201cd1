"""What to practise next: the weakest principles, each with its step from managing to leading.

The steps are those of the second article's chapter on the transition, completed so that every
principle has one (``tip`` and ``practise`` in ``knowledge/principles.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping

from coach.domain import Level, Practice, Principle, PrincipleId

STEPS = 3
GOOD = 4  # a principle at this level or above needs no step


def plan(
    levels: Mapping[PrincipleId, Level | None],
    principles: Mapping[PrincipleId, Principle],
    first: PrincipleId | None,
) -> tuple[Practice, ...]:
    """Up to three steps, the principle to change first leading, then the lowest levels."""
    weak = sorted((level, p) for p, level in levels.items() if level is not None and level < GOOD)
    order = dict.fromkeys([*([first] if first else []), *(p for _, p in weak)])
    return tuple(
        Practice(principle=p, tip=principles[p].tip, exercise=principles[p].practise) for p in list(order)[:STEPS]
    )
