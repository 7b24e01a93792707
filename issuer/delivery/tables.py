"""The tables of delivery: mails that are to be sent or were, and who wants none.

The one address that stands here in the clear is one that an institution gave for a single mail.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from issuer.books.tables import DIGEST, METADATA, SLUG, UUID

MAILS = Table(
    "mails",
    METADATA,
    Column("institution", SLUG, nullable=False),
    Column("id", UUID, nullable=False),
    Column("award", UUID, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("occasion", String(36), nullable=False),  # an award has one mail for each
    Column("language", String(16), nullable=False),
    Column("address", Text),  # where it is not the award's own
    Column("secret", LargeBinary),  # sealed: the PIN, until it is sent
    Column("state", String(16), nullable=False),
    Column("due_at", BigInteger, nullable=False),  # of a sent one: when its reminder is due; 0: never
    Column("attempts", Integer, nullable=False),
    Column("lease", DIGEST),
    Column("leased_until", BigInteger, nullable=False),
    Column("answer", String(16), nullable=False),  # what the mail server said, as a code: its words may name somebody
    Column("created_at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    PrimaryKeyConstraint("institution", "id"),
    UniqueConstraint("institution", "award", "occasion", name="one_mail_per_occasion"),
)
Index("mails_that_are_due", MAILS.c.state, MAILS.c.due_at)

MAIL_STOPS = Table(
    "mail_stops",
    METADATA,
    Column("institution", SLUG, nullable=False),
    Column("address", DIGEST, nullable=False),  # a keyed digest
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("institution", "address"),
)
