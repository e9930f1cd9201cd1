"""SPEAK: the rep's next words. ``Voice`` is the seam; the authored voice is the floor under every model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from coach.domain import Difficulty, Fact, Reading, RepState, Scenario, Turn


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


@dataclass(frozen=True)
class Reply:
    """What the rep says, the authored lines it is made of, and what it points to."""

    text: str
    lines: tuple[str, ...]
    hinted: str = ""
    leaves: bool = False


class Voice(Protocol):
    """Speaks for the rep."""

    @property
    def id(self) -> str:
        """Engine and version, for provenance."""

    def speak(self, scene: Scene) -> Reply:
        """Answer the last turn of ``scene.path``, which is the manager's."""
