"""The verifier's tables. Migrations write them down a second time, on purpose: they are history."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, String, Table

from service import sessions

METADATA = MetaData()

SESSIONS = sessions.table(METADATA)

REQUESTS = Table(
    "requests",
    METADATA,
    Column("digest", String(64), primary_key=True),  # of the transaction id, which only the asker has
    Column("ticket", String(64), nullable=False, unique=True),  # of what stands in request_uri and response_uri
    Column("asker", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked", LargeBinary, nullable=False),
    Column("secrets", LargeBinary, nullable=True),  # sealed; gone once answered
    Column("made_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("kept_until", BigInteger, nullable=False, index=True),
    Column("read_at", BigInteger, nullable=True),
    Column("result", LargeBinary, nullable=True),  # sealed under the transaction id
    Column("code", String(64), nullable=True, unique=True),  # of the response_code
    Column("box", LargeBinary, nullable=True),  # the transaction id, sealed under the response_code
    Column("opened", Boolean, nullable=False),
)

MARKS = Table(
    "marks",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

BULK_JOBS = Table(
    "bulk_jobs",
    METADATA,
    Column("digest", String(64), primary_key=True),  # of the id, which only whoever began the job has
    Column("state", String(16), nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("beat", BigInteger, nullable=False),
    Column("kept_until", BigInteger, nullable=False, index=True),
)

BULK_ITEMS = Table(
    "bulk_items",
    METADATA,
    Column("job", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("item", LargeBinary, nullable=True),  # sealed under the id of the job; gone once checked
    Column("verdict", String(16), nullable=True),
    Column("result", LargeBinary, nullable=True),  # sealed in the same way
)
