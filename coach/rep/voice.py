"""SPEAK: the rep's next words. ``Voice`` is the seam; the authored voice is the floor under every model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from coach.domain import Difficulty, Fact, Reading, RepState, Scenario, Turn
from coach.rep.again import Memory


@dataclass(frozen=True)
class Scene:
    """Everything a voice may know before it speaks: never a fact that has not been earned."""

    scenario: Scenario
    path: Sequence[Turn]
    reading: Reading
    topics: Sequence[str]
    state: RepState
    opened: Fact | None
    difficulty: Difficulty
    seed: int
    memory: Memory = Memory()


@dataclass(frozen=True)
class Reply:
    """What the rep says, the authored lines it is made of, and what it points to."""

    text: str
    lines: tuple[str, ...]
    hinted: str = ""
    leaves: bool = False
    notes: tuple[str, ...] = ()


Shown = Callable[[str], None]
"""Called with all that has passed so far of a reply, each time more of it may be shown."""


def unseen(_text: str) -> None:
    """Show nothing before the reply is whole."""


class Voice(Protocol):
    """Speaks for the rep."""

    @property
    def id(self) -> str:
        """Engine and version, for provenance."""

    def speak(self, scene: Scene, shown: Shown = unseen) -> Reply:
        """Answer the last turn of ``scene.path``, which is the manager's.

        Words given to ``shown`` are never taken back: the reply begins with them.
        """
