"""Cohorts: a batch with its parts, made part by part by compare-and-set, so that every row is awarded once.

Trusted like the awards themselves: what stands in a part is what its learners are awarded. Parts hold learners' data
until their awards are made, and no longer than a week; faults never repeat what stood in a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Connection,
    String,
    bindparam,
    delete,
    desc,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_if_absent  # its ON CONFLICT is SQLite's, word for word

from issuer.books.tables import AWARD_BATCH_PARTS, AWARD_BATCHES, AWARDS
from issuer.standing import Standing
from keys import strict_json

INSTITUTION: BindParameter[Any] = bindparam("institution_")
BATCH: BindParameter[Any] = bindparam("batch_")
NOW: BindParameter[Any] = bindparam("now_")


class State(StrEnum):
    """The life of a batch."""

    CHECKED = "checked"  # a dry run: nothing was to be awarded
    REJECTED = "rejected"  # it had faults: nothing was awarded
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


UNFINISHED = (State.QUEUED, State.RUNNING)
NEXT: Mapping[State, tuple[State, ...]] = {  # what each is reached from
    State.RUNNING: (State.QUEUED, State.RUNNING),
    State.COMPLETED: UNFINISHED,
    State.CANCELLED: UNFINISHED,
    State.FAILED: UNFINISHED,
    State.QUEUED: (State.FAILED,),
}
AWARD_COLUMNS = (
    "institution", "id", "course", "course_version", "learner", "pin", "pin_guesses", "standing", "release_at",
    "expires_at", "claimed_at", "claimed_by", "copies", "created_at", "found_by", "awarded_by", "supersedes",
    "same_learner", "batch", "batch_row",
)  # fmt: skip


class Part(StrEnum):
    """What a part holds."""

    LINES = "lines"
    FAULTS = "faults"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBatch:
    """A batch as the books have it."""

    institution: str
    id: str
    state: State
    course: str
    course_version: int
    pins: int
    release_at: int
    rows: int
    good: int
    faults: int
    made: int
    parts: int
    next_part: int
    actor: str
    who: str
    standing: Standing
    key: str | None
    body: str
    failure: str
    created_at: int
    touched_at: int
    finished_at: int | None
    mail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRow:
    """An award of a batch, as its results tell of it."""

    row: int
    award: str
    learner: str
    pin: str | None
    standing: Standing
    claimed_at: int | None
    link_number: int


_WAITING = (AWARDS.c.institution == INSTITUTION, AWARDS.c.batch == BATCH, AWARDS.c.standing == Standing.PENDING.value)
_PENDING = select(func.count()).where(*_WAITING)
_DECIDE = (
    update(AWARDS).where(*_WAITING, AWARDS.c.awarded_by != bindparam("who_")).values(standing=bindparam("standing_"))
)
_ADD = insert_if_absent(AWARD_BATCHES).on_conflict_do_nothing().returning(AWARD_BATCHES.c.id)
_ADD_PART = insert(AWARD_BATCH_PARTS)
_ONE = (AWARD_BATCHES.c.institution == INSTITUTION, AWARD_BATCHES.c.id == BATCH)
_FIND = select(AWARD_BATCHES).where(*_ONE)
_BY_KEY = select(AWARD_BATCHES).where(
    AWARD_BATCHES.c.institution == INSTITUTION, AWARD_BATCHES.c.key == bindparam("key_")
)
_PAGE = (
    select(AWARD_BATCHES)
    .where(AWARD_BATCHES.c.institution == INSTITUTION, AWARD_BATCHES.c.id < bindparam("before_"))
    .order_by(desc(AWARD_BATCHES.c.id))
    .limit(bindparam("count_"))
)
_UNFINISHED = select(AWARD_BATCHES.c.institution, AWARD_BATCHES.c.id).where(
    AWARD_BATCHES.c.state.in_([state.value for state in UNFINISHED]), AWARD_BATCHES.c.touched_at <= bindparam("quiet_")
)
_TAKE = (
    update(AWARD_BATCHES)
    .where(
        *_ONE,
        AWARD_BATCHES.c.state.in_([state.value for state in UNFINISHED]),
        AWARD_BATCHES.c.next_part == bindparam("number_"),
    )
    .values(
        state=State.RUNNING.value,
        next_part=AWARD_BATCHES.c.next_part + 1,
        made=AWARD_BATCHES.c.made + bindparam("count_"),
        touched_at=NOW,
    )
    .returning(AWARD_BATCHES.c.id)
)
_OF_BATCH = (AWARD_BATCH_PARTS.c.institution == INSTITUTION, AWARD_BATCH_PARTS.c.batch == BATCH)
_PART = (*_OF_BATCH, AWARD_BATCH_PARTS.c.kind == bindparam("kind_"), AWARD_BATCH_PARTS.c.number == bindparam("number_"))
_CONTENT = select(AWARD_BATCH_PARTS.c.content).where(*_PART)
_FORGET_PART = delete(AWARD_BATCH_PARTS).where(*_PART)
_OLD = select(AWARD_BATCHES.c.institution, AWARD_BATCHES.c.id).where(
    AWARD_BATCHES.c.state.in_(bindparam("states_", expanding=True)), AWARD_BATCHES.c.touched_at <= bindparam("before_")
)
_FORGET_OLD_PARTS = delete(AWARD_BATCH_PARTS).where(
    tuple_(AWARD_BATCH_PARTS.c.institution, AWARD_BATCH_PARTS.c.batch).in_(_OLD),
    AWARD_BATCH_PARTS.c.kind.in_(bindparam("kinds_", expanding=True)),
)
_FORGET_OLD = delete(AWARD_BATCHES).where(tuple_(AWARD_BATCHES.c.institution, AWARD_BATCHES.c.id).in_(_OLD))
_RESULT = (
    AWARDS.c.batch_row, AWARDS.c.id, AWARDS.c.learner, AWARDS.c.pin, AWARDS.c.standing, AWARDS.c.claimed_at,
    AWARDS.c.link_number,
)  # fmt: skip
_MADE = (
    select(*_RESULT)
    .where(AWARDS.c.institution == INSTITUTION, AWARDS.c.batch == BATCH, AWARDS.c.batch_row > bindparam("after_"))
    .order_by(AWARDS.c.batch_row)
    .limit(bindparam("count_"))
)
# Learners are looked up one by one, by key: of a long list PostgreSQL believes, until it has counted, that all match.
_AWARDED = (
    select(AWARDS.c.id).where(AWARDS.c.institution == INSTITUTION, AWARDS.c.course == bindparam("course_")).limit(1)
)
_STANDING = (
    "SELECT asked.value FROM {} WHERE (SELECT 1 FROM awards WHERE institution = :institution_ AND course = :course_"
    " AND same_learner = asked.value AND standing <> 'revoked' LIMIT 1) IS NOT NULL"
)
_STANDING_SQLITE = text(_STANDING.format("json_each(:learners_) AS asked"))
_STANDING_POSTGRESQL = text(_STANDING.format("unnest(:learners_) AS asked(value)")).bindparams(
    bindparam("learners_", type_=ARRAY(String))
)


def _enters(state: State) -> Any:
    sources = [source.value for source in NEXT[state]]
    return (
        update(AWARD_BATCHES)
        .where(*_ONE, AWARD_BATCHES.c.state.in_(sources))
        .values(state=state.value, failure=bindparam("failure_"), touched_at=NOW, finished_at=bindparam("finished_"))
        .returning(AWARD_BATCHES.c.id)
    )


_ENTER = {state: _enters(state) for state in NEXT}


def add(
    connection: Connection, *, batch: StoredBatch, lines: Sequence[tuple[int, bytes]],
    faults: Sequence[tuple[int, bytes]],
) -> bool:  # fmt: skip
    """Enters a batch with its parts; False if another has its idempotency key."""
    row = asdict(batch) | {"state": batch.state.value, "standing": batch.standing.value}
    if connection.execute(_ADD, row).one_or_none() is None:
        return False
    parts = [
        {
            "institution": batch.institution, "batch": batch.id, "kind": kind.value, "number": number, "count": count,
            "content": content,
        }
        for kind, packed in ((Part.LINES, lines), (Part.FAULTS, faults))
        for number, (count, content) in enumerate(packed)
    ]  # fmt: skip
    if parts:
        connection.execute(_ADD_PART, parts)
    return True


def find(connection: Connection, *, institution: str, batch: str) -> StoredBatch | None:
    """One batch of this institution."""
    return _of(connection.execute(_FIND, {"institution_": institution, "batch_": batch}).one_or_none())


def find_by_key(connection: Connection, *, institution: str, key: str) -> StoredBatch | None:
    """The batch that was sent with this idempotency key (by its digest)."""
    return _of(connection.execute(_BY_KEY, {"institution_": institution, "key_": key}).one_or_none())


def page(connection: Connection, *, institution: str, before: str, count: int) -> tuple[StoredBatch, ...]:
    """Up to `count` batches that are older than the identifier `before`, the newest first."""
    values = {"institution_": institution, "before_": before, "count_": count}
    return tuple(found for row in connection.execute(_PAGE, values) if (found := _of(row)) is not None)


def unfinished(connection: Connection, *, quiet_since: int) -> list[tuple[str, str]]:
    """Institution and identifier of each batch that is to be gone on with and was not touched lately."""
    return [(row.institution, row.id) for row in connection.execute(_UNFINISHED, {"quiet_": quiet_since})]


def part(connection: Connection, *, institution: str, batch: str, kind: Part, number: int) -> bytes | None:
    """What a part holds."""
    values = {"institution_": institution, "batch_": batch, "kind_": kind.value, "number_": number}
    return connection.execute(_CONTENT, values).scalar()


def take_part(connection: Connection, *, batch: StoredBatch, count: int, now: int) -> bool:
    """Takes the next part of a batch, with `count` rows, in the transaction that makes its awards.

    False if somebody else has it, or the batch is not to be gone on with.
    """
    keys = {"institution_": batch.institution, "batch_": batch.id, "number_": batch.next_part}
    if connection.execute(_TAKE, {**keys, "count_": count, "now_": now}).one_or_none() is None:
        return False
    connection.execute(_FORGET_PART, {**keys, "kind_": Part.LINES.value})
    return True


def enter_state(connection: Connection, *, institution: str, batch: str, state: State, now: int, why: str = "") -> bool:
    """Brings a batch into a state; False if none leads there from where it is."""
    values = {"institution_": institution, "batch_": batch, "now_": now, "failure_": why}
    finished = None if state in UNFINISHED else now
    return connection.execute(_ENTER[state], {**values, "finished_": finished}).one_or_none() is not None


def made(connection: Connection, *, institution: str, batch: str, after: int, count: int) -> list[MadeRow]:
    """Up to `count` awards of a batch, by row, after that row."""
    values = {"institution_": institution, "batch_": batch, "after_": after, "count_": count}
    return [
        MadeRow(
            row=row.batch_row, award=row.id, learner=row.learner, pin=row.pin, standing=Standing(row.standing),
            claimed_at=row.claimed_at, link_number=row.link_number,
        )
        for row in connection.execute(_MADE, values)
    ]  # fmt: skip


def standing_learners(
    connection: Connection, *, institution: str, course: str, learners: Sequence[str]
) -> frozenset[str]:
    """Those of `learners` who have an award of the course that is not revoked."""
    values = {"institution_": institution, "course_": course}
    if connection.dialect.name == "sqlite":
        told = strict_json.dump(list(learners)).decode()
        return frozenset(connection.execute(_STANDING_SQLITE, {**values, "learners_": told}).scalars())
    return frozenset(connection.execute(_STANDING_POSTGRESQL, {**values, "learners_": list(learners)}).scalars())


def is_awarded(connection: Connection, *, institution: str, course: str) -> bool:
    """Whether anybody was awarded the course."""
    return connection.execute(_AWARDED, {"institution_": institution, "course_": course}).first() is not None


def forget(connection: Connection, *, before: int) -> None:
    """Removes batches that awarded nothing, and what others did not come to award, when they are old."""
    never = {"states_": [State.CHECKED.value, State.REJECTED.value], "before_": before}
    ended = {"states_": [State.CANCELLED.value, State.FAILED.value], "before_": before}
    connection.execute(_FORGET_OLD_PARTS, {**never, "kinds_": [kind.value for kind in Part]})
    connection.execute(_FORGET_OLD, never)
    connection.execute(_FORGET_OLD_PARTS, {**ended, "kinds_": [Part.LINES.value]})


def _of(row: Any) -> StoredBatch | None:
    if row is None:
        return None
    known = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's documented view of a row
    return StoredBatch(**known | {"state": State(known["state"]), "standing": Standing(known["standing"])})


def count_pending(connection: Connection, *, institution: str, batch: str) -> int:
    """How many awards of a batch wait for approval."""
    return connection.execute(_PENDING, {"institution_": institution, "batch_": batch}).scalar() or 0


def decide(connection: Connection, *, institution: str, batch: str, standing: Standing, who: str) -> int:
    """Gives every award of a batch that waits for approval its `standing`, but for those that `who` awarded."""
    keys = {"institution_": institution, "batch_": batch, "standing_": standing.value, "who_": who}
    return connection.execute(_DECIDE, keys).rowcount
