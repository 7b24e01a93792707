"""Requests and their results, in SQL: each rule about "once" is one compare-and-set statement.

Trusted with: that an answered request stays answered, and who asked it. Whoever can read it learns what was asked and
when, but no result and no key: results are sealed under the transaction id, keys under the verifier's signing key.
Whoever can write it can end requests; a result that they put there does not open.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from exchange.states import Presentation
from verifier.tables import MARKS, REQUESTS

OPEN = (Presentation.CREATED.value, Presentation.FETCHED.value)

_COLUMNS = REQUESTS.c
_IS_OPEN = (
    _COLUMNS.ticket == bindparam("by_ticket"),
    _COLUMNS.state.in_(OPEN),
    _COLUMNS.ends_at >= bindparam("moment"),
)
_INSERT = insert(REQUESTS)
_LOOK = select(_COLUMNS.asked, _COLUMNS.secrets, _COLUMNS.ends_at).where(*_IS_OPEN)
_FETCH = (
    update(REQUESTS)
    .where(*_IS_OPEN)
    .values(state=Presentation.FETCHED.value)
    .returning(_COLUMNS.asked, _COLUMNS.secrets, _COLUMNS.ends_at)
)
_SETTLE = (
    update(REQUESTS)
    .where(*_IS_OPEN)
    .values(
        state=bindparam("new_state"),
        secrets=None,
        result=bindparam("new_result"),
        code=bindparam("new_code"),
        box=bindparam("new_box"),
        kept_until=bindparam("new_kept_until"),
    )
)
_FIND = select(REQUESTS).where(_COLUMNS.digest == bindparam("by_digest"), _COLUMNS.asker == bindparam("by_asker"))
_READ = (
    update(REQUESTS)
    .where(_COLUMNS.digest == bindparam("by_digest"), _COLUMNS.read_at.is_(None), _COLUMNS.result.is_not(None))
    .values(read_at=bindparam("moment"), kept_until=bindparam("new_kept_until"))
)
_OPEN_BOX = (
    update(REQUESTS)
    .where(_COLUMNS.code == bindparam("by_code"), _COLUMNS.asker == bindparam("by_asker"))
    .values(opened=True)
    .returning(_COLUMNS.box)
)
_FORGET = delete(REQUESTS).where(_COLUMNS.kept_until < bindparam("moment"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A request as it is stored."""

    digest: str
    ticket: str
    asker: str
    state: Presentation
    asked: bytes
    secrets: bytes | None
    made_at: int
    ends_at: int
    kept_until: int
    read_at: int | None = None
    result: bytes | None = None
    code: str | None = None
    box: bytes | None = None
    opened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What is needed to answer a wallet: what was asked, and the sealed secrets of it."""

    asked: bytes
    secrets: bytes
    ends_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a request ends: its last state, its sealed result, and how the browser of the same device comes to it."""

    state: Presentation
    result: bytes
    kept_until: int
    code: str | None = None
    box: bytes | None = None


def add(books: Connection, *, row: Row) -> None:
    """Keeps a new request."""
    values = {column.name: getattr(row, column.name) for column in _COLUMNS}
    books.execute(_INSERT, {**values, "state": row.state.value})


def look(books: Connection, *, ticket: str, now: int) -> Pending | None:
    """The request of `ticket`, if it can still be answered."""
    return _pending(books.execute(_LOOK, {"by_ticket": ticket, "moment": now}).first())


def fetch(books: Connection, *, ticket: str, now: int) -> Pending | None:
    """The same, noting that a wallet has fetched it."""
    return _pending(books.execute(_FETCH, {"by_ticket": ticket, "moment": now}).first())


def settle(books: Connection, *, ticket: str, now: int, settlement: Settlement) -> bool:
    """Ends the request of `ticket`, once: False where it had ended, and then nothing is changed."""
    values = {
        "by_ticket": ticket,
        "moment": now,
        "new_state": settlement.state.value,
        "new_result": settlement.result,
        "new_code": settlement.code,
        "new_box": settlement.box,
        "new_kept_until": settlement.kept_until,
    }
    return books.execute(_SETTLE, values).rowcount == 1


def find(books: Connection, *, digest: str, asker: str) -> Row | None:
    """The request with this digest, for the one who asked it and nobody else."""
    found = books.execute(_FIND, {"by_digest": digest, "by_asker": asker}).mappings().first()
    return None if found is None else Row(**{**found, "state": Presentation(found["state"])})


def note_read(books: Connection, *, digest: str, now: int, kept_until: int) -> None:
    """From the first look at a result it is kept until `kept_until`."""
    books.execute(_READ, {"by_digest": digest, "moment": now, "new_kept_until": kept_until})


def open_box(books: Connection, *, code: str, asker: str) -> bytes | None:
    """The sealed transaction id for whoever comes back with the response code to the session that asked."""
    found = books.execute(_OPEN_BOX, {"by_code": code, "by_asker": asker}).first()
    return None if found is None else found[0]


def forget(books: Connection, *, now: int) -> int:
    """Removes what is past its time."""
    return books.execute(_FORGET, {"moment": now}).rowcount


def mark(books: Connection, *, name: str) -> int:
    """A number that only rises; 0 where none was kept."""
    return books.execute(select(MARKS.c.number).where(MARKS.c.name == name)).scalar() or 0


def raise_mark(books: Connection, *, name: str, number: int) -> None:
    """Keeps `number` under `name`, unless a higher one is there."""
    dialect = postgresql if books.dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(MARKS).values(name=name, number=number)
    higher = MARKS.c.number < fresh.excluded.number
    books.execute(fresh.on_conflict_do_update(index_elements=["name"], set_={"number": number}, where=higher))


def _pending(found: Any) -> Pending | None:
    return None if found is None or found[1] is None else Pending(asked=found[0], secrets=found[1], ends_at=found[2])
