"""How the rep looks across the table: the state in words, which a manager may see during the talk."""

from __future__ import annotations

from typing import Literal

from coach.domain import RepState

Demeanour = Literal["guarded", "wary", "open", "strained"]
STRAINED = 78.0  # strain from which it shows, unless the rep has opened up; no scenario begins there


def demeanour(state: RepState | None) -> Demeanour:
    """What shows of a state: the mood, or the strain where it hides the mood; guarded before anything is known."""
    if state is None:
        return "guarded"
    return "strained" if state.strain >= STRAINED and state.mood != "open" else state.mood
