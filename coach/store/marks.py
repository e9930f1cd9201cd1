"""A trainer's blind labels, kept from the first mark of a draft until they are deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert

from coach.errors import InputError
from coach.store.remark_tables import MarkRow
from coach.store.store import Store

State = Literal["draft", "done", "shown"]
"""Begun; finished without a sight of any score; and shown beside the engines, after which it stays as it is."""


class Mark(NamedTuple):
    """What was marked of one conversation."""

    state: State
    fields: Mapping[str, Any]


class Marks:
    """Reads and writes marks in the store's database; every method is one transaction."""

    def __init__(self, store: Store) -> None:
        """Take the open database."""
        self._store = store

    def save(self, owner: str, collection: str, conversation: str, mark: Mark) -> None:
        """Keep a mark, in the place of an earlier one.

        Raises:
            InputError: if its scores have been shown: from then on it is not blind.
        """
        values = {"state": mark.state, "fields": dict(mark.fields), "at": datetime.now(UTC)}
        with self._store._unit() as unit:
            row = insert(MarkRow).values(owner=owner, collection=collection, conversation=conversation, **values)
            kept = unit.execute(
                row.on_conflict_do_update(
                    index_elements=[MarkRow.owner, MarkRow.collection, MarkRow.conversation],
                    set_=values,
                    where=MarkRow.state != "shown",
                ).returning(MarkRow.owner)
            ).all()
            if not kept:
                raise InputError("The scores of this conversation have been shown, so its labels stay as they are.")

    def all(self, owner: str, collection: str) -> dict[str, Mark]:
        """All marks of an owner in a collection, by conversation, in the order in which they were last kept."""
        with self._store._unit() as unit:
            query = select(MarkRow).where(MarkRow.owner == owner, MarkRow.collection == collection).order_by(MarkRow.at)
            return {row.conversation: Mark(row.state, row.fields) for row in unit.scalars(query)}  # type: ignore[arg-type]

    def collections(self, owner: str) -> tuple[str, ...]:
        """Collections in which an owner has marked something."""
        with self._store._unit() as unit:
            query = select(MarkRow.collection).where(MarkRow.owner == owner).distinct().order_by(MarkRow.collection)
            return tuple(unit.scalars(query))

    def show(self, owner: str, collection: str) -> None:
        """What is done is about to be shown beside the engines."""
        with self._store._unit() as unit:
            done = (MarkRow.owner == owner, MarkRow.collection == collection, MarkRow.state == "done")
            unit.execute(update(MarkRow).where(*done).values(state="shown"))
