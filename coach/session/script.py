"""Scripted managers: play fixed lines against a scenario and check what they should have done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from coach.coding import Coder
from coach.critique import Critic
from coach.domain import Code, Critique, Difficulty, Frozen, PrincipleId, Provenance, Scenario, Transcript, Turn
from coach.errors import InputError
from coach.rep import Voice
from coach.session.message import clean
from coach.session.stage import Stage

ScriptLine = Annotated[str, StringConstraints(max_length=100_000)]


class Range(Frozen):
    """Bounds on a number, both inclusive, either may be left out."""

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether the value lies within the bounds."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


class Expectation(Frozen):
    """What should be true at the end of a scripted conversation."""

    trust: Range | None = None
    strain: Range | None = None
    opened: tuple[str, ...] = Field((), description="facts that must have opened")
    closed: tuple[str, ...] = Field((), description="facts that must not have opened")
    codes: dict[int, tuple[Code, ...]] = Field({}, description="manager line (0-based) -> codes it must show")
    levels: dict[PrincipleId, Range] = {}
    overall: Range | None = None


class Script(Frozen):
    """A manager's lines, what they play against and what should come of it."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    about: str = ""
    scenario: str | None = None
    difficulty: Difficulty | None = None
    seed: int = 1
    manager: Annotated[tuple[ScriptLine, ...], Field(min_length=1, max_length=100)]
    expect: Expectation = Expectation()


@dataclass(frozen=True)
class Run:
    """A script played against a scenario."""

    script: str
    scenario: str
    transcript: Transcript
    critique: Critique
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every line could be said and every expectation held."""
        return not self.failures


def play(script: Script, scenario: Scenario, coder: Coder, voice: Voice, critic: Critic, provenance: Provenance) -> Run:
    """Play a script to its end, or until the rep walks out.

    A line that could not be sent in the app (empty, too long, not text) is a failure of the run and
    is skipped; the rest is played.
    """
    stage = Stage(scenario, script.difficulty or scenario.difficulty, script.seed, coder, voice)
    path: tuple[Turn, ...] = (stage.open(),)
    failures: list[str] = []
    said: dict[int, int] = {}
    for n, line in enumerate(script.manager):
        try:
            turn = Turn(i=len(path), speaker="manager", text=clean(line))
        except InputError as error:
            failures.append(f"manager[{n}]: {error}")
            continue
        said[n] = turn.i
        heard = stage.hear((*path, turn))
        answer, leaves = stage.answer((*path, heard))
        path = (*path, heard, answer)
        if leaves:
            break
    if not said:
        raise InputError(f"The script {script.id!r} has no line that can be said; write at least one.")
    transcript = Transcript(id=f"{script.id}/{scenario.id}", turns=path, scenario_id=scenario.id, provenance=provenance)
    critique = critic.critique(transcript, scenario)
    failures += _unmet(script.expect, path, critique, said)
    return Run(script.id, scenario.id, transcript, critique, tuple(failures))


def _unmet(expect: Expectation, path: Sequence[Turn], critique: Critique, said: dict[int, int]) -> list[str]:
    """Every expectation that does not hold, as a sentence with the value found."""
    state = path[-1].state
    if state is None:
        raise ValueError("a played path always ends with a state")
    unmet = []
    for name, bounds, value in (
        ("trust", expect.trust, state.trust),
        ("strain", expect.strain, state.strain),
        ("overall", expect.overall, critique.overall),
    ):
        if bounds and not bounds.holds(value):
            unmet.append(f"{name} is {value:g}, expected {_bounds(bounds)}")
    unmet += [f"the fact {fact!r} did not open" for fact in expect.opened if fact not in state.open_facts]
    unmet += [f"the fact {fact!r} opened" for fact in expect.closed if fact in state.open_facts]
    for n, codes in expect.codes.items():
        turn = path[said[n]] if n in said else None
        heard = turn.reading.codes if turn and turn.reading else ()
        missing = [code for code in codes if code not in heard]
        if missing:
            unmet.append(f"manager[{n}] was not read as {', '.join(missing)} (read as {', '.join(heard) or 'nothing'})")
    for principle, bounds in expect.levels.items():
        level = critique.levels.get(principle)
        if level is None or not bounds.holds(level):
            unmet.append(f"the level of {principle} is {level}, expected {_bounds(bounds)}")
    return unmet


def _bounds(bounds: Range) -> str:
    parts = [("at least", bounds.at_least), ("at most", bounds.at_most)]
    return " and ".join(f"{words} {value:g}" for words, value in parts if value is not None)
