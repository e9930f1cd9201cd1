"""A session may follow another one, with what has happened since.

The columns are added in place: to rebuild the table would delete it, and with it every turn that hangs on it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a session follows and what has happened since; sessions of before follow none."""
    op.add_column("sessions", sa.Column("after", sa.String(32)))
    op.add_column("sessions", sa.Column("since", sa.String(10)))


def downgrade() -> None:
    """Drop them; the sessions stay, each on its own."""
    op.drop_column("sessions", "since")
    op.drop_column("sessions", "after")
