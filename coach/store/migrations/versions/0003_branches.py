"""A talk may have several branches, each a session; they share the turns of the session in which the talk began.

The columns are added in place, as in 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what talk a session is a branch of; sessions of before are talks of their own."""
    op.add_column("sessions", sa.Column("talk", sa.String(32), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("branch_of", sa.String(32)))
    op.execute("UPDATE sessions SET talk = id")
    op.create_index("ix_sessions_talk", "sessions", ["talk"])


def downgrade() -> None:
    """Drop them, and with them the branches that were rewound: the first of each talk holds its turns."""
    op.execute("DELETE FROM sessions WHERE talk <> id")
    op.drop_index("ix_sessions_talk", "sessions")
    op.drop_column("sessions", "branch_of")
    op.drop_column("sessions", "talk")
