"""How a place in a talk is called to people: by the manager's own count, "your 7th reply".

Turn indices over both speakers, from 0, are for tools (``DESIGN.md``, Contracts); nobody who reads a page should have
to halve them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coach.domain import Turn


def own(turns: Iterable[Turn]) -> list[int]:
    """Indices of what the manager said."""
    return [turn.i for turn in turns if turn.speaker == "manager"]


def nth(said: Iterable[int], i: int) -> int:
    """How many of the manager's turns stand up to index ``i``: 1 for the first."""
    return sum(one <= i for one in said)


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    tail = "th" if n // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{tail}"


def reply(said: Iterable[int], i: int) -> str:
    """A manager's turn by its count, "7th reply"; ``said`` are the indices of all that the manager said."""
    return f"{ordinal(nth(said, i))} reply"


def your_reply(turns: Sequence[Turn], *at: int) -> str:
    """One or several of the manager's turns, to the manager: "your 3rd reply", "your 3rd and 5th replies"."""
    said = own(turns)
    if len(at) == 1:
        return f"your {reply(said, at[0])}"
    *most, last = (ordinal(nth(said, i)) for i in at)
    return f"your {', '.join(most)} and {last} replies"


def where(turns: Sequence[Turn], i: int) -> str:
    """Where words stand, to the manager: in one of their own replies, after one, or at the start."""
    if i < len(turns) and turns[i].speaker == "manager":
        return f"in {your_reply(turns, i)}"
    return f"after {your_reply(turns, i)}" if nth(own(turns), i) else "at the start"
