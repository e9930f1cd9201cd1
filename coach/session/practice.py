"""Practice: a manager's session with a rep, stored turn by turn before anything is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from coach.coding import Coder
from coach.content import Library
from coach.critique import Critic
from coach.domain import SINCE, Critique, Difficulty, Provenance, Scenario, Session, Since, Transcript, Turn, Usage
from coach.errors import InputError
from coach.rep import Memory, Shown, Voice, remember, unseen
from coach.session.message import clean
from coach.session.stage import Stage
from coach.session.whisper import whisper
from coach.store import Store

MAX_TURNS = 200
MAX_REFLECTION = 2_000
FAREWELL = "endings."  # lines of which the rep's last words are made


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

    def start(
        self,
        owner: str,
        scenario_id: str,
        difficulty: Difficulty | None,
        seed: int,
        after: str | None = None,
        since: Since | None = None,
    ) -> Session:
        """Begin a conversation; the rep speaks first.

        Args:
            owner: whose it is.
            scenario_id: with whom.
            difficulty: how forgiving the rep is; that of the talk before, or the scenario's, if left out.
            seed: repeats a conversation word for word.
            after: the session, ended and with the same rep, that this one follows a week later.
            since: what has happened since that session.

        Raises:
            InputError: if there is no such scenario, or nothing can follow that session.
        """
        scenario = self.library.scenario(scenario_id)
        before = self._before(owner, scenario, after, since)
        level = difficulty or (before.difficulty if before else scenario.difficulty)
        memory = remember(self._talks(before), since) if before and since else Memory()
        first = Stage(scenario, level, seed, self.coder, self.voice, memory=memory).open()
        return self.store.start(owner, scenario_id, level, seed, first, after, since)

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

    def may_reopen(self, session: Session) -> bool:
        """Whether an end can be taken back: it was the manager's, and nothing has been made of it yet."""
        return self._before_parting(session) is not None

    def reopen(self, session: Session) -> Session:
        """Go on with a talk that was ended too early; the rep's parting words were never said.

        Raises:
            InputError: if the end cannot be taken back.
        """
        last = self._before_parting(session)
        if last is None:
            raise InputError("The end of this conversation stands; start again from an earlier moment of it.")
        return self.store.reopen(session, last.id)

    def moment(self, session: Session, turn: int) -> tuple[Turn, ...]:
        """The path up to the rep's words from which a turn can be held again.

        Args:
            session: any branch of a talk, ended or not.
            turn: a turn of its path; the manager's, to answer differently there, or the rep's, to answer it anew.

        Raises:
            InputError: if there is no such turn, the talk stands there, or it ended with it.
        """
        path = self.store.path(session)
        if not 0 <= turn < len(path):
            raise InputError(f"This conversation has no turn {turn}; its turns are 0 to {len(path) - 1}.")
        again = path[: turn if path[turn].speaker == "manager" else turn + 1]
        if any(line.startswith(FAREWELL) for line in again[-1].lines):
            raise InputError("The conversation was over there; choose an earlier moment.")
        if len(again) == len(path) and not session.ended_at:
            raise InputError("The conversation has come no further than that; just go on with it.")
        return again

    def rewind(self, session: Session, turn: int) -> Session:
        """Begin another branch of a talk at an earlier moment; the branch that is left ends as it stands.

        Nothing is lost: both branches keep their words, their end and their critique. See ``moment`` for the
        arguments and errors.
        """
        return self.store.branch(session, self.moment(session, turn)[-1].id)

    def branches(self, session: Session) -> list[Session]:
        """All branches of a session's talk, itself among them, the oldest first."""
        return self.store.branches(session)

    def pair(self, owner: str, one: str, other: str) -> tuple[Session, Session]:
        """Two branches of a talk that may be compared, the older first.

        Raises:
            InputError: if they are not two branches of one talk, or one is still going on.
        """
        found = sorted((self.resume(owner, one), self.resume(owner, other)), key=lambda session: session.started_at)
        if found[0].talk != found[1].talk or found[0].id == found[1].id:
            raise InputError("Only two different branches of one talk can be compared; choose two of them.")
        if not all(session.ended_at for session in found):
            raise InputError("One of these is still going on; end it, then compare them.")
        return found[0], found[1]

    def hint(self, session: Session) -> str:
        """What the coach whispers at this moment of a talk, kept with the turn so that the critique can say so.

        Raises:
            InputError: if the talk has ended.
        """
        if session.ended_at:
            raise InputError("This conversation has ended; its critique says more than a hint could.")
        path = self.store.path(session)
        words = path[-1].hint or whisper(path, self.scenario(session), self.library)
        if not path[-1].hint:
            self.store.whisper(session, words)
        return words

    def unfinished(self, owner: str) -> list[Session]:
        """Open sessions in which the manager has said something, the newest first."""
        found = [session for session in self.store.sessions(owner) if not session.ended_at]
        return [session for session in found if len(self.store.path(session)) > 1]

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

    def memory(self, session: Session) -> Memory:
        """What the rep of a session brought along from the talks before; nothing of those that were deleted."""
        if session.after is None or session.since is None:
            return Memory()
        return remember(self._talks(self._find(session.after, session.owner)), session.since)

    def _before_parting(self, session: Session) -> Turn | None:
        """The rep's last turn before the parting words, if these can be taken back."""
        if session.ended_at is None or self.store.critique(session):
            return None
        path = self.store.path(session)
        if [turn.speaker for turn in path[-2:]] != ["rep", "rep"]:  # the rep has left, or nothing was said
            return None
        followed = any(other.after == session.id for other in self.store.sessions(session.owner))
        return None if followed else path[-2]

    def _before(self, owner: str, scenario: Scenario, after: str | None, since: Since | None) -> Session | None:
        """The session that a new one follows, if it may."""
        if after is None:
            if since is not None:
                raise InputError("Name the session that this one follows, or leave out what has happened since.")
            return None
        before = self.store.session(after, owner)
        if since is None:
            raise InputError(f"Say what has happened since that session: {', '.join(SINCE)}.")
        if before.ended_at is None:
            raise InputError("That conversation is still going on; end it before you meet again.")
        if before.scenario_id != scenario.id:
            other = f"That conversation was {before.scenario_id!r}, not {scenario.id!r}"
            raise InputError(f"{other}; meet again in the one that it was.")
        if not any(turn.speaker == "manager" for turn in self.store.path(before)):
            raise InputError("You said nothing in that conversation, so there is nothing to come back to.")
        return before

    def _talks(self, session: Session | None) -> list[tuple[Turn, ...]]:
        """What was said in a session and in those it follows, the oldest first."""
        talks: list[tuple[Turn, ...]] = []
        while session:
            talks.append(self.store.path(session))
            session = self._find(session.after, session.owner) if session.after else None
        return talks[::-1]

    def _find(self, session_id: str, owner: str) -> Session | None:
        """A session that may have been deleted."""
        try:
            return self.store.session(session_id, owner)
        except InputError:
            return None

    def _stage(self, session: Session) -> Stage:
        voices = (self.coder, self.voice, self.help_line, self.memory(session))
        return Stage(self.scenario(session), session.difficulty, session.seed, *voices)

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
