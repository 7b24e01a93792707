"""A cohort under four eyes, by mail, and in formats that ask for something."""

from issuer import institutions
from issuer.configurations.table import EUDI, SD_JWT
from issuer.tenancy.access import Scope
from tests.issuer.cohorts import cohorts
from tests.issuer.cohorts.files import learners, to_csv
from tests.issuer.test_formats import save
from tests.issuer.test_lifecycle import ask_for_four_eyes, key_of
from tests.issuer.universities import University


async def decide(university: University, batch: str, what: str, *, key: str, reason: str = "Seen") -> tuple[int, str]:
    """Approves or rejects a cohort: the status, and the code of a refusal or how many it was."""
    answer = await university.api("POST", f"/award-batches/{batch}/{what}", key=key, json={"reason": reason})
    told = await answer.json()
    return answer.status, str(told.get("code") or told.get("decided"))


async def states(university: University, batch: str) -> set[str]:
    return {row["state"] for row in await cohorts.rows(university, batch)}


async def test_a_cohort_waits_until_another_person_approves_all_of_it(university: University) -> None:
    await ask_for_four_eyes(university)
    batch = (await cohorts.awarded(university, to_csv(learners(30))))["id"]
    before = await states(university, batch)

    own = await decide(university, batch, "approve", key=university.key)
    other = await decide(university, batch, "approve", key=await key_of(university, Scope.APPROVE))
    again = await decide(university, batch, "approve", key=await key_of(university, Scope.APPROVE))

    assert before == {"pending"}
    assert own == (403, "four_eyes")
    assert other == (200, "30")
    assert again == (409, "standing_unchanged")
    assert await states(university, batch) == {"waiting"}


async def test_a_cohort_that_is_not_approved_is_never_claimed(university: University) -> None:
    await ask_for_four_eyes(university)
    batch = (await cohorts.awarded(university, to_csv(learners(3))))["id"]
    dean = await key_of(university, Scope.APPROVE)

    silent = await decide(university, batch, "reject", key=dean, reason="")
    rejected = await decide(university, batch, "reject", key=dean)

    assert silent[0] == 422
    assert rejected == (200, "3")
    assert await states(university, batch) == {"revoked"}


async def test_who_may_only_award_approves_no_cohort(university: University) -> None:
    await ask_for_four_eyes(university)
    batch = (await cohorts.awarded(university, to_csv(learners(3))))["id"]

    status, _ = await decide(university, batch, "approve", key=await key_of(university, Scope.AWARDS_WRITE))

    assert status == 403
    assert await states(university, batch) == {"pending"}


async def test_a_mail_for_each_learner_enters_the_outbox_with_the_award(university: University) -> None:
    batch = await cohorts.awarded(university, to_csv(learners(25)), email="true", language="it")

    mails = await university.issuer.database.read(
        lambda books: books.exec_driver_sql("SELECT award, language, kind FROM mails").all()
    )

    assert batch["email"] is True
    assert {mail.award for mail in mails} == {row["award"] for row in await cohorts.rows(university, batch["id"])}
    assert len(mails) == 25
    assert {mail.language for mail in mails} == {"it"}


async def test_without_an_address_there_is_no_delivery_by_mail(university: University) -> None:
    some = learners(4)
    some[2]["email"] = ""

    answer = await cohorts.send(university, to_csv(some), email="true")

    (problem,) = (await answer.json())["problems"]
    assert answer.status == 422
    assert (problem["row"], problem["column"], problem["code"]) == (4, "email", "missing")


async def test_terms_of_mail_are_checked(university: University) -> None:
    answer = await cohorts.send(university, to_csv(learners(1)), email="yes", language="italiano!")

    assert answer.status == 422
    assert [problem["path"] for problem in (await answer.json())["problems"]] == ["/email", "/language"]


async def test_a_row_that_lacks_what_a_format_asks_for_is_named(university: University) -> None:
    await save(university, SD_JWT, EUDI)
    some = [learner | {"valid_until": "2031-06-30"} for learner in learners(5)]
    some[3]["valid_until"] = ""

    answer = await cohorts.send(university, to_csv(some))

    (problem,) = (await answer.json())["problems"]
    assert (problem["row"], problem["code"]) == (5, "format_lacks")
    assert "exp" in problem["message"]


async def test_the_demand_of_a_format_is_no_demand_where_the_course_has_it_not(university: University) -> None:
    entry = await institutions.find_course(university.issuer.database, institution="alma", slug="adp")

    batch = await cohorts.awarded(university, to_csv(learners(2)))

    assert EUDI not in entry.formats
    assert batch["made"] == 2
