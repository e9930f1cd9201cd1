"""What people say of judgements: a manager contests a finding, a trainer sets another level.

The critique itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Delete, delete, select

from coach.domain import Contest, Critique, Finding, Level, Override, PrincipleId, Session
from coach.errors import InputError
from coach.store.remark_tables import ContestRow, OverrideRow
from coach.store.store import Store
from coach.store.tables import SessionRow

Form = TypeVar("Form", bound=BaseModel)


class Remarks:
    """Reads and writes remarks in the store's database; every method is one transaction."""

    def __init__(self, store: Store) -> None:
        """Take the open database."""
        self._store = store

    def contest(self, session: Session, finding: Finding, reason: str = "") -> Contest:
        """Keep that a manager contests a finding; contesting it again replaces the reason.

        Raises:
            InputError: if the reason is too long.
        """
        turn, now = finding.evidence[0].turn, datetime.now(UTC)
        made = _made(
            Contest,
            session=session.id, principle=finding.principle, code=finding.code, turn=turn, reason=reason, at=now,
        )  # fmt: skip
        with self._store._unit() as unit:
            unit.execute(_same(session, finding))
            row = made.model_dump() | {"session": session.talk, "head": session.head, "code": made.code or ""}
            unit.add(ContestRow(**row))
        return made

    def withdraw(self, session: Session, finding: Finding) -> None:
        """Forget that a finding was contested; one that was not is no error."""
        with self._store._unit() as unit:
            unit.execute(_same(session, finding))

    def contests(self, session: Session) -> tuple[Contest, ...]:
        """What was contested in the critique of a session's current path."""
        with self._store._unit() as unit:
            query = select(ContestRow).where(ContestRow.head == session.head).order_by(ContestRow.at)
            return tuple(_contest(row, session.id) for row in unit.scalars(query))

    def contested(self, owner: str) -> tuple[Contest, ...]:
        """Everything that an owner contested, the newest first."""
        with self._store._unit() as unit:
            query = (
                select(ContestRow, SessionRow.id)
                .join(SessionRow, SessionRow.head == ContestRow.head)
                .where(SessionRow.owner == owner)
                .order_by(ContestRow.at.desc())
            )
            return tuple(_contest(row, session_id) for row, session_id in unit.execute(query))

    def override(
        self, session: Session, critique: Critique, principle: PrincipleId, level: Level | None, reason: str, by: str
    ) -> Override:
        """Keep a trainer's other level for a principle; the newest holds, older ones stay.

        Raises:
            InputError: if there is no reason or no name, or one is too long.
        """
        was, now = critique.levels.get(principle), datetime.now(UTC)
        made = _made(Override, id=session.id, principle=principle, level=level, was=was, reason=reason, by=by, at=now)
        with self._store._unit() as unit:
            unit.add(OverrideRow(session=session.talk, head=session.head, **made.model_dump(exclude={"id"})))
        return made

    def overrides(self, session: Session) -> tuple[Override, ...]:
        """Levels that trainers set for a session's current path, the oldest first."""
        with self._store._unit() as unit:
            query = select(OverrideRow).where(OverrideRow.head == session.head).order_by(OverrideRow.at, OverrideRow.id)
            fields = set(Override.model_fields) - {"id"}
            return tuple(
                Override(id=session.id, **{name: getattr(row, name) for name in fields}) for row in unit.scalars(query)
            )


def _same(session: Session, finding: Finding) -> Delete:
    """Take out what was said of this finding before."""
    return delete(ContestRow).where(
        ContestRow.head == session.head,
        ContestRow.principle == finding.principle,
        ContestRow.code == (finding.code or ""),
        ContestRow.turn == finding.evidence[0].turn,
    )


def _made(form: type[Form], **fields: object) -> Form:
    """A remark of what somebody typed."""
    try:
        return form.model_validate(fields)
    except ValidationError as error:
        details = error.errors()[0]
        raise InputError(f"The {details['loc'][0]} cannot be kept: {details['msg'].lower()}; change it.") from None


def _contest(row: ContestRow, session_id: str) -> Contest:
    names: Sequence[str] = ("principle", "turn", "reason", "at")
    return Contest(session=session_id, code=row.code or None, **{name: getattr(row, name) for name in names})
