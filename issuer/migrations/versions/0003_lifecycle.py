"""Awards know who made them and what they correct; a course knows the formats that it is awarded in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns, and that an award is corrected by one other at most."""
    op.add_column("awards", sa.Column("awarded_by", sa.String(36), nullable=False, server_default=""))
    op.add_column("awards", sa.Column("supersedes", sa.String(36), nullable=True))
    op.create_index("one_successor_per_award", "awards", ["institution", "supersedes"], unique=True)
    op.add_column("offers", sa.Column("formats", sa.Text(), nullable=False, server_default=""))
    op.add_column("courses", sa.Column("formats", sa.Text(), nullable=False, server_default=""))
