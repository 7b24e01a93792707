"""Copies in bulk, for a backup. Trusted with what wallet/store.py is; contents come sealed for their rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from wallet import store
from wallet.store import Copy, Note, Sealed
from wallet.tables import COPIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a backup adds: whole certificates, copies of those that are there, and what is known of their use."""

    whole: tuple[tuple[Sealed, tuple[Copy, ...]], ...]
    copies: tuple[Copy, ...]
    uses: tuple[tuple[str, int], ...]
    notes: tuple[Note, ...]


def copies(books: Connection, *, account: str) -> tuple[Copy, ...]:
    """Every copy of an account, those of one certificate together."""
    found = select(COPIES).where(COPIES.c.account == account).order_by(COPIES.c.credential, COPIES.c.id)
    fields = Copy.__dataclass_fields__
    return tuple(Copy(**{name: row[name] for name in fields}) for row in books.execute(found).mappings())


def add_copies(books: Connection, *, account: str, copies: Sequence[Copy]) -> None:
    """Keeps copies of certificates that are there."""
    rows = [{name: getattr(copy, name) for name in Copy.__dataclass_fields__} for copy in copies]
    if rows:
        books.execute(insert(COPIES), [{"account": account, **row} for row in rows])


def bring(books: Connection, *, account: str, brought: Brought) -> None:
    """Writes all that a backup adds."""
    for credential, own in brought.whole:
        store.add_credential(books, account=account, credential=credential, copies=own)
    add_copies(books, account=account, copies=brought.copies)
    for id_, uses in brought.uses:
        raised = update(COPIES).where(COPIES.c.id == id_, COPIES.c.account == account, COPIES.c.uses < uses)
        books.execute(raised.values(uses=uses))
    for entry in brought.notes:
        store.note(books, account=account, entry=entry)
