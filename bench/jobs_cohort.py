"""A cohort, from its file to its last award, beside what the bare driver enters in bulk into the same table.

The file is read, checked, staged and awarded as the API does it, without the HTTP around it, by one process of its
own. The driver enters as many rows of the same width into the same table with the same indexes, in one transaction:
executemany over SQLite, COPY over PostgreSQL. Both are on disk. Over SQLite, where a process does all of its work
itself, its CPU time counts; over PostgreSQL the time until the batch is completed.
"""

import asyncio
import gc
import io
import multiprocessing
import resource
import secrets
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time

import asyncpg

from bench import databases, measure
from bench.jobs_claim import BODY, COURSE, COURSE_SLUG, SLUG
from bench.report import Figure
from issuer import app, identifiers, institutions
from issuer.books import store_cohorts
from issuer.books.store_cohorts import AWARD_COLUMNS, State
from issuer.cohorts.cohort import Kind
from issuer.cohorts.terms import Terms
from issuer.issuer import ISSUER, Issuer
from issuer.settings import IssuerSettings
from issuer.tenancy.access import Caller, Scope
from keys import authority
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from service import app as shell

SIZES = (1_000, 10_000, 100_000)
OWED, OWED_AT = 0.15, 100_000
MOST_MEMORY = 400 * 2**20
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
Contest = Callable[[Issuer, str, int], Awaitable[float]]
CALLER = Caller(institution=SLUG, key="bench", label="bench", scopes=frozenset(scope.value for scope in Scope))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One cohort: how long the driver took for as many rows, how long we did, and our peak of memory so far."""

    size: int
    driver: float
    cohort: float
    peak: int


def run() -> Sequence[Figure]:
    """Cohorts at three sizes over both databases, and how much memory the largest took."""
    figures: list[Figure] = []
    for name, database in (("SQLite", databases.sqlite), ("PostgreSQL", databases.postgresql)):
        done = [_measured(database, size=size) for size in SIZES]
        figures += [_figure(name, measured=each) for each in done]
        figures += [_memory(name, measured=each) for each in done]
    return figures


def _figure(name: str, *, measured: Measured) -> Figure:
    rate, limit = measured.size / measured.cohort, measured.size / measured.driver
    owed = OWED if measured.size == OWED_AT else None
    kind = "CPU" if name == "SQLite" else "wall time"
    return Figure(
        job=f"cohort to awards, {name}, of the driver ({kind})", size=measured.size, rate=rate, limit=limit,
        ratio=rate / limit, owed=owed,
    )  # fmt: skip


def _memory(name: str, *, measured: Measured) -> Figure:
    """What is left of 400 MiB, as a share: the rate is the room, in MiB."""
    room = MOST_MEMORY / measured.peak
    return Figure(
        job=f"cohort, {name}, memory: MiB at its peak, of 400", size=measured.size, rate=measured.peak / 2**20,
        limit=MOST_MEMORY / 2**20, ratio=room, owed=1.0 if measured.size == OWED_AT else None,
    )  # fmt: skip


def _measured(database: Callable[[], AbstractContextManager[str]], *, size: int) -> Measured:
    """The driver and we, one after the other, each with an empty database and a process of its own."""
    with database() as url:
        driver, _ = _in_a_process_of_its_own(_driver, url=url, size=size)
    with database() as url:
        cohort, peak = _in_a_process_of_its_own(_cohort, url=url, size=size)
    return Measured(size=size, driver=driver, cohort=cohort, peak=peak)


def _in_a_process_of_its_own(contest: Contest, *, url: str, size: int) -> tuple[float, int]:
    """The seconds that a contestant took, and its peak of memory."""
    context = multiprocessing.get_context("spawn")
    with measure.on_all_cores(), context.Pool(1) as pool:
        return pool.apply(_enact, (contest, url, size))


def _enact(contest: Contest, url: str, size: int) -> tuple[float, int]:
    seconds = asyncio.run(_in_an_issuer(contest, url=url, size=size))
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def _in_an_issuer(contest: Contest, *, url: str, size: int) -> float:
    with tempfile.TemporaryDirectory() as keys:
        made = app.build(_settings(url, keys=keys))
        runner = await shell.start(made, host="localhost", port=None)
        desk = made[ISSUER]
        await _found(desk)
        gc.collect()
        gc.freeze()  # as the service does once it serves
        seconds = await contest(desk, url, size)
        await runner.cleanup()
    return seconds


def _settings(url: str, *, keys: str) -> IssuerSettings:
    return IssuerSettings.parse(
        {
            "ISSUER_PROFILE": "development",
            "ISSUER_DATABASE_URL": url,
            "ISSUER_KEYS": keys,
            "ISSUER_KEY_PASSPHRASE": "a passphrase for this bench alone",
        }
    )


async def _found(desk: Issuer) -> None:
    base, now = desk.settings.base, desk.now()
    key = PrivateJwk.generate(Algorithm.ES256)
    root = authority.create_authority("Root of the bench", now=now)
    leaf = authority.create_leaf(
        root, subject=SLUG, public=key.public, uri=f"{base.base_url}/{SLUG}", dns=["localhost"], now=now
    )
    await institutions.create(desk.database, base, slug=SLUG, body=BODY, key=key, chain=[leaf], now=now)
    await institutions.save_course(desk.database, institution=SLUG, slug=COURSE_SLUG, raw=COURSE, now=now)


def _file(size: int) -> bytes:
    """A cohort of that many learners."""
    rows = (
        f"Ana-{n},Example,1999-10-{1 + n % 28:02},S-{n},learner{n}@example.org,2026-06-30,28/30" for n in range(size)
    )
    return "\r\n".join(["given_name,family_name,birth_date,learner_id,email,award_date,grade", *rows, ""]).encode()


async def _cohort(desk: Issuer, _url: str, size: int) -> float:
    """The seconds from the file to the last award."""
    content = _file(size)
    office = await desk.offices.of(SLUG)
    began = _clock(desk)
    batch, faults = await desk.batches.submit(
        io.BytesIO(content), kind=Kind.CSV, terms=Terms(course=COURSE_SLUG), office=office, caller=CALLER, key=None
    )
    assert not faults, faults
    while (now := await desk.batches.find(SLUG, batch=batch.id)).state is not State.COMPLETED:
        assert now.state in store_cohorts.UNFINISHED, now
        await asyncio.sleep(0.01)
    assert now.made == now.rows
    return _clock(desk) - began


def _clock(desk: Issuer) -> float:
    """The CPU time of this process, or the time where another one shares the work."""
    return process_time() if desk.database.is_sqlite else perf_counter()


async def _driver(desk: Issuer, url: str, size: int) -> float:
    """The seconds that the bare driver takes for as many rows."""
    rows = list(_rows(size))
    if desk.database.is_sqlite:
        return await asyncio.to_thread(_sqlite_bulk, url, rows)
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        began = perf_counter()
        async with connection.transaction():
            await connection.copy_records_to_table("awards", records=rows, columns=AWARD_COLUMNS)
        return perf_counter() - began
    finally:
        await connection.close()


def _sqlite_bulk(url: str, rows: Sequence[tuple[object, ...]]) -> float:
    connection = sqlite3.connect(url.partition("///")[2])
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    marks = ", ".join("?" * len(AWARD_COLUMNS))
    began = process_time()
    with connection:
        connection.executemany(f"INSERT INTO awards ({', '.join(AWARD_COLUMNS)}) VALUES ({marks})", rows)  # noqa: S608  # our own
    took = process_time() - began
    connection.close()
    return took


def _rows(size: int) -> Iterator[tuple[object, ...]]:
    """Rows as wide as a cohort's own."""
    for number in range(size):
        learner = (
            f'{{"learner":{{"given_name":"Ana-{number}","family_name":"Example","birth_date":"1999-10-02",'
            f'"learner_id":"S-{number}","email":"learner{number}@example.org"}},'
            '"award_date":"2026-06-30","grade":"28/30"}'
        )
        identifier = identifiers.create(FIRST + timedelta(milliseconds=number))
        yield (
            SLUG, identifier, COURSE_SLUG, 1, learner, None, 0, "valid", 0, 0, None, None, 0, 1,
            f" ana {number} example", "bench", None, f"s-{number}"[:12] + secrets.token_hex(10), "driver", number,
        )  # fmt: skip
