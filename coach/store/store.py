"""What the product remembers: sessions, turns and critiques in one SQLite file.

A turn is committed before anyone sees it, so a reload or a killed process loses nothing that was
shown. Two windows on one session cannot both move it: the second is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from alembic.util import CommandError
from sqlalchemy import URL, Engine, create_engine, delete, event, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Unit

from coach.domain import Critique, Difficulty, Session, Since, Turn
from coach.errors import InputError, StoreError
from coach.store.migrate import migrate
from coach.store.tables import CritiqueRow, SessionRow, TurnRow

MOVED = "This conversation has gone on or ended in another window; reload the page to see it."
_HEARD = ("reading", "state", "lines", "opened", "notice", "notes", "hint", "usage")


class Store:
    """Reads and writes the database; every method is one transaction."""

    def __init__(self, engine: Engine, path: Path) -> None:
        """Use ``Store.open`` instead."""
        self._engine = engine
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open the database, creating or migrating it as needed.

        Raises:
            StoreError: if the file cannot be opened or is not our database.
        """
        engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": 30})
        event.listen(engine, "connect", _pragmas)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            migrate(engine, path)
        except (SQLAlchemyError, CommandError, OSError) as error:
            engine.dispose()
            raise StoreError(
                f"The database {path} cannot be opened ({_reason(error)}); move it away or restore it."
            ) from None
        return cls(engine, path)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def start(
        self,
        owner: str,
        scenario_id: str,
        difficulty: Difficulty,
        seed: int,
        first: Turn,
        after: str | None = None,
        since: Since | None = None,
    ) -> Session:
        """Store a new session with the rep's opening turn, and what it follows if it does."""
        session_id, turn_id, now = uuid4().hex, uuid4().hex, datetime.now(UTC)
        with self._unit() as unit:
            unit.add(
                SessionRow(
                    id=session_id, owner=owner, talk=session_id, scenario_id=scenario_id, difficulty=difficulty.value,
                    seed=seed, started_at=now, ended_at=None, reflection="", head=turn_id, after=after, since=since,
                )
            )  # fmt: skip
            unit.flush()
            unit.add(_row(first, turn_id, session_id, None, now))
        return self.session(session_id, owner)

    def branch(self, session: Session, head: str) -> Session:
        """Begin another branch of a session's talk at one of its turns; a branch that was open ends where it stands.

        Raises:
            InputError: if the session has moved on since ``session`` was read.
        """
        branch_id, now = uuid4().hex, datetime.now(UTC)
        with self._unit() as unit:
            left = unit.get(SessionRow, session.id)
            if left is None or left.head != session.head:
                raise InputError(MOVED)
            left.ended_at = left.ended_at or now
            new = session.model_copy(update={"id": branch_id, "branch_of": session.id, "head": head})
            again = new.model_copy(update={"started_at": now, "ended_at": None, "reflection": ""})
            unit.add(SessionRow(**again.model_dump()))
        return again

    def branches(self, session: Session) -> list[Session]:
        """All branches of a session's talk, itself among them, the oldest first."""
        with self._unit() as unit:
            query = select(SessionRow).where(SessionRow.talk == session.talk).order_by(SessionRow.started_at)
            return [_session(row) for row in unit.scalars(query)]

    def whisper(self, session: Session, hint: str) -> None:
        """Keep the hint that was asked for after the head turn."""
        with self._unit() as unit:
            row = unit.get(TurnRow, session.head)
            if row is None:
                raise InputError(MOVED)
            row.heard = {**row.heard, "hint": hint}

    def append(self, session: Session, turns: Sequence[Turn]) -> Session:
        """Add turns after the session's head and move the head; all or nothing.

        Raises:
            InputError: if the session has moved on since ``session`` was read, or has ended.
        """
        with self._unit() as unit:
            return _append(unit, session, turns)

    def answer(self, session: Session, heard: Turn, reply: Turn) -> Session:
        """Keep what was heard in the head turn and add the reply to it, both or neither."""
        with self._unit() as unit:
            unit.execute(update(TurnRow).where(TurnRow.id == session.head).values(heard=_heard(heard)))
            return _append(unit, session, [reply])

    def amend(self, session: Session, reply: Turn) -> None:
        """Replace the words and readings of the head turn: a reply that has grown."""
        with self._unit() as unit:
            grown = {"text": reply.text, "heard": _heard(reply)}
            unit.execute(update(TurnRow).where(TurnRow.id == session.head).values(**grown))

    def end(self, session: Session) -> Session:
        """Mark a session as ended; ending twice changes nothing."""
        with self._unit() as unit:
            unit.execute(
                update(SessionRow)
                .where(SessionRow.id == session.id, SessionRow.ended_at.is_(None))
                .values(ended_at=datetime.now(UTC))
            )
        return self.session(session.id, session.owner)

    def reopen(self, session: Session, head: str) -> Session:
        """Take an end back: the session goes on after one of its turns; turns behind it are on no path any more.

        Raises:
            InputError: if the session has moved on since ``session`` was read.
        """
        with self._unit() as unit:
            row = unit.get(SessionRow, session.id)
            if row is None or row.head != session.head:
                raise InputError(MOVED)
            row.head, row.ended_at = head, None
            return _session(row)

    def reflect(self, session: Session, words: str) -> Session:
        """Keep how the manager thinks it went."""
        with self._unit() as unit:
            unit.execute(update(SessionRow).where(SessionRow.id == session.id).values(reflection=words))
        return session.model_copy(update={"reflection": words})

    def session(self, session_id: str, owner: str) -> Session:
        """Return a session of this owner; raises ``InputError`` if there is none."""
        with self._unit() as unit:
            row = unit.get(SessionRow, session_id)
            if row is None or row.owner != owner:
                raise InputError(f"There is no practice session {session_id[:40]!r} here; start a new one.")
            return _session(row)

    def sessions(self, owner: str) -> list[Session]:
        """All sessions of an owner, every branch of a talk among them, the newest first."""
        with self._unit() as unit:
            query = select(SessionRow).where(SessionRow.owner == owner).order_by(SessionRow.started_at.desc())
            return [_session(row) for row in unit.scalars(query)]

    def path(self, session: Session) -> tuple[Turn, ...]:
        """The turns from the root to the session's head, oldest first."""
        with self._unit() as unit:
            rows = {row.id: row for row in unit.scalars(select(TurnRow).where(TurnRow.session_id == session.talk))}
            path, at = [], rows.get(session.head)
            while at is not None:
                path.append(_turn(at))
                at = rows.get(at.parent) if at.parent else None
            return tuple(reversed(path))

    def save_critique(self, session: Session, critique: Critique) -> None:
        """Store the critique of the session's current path, replacing an earlier one."""
        with self._unit() as unit:
            made = {"made_at": datetime.now(UTC), "critique": critique.model_dump(mode="json")}
            row = insert(CritiqueRow).values(head=session.head, session_id=session.talk, **made)
            unit.execute(row.on_conflict_do_update(index_elements=[CritiqueRow.head], set_=made))

    def critique(self, session: Session) -> Critique | None:
        """The stored critique of the session's current path, if there is one."""
        with self._unit() as unit:
            row = unit.get(CritiqueRow, session.head)
            return Critique.model_validate(row.critique) if row else None

    def critiques(self, owner: str) -> list[tuple[Session, Critique]]:
        """Judged talks of an owner with their critiques, the newest first: what figures over time rest on.

        A talk counts once, however often it was rewound: by the branch whose critique was read first. What is
        tried again once the critique has told what was hidden says less about the manager.
        """
        with self._unit() as unit:
            query = (
                select(SessionRow, CritiqueRow)
                .join(CritiqueRow, CritiqueRow.head == SessionRow.head)
                .where(SessionRow.owner == owner)
                .order_by(CritiqueRow.made_at.desc(), SessionRow.started_at.desc())
            )
            first = {session.talk: (session, critique) for session, critique in unit.execute(query)}
            judged = [(_session(s), Critique.model_validate(c.critique)) for s, c in first.values()]
            return sorted(judged, key=lambda one: one[0].started_at, reverse=True)

    def delete(self, session: Session) -> None:
        """Delete a session's talk with everything said in it, in all its branches."""
        with self._unit() as unit:
            unit.execute(delete(SessionRow).where(SessionRow.talk == session.talk))

    @contextmanager
    def _unit(self) -> Iterator[Unit]:
        try:
            with Unit(self._engine) as unit, unit.begin():
                yield unit
        except (SQLAlchemyError, ValueError) as error:
            raise StoreError(f"The database {self._path} cannot be used ({_reason(error)}).") from None


