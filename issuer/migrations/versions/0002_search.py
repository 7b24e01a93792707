"""Awards are found by the words about their learner, and by their course."""

import sqlalchemy as sa
from alembic import op

from issuer.books import search

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

AWARDS = sa.table("awards", *(sa.column(name, sa.Text) for name in ("institution", "id", "learner", "found_by")))
AT_ONCE = 1000


def upgrade() -> None:
    """Adds what awards are found by, and works it out for those that are there."""
    op.add_column("awards", sa.Column("found_by", sa.Text(), nullable=False, server_default=""))
    op.create_index("awards_of_a_course", "awards", ["institution", "course", "id"])
    last: tuple[str, str] | None = ("", "")
    while last is not None:
        last = _fill(after=last)


def _fill(*, after: tuple[str, str]) -> tuple[str, str] | None:
    """Works it out for the next awards; gives the last of them."""
    books = op.get_bind()
    key = sa.tuple_(AWARDS.c.institution, AWARDS.c.id)
    asked = sa.select(AWARDS).where(key > sa.tuple_(*after)).order_by(AWARDS.c.institution, AWARDS.c.id).limit(AT_ONCE)
    rows = books.execute(asked).all()
    for row in rows:
        told = sa.update(AWARDS).where(AWARDS.c.institution == row.institution, AWARDS.c.id == row.id)
        books.execute(told.values(found_by=search.found_by(row.learner)))
    return (rows[-1].institution, rows[-1].id) if rows else None
