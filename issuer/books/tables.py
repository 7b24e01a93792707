"""The issuer's tables. Every row of a tenant leads with its institution, so that a database can be sharded by it.

Times are whole seconds since 1970 (UTC). Documents are JSON as text. Bearer secrets stand here only as SHA-256 digests,
PINs only as keyed digests; who reads these tables can redeem nothing. Who alters them can have credentials issued, but
cannot sign: the keys are files that never reach SQL.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from service import sessions
from service.jobs import store_inline

METADATA = MetaData()

SLUG = String(64)
UUID = String(36)
DIGEST = String(64)


def _institution() -> Column[str]:
    return Column("institution", SLUG, nullable=False)


INSTITUTIONS = Table(
    "institutions",
    METADATA,
    Column("slug", SLUG, primary_key=True),
    Column("document", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    _institution(),
    Column("prefix", String(16), nullable=False, unique=True),
    Column("digest", DIGEST, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger),
    Column("person", UUID),  # whose own it is; its scopes are then those of the role
    PrimaryKeyConstraint("institution", "prefix"),
)
Index("keys_of_a_person", API_KEYS.c.institution, API_KEYS.c.person)

PEOPLE = Table(
    "people",
    METADATA,
    _institution(),
    Column("id", UUID, nullable=False),
    Column("name", String(64), nullable=False),
    Column("email", String(254), nullable=False),
    Column("role", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("joined_at", BigInteger),  # null: invited, and has no key yet
    Column("ended_at", BigInteger),
    PrimaryKeyConstraint("institution", "id"),
)

INVITATIONS = Table(
    "invitations",
    METADATA,
    _institution(),
    Column("digest", DIGEST, nullable=False),  # of the token in the link
    Column("person", UUID, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("institution", "digest"),
    UniqueConstraint("institution", "person", name="one_invitation_per_person"),
)

COURSES = Table(
    "courses",
    METADATA,
    _institution(),
    Column("slug", SLUG, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("formats", Text, nullable=False, server_default=""),  # credential configurations; empty: the usual ones
    Column("frozen", Integer, nullable=False),  # 1 once a learner was awarded this version: it never changes again
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("institution", "slug", "version"),
)

AWARDS = Table(
    "awards",
    METADATA,
    _institution(),
    Column("id", UUID, nullable=False),  # UUIDv7: the order of ids is the order of time
    Column("course", SLUG, nullable=False),
    Column("course_version", Integer, nullable=False),
    Column("learner", Text, nullable=False),
    Column("pin", DIGEST),  # null: no PIN is asked
    Column("pin_guesses", Integer, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("release_at", BigInteger, nullable=False),  # 0: at once
    Column("expires_at", BigInteger, nullable=False),  # the `exp` of its credentials; 0: none
    Column("claimed_at", BigInteger),
    Column("claimed_by", DIGEST),  # the digest of the one access token that may take the copies
    Column("copies", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("found_by", Text, nullable=False, server_default=""),  # the words about the learner, see search.py
    Column("awarded_by", UUID, nullable=False, server_default=""),  # who may not approve it: see access.Caller.who
    Column("supersedes", UUID),  # the award that this one corrects
    Column("same_learner", String(32)),  # what awards to one learner have in common, see search.py
    Column("batch", UUID),  # the cohort that it was awarded with, and the row there
    Column("batch_row", Integer),
    Column("link_number", Integer, nullable=False, server_default="0"),  # how many links it had before this one
    Column("link_since", BigInteger, nullable=False, server_default="0"),  # when its time began anew; 0: never
    PrimaryKeyConstraint("institution", "id"),
    ForeignKeyConstraint(
        ["institution", "course", "course_version"], ["courses.institution", "courses.slug", "courses.version"]
    ),
)
Index("one_successor_per_award", AWARDS.c.institution, AWARDS.c.supersedes, unique=True)
Index("awards_of_a_course", AWARDS.c.institution, AWARDS.c.course, AWARDS.c.id)

# What the console looks for, newest first; the words of conditions are those of store_search.py.
_BATCHED = text("batch IS NOT NULL")
Index("awards_of_a_cohort", AWARDS.c.institution, AWARDS.c.batch, AWARDS.c.id,
      sqlite_where=_BATCHED, postgresql_where=_BATCHED)  # fmt: skip
_WAITING = text("standing = 'valid' AND claimed_at IS NULL")
Index("awards_waiting", AWARDS.c.institution, AWARDS.c.id, sqlite_where=_WAITING, postgresql_where=_WAITING)
_CLAIMED = text("standing = 'valid' AND claimed_at IS NOT NULL")
Index("awards_claimed", AWARDS.c.institution, AWARDS.c.id, sqlite_where=_CLAIMED, postgresql_where=_CLAIMED)
_STOPPED = text("standing <> 'valid'")
Index("awards_stopped", AWARDS.c.institution, AWARDS.c.standing, AWARDS.c.id,
      sqlite_where=_STOPPED, postgresql_where=_STOPPED)  # fmt: skip
Index("awards_of_a_learner", AWARDS.c.institution, AWARDS.c.course, AWARDS.c.same_learner)
Index(
    "one_award_per_row",
    AWARDS.c.institution,
    AWARDS.c.batch,
    AWARDS.c.batch_row,
    unique=True,
    sqlite_where=AWARDS.c.batch.is_not(None),
    postgresql_where=AWARDS.c.batch.is_not(None),
)

AWARD_BATCHES = Table(
    "award_batches",
    METADATA,
    _institution(),
    Column("id", UUID, nullable=False),
    Column("state", String(16), nullable=False),
    Column("course", SLUG, nullable=False),
    Column("course_version", Integer, nullable=False),
    Column("pins", Integer, nullable=False),  # 1: a PIN guards each claim
    Column("mail", String(16)),  # the language of the mails that bring the links, empty for the usual; null: no mail
    Column("release_at", BigInteger, nullable=False),  # 0: at once
    Column("rows", Integer, nullable=False),  # of the file
    Column("good", Integer, nullable=False),  # those to be awarded
    Column("faults", Integer, nullable=False),
    Column("made", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("next_part", Integer, nullable=False),  # parts are made in order, each once, by compare-and-set
    Column("actor", String(64), nullable=False),
    Column("who", UUID, nullable=False),
    Column("standing", String(16), nullable=False),  # of its awards at their beginning
    Column("key", DIGEST),  # of the Idempotency-Key
    Column("body", DIGEST, nullable=False),
    Column("failure", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("touched_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    PrimaryKeyConstraint("institution", "id"),
    UniqueConstraint("institution", "key", name="one_batch_per_key"),
)
Index("batches_by_state", AWARD_BATCHES.c.state, AWARD_BATCHES.c.touched_at)

AWARD_BATCH_PARTS = Table(
    "award_batch_parts",
    METADATA,
    _institution(),
    Column("batch", UUID, nullable=False),
    Column("kind", String(8), nullable=False),  # lines still to be awarded, or faults
    Column("number", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("institution", "batch", "kind", "number"),
    ForeignKeyConstraint(["institution", "batch"], ["award_batches.institution", "award_batches.id"]),
)

JOBS = store_inline.table(METADATA)

WEBHOOKS = Table(
    "webhooks",
    METADATA,
    _institution(),
    Column("id", UUID, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger),
    PrimaryKeyConstraint("institution", "id"),
)

WEBHOOK_MESSAGES = Table(
    "webhook_messages",
    METADATA,
    _institution(),
    Column("id", UUID, nullable=False),
    Column("webhook", UUID, nullable=False),
    Column("event", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("status", Integer),  # of the last answer; null: none came
    Column("created_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger),
    PrimaryKeyConstraint("institution", "webhook", "id"),
)
Index("webhook_messages_due", WEBHOOK_MESSAGES.c.state, WEBHOOK_MESSAGES.c.due_at)

OFFERS = Table(
    "offers",
    METADATA,
    _institution(),
    Column("reference", DIGEST, nullable=False),
    Column("award", UUID, nullable=False),
    Column("code", DIGEST),  # null until the offer is fetched
    Column("pin", DIGEST),
    Column("state", String(16), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("token", DIGEST),  # of the one access token that the code gave
    Column("token_expires_at", BigInteger),
    Column("formats", Text, nullable=False, server_default=""),  # what is offered: those of the course
    PrimaryKeyConstraint("institution", "reference"),
    UniqueConstraint("institution", "code", name="one_offer_per_code"),
    UniqueConstraint("institution", "token", name="one_offer_per_token"),
)

USED_NONCES = Table(
    "used_nonces",
    METADATA,
    _institution(),
    Column("nonce", DIGEST, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("institution", "nonce", name="a_nonce_is_used_once"),
)

STATUS_LISTS = Table(
    "status_lists",
    METADATA,
    _institution(),
    Column("id", String(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("version", Integer, nullable=False),  # counts the changes: a published list says which it shows
    Column("closed_at", BigInteger),  # null: new credentials get their places here
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("institution", "id"),
)

CREDENTIALS = Table(
    "credentials",
    METADATA,
    _institution(),
    Column("list", String(32), nullable=False),
    Column("place", Integer, nullable=False),
    Column("award", UUID, nullable=False),
    Column("configuration", String(64), nullable=False),
    Column("status", Integer, nullable=False),  # as in the list: 0 valid, 1 revoked, 2 suspended
    Column("issued_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("institution", "list", "place", name="a_place_is_given_once"),
)
Index("credentials_of_an_award", CREDENTIALS.c.institution, CREDENTIALS.c.award)
Index(
    "credentials_not_valid",
    CREDENTIALS.c.institution,
    CREDENTIALS.c.list,
    CREDENTIALS.c.place,
    sqlite_where=CREDENTIALS.c.status != 0,
    postgresql_where=CREDENTIALS.c.status != 0,
)

DEFERRED = Table(
    "deferred",
    METADATA,
    _institution(),
    Column("transaction_digest", DIGEST, nullable=False),
    Column("award", UUID, nullable=False),
    Column("token", DIGEST, nullable=False),
    Column("configuration", String(64), nullable=False),
    Column("holder_keys", Text, nullable=False),
    Column("served_at", BigInteger),
    PrimaryKeyConstraint("institution", "transaction_digest"),
)

NOTIFICATIONS = Table(
    "notifications",
    METADATA,
    _institution(),
    Column("award", UUID, nullable=False),
    Column("notification", DIGEST, nullable=False),
    Column("event", String(32), nullable=False),
    Column("description", Text),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("institution", "award", "notification", "event"),
)

IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    _institution(),
    Column("key", DIGEST, nullable=False),
    Column("body", DIGEST, nullable=False),
    Column("answer", LargeBinary, nullable=False),  # sealed: it holds claim links and PINs
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("institution", "key"),
)

AUDIT = Table(
    "audit",
    METADATA,
    _institution(),
    Column("id", UUID, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("event", String(32), nullable=False),
    Column("subject", UUID, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", UUID, nullable=False, server_default=""),  # the person or the key behind the actor's name
    PrimaryKeyConstraint("institution", "id"),
)
Index("audit_of_a_subject", AUDIT.c.institution, AUDIT.c.subject)

SESSIONS = sessions.table(METADATA)
