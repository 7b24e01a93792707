"""Batches: a cohort's file is checked whole, entered in one transaction, then awarded by a job; or not at all.

A file with faults awards nothing, unless its sender asked for the rows without. What was wrong is kept for a week, as
rows, columns and sentences, so that all of it can be had; a dry run keeps nothing else either.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from issuer import identifiers, institutions
from issuer.awards import NEWEST
from issuer.books import store_awards, store_catalogue, store_cohorts
from issuer.books.store_cohorts import UNFINISHED, Part, State, StoredBatch
from issuer.books.store_lists import Books
from issuer.cohorts import cohort, making, parts
from issuer.cohorts.checking import Checker, Known
from issuer.cohorts.cohort import FAULTS_SHOWN, Cohort, Kind
from issuer.cohorts.faults import Fault
from issuer.cohorts.terms import Terms
from issuer.configurations import table
from issuer.errors import BatchEnded, BatchRuns, FourEyes, OtherBody, StandingUnchanged, UnknownBatch
from issuer.institutions import CatalogueEntry
from issuer.standing import Act, Standing
from issuer.tenancy.access import Caller
from issuer.tenancy.offices import Office
from keys import sealing
from service.database import Database
from service.errors import Conflict
from service.jobs.tasks import Jobs

KEPT = timedelta(days=7)
QUIET = timedelta(seconds=10)
ASK_SECONDS = 30
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """The batches of this issuer, and what it takes to begin and to end them."""

    database: Database
    jobs: Jobs
    part_rows: int
    reading: asyncio.Semaphore  # how many files are read at once: each takes a processor and some memory
    now: Callable[[], datetime]

    async def submit(
        self, stream: IO[bytes], *, kind: Kind, terms: Terms, office: Office, caller: Caller, key: str | None
    ) -> tuple[StoredBatch, list[Fault]]:
        """Checks a file and, where its terms allow, has it awarded; the batch, and the first faults.

        The same key with the same file and terms gets the same batch; with others OtherBody.
        """
        body = await asyncio.to_thread(_digest, stream, terms=terms)
        digest = None if key is None else sealing.digest(key)
        known = await self._known(office, key=digest, body=body)
        if known is not None:
            return known, await self.first_faults(known)
        course = await institutions.find_course(self.database, institution=office.slug, slug=terms.course)
        async with self.reading:
            found = await self._read(stream, kind=kind, terms=terms, office=office, course=course)
        state = _state(found, terms=terms)
        awarding = state is State.QUEUED
        told = self._draw_up(found, state=state, terms=terms, office=office, caller=caller, course=course)
        batch = StoredBatch(**told, key=digest if awarding else None, body=body)
        lines = found.packed if awarding else []
        if not await self._enter(batch, lines=lines, faults=found.packed_faults, course=course):
            known = await self._known(office, key=digest, body=body)
            if known is None:
                raise Conflict("This request was sent twice at once. Send it once more.")
            return known, await self.first_faults(known)
        if awarding:
            await making.enqueue(self.jobs, institution=office.slug, batch=batch.id)
        return batch, found.faults

    async def find(self, institution: str, *, batch: str) -> StoredBatch:
        """A batch of this institution; raises UnknownBatch, also for another institution's."""
        found = await self.database.read(lambda books: store_cohorts.find(books, institution=institution, batch=batch))
        if found is None:
            raise UnknownBatch("This institution has no such batch.")
        return found

    async def page(
        self, institution: str, *, cursor: str | None, count: int
    ) -> tuple[tuple[StoredBatch, ...], str | None]:
        """Batches after `cursor`, the newest first, and where the next ones begin."""
        found = await self.database.read(
            lambda books: store_cohorts.page(books, institution=institution, before=cursor or NEWEST, count=count + 1)
        )
        shown = found[:count]
        return shown, shown[-1].id if len(found) > count else None

    async def first_faults(self, batch: StoredBatch) -> list[Fault]:
        """The first faults of a batch."""
        found = await self.faults(batch, part=0)
        return found[:FAULTS_SHOWN]

    async def faults(self, batch: StoredBatch, *, part: int) -> list[Fault]:
        """The faults in one part of those of a batch; empty after the last."""
        content = await self.database.read(
            lambda books: store_cohorts.part(
                books, institution=batch.institution, batch=batch.id, kind=Part.FAULTS, number=part
            )
        )
        return [] if content is None else await asyncio.to_thread(parts.unpack_faults, content)

    async def cancel(self, institution: str, *, batch: str, caller: Caller) -> StoredBatch:
        """Awards no more of a batch; what was awarded stays. Raises BatchEnded if it had ended."""
        now = self.now()

        def enter(books: Books) -> bool:
            moment = int(now.timestamp())
            kept = {"institution": institution, "batch": batch}
            if not making.stop(books, **kept, state=State.CANCELLED, now=moment, why=f"Cancelled by {caller.label}."):
                return False
            store_awards.write_down(
                books,
                line=_line(institution, batch=batch, event="cancelled", actor=caller.label, who=caller.who, now=now),
            )
            return True

        if not await self.database.write(enter):
            found = await self.find(institution, batch=batch)
            raise BatchEnded(f"This batch is {found.state.value}; there is nothing to cancel.")
        return await self.find(institution, batch=batch)

    async def decide(self, batch: StoredBatch, *, act: Act, reason: str, caller: Caller) -> int:
        """Approves or rejects what waits for that in a batch that has ended; tells how many awards that were.

        Raises BatchRuns, FourEyes for who sent the batch, or StandingUnchanged where nothing waits.
        """
        if batch.state in UNFINISHED:
            raise BatchRuns("Awards of this batch are still being made: decide when it has ended.")
        if batch.who == caller.who and act is Act.APPROVE:
            raise FourEyes("Whoever awarded cannot approve the awards.")
        now = self.now()

        def enter(books: Books) -> int:
            kept = {"institution": batch.institution, "batch": batch.id}
            who = caller.who if act is Act.APPROVE else ""
            decided = store_cohorts.decide(books, **kept, standing=act.result, who=who)
            if decided:
                line = _line(**kept, event=act.value, actor=caller.label, who=caller.who, now=now)
                store_awards.write_down(books, line={**line, "reason": reason})
            return decided

        decided = await self.database.write(enter)
        if not decided:
            raise StandingUnchanged("No award of this batch waits for approval.")
        return decided

    async def pending(self, batch: StoredBatch) -> int:
        """How many awards of a batch wait for approval."""
        return await self.database.read(
            lambda books: store_cohorts.count_pending(books, institution=batch.institution, batch=batch.id)
        )

    async def resume(self, institution: str, *, batch: str) -> StoredBatch:
        """Goes on with a batch that failed; raises BatchEnded for any other."""
        moment = int(self.now().timestamp())
        entered = await self.database.write(
            lambda books: store_cohorts.enter_state(
                books, institution=institution, batch=batch, state=State.QUEUED, now=moment
            )
        )
        found = await self.find(institution, batch=batch)
        if not entered:
            raise BatchEnded(f"This batch is {found.state.value}; there is nothing to resume.")
        await making.enqueue(self.jobs, institution=institution, batch=batch)
        return found

    async def pick_up(self, *, quiet: timedelta = QUIET) -> int:
        """Has every unfinished batch gone on with that nobody has touched for a while; tells how many."""
        since = int((self.now() - quiet).timestamp())
        found = await self.database.read(lambda books: store_cohorts.unfinished(books, quiet_since=since))
        for institution, batch in found:
            await making.enqueue(self.jobs, institution=institution, batch=batch)
        return len(found)

    async def tidy(self) -> None:
        """Removes what is kept for a week only."""
        before = int((self.now() - KEPT).timestamp())
        await self.database.write(lambda books: store_cohorts.forget(books, before=before))

    async def _known(self, office: Office, *, key: str | None, body: str) -> StoredBatch | None:
        if key is None:
            return None
        found = await self.database.read(
            lambda books: store_cohorts.find_by_key(books, institution=office.slug, key=key)
        )
        if found is not None and found.body != body:
            raise OtherBody("This Idempotency-Key was used for another file or other terms.")
        return found

    async def _read(
        self, stream: IO[bytes], *, kind: Kind, terms: Terms, office: Office, course: CatalogueEntry
    ) -> Cohort:
        now = self.now()
        anybody = await self.database.read(
            lambda books: store_cohorts.is_awarded(books, institution=office.slug, course=course.slug)
        )
        checker = Checker(
            course=course.course, today=now.date(), shared=terms.shared, allow_again=terms.allow_again or not anybody,
            known=self._asker(office.slug, course=course.slug), formats=table.demanding(course.formats),
            by_mail=terms.email,
        )  # fmt: skip
        return await asyncio.to_thread(
            cohort.read, stream, kind=kind, checker=checker, now=now, part_rows=self.part_rows,
            keep=lambda seen: not terms.dry_run and (terms.partial or not seen.fault_count),
        )  # fmt: skip

    def _asker(self, institution: str, *, course: str) -> Known:
        """Asks the database from the thread that reads the file."""
        loop = asyncio.get_running_loop()

        def ask(learners: Sequence[str]) -> frozenset[str]:
            if not learners:
                return frozenset()
            asked = self.database.read(
                lambda books: store_cohorts.standing_learners(
                    books, institution=institution, course=course, learners=learners
                )
            )
            return asyncio.run_coroutine_threadsafe(asked, loop).result(timeout=ASK_SECONDS)

        return ask

    def _draw_up(
        self, found: Cohort, *, state: State, terms: Terms, office: Office, caller: Caller, course: CatalogueEntry
    ) -> dict[str, Any]:
        now = self.now()
        moment = int(now.timestamp())
        return {
            "institution": office.slug, "id": identifiers.create(now), "state": state, "course": course.slug,
            "course_version": course.version, "pins": int(terms.pin),
            "mail": terms.language if terms.email else None,
            "release_at": int(terms.release_at.timestamp()) if terms.release_at else 0, "rows": found.rows,
            "good": found.good, "faults": found.fault_count, "made": 0, "parts": len(found.packed), "next_part": 0,
            "actor": caller.label[:64], "who": caller.who,
            "standing": Standing.PENDING if office.institution.approval else Standing.VALID, "failure": "",
            "created_at": moment, "touched_at": moment,
            "finished_at": None if state is State.QUEUED else moment,
        }  # fmt: skip

    async def _enter(
        self, batch: StoredBatch, *, lines: Sequence[tuple[int, bytes]], faults: Sequence[tuple[int, bytes]],
        course: CatalogueEntry,
    ) -> bool:  # fmt: skip
        def enter(books: Books) -> bool:
            if batch.state is State.QUEUED:
                document = store_catalogue.freeze(
                    books, institution=batch.institution, slug=course.slug, version=course.version
                )
                if document is None or institutions.read_course(document) != course.course:
                    raise Conflict("The course was changed while its cohort was read. Send the request once more.")
                line = _line(
                    batch.institution, batch=batch.id, event="awarded", actor=batch.actor, who=batch.who, now=self.now()
                )
                store_awards.write_down(books, line=line)
            return store_cohorts.add(books, batch=batch, lines=lines, faults=faults)

        async with self.database.begin() as connection:
            entered = await connection.run_sync(enter)
            if not entered:
                await connection.rollback()
        return entered


def _line(institution: str, *, batch: str, event: str, actor: str, who: str, now: datetime) -> dict[str, Any]:
    """A line of the history of a batch, and so of its awards."""
    return {
        "institution": institution, "id": identifiers.create(now), "at": int(now.timestamp()), "actor": actor,
        "who": who, "event": event, "subject": batch, "reason": "",
    }  # fmt: skip


def _state(found: Cohort, *, terms: Terms) -> State:
    if terms.dry_run:
        return State.CHECKED
    if not found.good or (found.fault_count and not terms.partial):
        return State.REJECTED
    return State.QUEUED


def _digest(stream: IO[bytes], *, terms: Terms) -> str:
    """The digest of a file with its terms."""
    digest = hashlib.sha256(repr(terms).encode())
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()
