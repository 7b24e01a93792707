"""Cohorts: batches and their parts, jobs, webhooks; awards know their batch, and which of them are one learner's."""

import sqlalchemy as sa
from alembic import op

from issuer.books import search
from keys import strict_json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AWARDS = sa.table("awards", *(sa.column(name, sa.Text) for name in ("institution", "id", "learner", "same_learner")))
AT_ONCE = 1000


def upgrade() -> None:
    """Adds the tables and columns, and works out which awards belong to one learner."""
    op.add_column("awards", sa.Column("same_learner", sa.String(32)))
    op.add_column("awards", sa.Column("batch", sa.String(36)))
    op.add_column("awards", sa.Column("batch_row", sa.Integer()))
    op.create_index("awards_of_a_learner", "awards", ["institution", "course", "same_learner"])
    of_a_batch = sa.text("batch IS NOT NULL")
    op.create_index(
        "one_award_per_row", "awards", ["institution", "batch", "batch_row"], unique=True, sqlite_where=of_a_batch,
        postgresql_where=of_a_batch,
    )  # fmt: skip
    _batches()
    _jobs()
    _webhooks()
    last: tuple[str, str] | None = ("", "")
    while last is not None:
        last = _fill(after=last)


def _batches() -> None:
    op.create_table(
        "award_batches",
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("course", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("course_version", "pins")),
        sa.Column("mail", sa.String(16)),
        sa.Column("release_at", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("rows", "good", "faults", "made", "parts", "next_part")
        ),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("who", sa.String(36), nullable=False),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64)),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("failure", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("created_at", "touched_at")),
        sa.Column("finished_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("institution", "id"),
        sa.UniqueConstraint("institution", "key", name="one_batch_per_key"),
    )
    op.create_index("batches_by_state", "award_batches", ["state", "touched_at"])
    op.create_table(
        "award_batch_parts",
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("batch", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("number", "count")),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("institution", "batch", "kind", "number"),
        sa.ForeignKeyConstraint(["institution", "batch"], ["award_batches.institution", "award_batches.id"]),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("arguments", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", "key"),
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("url", "events")),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("institution", "id"),
    )
    op.create_table(
        "webhook_messages",
        sa.Column("institution", sa.String(64), nullable=False),
        *(sa.Column(name, sa.String(36), nullable=False) for name in ("id", "webhook")),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("delivered_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("institution", "webhook", "id"),
    )
    op.create_index("webhook_messages_due", "webhook_messages", ["state", "due_at"])


def _fill(*, after: tuple[str, str]) -> tuple[str, str] | None:
    """Works it out for the next awards; gives the last of them."""
    books = op.get_bind()
    key = sa.tuple_(AWARDS.c.institution, AWARDS.c.id)
    asked = sa.select(AWARDS).where(key > sa.tuple_(*after)).order_by(AWARDS.c.institution, AWARDS.c.id).limit(AT_ONCE)
    rows = books.execute(asked).all()
    for row in rows:
        same = search.same_learner(strict_json.parse_object(row.learner).get("learner", {}))
        told = sa.update(AWARDS).where(AWARDS.c.institution == row.institution, AWARDS.c.id == row.id)
        books.execute(told.values(same_learner=same))
    return (rows[-1].institution, rows[-1].id) if rows else None
