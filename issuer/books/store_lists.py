"""Status lists: which places are given, and what each says. Token Status List sections 4, 11 and 13.

A list is made of the rows of `credentials`, never of a stored bit string that two writers could overwrite.
Trusted: altering a status here alters what verifiers are told, with our signature.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, desc, func, insert, select, update

from issuer.books.tables import CREDENTIALS, STATUS_LISTS

INSTITUTION: BindParameter[Any] = bindparam("institution_")
LIST: BindParameter[Any] = bindparam("list_")


Books = Connection
"""What an entry writes into, for those who do not know the library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredList:
    """A list: how many places it has, and the number of its last change."""

    institution: str
    id: str
    size: int
    version: int


_ADD = insert(STATUS_LISTS)
_CURRENT = (
    select(STATUS_LISTS)
    .where(STATUS_LISTS.c.institution == INSTITUTION, STATUS_LISTS.c.closed_at.is_(None))
    .order_by(desc(STATUS_LISTS.c.created_at), STATUS_LISTS.c.id)
    .limit(1)
)
_FIND = select(STATUS_LISTS).where(STATUS_LISTS.c.institution == INSTITUTION, STATUS_LISTS.c.id == LIST)
_ALL = select(STATUS_LISTS).order_by(STATUS_LISTS.c.institution, STATUS_LISTS.c.id)
_CLOSE = update(STATUS_LISTS).where(STATUS_LISTS.c.institution == INSTITUTION, STATUS_LISTS.c.closed_at.is_(None))
_CLOSE_ALL = _CLOSE.values(closed_at=bindparam("now_"))
_CLOSE_ONE = _CLOSE.where(STATUS_LISTS.c.id == LIST).values(closed_at=bindparam("now_"))
_USED = select(func.count()).where(CREDENTIALS.c.institution == INSTITUTION, CREDENTIALS.c.list == LIST)
_MARKED = select(CREDENTIALS.c.place, CREDENTIALS.c.status).where(
    CREDENTIALS.c.institution == INSTITUTION, CREDENTIALS.c.list == LIST, CREDENTIALS.c.status != 0
)


def add(connection: Connection, *, institution: str, id: str, size: int, now: int) -> StoredList:  # noqa: A002  # the column's name
    """Begins a list."""
    row = {"institution": institution, "id": id, "size": size, "version": 1, "closed_at": None, "created_at": now}
    connection.execute(_ADD, row)
    return StoredList(institution=institution, id=id, size=size, version=1)


def current(connection: Connection, *, institution: str) -> StoredList | None:
    """The list in which new credentials get their places."""
    return _of(connection.execute(_CURRENT, {"institution_": institution}).one_or_none())


def find(connection: Connection, *, institution: str, name: str) -> StoredList | None:
    """One list of an institution."""
    return _of(connection.execute(_FIND, {"institution_": institution, "list_": name}).one_or_none())


def all_lists(connection: Connection) -> tuple[StoredList, ...]:
    """Every list of every institution."""
    return tuple(found for row in connection.execute(_ALL) if (found := _of(row)) is not None)


def close(connection: Connection, *, institution: str, name: str | None, now: int) -> None:
    """Gives no more places of one list, or of all; what they say goes on being published."""
    if name is None:
        connection.execute(_CLOSE_ALL, {"institution_": institution, "now_": now})
        return
    connection.execute(_CLOSE_ONE, {"institution_": institution, "list_": name, "now_": now})


def used(connection: Connection, *, institution: str, name: str) -> int:
    """How many places of a list are given."""
    return int(connection.execute(_USED, {"institution_": institution, "list_": name}).scalar_one())


def marked(connection: Connection, *, institution: str, name: str) -> tuple[tuple[int, int], ...]:
    """Each place of a list that is not valid, with its status."""
    rows = connection.execute(_MARKED, {"institution_": institution, "list_": name})
    return tuple((row.place, row.status) for row in rows)


def _of(row: Any) -> StoredList | None:
    if row is None:
        return None
    return StoredList(institution=row.institution, id=row.id, size=row.size, version=row.version)
