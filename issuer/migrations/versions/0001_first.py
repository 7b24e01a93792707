"""The first tables of the issuer."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables as issuer/books/tables.py describes them."""
    _api_keys()
    _audit()
    _courses()
    _credentials()
    _deferred()
    _idempotency()
    _institutions()
    _notifications()
    _offers()
    _sessions()
    _status_lists()
    _used_nonces()
    _awards()


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "prefix"),
        sa.UniqueConstraint("prefix"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "id"),
    )
    op.create_index("audit_of_a_subject", "audit", ["institution", "subject"], unique=False)


def _courses() -> None:
    op.create_table(
        "courses",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "slug", "version"),
    )


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("list", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("award", sa.String(length=36), nullable=False),
        sa.Column("configuration", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "list", "place", name="a_place_is_given_once"),
    )
    op.create_index(
        "credentials_not_valid",
        "credentials",
        ["institution", "list", "place"],
        unique=False,
        sqlite_where=sa.text("status != 0"),
        postgresql_where=sa.text("status != 0"),
    )
    op.create_index("credentials_of_an_award", "credentials", ["institution", "award"], unique=False)


def _deferred() -> None:
    op.create_table(
        "deferred",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("transaction_digest", sa.String(length=64), nullable=False),
        sa.Column("award", sa.String(length=36), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("configuration", sa.String(length=64), nullable=False),
        sa.Column("holder_keys", sa.Text(), nullable=False),
        sa.Column("served_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "transaction_digest"),
    )


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "key"),
    )


def _institutions() -> None:
    op.create_table(
        "institutions",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slug"),
    )


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("award", sa.String(length=36), nullable=False),
        sa.Column("notification", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "award", "notification", "event"),
    )


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("award", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("pin", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("token_expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("institution", "reference"),
        sa.UniqueConstraint("institution", "code", name="one_offer_per_code"),
        sa.UniqueConstraint("institution", "token", name="one_offer_per_token"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.Column("begun", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index(("ix_sessions_ends"), "sessions", ["ends"], unique=False)
    op.create_index(("ix_sessions_subject"), "sessions", ["subject"], unique=False)


def _status_lists() -> None:
    op.create_table(
        "status_lists",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "id"),
    )


def _used_nonces() -> None:
    op.create_table(
        "used_nonces",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "nonce", name="a_nonce_is_used_once"),
    )


def _awards() -> None:
    op.create_table(
        "awards",
        sa.Column("institution", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("course", sa.String(length=64), nullable=False),
        sa.Column("course_version", sa.Integer(), nullable=False),
        sa.Column("learner", sa.Text(), nullable=False),
        sa.Column("pin", sa.String(length=64), nullable=True),
        sa.Column("pin_guesses", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("release_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution", "course", "course_version"], ["courses.institution", "courses.slug", "courses.version"]
        ),
        sa.PrimaryKeyConstraint("institution", "id"),
    )
