"""A history is a chain: each line has its number, and a head says where it ends."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the numbers, and the heads. Lines from before keep none: nobody but their owners can seal them anew."""
    op.add_column("history", sa.Column("number", sa.Integer, nullable=True))
    op.create_index("ix_history_number", "history", ["account", "number"], unique=True)
    op.create_table(
        "history_heads",
        sa.Column("account", sa.String(32), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
