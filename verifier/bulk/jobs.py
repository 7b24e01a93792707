"""A job of many checks, in the process that took it: begun, worked through a few at a time, ended in one of three ways.

What a restart leaves unfinished cannot be gone on with, since only the asker has the key to it: it is `interrupted`,
and says so, with the results that there are. Keys and status lists come through the desk's own readers, once for all.
"""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import IO, Any, Final, NamedTuple, Self

from aiohttp import web

from keys import sealing, strict_json
from service import telemetry
from service.errors import Conflict, NotFound, ServiceError, Unavailable
from trust.fetching import Fetched
from trust.report import ReasonCode
from verifier import vault
from verifier.bulk import reading, store
from verifier.bulk.entries import Entry
from verifier.bulk.results import Result
from verifier.bulk.store import Item, Job, Settled, State
from verifier.desk import Verifier
from verifier.errors import NotRead
from verifier.intake import examining
from verifier.intake.opening import Intake

AT_ONCE: Final = 4  # things of one job
MOST_JOBS: Final = 4  # of one process
SILENT_SECONDS: Final = 180  # a job that nobody has worked on for so long is interrupted
ITEM_SECONDS: Final = 60
TOGETHER: Final = 4 << 20  # bytes that are entered at once
MOST_TOGETHER: Final = 200
LINKED = "Links are not followed in a check of many. Check this one by itself."
SLOW = "It took too long to check this one. Check it by itself."
FAULT = "This one could not be checked, by a fault of this service. Check it by itself."


class Sight(NamedTuple):
    """How a job stands."""

    job: Job
    verdicts: dict[str, int]


