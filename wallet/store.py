"""The wallet's rows: accounts, and sealed things that belong to them.

Trusted with: that names are unique, that a step is taken once (leases and states are compare-and-set), how often a copy
was shown. Whoever can write it can lose things or make a copy be shown twice; whoever reads it learns names, counts and
times, and opens nothing: contents are sealed for their account, kind and row before they come here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wallet.tables import (
    ACCOUNTS,
    COPIES,
    CREDENTIALS,
    HISTORY,
    HISTORY_HEADS,
    MARKS,
    OFFERS,
    OWNED,
    REQUESTS,
    SHARE_LINKS,
)

__all__ = ["OFFERS", "REQUESTS", "Account", "Connection", "Copy", "Errand", "Kept", "Sealed"]

LEASE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody's wallet; `step_up` says whether each presentation wants a passkey."""

    id: str
    handle: str
    step_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A row of which only its owner sees the content."""

    id: str
    sealed: bytes
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """An offer or a request, as far as it has come."""

    id: str
    account: str
    state: str
    sealed: bytes
    made_at: int
    ends_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy of a credential, with how often it was shown."""

    id: str
    credential: str
    uses: int
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Chained:
    """A line of a history that has found its place, and the head of the chain after it."""

    number: int
    sealed: bytes
    head: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line of a history to be written: `link` seals it for its place, told the head and the last number so far."""

    id: str
    at: int
    link: Callable[[bytes | None, int], Chained]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a step adds beside its own row: a credential with its copies, and lines of the history."""

    credential: Sealed | None = None
    copies: tuple[Copy, ...] = ()
    notes: tuple[Note, ...] = ()


# -- accounts ----------------------------------------------------------------------------------------------------------


def add_account(books: Connection, *, account: Account, now: int) -> bool:
    """Enters an account; False where the name is taken."""
    values = {"id": account.id, "handle": account.handle, "step_up": account.step_up, "made_at": now}
    return books.execute(insert_once(books, ACCOUNTS).values(**values)).rowcount == 1


def find_account(books: Connection, *, handle: str) -> Account | None:
    """The account of that name."""
    return _account(books, ACCOUNTS.c.handle == handle)


def account_of(books: Connection, *, id_: str) -> Account | None:
    """The account with that id."""
    return _account(books, ACCOUNTS.c.id == id_)


def ask_each_time(books: Connection, *, id_: str, wanted: bool) -> None:
    """Says whether each presentation of an account wants a passkey."""
    books.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == id_).values(step_up=wanted))


def erase(books: Connection, *, account: str) -> None:
    """Removes an account with all that is its own."""
    for table in OWNED:
        books.execute(delete(table).where(table.c.account == account))
    books.execute(delete(ACCOUNTS).where(ACCOUNTS.c.id == account))


def _account(books: Connection, condition: Any) -> Account | None:
    row = books.execute(select(ACCOUNTS).where(condition)).mappings().first()
    return None if row is None else Account(id=row["id"], handle=row["handle"], step_up=row["step_up"])


def insert_once(books: Connection, table: Table) -> Any:
    """An insert that does nothing where the row, or what must be unique in it, is there already."""
    maker = postgresql.insert if books.dialect.name == "postgresql" else sqlite.insert
    return maker(table).on_conflict_do_nothing()


# -- offers and requests -----------------------------------------------------------------------------------------------


def add_errand(books: Connection, table: Table, *, errand: Errand) -> None:
    """Keeps an offer or request that was opened."""
    values = {name: getattr(errand, name) for name in Errand.__dataclass_fields__}
    books.execute(insert(table).values(**values, holder=None, held_until=0))


def errand(books: Connection, table: Table, *, id_: str, account: str) -> Errand | None:
    """The offer or request of this account."""
    row = books.execute(select(table).where(table.c.id == id_, table.c.account == account)).mappings().first()
    return None if row is None else _errand(row)


def errands(books: Connection, table: Table, *, account: str, states: Sequence[str]) -> tuple[Errand, ...]:
    """The offers or requests of this account in these states, the latest first."""
    found = select(table).where(table.c.account == account, table.c.state.in_(states)).order_by(table.c.made_at.desc())
    return tuple(_errand(row) for row in books.execute(found).mappings())