def _pragmas(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _append(unit: Unit, session: Session, turns: Sequence[Turn]) -> Session:
    now, parent, rows = datetime.now(UTC), session.head, []
    for turn in turns:
        rows.append(_row(turn, uuid4().hex, session.talk, parent, now))
        parent = rows[-1].id
    moved = unit.execute(
        update(SessionRow)
        .where(SessionRow.id == session.id, SessionRow.head == session.head, SessionRow.ended_at.is_(None))
        .values(head=parent)
        .returning(SessionRow.id)
    ).all()
    if not moved:
        raise InputError(MOVED)
    for row in rows:
        unit.add(row)
        unit.flush()
    return session.model_copy(update={"head": parent})


def _heard(turn: Turn) -> dict[str, object]:
    return turn.model_dump(mode="json", include=set(_HEARD))


def _row(turn: Turn, turn_id: str, session_id: str, parent: str | None, now: datetime) -> TurnRow:
    said = {"i": turn.i, "speaker": turn.speaker, "text": turn.text, "heard": _heard(turn)}
    return TurnRow(id=turn_id, session_id=session_id, parent=parent, at=now, **said)


def _turn(row: TurnRow) -> Turn:
    return Turn.model_validate(
        {
            "id": row.id,
            "parent": row.parent,
            "i": row.i,
            "speaker": row.speaker,
            "text": row.text,
            "at": row.at,
            **row.heard,
        }
    )


def _session(row: SessionRow) -> Session:
    return Session.model_validate({name: getattr(row, name) for name in Session.model_fields})
