"""Sessions, turns and critiques."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(80), nullable=False, index=True),
        sa.Column("scenario_id", sa.String(40), nullable=False),
        sa.Column("difficulty", sa.String(20), nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("reflection", sa.String, nullable=False),
        sa.Column("head", sa.String(32), nullable=False),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("session_id", sa.String(32), sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("parent", sa.String(32), sa.ForeignKey("turns.id", ondelete="CASCADE")),
        sa.Column("i", sa.Integer, nullable=False),
        sa.Column("speaker", sa.String(10), nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("heard", sa.JSON, nullable=False),
    )
    op.create_index("ix_turns_session_i", "turns", ["session_id", "i"])
    op.create_table(
        "critiques",
        sa.Column("head", sa.String(32), sa.ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "session_id", sa.String(32), sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("critique", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("critiques", "turns", "sessions"):
        op.drop_table(table)
