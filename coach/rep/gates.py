"""When a hidden fact opens: trust reached, its behaviours shown on its topic, the facts before it open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coach.domain import SLIPS, Code, Difficulty, Fact, Reading, RepState, Scenario
from coach.rep.dynamics import LISTENING, TEMPERS, begin, hurts, update

ONE_ANSWER = 3  # points of trust that one good answer brings
REACH_TURNS = 60  # manager turns; far more than any practice has, so what is shut by then stays shut


def opening(
    scenario: Scenario, state: RepState, reading: Reading, topics: Sequence[str], difficulty: Difficulty
) -> Fact | None:
    """The fact that this turn opens, if any: at most one, the one with the lowest gate first.

    ``state`` is the state after the turn. A turn with a sure slip opens nothing, and so does a turn
    that shows no strength: a gate needs something done, now, on its topic. Prying and talk to the
    simulator open nothing either, however kindly put.
    """
    if hurts(reading) or set(reading.codes) <= set(SLIPS) or reading.aside in ("personal", "meta"):
        return None
    ready = [
        fact
        for fact in scenario.facts
        if fact.id not in state.open_facts and fact.topic in topics and lacking(fact, state, difficulty) == Lacking()
    ]
    return min(ready, key=lambda fact: fact.gate.trust, default=None)


@dataclass(frozen=True)
class Lacking:
    """What still keeps a gate shut."""

    trust: int = 0
    visits: int = 0
    all_of: tuple[Code, ...] = ()
    any_of: tuple[Code, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def little(self) -> bool:
        """Whether one good answer could open the gate."""
        behaviours = len(self.all_of) + bool(self.any_of)
        return self.trust <= ONE_ANSWER and self.visits <= 1 and behaviours <= 1 and not self.after


def gate_trust(fact: Fact, difficulty: Difficulty) -> float:
    """The trust at which a gate can open, 0-100."""
    return fact.gate.trust + TEMPERS[difficulty].gate


def lacking(fact: Fact, state: RepState, difficulty: Difficulty) -> Lacking:
    """What still keeps a gate shut: trust points, listening and behaviours on its topic, earlier facts."""
    shown = set(state.shown_on.get(fact.topic, ()))
    gate = fact.gate
    return Lacking(
        trust=max(0, math.ceil(gate_trust(fact, difficulty) - state.trust)),
        visits=max(0, TEMPERS[difficulty].visits - state.visits.get(fact.topic, 0)),
        all_of=tuple(code for code in gate.all_of if code not in shown),
        any_of=() if shown & set(gate.any_of) else gate.any_of,
        after=tuple(other for other in gate.after if other not in state.open_facts),
    )


def ideal(scenario: Scenario, difficulty: Difficulty, turns: int = REACH_TURNS) -> RepState:
    """Where the rep stands once an ideal manager has had so many turns; the most that any manager can reach.

    The ideal manager shows, on every topic in turn, just what its gates ask for together with
    listening, each behaviour with certainty.
    """
    state = begin(scenario, difficulty)
    for step in range(turns):
        topics = (scenario.topics[step % len(scenario.topics)].id,)
        wanted: set[Code] = set(LISTENING)
        for fact in scenario.facts:
            if fact.topic in topics:
                wanted |= {*fact.gate.all_of, *fact.gate.any_of}
        reading = Reading(codes=tuple(sorted(wanted)))
        state = update(state, reading, topics, difficulty)
        fact_opened = opening(scenario, state, reading, topics, difficulty)
        if fact_opened:
            state = state.model_copy(update={"open_facts": (*state.open_facts, fact_opened.id)})
    return state


def unreachable(scenario: Scenario, difficulty: Difficulty) -> tuple[str, ...]:
    """Facts that even an ideal manager never opens; see ``ideal``."""
    opened = ideal(scenario, difficulty).open_facts
    return tuple(fact.id for fact in scenario.facts if fact.id not in opened)