def take(books: Connection, table: Table, *, errand: Errand, holder: str, now: int) -> bool:
    """A lease on an errand that stands as it was seen; False where somebody else works on it or has."""
    taken = (
        update(table)
        .where(table.c.id == errand.id, table.c.account == errand.account, table.c.state == errand.state)
        .where(or_(table.c.holder.is_(None), table.c.held_until < now))
        .values(holder=holder, held_until=now + LEASE_SECONDS)
    )
    return books.execute(taken).rowcount == 1


def advance(books: Connection, table: Table, *, errand: Errand, holder: str, kept: Kept | None = None) -> bool:
    """Writes how far an errand has come, under the lease of `holder`, and what was kept by it: all or nothing."""
    moved = (
        update(table)
        .where(table.c.id == errand.id, table.c.account == errand.account, table.c.holder == holder)
        .values(state=errand.state, sealed=errand.sealed, ends_at=errand.ends_at)
    )
    if books.execute(moved).rowcount != 1:
        return False
    if kept is not None and kept.credential is not None:
        add_credential(books, account=errand.account, credential=kept.credential, copies=kept.copies)
    for entry in kept.notes if kept is not None else ():
        note(books, account=errand.account, entry=entry)
    return True


def release(books: Connection, table: Table, *, id_: str, holder: str) -> None:
    """Gives the lease back."""
    books.execute(update(table).where(table.c.id == id_, table.c.holder == holder).values(holder=None, held_until=0))


def forget_errands(books: Connection, *, now: int) -> None:
    """Removes offers and requests that are past their time, and what share links showed that are."""
    books.execute(update(SHARE_LINKS).where(SHARE_LINKS.c.ends_at < now, SHARE_LINKS.c.shown != b"").values(shown=b""))
    for table in (OFFERS, REQUESTS):
        books.execute(delete(table).where(table.c.ends_at < now))


def _errand(row: RowMapping) -> Errand:
    return Errand(**{name: row[name] for name in Errand.__dataclass_fields__})


# -- what is held ------------------------------------------------------------------------------------------------------


def add_credential(books: Connection, *, account: str, credential: Sealed, copies: Sequence[Copy]) -> None:
    """Keeps a credential with its copies."""
    values = {"id": credential.id, "account": account, "sealed": credential.sealed, "made_at": credential.at}
    books.execute(insert(CREDENTIALS).values(**values))
    for copy in copies:
        fields = {name: getattr(copy, name) for name in Copy.__dataclass_fields__}
        books.execute(insert(COPIES).values(account=account, **fields))


def credentials(books: Connection, *, account: str) -> tuple[Sealed, ...]:
    """All that an account holds, the latest first."""
    found = select(CREDENTIALS).where(CREDENTIALS.c.account == account).order_by(CREDENTIALS.c.id.desc())
    rows = books.execute(found).mappings()
    return tuple(Sealed(id=row["id"], sealed=row["sealed"], at=row["made_at"]) for row in rows)


def credential(books: Connection, *, id_: str, account: str) -> Sealed | None:
    """One of them."""
    found = select(CREDENTIALS).where(CREDENTIALS.c.id == id_, CREDENTIALS.c.account == account)
    row = books.execute(found).mappings().first()
    return None if row is None else Sealed(id=row["id"], sealed=row["sealed"], at=row["made_at"])


def rewrite_credential(books: Connection, *, account: str, credential: Sealed) -> None:
    """Writes what was found out about a credential."""
    place = (CREDENTIALS.c.id == credential.id, CREDENTIALS.c.account == account)
    books.execute(update(CREDENTIALS).where(*place).values(sealed=credential.sealed))


def remove_credential(books: Connection, *, id_: str, account: str) -> bool:
    """Removes a credential with its copies, keys and share links."""
    books.execute(delete(COPIES).where(COPIES.c.credential == id_, COPIES.c.account == account))
    books.execute(delete(SHARE_LINKS).where(SHARE_LINKS.c.credential == id_, SHARE_LINKS.c.account == account))
    gone = delete(CREDENTIALS).where(CREDENTIALS.c.id == id_, CREDENTIALS.c.account == account)
    return books.execute(gone).rowcount == 1


