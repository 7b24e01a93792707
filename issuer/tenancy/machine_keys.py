"""API keys for an institution's own systems: made at the console for some scopes, shown once, withdrawn for good.

A key made here approves nothing and manages nobody (access.MACHINE); the operator's command line can make any key.
"""

from collections.abc import Iterable
from datetime import datetime

from credentials.learning import text
from issuer.books import store_catalogue, store_history
from issuer.books.store_catalogue import StoredKey
from issuer.books.store_lists import Books
from issuer.errors import UnknownKey
from issuer.tenancy import access, people
from issuer.tenancy.access import MACHINE, Caller, NewKey, Scope
from service.database import Database
from service.errors import InvalidInput, Problem

LONGEST_LABEL = 64


async def all_of(database: Database, *, institution: str) -> tuple[StoredKey, ...]:
    """The keys of an institution's systems, the oldest first."""
    return await database.read(lambda books: store_catalogue.machine_keys(books, institution=institution))


async def make(database: Database, *, label: str, scopes: Iterable[str], by: Caller, now: datetime) -> NewKey:
    """A new key, whose text is known here and never again; raises InvalidInput."""
    label, wanted = text.line(label), frozenset(scopes)
    problems: list[Problem] = []
    if not 0 < len(label) <= LONGEST_LABEL or text.fault(label):
        message = f"Say which system it is for, in at most {LONGEST_LABEL} characters."
        problems.append(Problem(path="/label", code="missing", message=message))
    if not wanted or not wanted <= MACHINE:
        problems.append(Problem(path="/scopes", message="Choose what the key may do."))
    if problems:
        raise InvalidInput("This key cannot be made yet.", problems=problems)
    made = access.create(institution=by.institution, scopes=[Scope(name) for name in wanted], label=label)
    told = f"{label}: {', '.join(sorted(wanted))}"
    line = people.line_of(by, event="key_made", subject=made.stored.prefix, reason=told, now=now)

    def enter(books: Books) -> None:
        store_catalogue.add_key(books, key=made.stored, now=int(now.timestamp()))
        store_history.write_down(books, line=line)

    await database.write(enter)
    return made


async def withdraw(database: Database, *, prefix: str, by: Caller, now: datetime) -> None:
    """Ends a key at once; raises UnknownKey, also for a person's own: that ends with the person."""
    stored = await database.read(lambda books: store_catalogue.find_key(books, prefix=prefix))
    if stored is None or stored.institution != by.institution or stored.person is not None:
        raise UnknownKey("This institution has no such API key.")
    line = people.line_of(by, event="key_withdrawn", subject=prefix, reason=stored.label, now=now)

    def enter(books: Books) -> bool:
        done = store_catalogue.withdraw_key(books, institution=by.institution, prefix=prefix, now=int(now.timestamp()))
        if done:
            store_history.write_down(books, line=line)
        return done

    if not await database.write(enter):
        raise UnknownKey("This institution has no such API key.")
