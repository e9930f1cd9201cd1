"""A scripted conversation, played to its end and compared with what was expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from itertools import count

from coach.coding import Coder
from coach.critique import Critic
from coach.domain import Critique, Difficulty, Provenance, Scenario, Transcript, Turn, Usage
from coach.errors import InputError, ModelError
from coach.models import metering, usage_of
from coach.rep import Voice, remember
from coach.session.expectations import Played, check
from coach.session.manager import Manager, WrittenManager
from coach.session.message import clean
from coach.session.script import Script
from coach.session.stage import Stage

Told = Callable[[Turn], None]
"""Called with each turn once it has been said."""


def untold(_turn: Turn) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Run:
    """A script played against a scenario."""

    script: str
    scenario: str
    difficulty: Difficulty
    manager: str
    transcript: Transcript
    critique: Critique
    failures: tuple[str, ...]
    unscored: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every line could be said and every expectation held that counts."""
        return not self.failures


@dataclass(frozen=True)
class Talk:
    """What was said: ``said`` maps a manager line to its turn, ``failures`` are lines that were not said."""

    path: tuple[Turn, ...]
    said: dict[int, int]
    failures: tuple[str, ...]


def talk(stage: Stage, manager: Manager, told: Told = untold) -> Talk:
    """Let a manager talk to the rep until one of them ends it.

    A line that could not be sent in the app (empty, too long, not text) is a failure and is skipped; a
    model that fails ends the talk.

    Raises:
        ModelError: if the manager's model fails before anything was said.
    """
    path: tuple[Turn, ...] = (stage.open(),)
    told(path[0])
    failures: list[str] = []
    said: dict[int, int] = {}
    for n in count():
        try:
            with metering() as meter:
                line = manager.next_line(path)
            if line is None:
                break
            turn = Turn(i=len(path), speaker="manager", text=clean(line))
        except InputError as error:
            failures.append(f"manager[{n}]: {error}")
            continue
        except ModelError as error:
            if not said:
                raise
            failures.append(f"manager[{n}]: {error}")
            break
        said[n] = turn.i
        told(turn)
        heard = stage.hear((*path, turn))
        heard = heard.model_copy(update={"usage": heard.usage.plus(usage_of(meter))})
        answer, leaves = stage.answer((*path, heard))
        told(answer)
        path = (*path, heard, answer)
        if leaves:
            break
    return Talk(path, said, tuple(failures))


def play(
    script: Script,
    scenario: Scenario,
    coder: Coder,
    voice: Voice,
    critic: Critic,
    provenance: Provenance,
    manager: Manager | None = None,
    told: Told = untold,
) -> Run:
    """Play a script to its end, or until the rep walks out, and check what it expects.

    Args:
        script: who plays, at which difficulty, and what should come of it.
        scenario: the conversation.
        coder: CODE.
        voice: SPEAK.
        critic: CRITIQUE.
        provenance: what produces the result.
        manager: who speaks for the manager; the lines of the script if left out.
        told: called with each turn once it has been said.

    Raises:
        InputError: if nothing could be said.
        ModelError: if the manager's model fails before anything was said.
    """
    manager = manager or WrittenManager(script.manager)
    difficulty = script.difficulty or scenario.difficulty
    stage = Stage(scenario, difficulty, script.seed, coder, voice)
    if script.since:
        before = talk(stage, WrittenManager(script.earlier))
        stage = replace(stage, memory=remember([before.path], script.since))
    held = talk(stage, manager, told)
    if not held.said:
        raise InputError(f"The script {script.id!r} has no line that can be said; write at least one.")
    usage = reduce(Usage.plus, (turn.usage for turn in held.path), provenance.usage)
    made = provenance.model_copy(update={"usage": usage})
    transcript = Transcript(id=f"{script.id}/{scenario.id}", turns=held.path, scenario_id=scenario.id, provenance=made)
    critique = critic.critique(transcript, scenario)
    checked = check(script.expect, Played(held.path, held.said, scenario), critique, critic)
    failures = (*held.failures, *checked.failures)
    return Run(script.id, scenario.id, difficulty, manager.id, transcript, critique, failures, checked.unscored)
