"""One scenario being played: CODE, UPDATE, SPEAK. Holds no state; the path of turns is the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.coding import Coder
from coach.domain import Difficulty, Reading, RepState, Scenario, Turn
from coach.models import metering, usage_of
from coach.rep import (
    AuthoredVoice,
    Memory,
    Reply,
    Scene,
    Shown,
    Voice,
    begin_again,
    listen,
    opening,
    touched,
    unseen,
    update,
)
from coach.session.notice import stepped_out


@dataclass(frozen=True)
class Stage:
    """A scenario at a difficulty with its two engines, the seed that makes it repeatable and what was before."""

    scenario: Scenario
    difficulty: Difficulty
    seed: int
    coder: Coder
    voice: Voice
    help_line: str = ""
    memory: Memory = Memory()

    def open(self) -> Turn:
        """The rep's first words."""
        state = begin_again(self.scenario, self.difficulty, self.memory)
        reply = AuthoredVoice().first(self._scene((), Reading(), (), state))
        return self._rep_turn((), state, reply)

    def hear(self, path: Sequence[Turn]) -> Turn:
        """CODE and UPDATE: the last turn of the path, the manager's, with its reading, state and opened fact."""
        turn = path[-1]
        listen(turn.text)  # meanwhile: the voice needs to know what was asked, whatever it is heard as
        with metering() as meter:
            reading = self.coder.read(path, [len(path) - 1], self.scenario.topics)[len(path) - 1]
        before = self._state(path[:-1])
        if reading.danger:  # real or played, this is no move in the game
            unjudged = reading.model_copy(update={"codes": (), "quotes": {}})
            return turn.model_copy(update={"reading": unjudged, "state": before, "usage": usage_of(meter)})
        topics = touched(before, reading, self.scenario)
        state = update(before, reading, topics, self.difficulty)
        fact = opening(self.scenario, state, reading, topics, self.difficulty)
        if fact:
            state = state.model_copy(update={"open_facts": (*state.open_facts, fact.id)})
        opened = (fact.id,) if fact else ()
        heard = {"reading": reading, "state": state, "opened": opened, "usage": usage_of(meter)}
        return turn.model_copy(update=heard)

    def answer(self, path: Sequence[Turn], shown: Shown = unseen) -> tuple[Turn, bool]:
        """SPEAK: the rep's reply to a heard turn, and whether the rep walks out with it.

        ``shown`` is called with the reply so far whenever more of it may be shown.
        """
        turn, state = path[-1], self._state(path)
        reading = turn.reading or Reading()
        if reading.danger:
            return self._stepped_out(path, state, shown), False
        before = self._state(path[:-1])
        scene = self._scene(path, reading, touched(before, reading, self.scenario), state)
        with metering() as meter:
            reply = self.voice.speak(scene, shown)
        answered = self._rep_turn(path, state, reply)
        return answered.model_copy(update={"usage": usage_of(meter)}), reply.leaves

    def _stepped_out(self, path: Sequence[Turn], state: RepState, shown: Shown) -> Turn:
        """In place of the rep's answer, the calm notice."""
        text = stepped_out(self.scenario.persona.name.split()[0], self.help_line)
        shown(text)
        return Turn(i=len(path), speaker="rep", text=text, state=state, notice=True)

    def close(self, path: Sequence[Turn]) -> Turn:
        """The rep's last words when the manager ends the talk."""
        state = self._state(path)
        return self._rep_turn(path, state, AuthoredVoice().last(self._scene(path, Reading(), (), state)))

    def _scene(self, path: Sequence[Turn], reading: Reading, topics: Sequence[str], state: RepState) -> Scene:
        opened_now = path[-1].opened if path else ()
        opened = next((fact for fact in self.scenario.facts if fact.id in opened_now), None)
        played = (self.difficulty, self.seed, self.memory)
        return Scene(self.scenario, path, reading, topics, state, opened, *played)

    def _rep_turn(self, path: Sequence[Turn], state: RepState, reply: Reply) -> Turn:
        turn = Turn(i=len(path), speaker="rep", text=reply.text, lines=reply.lines, notes=reply.notes)
        reading = self.coder.read([*path, turn], [len(path)])[len(path)]
        after = state.model_copy(update={"hinted": reply.hinted})
        return turn.model_copy(update={"reading": reading, "state": after})

    def _state(self, path: Sequence[Turn]) -> RepState:
        """Where the rep stands after the last turn that says so."""
        known = next((turn.state for turn in reversed(path) if turn.state), None)
        return known or begin_again(self.scenario, self.difficulty, self.memory)
