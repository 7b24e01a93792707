"""Delivery: claim links that can be replaced and end, the outbox of mails, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables and columns; links that were given stay good, for their time from the award on."""
    for name, kind in (("link_number", sa.Integer()), ("link_since", sa.BigInteger())):
        op.add_column("awards", sa.Column(name, kind, nullable=False, server_default="0"))
    op.create_table(
        "mails",
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("award", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("occasion", sa.String(36), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("secret", sa.LargeBinary()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(64)),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("institution", "id"),
        sa.UniqueConstraint("institution", "award", "occasion", name="one_mail_per_occasion"),
    )
    op.create_index("mails_that_are_due", "mails", ["state", "due_at"])
    op.create_table(
        "mail_stops",
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "address"),
    )
