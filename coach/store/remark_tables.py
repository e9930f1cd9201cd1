"""The tables of what people say of judgements, and of their blind labels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coach.store.tables import Base, UtcDateTime


class ContestRow(Base):
    """A finding of a critique that its manager contests."""

    __tablename__ = "contests"
    __table_args__ = (UniqueConstraint("head", "principle", "code", "turn", name="uq_contests_finding"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    head: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    principle: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(20))  # empty for an opening that was let pass
    turn: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OverrideRow(Base):
    """A trainer's other level; the newest of a principle holds, older ones stay."""

    __tablename__ = "overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    head: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    principle: Mapped[str] = mapped_column(String(40))
    level: Mapped[int | None]
    was: Mapped[int | None]
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MarkRow(Base):
    """A trainer's blind label of one conversation: a draft, done, or shown beside the engines."""

    __tablename__ = "marks"

    owner: Mapped[str] = mapped_column(String(80), primary_key=True)
    collection: Mapped[str] = mapped_column(String(80), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(300), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    fields: Mapped[dict[str, object]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
