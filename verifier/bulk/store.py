"""Jobs of many checks, in SQL: one row a job, one a thing to check, which is erased once its result is there.

Trusted with: how far a job is. Names, contents and results are sealed under the job's id, of which only a digest is
here: whoever can read the tables learns how many answers were yes, and of nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from verifier.tables import BULK_ITEMS, BULK_JOBS

JOBS, ITEMS = BULK_JOBS.c, BULK_ITEMS.c


class State(StrEnum):
    """Where a job is."""

    READING = "reading"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


UNDER_WAY = (State.READING.value, State.RUNNING.value)

_SETTLE = (
    update(BULK_ITEMS)
    .where(ITEMS.job == bindparam("by_job"), ITEMS.number == bindparam("by_number"))
    .values(item=None, verdict=bindparam("new_verdict"), result=bindparam("new_result"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it is stored; `beat` is when it was last seen at work."""

    digest: str
    state: State
    total: int
    done: int
    beat: int
    kept_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing of a job: what is to be checked while there is no result, then the result alone."""

    number: int
    item: bytes | None
    result: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The result of one thing."""

    number: int
    verdict: str
    result: bytes


def add(books: Connection, *, job: Job) -> None:
    """Keeps a new job."""
    books.execute(insert(BULK_JOBS), {column.name: getattr(job, column.name) for column in JOBS} | {"state": job.state})


def go_on(books: Connection, *, digest: str, state: State, total: int, now: int) -> bool:
    """A job that is under way is now in `state`, and seen at work; False where it was ended."""
    values = {"state": state.value, "total": total, "beat": now}
    ours = (JOBS.digest == digest, JOBS.state.in_(UNDER_WAY))
    return books.execute(update(BULK_JOBS).where(*ours).values(values)).rowcount == 1


def settle(books: Connection, *, digest: str, some: Sequence[Settled], now: int) -> bool:
    """Keeps results and erases what they are of; False where the job was ended, and then nothing is changed."""
    ours = (JOBS.digest == digest, JOBS.state == State.RUNNING.value)
    moved = update(BULK_JOBS).where(*ours).values(done=JOBS.done + len(some), beat=now)
    if books.execute(moved).rowcount != 1:
        return False
    values = [
        {"by_job": digest, "by_number": each.number, "new_verdict": each.verdict, "new_result": each.result}
        for each in some
    ]
    books.execute(_SETTLE, values)
    return True


def end(books: Connection, *, digest: str, state: State) -> bool:
    """Ends a job that is under way, and erases what was not checked; False where it had ended."""
    ours = (JOBS.digest == digest, JOBS.state.in_(UNDER_WAY))
    if books.execute(update(BULK_JOBS).where(*ours).values(state=state.value)).rowcount != 1:
        return False
    books.execute(update(BULK_ITEMS).where(ITEMS.job == digest, ITEMS.item.is_not(None)).values(item=None))
    return True


def end_silent(books: Connection, *, before: int) -> None:
    """Ends the jobs that nobody has worked on since `before`, as interrupted."""
    silent = select(JOBS.digest).where(JOBS.state.in_(UNDER_WAY), JOBS.beat < before)
    for digest in books.execute(silent).scalars().all():
        end(books, digest=digest, state=State.INTERRUPTED)


def find(books: Connection, *, digest: str) -> Job | None:
    """The job with this digest."""
    found = books.execute(select(BULK_JOBS).where(JOBS.digest == digest)).mappings().first()
    return None if found is None else Job(**{**found, "state": State(found["state"])})


def verdicts(books: Connection, *, digest: str) -> Mapping[str, int]:
    """How many of each verdict there are so far."""
    counting = select(ITEMS.verdict, func.count()).where(ITEMS.job == digest, ITEMS.verdict.is_not(None))
    return {row[0]: row[1] for row in books.execute(counting.group_by(ITEMS.verdict))}


def items(books: Connection, *, digest: str, after: int, count: int) -> list[Item]:
    """The things of a job after one of them, in order."""
    wanted = select(ITEMS.number, ITEMS.item, ITEMS.result).where(ITEMS.job == digest, ITEMS.number > after)
    rows = books.execute(wanted.order_by(ITEMS.number).limit(count)).mappings()
    return [Item(**row) for row in rows]


def remove(books: Connection, *, digest: str) -> None:
    """Forgets a job with all that belongs to it."""
    books.execute(delete(BULK_ITEMS).where(ITEMS.job == digest))
    books.execute(delete(BULK_JOBS).where(JOBS.digest == digest))


def forget(books: Connection, *, now: int) -> None:
    """Removes the jobs that are past their time."""
    for digest in books.execute(select(JOBS.digest).where(JOBS.kept_until < now)).scalars().all():
        remove(books, digest=digest)
