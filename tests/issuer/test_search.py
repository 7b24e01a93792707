"""What awards are found by: words as people type them, worked out as well for awards from before there was a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from issuer import awards
from issuer.books import search
from issuer.books.search import Search, State
from service import migration
from service.database import Database


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


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Müller ANA.Maria@Learners.example", ("muller", "ana.maria@learners.example")),
        ("ana.maria@", ("ana.maria@",)),
        ("@ Ana ana", ("ana",)),
    ],
)
def test_an_e_mail_address_is_looked_for_as_one_word(typed: str, asked: tuple[str, ...]) -> None:
    assert search.asked(typed) == asked


def test_an_award_stands_under_its_words_and_not_under_single_letters() -> None:
    found_by = search.found_by_learner({"given_name": "Li X.", "family_name": "Ó Briain", "email": "li@x.example"})

    assert search.tokens(found_by) == {"li", "briain", "li@x.example"}
    assert " o briain" in found_by


@given(st.text(max_size=200))
def test_whatever_is_typed_is_looked_for_as_words_that_can_stand_in_an_index(typed: str) -> None:
    found = search.asked(typed)

    assert all(word and len(word) <= search.LONGEST_WORD and not word.isspace() for word in found)
    assert len(set(found)) == len(found)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_words_of_letters_and_digits_and_stays_so(typed: str) -> None:
    found = search.words(typed)

    assert all(word.isalnum() for word in found)
    assert search.words(" ".join(found)) == found


def test_a_state_that_there_is_not_narrows_nothing() -> None:
    assert Search.of(state="revoked").state is State.REVOKED
    assert not Search.of(text="%_", state="lost").narrows


async def test_awards_from_before_there_was_a_search_are_found(database_url: str) -> None:
    database = Database.open(database_url)
    await migration.upgrade(database, service="issuer", to="0001")
    learner = '{"award_date": "2026-06-30", "learner": {"given_name": "Ana", "family_name": "Ångström"}}'
    async with database.begin() as connection:
        await connection.execute(text("INSERT INTO courses VALUES ('alma', 'adp', 1, '{}', 1, 0)"))
        await connection.execute(
            text(
                "INSERT INTO awards (institution, id, course, course_version, learner, pin_guesses, standing,"
                " release_at, expires_at, copies, created_at)"
                " VALUES ('alma', 'an-award', 'adp', 1, :learner, 0, 'valid', 0, 0, 0, 0)"
            ),
            {"learner": learner},
        )

    await migration.upgrade(database, service="issuer")

    found = await awards.page(database, institution="alma", cursor=None, wanted=Search.of(text="angst ana"))
    assert [each.id for each in found.awards] == ["an-award"]
    await database.close()
