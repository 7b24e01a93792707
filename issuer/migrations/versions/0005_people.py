"""The people of an institution, their invitations, and keys that are a person's own; history knows who by number."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables and columns; keys that are there stay nobody's own."""
    op.create_table(
        "people",
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "id"),
    )
    op.create_table(
        "invitations",
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "digest"),
        sa.UniqueConstraint("institution", "person", name="one_invitation_per_person"),
    )
    op.add_column("api_keys", sa.Column("person", sa.String(36), nullable=True))
    op.create_index("keys_of_a_person", "api_keys", ["institution", "person"])
    op.add_column("audit", sa.Column("who", sa.String(36), nullable=False, server_default=""))
