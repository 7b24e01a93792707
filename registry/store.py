"""The revisions, in a table that the database itself keeps append-only.

Trusted with little: who alters a row is found out, since every row has the digest of the one before; who replaces the
whole table could rewrite history, which is why the list that is made from it is signed and its number only rises.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, text

from registry.revisions import Kind, Revision
from registry.tables import REVISIONS

Books = Connection  # what a use case is handed while a transaction is open


def all_revisions(books: Connection, *, after: int = 0, limit: int | None = None) -> tuple[Revision, ...]:
    """The revisions in order, those after number `after`."""
    rows = books.execute(
        select(REVISIONS).where(REVISIONS.c.sequence > after).order_by(REVISIONS.c.sequence).limit(limit)
    )
    return tuple(_revision(row) for row in rows.mappings())


def last_number(books: Connection) -> int:
    """The number of the newest revision; 0 where there is none."""
    newest = select(REVISIONS.c.sequence).order_by(REVISIONS.c.sequence.desc()).limit(1)
    return books.execute(newest).scalar() or 0


def last(books: Connection) -> Revision | None:
    """The newest revision, None where there is none."""
    row = books.execute(select(REVISIONS).order_by(REVISIONS.c.sequence.desc()).limit(1)).mappings().first()
    return None if row is None else _revision(row)


def lock(books: Connection) -> None:
    """Lets one writer at a time decide on what comes next (SQLite's write transaction does that by itself)."""
    if books.dialect.name == "postgresql":
        books.execute(text("LOCK TABLE revisions IN EXCLUSIVE MODE"))


def append(books: Connection, *, revision: Revision) -> None:
    """Keeps `revision`; the primary key refuses a number twice."""
    row: Mapping[str, Any] = {**revision.to_json(), "at": revision.at}
    books.execute(insert(REVISIONS), [dict(row)])


def _revision(row: RowMapping) -> Revision:
    at: datetime = row["at"]
    return Revision(
        sequence=row["sequence"],
        at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        kind=Kind(row["kind"]),
        subject=row["subject"],
        body=row["body"],
        author=row["author"],
        previous=row["previous"],
        digest=row["digest"],
    )
