"""The revisions, and the triggers that keep them from being changed or removed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE = [
    """CREATE TRIGGER revisions_{verb} BEFORE {VERB} ON revisions
       BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'revisions are append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER revisions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON revisions
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
]


def upgrade() -> None:
    """Makes the table and its triggers."""
    op.create_table(
        "revisions",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
    )
    op.create_index("ix_revisions_subject", "revisions", ["subject"])
    if op.get_bind().dialect.name == "sqlite":
        statements = [SQLITE[0].format(verb=verb, VERB=verb.upper()) for verb in ("update", "delete")]
    else:
        statements = POSTGRESQL
    for statement in statements:
        op.execute(statement)
