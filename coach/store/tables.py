"""The tables. Every row has an owner or belongs to a session that has one."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """Keeps time zones over SQLite, which has none: stored as UTC, read back as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC without a zone."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read back as UTC."""
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    """Base of all tables."""


class SessionRow(Base):
    """One practice session: a branch of a talk."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80), index=True)
    talk: Mapped[str] = mapped_column(String(32), index=True, server_default="")  # the session whose turns it shares
    branch_of: Mapped[str | None] = mapped_column(String(32))
    scenario_id: Mapped[str] = mapped_column(String(40))
    difficulty: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reflection: Mapped[str]
    head: Mapped[str] = mapped_column(String(32))
    after: Mapped[str | None] = mapped_column(String(32))  # may name a session that was deleted since
    since: Mapped[str | None] = mapped_column(String(10))


class TurnRow(Base):
    """One turn; ``parent`` makes a tree of them. They belong to the session in which the talk began."""

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_session_i", "session_id", "i"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    parent: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    i: Mapped[int]
    speaker: Mapped[str] = mapped_column(String(10))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    heard: Mapped[dict[str, object]] = mapped_column(JSON)


class CritiqueRow(Base):
    """The critique of the path that ends in ``head``."""

    __tablename__ = "critiques"

    head: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    critique: Mapped[dict[str, object]] = mapped_column(JSON)
