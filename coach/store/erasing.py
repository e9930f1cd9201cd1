"""Delete everything that the database holds of a person, so that nothing of it stays in the file."""

from __future__ import annotations

from sqlalchemy import delete, text
from sqlalchemy.exc import SQLAlchemyError

from coach.errors import StoreError
from coach.store.remark_tables import MarkRow
from coach.store.store import Store
from coach.store.tables import SessionRow

PATIENCE_MS = 10_000
BUSY = (
    "Everything of yours is deleted, but another program has the database open, so traces stay in its log; close "
    "other windows of the coach and delete once more."
)


def erase(store: Store, owner: str) -> None:
    """Delete all sessions with their turns, critiques and remarks, and all labels of an owner, for good.

    ``secure_delete`` overwrites what is deleted, the vacuum rebuilds the file without free pages, and the checkpoint
    empties the log.

    Raises:
        StoreError: if the database cannot be written, or another program keeps its log from being emptied.
    """
    with store._unit() as unit:
        unit.execute(delete(SessionRow).where(SessionRow.owner == owner))
        unit.execute(delete(MarkRow).where(MarkRow.owner == owner))
    try:
        with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"PRAGMA busy_timeout={PATIENCE_MS:d}"))
            connection.execute(text("VACUUM"))
            busy, _, _ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    except SQLAlchemyError:
        raise StoreError(BUSY) from None
    if busy:
        raise StoreError(BUSY)
