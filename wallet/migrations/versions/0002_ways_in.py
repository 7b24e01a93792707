"""Ways in have rows of their own: locks, passkeys, ceremonies under way, and which device a session belongs to.

The lock of each account moves to the new table as it is. Its wrap stays bound to the account alone until its owner
signs in the next time: nobody else can make it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables, and moves what the accounts had."""
    _make_locks()
    op.execute(
        "INSERT INTO locks (id, account, kind, form, salt, memory_kib, passes, wrapped, ready, made_at) "
        "SELECT id, id, 'passphrase', 'account', salt, memory_kib, passes, wrapped, true, made_at FROM accounts"
    )
    for name in ("salt", "memory_kib", "passes", "wrapped"):
        op.drop_column("accounts", name)
    op.add_column("accounts", sa.Column("step_up", sa.Boolean, nullable=False, server_default=sa.false()))
    _make_passkeys()
    op.create_table(
        "ceremonies",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_ceremonies_ends", "ceremonies", ["ends"])
    op.create_table(
        "visits",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    for name in ("locks", "passkeys", "ceremonies", "visits"):
        op.create_index(f"ix_{name}_account", name, ["account"])


def _make_locks() -> None:
    op.create_table(
        "locks",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("memory_kib", sa.Integer, nullable=False),
        sa.Column("passes", sa.Integer, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("ready", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )


def _make_passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("credential", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=False),
    )
