"""The registry's tables. Migrations write them down a second time, on purpose: they are history."""

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table

from service import sessions

METADATA = MetaData()

SESSIONS = sessions.table(METADATA)

REVISIONS = Table(
    "revisions",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(500), nullable=False, index=True),
    Column("body", JSON, nullable=False),
    Column("author", String(200), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
)
