"""A recording that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

from coach.domain import About


@dataclass(frozen=True)
class Unreadable:
    """Which recording and why; it is counted as failed, never scored.

    Attributes:
        id: what the recording is called in results.
        reason: one sentence: the file, the place in it, what is wrong and what to do.
        about: whose it is, as far as the roster or the file's name tell.
        people: names that may stand in the reason.
    """

    id: str
    reason: str
    about: About = About()
    people: tuple[str, ...] = ()