def draw_copy(books: Connection, *, credential: str, account: str) -> Copy | None:
    """The copy that was shown least, counted as shown once more: two who draw at once get two different ones."""
    mine = (COPIES.c.credential == credential, COPIES.c.account == account)
    least = select(COPIES).where(*mine).order_by(COPIES.c.uses, COPIES.c.id).limit(1)
    if books.dialect.name == "postgresql":
        least = least.with_for_update()
    row = books.execute(least).mappings().first()
    if row is None:
        return None
    drawn = Copy(**{name: row[name] for name in Copy.__dataclass_fields__})
    books.execute(update(COPIES).where(COPIES.c.id == drawn.id).values(uses=COPIES.c.uses + 1))
    return replace(drawn, uses=drawn.uses + 1)


def count_copies(books: Connection, *, credential: str, account: str) -> tuple[int, int]:
    """How many copies there are of a credential, and how many were never shown."""
    mine = (COPIES.c.credential == credential, COPIES.c.account == account)
    number = select(func.count()).select_from(COPIES).where(*mine)
    fresh = books.execute(number.where(COPIES.c.uses == 0)).scalar_one()
    return int(books.execute(number).scalar_one()), int(fresh)


# -- history, and numbers that only rise -------------------------------------------------------------------------------


def note(books: Connection, *, account: str, entry: Note) -> None:
    """Adds a line at the end of an account's history; two that are written at once come one after the other."""
    head, last = _end_of_history(books, account=account)
    chained = entry.link(head, last)
    row = {"id": entry.id, "account": account, "at": entry.at, "number": chained.number, "sealed": chained.sealed}
    books.execute(insert(HISTORY).values(**row))
    _move_head(books, account=account, sealed=chained.head)


def _end_of_history(books: Connection, *, account: str) -> tuple[bytes | None, int]:
    """The head of the chain and the highest number of a line, held until this transaction ends."""
    if books.dialect.name == "postgresql":
        books.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.id == account).with_for_update())
    last = books.execute(select(func.max(HISTORY.c.number)).where(HISTORY.c.account == account)).scalar()
    return history_head(books, account=account), last or 0


def _move_head(books: Connection, *, account: str, sealed: bytes) -> None:
    books.execute(insert_once(books, HISTORY_HEADS).values(account=account, sealed=sealed))
    books.execute(update(HISTORY_HEADS).where(HISTORY_HEADS.c.account == account).values(sealed=sealed))


def history_head(books: Connection, *, account: str) -> bytes | None:
    """Where the history of an account ends, sealed."""
    return books.execute(select(HISTORY_HEADS.c.sealed).where(HISTORY_HEADS.c.account == account)).scalar()


def history(books: Connection, *, account: str) -> tuple[Sealed, ...]:
    """The history of an account, the latest first."""
    found = select(HISTORY).where(HISTORY.c.account == account).order_by(HISTORY.c.at.desc(), HISTORY.c.id.desc())
    return tuple(Sealed(id=row["id"], sealed=row["sealed"], at=row["at"]) for row in books.execute(found).mappings())


def clear_history(
    books: Connection, *, account: str, cleared: Callable[[bytes | None, int], bytes]
) -> None:  # fmt: skip
    """Removes the lines of a history; its chain goes on from there."""
    head, last = _end_of_history(books, account=account)
    books.execute(delete(HISTORY).where(HISTORY.c.account == account))
    _move_head(books, account=account, sealed=cleared(head, last))


def mark(books: Connection, *, name: str) -> int:
    """A number that only rises; 0 where none was kept."""
    return books.execute(select(MARKS.c.number).where(MARKS.c.name == name)).scalar() or 0


def raise_mark(books: Connection, *, name: str, number: int) -> None:
    """Keeps `number` under `name`, unless a higher one is there."""
    books.execute(insert_once(books, MARKS).values(name=name, number=number))
    books.execute(update(MARKS).where(MARKS.c.name == name, MARKS.c.number < number).values(number=number))
