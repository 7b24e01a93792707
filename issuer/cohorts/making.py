"""The job: awards are made part by part, each part in one transaction, until the batch is done or stopped.

A part is taken by compare-and-set on its batch and its awards have the identifiers that it has had since it was sent:
a process may be killed at any point, and any number of them may work on one batch, and each row is awarded once.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from issuer import identifiers
from issuer.books import store_cohorts, store_search, store_webhooks
from issuer.books.store_cohorts import AWARD_COLUMNS, UNFINISHED, Part, State, StoredBatch
from issuer.books.store_lists import Books
from issuer.books.store_webhooks import Event
from issuer.cohorts import parts
from issuer.delivery import store_mails
from issuer.delivery.outbox import WITH_THE_AWARD
from issuer.delivery.states import Kind
from issuer.delivery.store_mails import StoredMail
from issuer.errors import PartMissing
from issuer.tenancy.offices import Office, Offices
from service.database import Database
from service.jobs.tasks import Jobs, Task, Values

TASK = "award_batch"
INSTITUTION, AWARD, FOUND_BY = (AWARD_COLUMNS.index(name) for name in ("institution", "id", "found_by"))
EVENTS = {
    State.COMPLETED: Event.BATCH_COMPLETED,
    State.FAILED: Event.BATCH_FAILED,
    State.CANCELLED: Event.BATCH_CANCELLED,
}
GIVEN_UP = "Awarding failed again and again. What was awarded stays; resume the batch when the operator has mended it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What the job needs of the issuer."""

    database: Database
    offices: Offices
    now: Callable[[], datetime]

    def tasks(self) -> dict[str, Task]:
        """The tasks of this service."""
        return {TASK: Task(run=self._run, give_up=self._give_up)}

    async def _run(self, values: Values) -> None:
        more = True
        while more:
            more = await self._make_part(values["institution"], batch=values["batch"])

    async def _give_up(self, values: Values) -> None:
        moment = int(self.now().timestamp())
        await self.database.write(
            lambda books: stop(
                books, institution=values["institution"], batch=values["batch"], state=State.FAILED, now=moment,
                why=GIVEN_UP,
            )
        )  # fmt: skip

    async def _make_part(self, institution: str, *, batch: str) -> bool:
        """Makes the awards of the next part; False when there is nothing more to do, or another process does it."""
        stored, content = await self.database.read(lambda books: _next(books, institution=institution, batch=batch))
        if stored is None or stored.state not in UNFINISHED:
            return False
        if content is None:
            again, _ = await self.database.read(lambda books: _next(books, institution=institution, batch=batch))
            if again is not None and again.next_part == stored.next_part and again.state in UNFINISHED:
                raise PartMissing("A part of this batch is missing.")
            return False
        office = await self.offices.of(institution)
        moment = int(self.now().timestamp())
        rows = await asyncio.to_thread(_rows, content, batch=stored, office=office, now=moment)
        async with self.database.begin() as connection:
            if not await connection.run_sync(store_cohorts.take_part, batch=stored, count=len(rows), now=moment):
                return False
            await self.database.enter_many(connection, table="awards", columns=AWARD_COLUMNS, rows=rows)
            words = store_search.rows_of((row[INSTITUTION], row[AWARD], row[FOUND_BY]) for row in rows)
            if words:  # of names that are signs alone there are none
                await self.database.enter_many(
                    connection, table=store_search.TABLE, columns=store_search.WORD_COLUMNS, rows=words
                )
            if stored.mail is not None:
                mails = [_mail(row[AWARD], batch=stored, now=self.now()) for row in rows]
                await self.database.enter_many(
                    connection, table="mails", columns=tuple(mails[0]), rows=[tuple(mail.values()) for mail in mails]
                )
            last = stored.next_part + 1 == stored.parts
            if last:
                await connection.run_sync(
                    stop, institution=institution, batch=batch, state=State.COMPLETED, now=moment, why=""
                )
        return not last


def _mail(award: str, *, batch: StoredBatch, now: datetime) -> dict[str, Any]:
    """The mail that brings the link of an award, none before it is released."""
    moment = int(now.timestamp())
    return store_mails.row_of(
        StoredMail(
            institution=batch.institution, id=identifiers.create(now), award=award, kind=Kind.CLAIM,
            occasion=WITH_THE_AWARD, language=batch.mail or "", due_at=max(moment, batch.release_at), created_at=moment,
        )
    )  # fmt: skip


async def enqueue(jobs: Jobs, *, institution: str, batch: str) -> None:
    """Has the awards of a batch made."""
    await jobs.enqueue(TASK, key=batch, values={"institution": institution, "batch": batch})


def stop(books: Books, *, institution: str, batch: str, state: State, now: int, why: str) -> bool:
    """Ends a batch and announces it, in one transaction; False if it had ended before."""
    if not store_cohorts.enter_state(books, institution=institution, batch=batch, state=state, now=now, why=why):
        return False
    stored = store_cohorts.find(books, institution=institution, batch=batch)
    if stored is not None:
        data = {"batch": batch, "course": stored.course, "state": state.value, "good": stored.good, "made": stored.made}
        store_webhooks.announce(books, institution=institution, event=EVENTS[state], data=data, now=now)
    return True


def _next(books: Books, *, institution: str, batch: str) -> tuple[StoredBatch | None, bytes | None]:
    """A batch and the part of it that comes next."""
    stored = store_cohorts.find(books, institution=institution, batch=batch)
    if stored is None:
        return None, None
    number = stored.next_part
    return stored, store_cohorts.part(books, institution=institution, batch=batch, kind=Part.LINES, number=number)


def _rows(content: bytes, *, batch: StoredBatch, office: Office, now: int) -> Sequence[tuple[Any, ...]]:
    """The awards of a part, as their table has them (AWARD_COLUMNS)."""
    return [
        (
            batch.institution, award, batch.course, batch.course_version, learner,
            office.seals.pin_digest(office.seals.cohort_pin(award), award=award) if batch.pins else None,
            0, batch.standing.value, batch.release_at, expires_at, None, None, 0, now, found_by, batch.who, None,
            same_learner, batch.id, row,
        )
        for award, (row, learner, expires_at, found_by, same_learner) in parts.unpack_lines(content)
    ]  # fmt: skip
