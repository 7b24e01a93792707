"""The wallet's tables. Migrations write them down a second time, on purpose: they are history."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, String, Table

from service import sessions

METADATA = MetaData()

SESSIONS = sessions.table(METADATA)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("handle", String(80), nullable=False, unique=True),
    Column("made_at", BigInteger, nullable=False),
    Column("step_up", Boolean, nullable=False),  # whether each presentation wants a passkey
)

LOCKS = Table(
    "locks",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("form", String(16), nullable=False),
    Column("salt", LargeBinary, nullable=False),  # these three of passphrases alone
    Column("memory_kib", Integer, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),  # the vault key, under the key of this way in
    Column("ready", Boolean, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

PASSKEYS = Table(
    "passkeys",
    METADATA,
    Column("id", String(32), primary_key=True),  # and that of its lock, where it has one
    Column("account", String(32), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),  # of the credential id
    Column("credential", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # what its owner calls it, and how it is reached
    Column("made_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
)

CEREMONIES = Table(
    "ceremonies",
    METADATA,
    Column("digest", String(64), primary_key=True),  # of the challenge
    Column("session", String(64), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("account", String(32), nullable=False, index=True),
    Column("about", String(80), nullable=False),
    Column("ends", BigInteger, nullable=False, index=True),
)

VISITS = Table(
    "visits",
    METADATA,
    Column("digest", String(64), primary_key=True),  # of the session
    Column("account", String(32), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),  # which device, and from which network
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
    Column("number", Integer, nullable=True),  # in its chain; none for lines from before there was one
    Column("sealed", LargeBinary, nullable=False),
)

HISTORY_HEADS = Table(
    "history_heads",
    METADATA,
    Column("account", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # where the chain ends
)

MARKS = Table(
    "marks",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

SHARE_LINKS = Table(
    "share_links",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),  # of the secret in its address
    Column("credential", String(32), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),  # what its owner sees of it
    Column("shown", LargeBinary, nullable=False),  # under the secret; empty once it has ended
    Column("views", Integer, nullable=False),
    Column("most_views", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False, index=True),
    Column("withdrawn", Boolean, nullable=False),
)

OWNED = (
    LOCKS,
    PASSKEYS,
    CEREMONIES,
    VISITS,
    OFFERS,
    REQUESTS,
    CREDENTIALS,
    COPIES,
    HISTORY,
    HISTORY_HEADS,
    SHARE_LINKS,
)
"""Everything that belongs to one account and goes with it."""
