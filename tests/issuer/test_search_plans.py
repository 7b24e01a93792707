"""Among a hundred thousand awards each search goes through an index: the plans of both databases say so. No clock.

What the databases are asked is what the store asks them: the same statement, explained.
"""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, text

from issuer import awards
from issuer.books import store_search
from issuer.books.search import Search
from service import migration
from service.database import Database

COHORT = "019f1d03-0000-7000-8000-000000000000"
KEYS = {"institution_": "alma", "before_": awards.NEWEST, "count_": 51}
NAME = "CASE WHEN n % 1000 = 7 THEN 'muller' ELSE 'ana' || n END"
COURSE = (
    "INSERT INTO courses (institution, slug, version, document, formats, frozen, created_at)"
    " VALUES ('alma', :course, 1, '{}', '', 1, 0)"
)
AWARDS = (
    "INSERT INTO awards (institution, id, course, course_version, learner, pin_guesses, standing, release_at,"
    " expires_at, claimed_at, copies, created_at, found_by, same_learner, batch, batch_row)"
    " SELECT 'alma', {id}, CASE WHEN n % 500 = 3 THEN 'rare' ELSE 'adp' END, 1, '{{}}', 0,"
    " CASE WHEN n % 2000 = 5 THEN 'revoked' ELSE 'valid' END, 0, 0, CASE WHEN n % 1000 = 9 THEN 1 END, 0, 0,"
    " ' ' || {name} || ' example', 's' || n, CASE WHEN n <= 100 THEN '{cohort}' END, CASE WHEN n <= 100 THEN n END"
    " FROM {numbers}"
)
WORDS = (
    "INSERT INTO award_words (institution, word, award)"
    " SELECT 'alma', {name}, {id} FROM {numbers} UNION ALL SELECT 'alma', 'example', {id} FROM {numbers}"
)
NUMBERS = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT 100000) SELECT n FROM s)",
    "postgresql": "generate_series(1, 100000) AS s(n)",
}
IDENTIFIER = {
    "sqlite": "printf('019f1d03-%08x', n)",
    "postgresql": "'019f1d03-' || lpad(to_hex(n), 8, '0')",
}
WAYS = {
    "a word": (Search.of(text="Müll"), "award_words"),
    "a frequent word and a rare one": (Search.of(text="example mull"), "award_words"),
    "a rare word of a course": (Search.of(text="muller", course="adp"), "award_words"),
    "a course": (Search.of(course="rare"), "awards_of_a_course"),
    "a cohort": (Search.of(batch=COHORT), "awards_of_a_cohort"),
    "revoked": (Search.of(state="revoked"), "awards_stopped"),
    "pending": (Search.of(state="pending"), "awards_stopped"),
    "claimed": (Search.of(state="claimed"), "awards_claimed"),
    "waiting": (Search.of(state="waiting"), "awards_waiting"),
}


@pytest.fixture
async def full(database_url: str) -> AsyncIterator[Database]:
    """A database with many awards, as its planner knows."""
    database = Database.open(database_url)
    await migration.upgrade(database, service="issuer")
    kind = "sqlite" if database.is_sqlite else "postgresql"
    told = {"numbers": NUMBERS[kind], "id": IDENTIFIER[kind], "name": NAME, "cohort": COHORT}
    async with database.begin() as connection:
        for course in ("adp", "rare"):
            await connection.execute(text(COURSE), {"course": course})
        await connection.execute(text(AWARDS.format(**told)))
        await connection.execute(text(WORDS.format(**told)))
        await connection.execute(text("ANALYZE"))
    yield database
    await database.close()


def plan(connection: Connection, *, wanted: Search) -> str:
    """How the database goes about the search."""
    leader = store_search.leader(connection, institution="alma", words=wanted.words)
    asked, values = store_search.statement(wanted, leader=leader, keys=KEYS)
    told = asked.params(**values).compile(connection, compile_kwargs={"literal_binds": True})
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(f"{word} {told}"))


async def test_each_way_of_searching_goes_through_its_index(full: Database) -> None:
    async with full.reading() as connection:
        plans = {name: await connection.run_sync(plan, wanted=wanted) for name, (wanted, _) in WAYS.items()}

    assert {name: told for name, told in plans.items() if WAYS[name][1] not in told} == {}
    scans = ("Seq Scan", "SCAN awards", "SCAN award_words")
    assert {name: told for name, told in plans.items() if any(scan in told for scan in scans)} == {}


async def test_the_rarest_word_leads_and_the_others_follow(full: Database) -> None:
    async with full.reading() as connection:
        leader = await connection.run_sync(store_search.leader, institution="alma", words=("example", "mull"))
    page = await awards.page(full, institution="alma", cursor=None, wanted=Search.of(text="example Müll"))
    last = await awards.page(full, institution="alma", cursor=page.cursor, wanted=Search.of(text="example Müll"))

    assert leader == "mull"
    assert (len(page.awards), len(last.awards), last.cursor) == (50, 50, None)
    assert [award.id for award in page.awards] == sorted((award.id for award in page.awards), reverse=True)
