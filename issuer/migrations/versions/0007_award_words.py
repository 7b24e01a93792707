"""Awards are found through an index: by the words about their learner, and by state and cohort, newest first."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from issuer.books import search

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AWARDS = sa.table("awards", *(sa.column(name, sa.Text) for name in ("institution", "id", "learner", "found_by")))
WORDS = sa.table("award_words", *(sa.column(name, sa.Text) for name in ("institution", "word", "award")))
AT_ONCE = 1000
INDEXES = {
    "awards_of_a_cohort": (["institution", "batch", "id"], "batch IS NOT NULL"),
    "awards_waiting": (["institution", "id"], "standing = 'valid' AND claimed_at IS NULL"),
    "awards_claimed": (["institution", "id"], "standing = 'valid' AND claimed_at IS NOT NULL"),
    "awards_stopped": (["institution", "standing", "id"], "standing <> 'valid'"),
}


def upgrade() -> None:
    """Adds the words with their index, the other indexes, and the words of those awards that are there."""
    word = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
    op.create_table(
        "award_words",
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.Column("award", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("institution", "word", "award"),
        sqlite_with_rowid=False,
    )
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "awards", columns, sqlite_where=where, postgresql_where=where)
    last: tuple[str, str] | None = ("", "")
    while last is not None:
        last = _fill(after=last)


def _fill(*, after: tuple[str, str]) -> tuple[str, str] | None:
    """Writes down the words of the next awards; gives the last of them."""
    books = op.get_bind()
    key = sa.tuple_(AWARDS.c.institution, AWARDS.c.id)
    asked = sa.select(AWARDS).where(key > sa.tuple_(*after)).order_by(AWARDS.c.institution, AWARDS.c.id).limit(AT_ONCE)
    rows, words = books.execute(asked).all(), list[dict[str, Any]]()
    for row in rows:
        found = search.found_by(row.learner)
        told = sa.update(AWARDS).where(AWARDS.c.institution == row.institution, AWARDS.c.id == row.id)
        books.execute(told.values(found_by=found))
        words += [{"institution": row.institution, "word": word, "award": row.id} for word in search.tokens(found)]
    if words:
        books.execute(sa.insert(WORDS), words)
    return (rows[-1].institution, rows[-1].id) if rows else None
