"""The rows of share links.

Trusted with: how often a link was opened, and until when it shows something. Whoever can write it can make a link end
late or never; whoever reads it learns counts and times. What a link shows is sealed under the secret of its address,
which is here as a digest only; what its owner sees of it is sealed under the key of their vault.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from wallet.tables import SHARE_LINKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One link of one account; `shown` is empty once it has ended."""

    id: str
    account: str
    digest: str
    credential: str
    sealed: bytes
    shown: bytes
    views: int
    most_views: int
    made_at: int
    ends_at: int
    withdrawn: bool


def add(books: Connection, *, row: Row) -> None:
    """Keeps a link."""
    books.execute(insert(SHARE_LINKS).values(**{name: getattr(row, name) for name in Row.__dataclass_fields__}))


def links(books: Connection, *, account: str) -> tuple[Row, ...]:
    """The links of an account, the latest first."""
    found = select(SHARE_LINKS).where(SHARE_LINKS.c.account == account).order_by(SHARE_LINKS.c.id.desc())
    return tuple(_row(row) for row in books.execute(found).mappings())


def link(books: Connection, *, id_: str, account: str) -> Row | None:
    """One of them."""
    found = select(SHARE_LINKS).where(SHARE_LINKS.c.id == id_, SHARE_LINKS.c.account == account)
    row = books.execute(found).mappings().first()
    return None if row is None else _row(row)


def is_open(books: Connection, *, digest: str, now: int) -> bool:
    """Whether there is anything behind an address; this is not counted."""
    found = select(SHARE_LINKS.c.id).where(SHARE_LINKS.c.digest == digest, *_standing(now))
    return books.execute(found).first() is not None


def view(books: Connection, *, digest: str, now: int) -> bytes | None:
    """What is behind an address, counted as opened once more; None where it has ended. Two at once count as two."""
    counted = (
        update(SHARE_LINKS)
        .where(SHARE_LINKS.c.digest == digest, *_standing(now))
        .values(views=SHARE_LINKS.c.views + 1)
        .returning(SHARE_LINKS.c.shown)
    )
    return books.execute(counted).scalar()


def withdraw(books: Connection, *, id_: str, account: str) -> bool:
    """Ends a link, and removes what it showed; False where it had been withdrawn before."""
    mine = (SHARE_LINKS.c.id == id_, SHARE_LINKS.c.account == account, SHARE_LINKS.c.withdrawn.is_(False))
    return books.execute(update(SHARE_LINKS).where(*mine).values(withdrawn=True, shown=b"")).rowcount == 1


def remove(books: Connection, *, id_: str, account: str) -> None:
    """Removes a link altogether."""
    books.execute(delete(SHARE_LINKS).where(SHARE_LINKS.c.id == id_, SHARE_LINKS.c.account == account))


def _standing(now: int) -> tuple[Any, ...]:
    spent = SHARE_LINKS.c.views < SHARE_LINKS.c.most_views
    return (SHARE_LINKS.c.withdrawn.is_(False), SHARE_LINKS.c.ends_at > now, spent)


def _row(row: RowMapping) -> Row:
    return Row(**{name: row[name] for name in Row.__dataclass_fields__})
