"""Awards from before there were cohorts: a cohort finds their learners, too."""

from sqlalchemy import text

from issuer.books import search, store_cohorts
from service import migration
from service.database import Database


async def test_learners_who_were_awarded_before_are_known(database_url: str) -> None:
    database = Database.open(database_url)
    await migration.upgrade(database, service="issuer", to="0003")
    learner = '{"award_date": "2026-06-30", "learner": {"learner_id": "S1"}}'
    async with database.begin() as connection:
        course = "INSERT INTO courses (institution, slug, version, document, frozen, created_at)"
        await connection.execute(text(f"{course} VALUES ('alma', 'adp', 1, '{{}}', 1, 0)"))  # the test's own
        await connection.execute(
            text(
                "INSERT INTO awards (institution, id, course, course_version, learner, pin_guesses, standing,"
                " release_at, expires_at, copies, created_at)"
                " VALUES ('alma', 'an-award', 'adp', 1, :learner, 0, 'valid', 0, 0, 0, 0)"
            ),
            {"learner": learner},
        )

    await migration.upgrade(database, service="issuer")

    asked = [search.same_learner({"learner_id": number}) for number in ("S1", "s1", "S2")]
    found = await database.read(
        lambda books: store_cohorts.standing_learners(books, institution="alma", course="adp", learners=asked)
    )
    assert found == {asked[0]} == {asked[1]}
    await database.close()
