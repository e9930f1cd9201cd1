"""Practice: a manager's session with a rep, stored turn by turn before anything is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from coach.coding import Coder
from coach.content import Library
from coach.critique import Critic
from coach.domain import Critique, Difficulty, Provenance, Scenario, Session, Transcript, Turn, Usage
from coach.errors import InputError
from coach.rep import Shown, Voice, unseen
from coach.session.message import clean
from coach.session.stage import Stage
from coach.store import Store

MAX_TURNS = 200
MAX_REFLECTION = 2_000


@dataclass(frozen=True)
class Practice:
    """Starts, continues, ends and judges sessions of one owner."""

    library: Library
    store: Store
    coder: Coder
    voice: Voice
    critic: Critic
    provenance: Callable[[int | None], Provenance]
    help_line: str = ""

    def start(self, owner: str, scenario_id: str, difficulty: Difficulty | None, seed: int) -> Session:
        """Begin a conversation; the rep speaks first."""
        scenario = self.library.scenario(scenario_id)
        level = difficulty or scenario.difficulty
        first = Stage(scenario, level, seed, self.coder, self.voice).open()
        return self.store.start(owner, scenario_id, level, seed, first)

    def resume(self, owner: str, session_id: str) -> Session:
        """Return to a session; a reply that a crash cut off is made up for."""
        session = self.store.session(session_id, owner)
        path = self.store.path(session)
        return self._finish(session, path) if path[-1].speaker == "manager" else session

    def reply(self, session: Session, text: str, shown: Shown = unseen) -> Session:
        """Say something to the rep and get the answer stored after it.

        ``shown`` is called with the answer so far whenever more of it may be shown, after it was stored.

        Raises:
            InputError: if the words cannot be sent, the session has ended or has moved on elsewhere.
        """
        words = clean(text)
        if session.ended_at:
            raise InputError("This conversation has ended; start a new one to go on practising.")
        path = self.store.path(session)
        if len(path) >= MAX_TURNS:
            raise InputError(f"This conversation has reached {MAX_TURNS} turns; end it and read the critique.")
        turn = Turn(i=len(path), speaker="manager", text=words)
        return self._finish(self.store.append(session, [turn]), (*path, turn), shown)

    def end(self, session: Session) -> Session:
        """End the talk: the rep has the last word. Ending an ended session changes nothing."""
        if session.ended_at:
            return session
        path = self.store.path(session)
        if any(turn.speaker == "manager" for turn in path):
            session = self.store.append(session, [self._stage(session).close(path)])
        return self.store.end(session)

    def reflect(self, session: Session, words: str) -> Session:
        """Keep what the manager thinks of the talk, shortened to what fits."""
        return self.store.reflect(session, words.strip()[:MAX_REFLECTION])

    def critique(self, session: Session) -> Critique:
        """The critique of the session's path, made once and stored.

        Raises:
            InputError: if the manager has said nothing yet.
        """
        known = self.store.critique(session)
        if known:
            return known
        critique = self.critic.critique(self.transcript(session), self.scenario(session))
        self.store.save_critique(session, critique)
        return critique

    def transcript(self, session: Session) -> Transcript:
        """The session's current path as a transcript."""
        turns = self.store.path(session)
        provenance = self.provenance(session.seed)
        usage = reduce(Usage.plus, (turn.usage for turn in turns), provenance.usage)
        made = provenance.model_copy(update={"usage": usage})
        return Transcript(id=session.id, turns=turns, scenario_id=session.scenario_id, provenance=made)

    def scenario(self, session: Session) -> Scenario:
        """The scenario a session plays."""
        return self.library.scenario(session.scenario_id)

    def _stage(self, session: Session) -> Stage:
        scenario = self.scenario(session)
        return Stage(scenario, session.difficulty, session.seed, self.coder, self.voice, self.help_line)

    def _finish(self, session: Session, path: tuple[Turn, ...], shown: Shown = unseen) -> Session:
        """Hear the stored manager's turn that ends the path and store the rep's answer as it comes."""
        stage = self._stage(session)
        heard = stage.hear(path)
        begun: list[Session] = []

        def keep(text: str) -> None:
            part = Turn(i=len(path), speaker="rep", text=text, state=heard.state)
            if begun:
                self.store.amend(begun[0], part)
            else:
                begun.append(self.store.answer(session, heard, part))
            shown(text)

        answer, leaves = stage.answer((*path[:-1], heard), keep)
        moved = begun[0] if begun else self.store.answer(session, heard, answer)
        self.store.amend(moved, answer)
        return self.store.end(moved) if leaves else moved
