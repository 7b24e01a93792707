"""Jobs of many checks, and what they check."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "bulk_jobs",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("beat", sa.BigInteger, nullable=False),
        sa.Column("kept_until", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_bulk_jobs_kept_until", "bulk_jobs", ["kept_until"])
    op.create_table(
        "bulk_items",
        sa.Column("job", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("item", sa.LargeBinary, nullable=True),
        sa.Column("verdict", sa.String(16), nullable=True),
        sa.Column("result", sa.LargeBinary, nullable=True),
    )
