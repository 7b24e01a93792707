"""The wallet's tables. Migrations write them down a second time, on purpose: they are history."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table

from service import sessions

METADATA = MetaData()

SESSIONS = sessions.table(METADATA)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("handle", String(80), nullable=False, unique=True),
    Column("salt", LargeBinary, nullable=False),
    Column("memory_kib", Integer, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),  # the vault key, under a key from the passphrase
    Column("made_at", BigInteger, nullable=False),
)


def _errands(name: str) -> Table:
    """Offers and requests: something that is done in steps, by one window at a time."""
    return Table(
        name,
        METADATA,
        Column("id", String(32), primary_key=True),
        Column("account", String(32), nullable=False, index=True),
        Column("state", String(16), nullable=False),
        Column("holder", String(32), nullable=True),  # of the lease: who is working on it
        Column("held_until", BigInteger, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("made_at", BigInteger, nullable=False),
        Column("ends_at", BigInteger, nullable=False, index=True),
    )


OFFERS = _errands("offers")
REQUESTS = _errands("requests")

CREDENTIALS = Table(
    "credentials",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

COPIES = Table(
    "copies",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("credential", String(32), nullable=False, index=True),
    Column("uses", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the text and its holder's key
)

HISTORY = Table(
    "history",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

MARKS = Table(
    "marks",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

OWNED = (OFFERS, REQUESTS, CREDENTIALS, COPIES, HISTORY)
"""Everything that belongs to one account and goes with it."""
