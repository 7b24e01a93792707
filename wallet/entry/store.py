"""The rows of the ways in: locks, passkeys, ceremonies under way, and which device a session belongs to.

Trusted with: that a challenge and a count of a passkey are taken once, that a code counts only after it was typed back.
Whoever can write it can lock people out or put a passkey of their own beside an account, which signs in as far as the
passphrase page and no further: the vault key is under keys that are not here. Whoever reads it opens nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update

from wallet.custody import Form, Kind, Lock
from wallet.settings import Cost
from wallet.store import insert_once
from wallet.tables import ACCOUNTS, CEREMONIES, LOCKS, PASSKEYS, SESSIONS, VISITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey of an account: what checks its answers, and sealed what its owner calls it."""

    id: str
    account: str
    digest: str
    credential: bytes
    public_key: bytes
    counter: int
    sealed: bytes
    made_at: int
    used_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """A challenge that was given and waits for its one answer."""

    digest: str
    session: str
    purpose: str
    account: str
    about: str
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Which device and network a session belongs to, sealed."""

    digest: str
    sealed: bytes


# -- locks -------------------------------------------------------------------------------------------------------------


def put_lock(books: Connection, *, lock: Lock) -> None:
    """Keeps a lock, in the place of the one with its id."""
    books.execute(delete(LOCKS).where(LOCKS.c.id == lock.id, LOCKS.c.account == lock.account))
    cost = lock.cost or Cost(memory_kib=0, passes=0)
    books.execute(
        insert(LOCKS).values(
            id=lock.id, account=lock.account, kind=lock.kind, form=lock.form, salt=lock.salt, wrapped=lock.wrapped,
            memory_kib=cost.memory_kib, passes=cost.passes, ready=lock.ready, made_at=lock.made_at,
        )
    )  # fmt: skip


def locks(books: Connection, *, account: str) -> tuple[Lock, ...]:
    """All ways into an account, the oldest first."""
    found = select(LOCKS).where(LOCKS.c.account == account).order_by(LOCKS.c.made_at, LOCKS.c.id)
    return tuple(_lock(row) for row in books.execute(found).mappings())


def lock_of(books: Connection, *, account: str, kind: Kind) -> Lock | None:
    """The lock of that kind, where there is one of a kind."""
    found = (row for row in locks(books, account=account) if row.kind is kind)
    return next(found, None)


def lock(books: Connection, *, id_: str) -> Lock | None:
    """The lock with that id, ready or not."""
    row = books.execute(select(LOCKS).where(LOCKS.c.id == id_)).mappings().first()
    return None if row is None else _lock(row)


def drop_locks(books: Connection, *, account: str, kind: Kind, but: str = "") -> None:
    """Removes the locks of a kind, but for one."""
    books.execute(delete(LOCKS).where(LOCKS.c.account == account, LOCKS.c.kind == kind, LOCKS.c.id != but))


def drop_unready(books: Connection, *, account: str) -> None:
    """Removes codes that were never typed back."""
    books.execute(delete(LOCKS).where(LOCKS.c.account == account, LOCKS.c.ready.is_(False)))


def make_ready(books: Connection, *, id_: str, account: str) -> bool:
    """Lets a recovery code count, and ends every earlier one; False where it is not there any more."""
    ready = update(LOCKS).where(LOCKS.c.id == id_, LOCKS.c.account == account).values(ready=True)
    if books.execute(ready).rowcount != 1:
        return False
    drop_locks(books, account=account, kind=Kind.RECOVERY, but=id_)
    return True


def _lock(row: RowMapping) -> Lock:
    cost = Cost(memory_kib=row["memory_kib"], passes=row["passes"]) if row["memory_kib"] else None
    return Lock(
        id=row["id"], account=row["account"], kind=Kind(row["kind"]), form=Form(row["form"]), salt=row["salt"],
        wrapped=row["wrapped"], ready=row["ready"], made_at=row["made_at"], cost=cost,
    )  # fmt: skip


# -- passkeys ----------------------------------------------------------------------------------------------------------


def add_passkey(books: Connection, *, passkey: Passkey) -> bool:
    """Keeps a passkey; False where it is known already, to whomever it belongs."""
    values = {name: getattr(passkey, name) for name in Passkey.__dataclass_fields__}
    return books.execute(insert_once(books, PASSKEYS).values(**values)).rowcount == 1


def find_passkey(books: Connection, *, digest: str) -> Passkey | None:
    """The passkey with that credential id."""
    row = books.execute(select(PASSKEYS).where(PASSKEYS.c.digest == digest)).mappings().first()
    return None if row is None else Passkey(**row)


def passkeys(books: Connection, *, account: str) -> tuple[Passkey, ...]:
    """The passkeys of an account, the oldest first."""
    found = select(PASSKEYS).where(PASSKEYS.c.account == account).order_by(PASSKEYS.c.made_at, PASSKEYS.c.id)
    return tuple(Passkey(**row) for row in books.execute(found).mappings())


def count_use(books: Connection, *, id_: str, counter: int, now: int) -> bool:
    """Notes a use; False where the passkey has counted that far before (it was copied, or its answer came twice)."""
    counts = or_(PASSKEYS.c.counter < counter, (PASSKEYS.c.counter == 0) & (counter == 0))
    used = update(PASSKEYS).where(PASSKEYS.c.id == id_, counts).values(counter=counter, used_at=now)
    return books.execute(used).rowcount == 1


def rename_passkey(books: Connection, *, id_: str, account: str, sealed: bytes) -> bool:
    """Keeps another name for a passkey."""
    place = (PASSKEYS.c.id == id_, PASSKEYS.c.account == account)
    return books.execute(update(PASSKEYS).where(*place).values(sealed=sealed)).rowcount == 1


def remove_passkey(books: Connection, *, id_: str, account: str) -> bool:
    """Removes a passkey and the lock that it opens."""
    books.execute(delete(LOCKS).where(LOCKS.c.id == id_, LOCKS.c.account == account, LOCKS.c.kind == Kind.PASSKEY))
    gone = delete(PASSKEYS).where(PASSKEYS.c.id == id_, PASSKEYS.c.account == account)
    return books.execute(gone).rowcount == 1


# -- ceremonies --------------------------------------------------------------------------------------------------------


def begin_ceremony(books: Connection, *, ceremony: Ceremony, now: int) -> None:
    """Keeps a challenge, and forgets those past their time."""
    books.execute(delete(CEREMONIES).where(CEREMONIES.c.ends < now))
    values = {name: getattr(ceremony, name) for name in Ceremony.__dataclass_fields__}
    books.execute(insert(CEREMONIES).values(**values))


def end_ceremony(books: Connection, *, digest: str) -> Ceremony | None:
    """Takes a challenge: whoever asks second finds none."""
    row = books.execute(select(CEREMONIES).where(CEREMONIES.c.digest == digest)).mappings().first()
    taken = books.execute(delete(CEREMONIES).where(CEREMONIES.c.digest == digest)).rowcount
    return Ceremony(**row) if row is not None and taken == 1 else None


def forget_ceremonies(books: Connection, *, now: int) -> None:
    """Removes challenges past their time, and what is noted of sessions that are over."""
    books.execute(delete(CEREMONIES).where(CEREMONIES.c.ends < now))
    books.execute(delete(VISITS).where(VISITS.c.digest.not_in(select(SESSIONS.c.digest))))


# -- visits ------------------------------------------------------------------------------------------------------------


def note_visit(books: Connection, *, account: str, visit: Visit) -> None:
    """Notes to which device a session belongs."""
    books.execute(insert(VISITS).values(digest=visit.digest, account=account, sealed=visit.sealed))


def visits(books: Connection, *, account: str) -> Sequence[Visit]:
    """What is noted of an account's sessions."""
    found = books.execute(select(VISITS).where(VISITS.c.account == account)).mappings()
    return [Visit(digest=row["digest"], sealed=row["sealed"]) for row in found]


def ways_in(books: Connection, *, account: str, without: str = "") -> int:
    """How many locks open an account without the recovery kit, and without that one; two who ask take turns."""
    books.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.id == account).with_for_update())
    mine = (LOCKS.c.account == account, LOCKS.c.kind != Kind.RECOVERY, LOCKS.c.id != without)
    number: Any = books.execute(select(func.count()).select_from(LOCKS).where(*mine)).scalar_one()
    return int(number)