class Bulk:
    """The jobs of one process."""

    def __init__(self, desk: Verifier, *, intake: Intake, kept: timedelta) -> None:
        self._desk = desk
        self._intake = replace(intake, fetch=_not_followed)
        self._kept = int(kept.total_seconds())
        self._under_way: set[asyncio.Task[None]] = set()
        self._reading = 0

    async def start(self, stream: IO[bytes]) -> str:
        """Takes in a file and begins its job; its id, which is stored nowhere. Raises what reading.read does."""
        if len(self._under_way) + self._reading >= MOST_JOBS:
            raise Unavailable("As many checks as can be made at once are under way.", retry_after=60)
        id_, moment = vault.token(), self._desk.moment
        job = Job(
            digest=sealing.digest(id_), state=State.READING, total=0, done=0, beat=moment,
            kept_until=moment + self._kept,
        )  # fmt: skip
        await self._desk.database.write(lambda books: store.add(books, job=job))
        self._reading += 1
        try:
            await self._take_in(stream, id_=id_, digest=job.digest)
        except BaseException:
            await self._desk.database.write(lambda books: store.remove(books, digest=job.digest))
            raise
        finally:
            self._reading -= 1
        task = asyncio.create_task(self._run(id_, digest=job.digest))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return id_

    async def see(self, id_: str) -> Sight:
        """How the job stands; NotFound for an id that is of none."""
        digest, before = sealing.digest(id_), self._desk.moment - SILENT_SECONDS
        job = await self._desk.database.read(lambda books: store.find(books, digest=digest))
        if job is None or job.kept_until < self._desk.moment:
            raise NotFound("There is no such check, or it is past its time.")
        if job.state.value in store.UNDER_WAY and job.beat < before:
            job = replace(job, state=State.INTERRUPTED)
        counts = await self._desk.database.read(lambda books: store.verdicts(books, digest=digest))
        return Sight(job=job, verdicts=dict(counts))

    async def cancel(self, id_: str) -> None:
        """Ends a job; Conflict where it has ended."""
        sight = await self.see(id_)
        digest = sight.job.digest
        if not await self._desk.database.write(lambda books: store.end(books, digest=digest, state=State.CANCELLED)):
            raise Conflict("This check has already ended.")

    async def results(self, id_: str, *, after: int, count: int) -> list[Result]:
        """Some results in the order of the file; one that is not there (yet) says so."""
        digest = sealing.digest(id_)
        found = await self._desk.database.read(
            lambda books: store.items(books, digest=digest, after=after, count=count)
        )
        return [_result(each, key=_key(id_)) for each in found]

    async def tidy(self) -> None:
        """Ends what nobody works on any more, and removes what is past its time."""
        now = self._desk.moment
        await self._desk.database.write(lambda books: store.end_silent(books, before=now - SILENT_SECONDS))
        await self._desk.database.write(lambda books: store.forget(books, now=now))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends what is under way, as interrupted."""
        tasks = [*self._under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take_in(self, stream: IO[bytes], *, id_: str, digest: str) -> None:
        found, key, number = reading.read(stream), _key(id_), 0
        while some := await asyncio.to_thread(_some, found):
            rows = [
                (digest, number + place, _sealed_entry(entry, key=key, number=number + place), None, None)
                for place, entry in enumerate(some, 1)
            ]
            number += len(some)
            async with self._desk.database.begin() as books:
                await self._desk.database.enter_many(
                    books, table="bulk_items", columns=("job", "number", "item", "verdict", "result"), rows=rows
                )
            await self._move(digest, state=State.READING, total=number)
        await self._move(digest, state=State.RUNNING, total=number)

    async def _move(self, digest: str, *, state: State, total: int) -> None:
        now = self._desk.moment
        await self._desk.database.write(
            lambda books: store.go_on(books, digest=digest, state=state, total=total, now=now)
        )

    async def _run(self, id_: str, *, digest: str) -> None:
        """The outermost place of a job: whatever is raised ends here, and the job is told as interrupted."""
        last = State.INTERRUPTED
        try:
            if await self._work(_key(id_), digest=digest):
                last = State.DONE
        except Exception as error:  # noqa: BLE001  # as an event loop has it: nobody above would hear of it
            telemetry.note_fault(error, reference=secrets.token_hex(5), route="bulk")
        finally:
            await self._end(digest, state=last)

    async def _end(self, digest: str, *, state: State) -> None:
        try:
            await self._desk.database.write(lambda books: store.end(books, digest=digest, state=state))
        except ServiceError:
            telemetry.note("bulk_end_waits")  # found silent, and ended so, when tidied

    async def _work(self, key: bytes, *, digest: str) -> bool:
        """Checks what is left; False where somebody else ended the job."""
        after = 0
        while some := await self._next(digest, after=after):
            settled = await asyncio.gather(*(self._checked(each, key=key) for each in some))
            if not await self._settle(digest, some=settled):
                return False
            after = some[-1].number
        return True

    async def _settle(self, digest: str, *, some: Sequence[Settled]) -> bool:
        now = self._desk.moment
        return await self._desk.database.write(lambda books: store.settle(books, digest=digest, some=some, now=now))

    async def _next(self, digest: str, *, after: int) -> list[Item]:
        found = await self._desk.database.read(
            lambda books: store.items(books, digest=digest, after=after, count=AT_ONCE)
        )
        return [each for each in found if each.item is not None]

    async def _checked(self, item: Item, *, key: bytes) -> Settled:
        entry = _open_entry(item, key=key)
        try:
            async with asyncio.timeout(ITEM_SECONDS):
                found = await self._found(entry)
        except (TimeoutError, Unavailable):
            found = [self._unsure(SLOW, code=ReasonCode.LIMITS)]
        except Exception as error:  # noqa: BLE001  # one thing harms no other of its job
            telemetry.note_fault(error, reference=secrets.token_hex(5), route="bulk")
            found = [self._unsure(FAULT, code=ReasonCode.UNSUPPORTED_FORMAT)]
        result = Result.of(found, number=item.number, name=entry.name)
        sealed = sealing.seal(strict_json.dump(result.to_json()), key=key, aad=_place(b"result", item.number))
        return Settled(number=item.number, verdict=result.verdict, result=sealed)

    async def _found(self, entry: Entry) -> list[dict[str, Any]]:
        if entry.fault:
            error = NotRead(entry.fault, case="damaged", code=ReasonCode(entry.code))
            return [examining.refused(self._desk, error)]
        try:
            items = await self._intake.open_file(entry.content)
        except NotRead as error:
            return [examining.refused(self._desk, error)]
        return await examining.examine_all(self._desk, items, intake=self._intake, binding=None)

    def _unsure(self, sentence: str, *, code: ReasonCode) -> dict[str, Any]:
        return examining.refused(self._desk, NotRead(sentence, case="too_slow", code=code, unsure=True))


async def _not_followed(url: str, *, accept: str, limit: int = 0) -> Fetched:  # noqa: ARG001  # as Fetch has it
    raise NotRead(LINKED, case="link_refused", unsure=True)


def _some(found: Iterator[Entry]) -> list[Entry]:
    """The next entries, as many as are entered at once."""
    some: list[Entry] = []
    size = 0
    while len(some) < MOST_TOGETHER and size < TOGETHER and (entry := next(found, None)) is not None:
        some.append(entry)
        size += len(entry.content)
    return some


def _key(id_: str) -> bytes:
    return sealing.derive(id_.encode(), purpose="verifier bulk")


def _place(what: bytes, number: int) -> bytes:
    return b"verifier bulk %s %d" % (what, number)


def _sealed_entry(entry: Entry, *, key: bytes, number: int) -> bytes:
    head = strict_json.dump({"name": entry.name, "fault": entry.fault, "code": entry.code})
    return sealing.seal(head + b"\n" + entry.content, key=key, aad=_place(b"item", number))


def _open_entry(item: Item, *, key: bytes) -> Entry:
    head, _, content = sealing.open(item.item or b"", key=key, aad=_place(b"item", item.number)).partition(b"\n")
    return Entry(**strict_json.parse_object(head), content=content)


def _result(item: Item, *, key: bytes) -> Result:
    if item.result is not None:
        raw = strict_json.parse_object(sealing.open(item.result, key=key, aad=_place(b"result", item.number)))
        return Result(**raw)
    name = "" if item.item is None else _open_entry(item, key=key).name
    return Result(number=item.number, id=name)


BULK = web.AppKey("BULK", Bulk)


def of(request: web.Request) -> Bulk:
    """The jobs of the service that answers `request`."""
    return request.config_dict[BULK]
