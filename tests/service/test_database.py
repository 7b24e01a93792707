"""Both databases: begin, read, and entries that share commits while each caller learns its own result."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.database import Database
from service.errors import Unavailable
from service.settings import InvalidSettings

METADATA = MetaData()
CODES = Table("codes", METADATA, Column("code", String, primary_key=True), Column("state", String, nullable=False))
NOTES = Table("notes", METADATA, Column("number", Integer, primary_key=True), Column("code", String, nullable=False))


class UsedError(Exception):
    pass


@pytest.fixture
async def books(database: Database) -> Database:
    async with database.begin() as connection:
        await connection.run_sync(METADATA.create_all)
        await connection.execute(insert(CODES), [{"code": f"c{n}", "state": "fresh"} for n in range(200)])
    return database


def redeem(code: str, *, note: int | None = None) -> object:
    def entry(connection: Connection) -> str:
        if note is not None:
            connection.execute(insert(NOTES).values(number=note, code=code))
        taken = connection.execute(
            update(CODES)
            .where(CODES.c.code == code, CODES.c.state == "fresh")
            .values(state="used")
            .returning(CODES.c.code)
        ).scalar()
        if taken is None:
            raise UsedError(code)
        return str(taken)

    return entry


def count(table: Table) -> object:
    return lambda connection: len(connection.execute(select(table)).all())


async def test_each_of_many_concurrent_entries_learns_its_own_result(books: Database) -> None:
    answers = await asyncio.gather(*(books.write(redeem(f"c{n}")) for n in range(200)))

    assert answers == [f"c{n}" for n in range(200)]


async def test_one_code_is_redeemed_once_by_200_at_a_time(books: Database) -> None:
    outcomes = await asyncio.gather(*(books.write(redeem("c7")) for _ in range(200)), return_exceptions=True)

    assert outcomes.count("c7") == 1
    assert sum(isinstance(outcome, UsedError) for outcome in outcomes) == 199


async def test_an_entry_that_fails_after_a_change_leaves_nothing_and_the_others_stay(books: Database) -> None:
    await books.write(redeem("c0"))

    outcomes = await asyncio.gather(
        books.write(redeem("c1", note=1)), books.write(redeem("c0", note=2)), books.write(redeem("c2", note=3)),
        return_exceptions=True,
    )  # fmt: skip

    assert outcomes[0] == "c1"
    assert isinstance(outcomes[1], UsedError)
    assert outcomes[2] == "c2"
    numbers = await books.read(lambda connection: connection.execute(select(NOTES.c.number)).scalars().all())
    assert sorted(numbers) == [1, 3]


async def test_an_entry_that_breaks_a_rule_hurts_nobody_else(books: Database) -> None:
    outcomes = await asyncio.gather(
        books.write(redeem("c1", note=1)), books.write(redeem("c2", note=1)), books.write(redeem("c3", note=2)),
        return_exceptions=True,
    )  # fmt: skip

    assert outcomes[0] == "c1"
    assert isinstance(outcomes[1], IntegrityError)
    assert outcomes[2] == "c3"
    assert await books.write(redeem("c2")) == "c2"


async def test_a_transaction_commits_at_its_end_or_not_at_all(books: Database) -> None:
    async def fail_halfway() -> None:
        async with books.begin() as connection:
            await connection.execute(insert(NOTES).values(number=9, code="c9"))
            raise UsedError

    with pytest.raises(UsedError):
        await fail_halfway()

    assert await books.read(count(NOTES)) == 0


async def test_transactions_and_entries_take_turns(books: Database) -> None:
    async def long_one(number: int) -> None:
        async with books.begin() as connection:
            await connection.execute(insert(NOTES).values(number=number, code="c"))
            await asyncio.sleep(0.01)

    entries = (books.write(redeem(f"c{n}", note=100 + n)) for n in range(20))
    await asyncio.gather(*(long_one(n) for n in range(5)), *entries)

    assert await books.read(count(NOTES)) == 25


async def test_a_reader_sees_one_state_while_others_write(books: Database) -> None:
    async with books.reading() as connection:
        before = len((await connection.execute(select(NOTES))).all())
        await books.write(redeem("c1", note=1))

    assert before == 0
    assert await books.read(count(NOTES)) == 1


async def test_what_was_entered_is_there_after_reopening(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'books.db'}"
    first = Database.open(url)
    async with first.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    await first.write(lambda connection: connection.execute(insert(NOTES).values(number=1, code="c")))
    await first.close()

    second = Database.open(url)
    assert await second.read(count(NOTES)) == 1
    await second.close()


async def test_a_lost_database_is_unavailable_to_every_way_in(tmp_path: Path) -> None:
    lost = Database.open("postgresql+asyncpg://nobody@127.0.0.1:9/none")

    with pytest.raises(Unavailable):
        await lost.ready()
    with pytest.raises(Unavailable):
        await lost.write(count(NOTES))
    with pytest.raises(Unavailable):
        await lost.read(count(NOTES))
    with pytest.raises(Unavailable):
        async with lost.begin():
            pass
    await lost.close()


@pytest.mark.parametrize(
    "url", ["mysql://root@localhost/x", "sqlite+aiosqlite://", "sqlite:///plain.db", "no url at all"]
)
def test_another_kind_of_database_is_refused_at_start(url: str) -> None:
    with pytest.raises(InvalidSettings):
        Database.open(url)


async def test_a_database_that_others_hold_is_told_to_all_at_once_and_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.database.BUSY_MILLISECONDS", 200)
    books = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'books.db'}")
    async with books.begin() as connection:
        await connection.run_sync(METADATA.create_all)
        await connection.execute(insert(CODES), [{"code": f"c{n}", "state": "fresh"} for n in range(30)])
    other = sqlite3.connect(tmp_path / "books.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = asyncio.get_running_loop().time()

    outcomes = await asyncio.gather(*(books.write(redeem(f"c{n}")) for n in range(30)), return_exceptions=True)

    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert asyncio.get_running_loop().time() - begun < 3
    other.execute("ROLLBACK")
    other.close()
    assert await books.write(redeem("c1")) == "c1"
    await books.close()
