"""What awards are found by: words as people type them, worked out as well for awards from before there was a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from issuer import awards
from issuer.books import search
from issuer.books.search import Search, State
from service import migration
from tests.issuer.universities import ANA, University


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  Müller-Groß ", ("muller", "gross")),
        ("ΘΕΟΔΏΡΑΣ", search.words("Θεοδώρας")),
        ("2026_0117", ("2026", "0117")),
        ("100%", ("100",)),
        ("--", ()),
    ],
)
def test_words_are_compared_as_people_type_them(typed: str, words: tuple[str, ...]) -> None:
    assert search.words(typed) == words


@given(st.text(max_size=80))
def test_whatever_is_typed_is_words_of_letters_and_digits_and_stays_so(typed: str) -> None:
    found = search.words(typed)

    assert all(word.isalnum() for word in found)
    assert search.words(" ".join(found)) == found


def test_a_state_that_there_is_not_narrows_nothing() -> None:
    assert Search.of(state="revoked").state is State.REVOKED
    assert not Search.of(text="%_", state="lost").narrows


async def test_awards_from_before_there_was_a_search_are_found(university: University) -> None:
    (award,) = await university.award({**ANA, "family_name": "Ångström"})
    database = university.issuer.database
    async with database.begin() as connection:
        for statement in (
            "DROP INDEX awards_of_a_course",
            "ALTER TABLE awards DROP COLUMN found_by",
            "UPDATE issuer_version SET version_num = '0001'",
        ):
            await connection.execute(text(statement))

    await migration.upgrade(database, service="issuer")

    found = await awards.page(database, institution="alma", cursor=None, wanted=Search.of(text="angst ana"))
    assert [each.id for each in found.awards] == [award["id"]]
