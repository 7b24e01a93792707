"""Accounts, what is sealed for them, browser sessions, and numbers that only rise."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("handle", sa.String(80), nullable=False, unique=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("memory_kib", sa.Integer, nullable=False),
        sa.Column("passes", sa.Integer, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    for name in ("offers", "requests"):
        _make_errands(name)
    op.create_table("credentials", *_owned(), sa.Column("made_at", sa.BigInteger, nullable=False))
    op.create_table(
        "copies",
        *_owned(),
        sa.Column("credential", sa.String(32), nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
    )
    op.create_index("ix_copies_credential", "copies", ["credential"])
    op.create_table("history", *_owned(), sa.Column("at", sa.BigInteger, nullable=False))
    for name in ("credentials", "copies", "history"):
        op.create_index(f"ix_{name}_account", name, ["account"])
    op.create_table(
        "marks", sa.Column("name", sa.String(40), primary_key=True), sa.Column("number", sa.BigInteger, nullable=False)
    )
    _make_sessions()


def _owned() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    ]


def _make_errands(name: str) -> None:
    op.create_table(
        name,
        *_owned(),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("holder", sa.String(32), nullable=True),
        sa.Column("held_until", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
    )
    op.create_index(f"ix_{name}_account", name, ["account"])
    op.create_index(f"ix_{name}_ends_at", name, ["ends_at"])


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("subject", sa.String(64), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kept", sa.LargeBinary, nullable=False),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_sessions_subject", "sessions", ["subject"])
    op.create_index("ix_sessions_ends", "sessions", ["ends"])
