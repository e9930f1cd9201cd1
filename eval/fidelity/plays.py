"""Every script against every scenario at every difficulty, without the critique, which fidelity does not need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.app import App
from coach.coding import Coder
from coach.content import read_yaml
from coach.domain import Difficulty, Reading, RepState, Scenario, Topic, Turn
from coach.session import Script, Stage, WrittenManager, talk

SCRIPTS = Path(__file__).parents[1] / "scripts"
LEADING = ("coach", "gruff-but-fair", "patient-leader")
HOLLOW = ("flatterer", "injector", "phrase-reciter", "silent")
REPAIR = "starts-badly-recovers"

_Key = tuple[str, str, bool, tuple[Topic, ...]]


@dataclass(frozen=True)
class Played:
    """One conversation."""

    script: str
    scenario: Scenario
    difficulty: Difficulty
    path: tuple[Turn, ...]

    @property
    def end(self) -> RepState:
        """Where the rep stood in the end."""
        return state_of(self.path[-1])

    @property
    def where(self) -> str:
        """Script, scenario and difficulty, in words."""
        return f"{self.script} x {self.scenario.id} ({self.difficulty.value})"


class RememberingCoder:
    """Reads the same words in the same place once: what a manager's turn is read as rests on the rep's turn before."""

    def __init__(self, coder: Coder) -> None:
        """Take the coder that reads."""
        self._coder = coder
        self._known: dict[_Key, Reading] = {}
        self.id = coder.id

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        """Read what was not read before; see ``Coder.read``."""
        return {t: self._read(turns, t, tuple(topics)) for t in targets}

    def _read(self, turns: Sequence[Turn], target: int, topics: tuple[Topic, ...]) -> Reading:
        turn, before = turns[target], turns[target - 1].text if target else ""
        again = any(other.text == turn.text for other in turns[:target])
        key = (turn.text, f"{turn.speaker} {before}", again, topics)
        if key not in self._known:
            self._known[key] = self._coder.read(turns, [target], topics)[target]
        return self._known[key]


def state_of(turn: Turn) -> RepState:
    """The rep's state after a played turn."""
    if turn.state is None:
        raise ValueError("a played turn always has a state")
    return turn.state


def load_scripts(folder: Path | None = None) -> dict[str, Script]:
    """The scripted managers in a folder, or those that ship."""
    scripts = [read_yaml(path, Script) for path in sorted((folder or SCRIPTS).glob("*.yaml"))]
    return {script.id: script for script in scripts}


def frozen(names: Sequence[str]) -> list[str]:
    """The half of the scripts whose figures nobody tunes to, by the hash of their names."""
    by_hash = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return sorted(by_hash[: len(names) // 2])


def perform(app: App, coder: Coder, script: Script, scenario: Scenario, difficulty: Difficulty) -> Played:
    """Play one script."""
    stage = Stage(scenario, difficulty, script.seed, coder, app.voice)
    return Played(script.id, scenario, difficulty, talk(stage, WrittenManager(script.manager)).path)


def perform_all(
    app: App, coder: Coder, scripts: Sequence[Script], scenarios: Sequence[Scenario], levels: Sequence[Difficulty]
) -> Iterator[Played]:
    """Play every script against every scenario at every difficulty."""
    for scenario in scenarios:
        for level in levels:
            for script in scripts:
                yield perform(app, coder, script, scenario, level)
