"""Four eyes, and corrections: who may approve, what is linked, and that nothing wrong stays alive."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from exchange import offer as offers
from exchange.offer import OfferReference
from issuer import institutions
from issuer.books.tables import AWARDS
from issuer.tenancy.access import Scope
from tests.issuer.universities import ANA, University

RIGHT = {**ANA, "grade": "30/30"}
WHY = "The grade was read wrongly"


async def ask_for_four_eyes(university: University, *, wanted: bool = True) -> None:
    """From now on this institution's awards wait for another person, or do not."""
    office = await university.issuer.offices.of("alma")
    await institutions.ask_for_approval(
        university.issuer.database, institution=office.institution, wanted=wanted, now=university.clock(),
        by=await institutions.recognise(university.issuer.database, key=university.key),
    )  # fmt: skip
    university.clock.move(timedelta(seconds=10))


async def key_of(university: University, *scopes: Scope) -> str:
    """The key of another person."""
    made = await institutions.create_key(
        university.issuer.database, institution="alma", scopes=scopes, label="Dean", now=university.clock()
    )
    return made.text


async def act(university: University, award: Mapping[str, Any], what: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """Does something to an award; the status and the body of the answer."""
    body = more.pop("body", {"reason": "Seen"})
    answer = await university.api("POST", f"/awards/{award['id']}/{what}", json=body, **more)
    return answer.status, await answer.json()


async def state_of(university: University, award: Mapping[str, Any]) -> str:
    seen = await (await university.api("GET", f"/awards/{award['id']}")).json()
    return str(seen["state"])


@pytest.fixture
async def careful(university: University) -> University:
    await ask_for_four_eyes(university)
    return university


async def test_an_award_waits_until_another_person_approves_it(careful: University) -> None:
    (award,) = await careful.award()
    offer = offers.parse(award["offer_uri"])
    assert isinstance(offer, OfferReference)
    early = await careful.get(offer.uri)

    status, seen = await act(careful, award, "approve", key=await key_of(careful, Scope.APPROVE))

    assert award["state"] == "pending"
    assert early.status == 410
    assert (status, seen["state"]) == (200, "waiting")
    assert len(await careful.claim(award)) == 1


async def test_who_awarded_cannot_approve(careful: University) -> None:
    (award,) = await careful.award()

    status, told = await act(careful, award, "approve")

    assert (status, told["code"]) == (403, "four_eyes")
    assert await state_of(careful, award) == "pending"


async def test_what_waits_goes_on_waiting_when_approval_is_not_asked_for_any_more(careful: University) -> None:
    (before,) = await careful.award()
    await ask_for_four_eyes(careful, wanted=False)
    (after,) = await careful.award()

    assert await state_of(careful, before) == "pending"
    assert after["state"] == "waiting"


async def test_the_history_says_who_asked_for_a_second_person(careful: University) -> None:
    lines = await careful.issuer.database.read(
        lambda books: books.exec_driver_sql("SELECT event, actor, who FROM audit").all()
    )

    key = careful.key.split("_")[1]
    assert ("approval_asked_for", "Registry office", key) in [tuple(line) for line in lines]


async def test_who_may_only_award_cannot_approve(careful: University) -> None:
    (award,) = await careful.award()

    status, _ = await act(careful, award, "approve", key=await key_of(careful, Scope.AWARDS_WRITE, Scope.REVOKE))

    assert status == 403
    assert await state_of(careful, award) == "pending"


async def test_what_is_not_approved_is_never_claimed(careful: University) -> None:
    (award,) = await careful.award()

    status, seen = await act(careful, award, "reject", key=await key_of(careful, Scope.APPROVE))
    again, told = await act(careful, award, "approve", key=await key_of(careful, Scope.APPROVE))

    assert (status, seen["state"]) == (200, "revoked")
    assert (again, told["code"]) == (409, "revocation_is_final")


async def test_two_approvals_at_once_are_one(careful: University) -> None:
    (award,) = await careful.award()
    keys = [await key_of(careful, Scope.APPROVE) for _ in range(10)]

    answers = await asyncio.gather(*(act(careful, award, "approve", key=key) for key in keys))

    assert sorted(status for status, _ in answers) == [200] + [409] * 9


async def test_a_correction_takes_the_place_of_what_was_wrong(university: University) -> None:
    (wrong,) = await university.award()
    await university.claim(wrong, count=2)

    status, right = await act(university, wrong, "supersede", body={"learner": RIGHT, "reason": WHY})

    seen = await (await university.api("GET", f"/awards/{wrong['id']}")).json()
    assert status == 201
    assert right["supersedes"] == wrong["id"]
    assert right["award"]["grade"] == "30/30"
    assert (seen["state"], seen["superseded_by"]) == ("revoked", right["id"])
    array = await university.status_array()
    assert sum(1 for place in range(131_072) if array(place) == 1) == 2
    assert len(await university.claim(right)) == 1


async def test_a_correction_keeps_the_pin_or_asks_for_one(university: University) -> None:
    (guarded,) = await university.award(pin=True)
    (open_,) = await university.award()

    _, kept = await act(university, guarded, "supersede", body={"learner": RIGHT, "reason": WHY})
    _, asked = await act(university, open_, "supersede", body={"learner": RIGHT, "reason": WHY, "pin": True})

    assert kept["pin"] != guarded["pin"]
    assert asked["pin"].isdigit()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"learner": {**RIGHT, "award_date": "June"}}, "/learners/0/award_date"),
        ({"learner": 7}, "/learner"),
        ({"reason": " "}, "/reason"),
        ({"reason": "x" * 501}, "/reason"),
        ({"pin": "yes"}, "/pin"),
        ({"why": "x"}, "/why"),
    ],
)
async def test_a_correction_that_is_wrong_itself_changes_nothing(
    university: University, change: Mapping[str, Any], path: str
) -> None:
    (award,) = await university.award()

    status, told = await act(university, award, "supersede", body={"learner": RIGHT, "reason": WHY, **change})

    assert status == 422
    assert path in {problem["path"] for problem in told["problems"]}
    assert await state_of(university, award) == "waiting"


async def test_of_many_corrections_at_once_one_counts(university: University) -> None:
    (award,) = await university.award()
    body = {"learner": RIGHT, "reason": WHY}

    answers = await asyncio.gather(*(act(university, award, "supersede", body=body) for _ in range(20)))

    assert sorted(status for status, _ in answers) == [201] + [409] * 19
    assert {told["code"] for status, told in answers if status == 409} <= {"superseded", "revocation_is_final"}
    count = await university.issuer.database.read(lambda books: len(books.execute(AWARDS.select()).all()))
    assert count == 2


async def test_a_revoked_award_is_not_corrected(university: University) -> None:
    (award,) = await university.award()
    await act(university, award, "revoke")

    status, told = await act(university, award, "supersede", body={"learner": RIGHT, "reason": WHY})

    assert (status, told["code"]) == (409, "revocation_is_final")


async def test_under_four_eyes_the_old_award_stands_until_the_new_one_is_approved(university: University) -> None:
    (wrong,) = await university.award()
    await university.claim(wrong)
    await ask_for_four_eyes(university)

    _, right = await act(university, wrong, "supersede", body={"learner": RIGHT, "reason": WHY})
    before = await state_of(university, wrong)
    await act(university, right, "approve", key=await key_of(university, Scope.APPROVE))

    assert (right["state"], before) == ("pending", "claimed")
    assert await state_of(university, wrong) == "revoked"
    assert await state_of(university, right) == "waiting"


async def test_a_correction_that_is_not_approved_leaves_room_for_another(university: University) -> None:
    (wrong,) = await university.award()
    await ask_for_four_eyes(university)
    body = {"learner": RIGHT, "reason": WHY}

    _, first = await act(university, wrong, "supersede", body=body)
    taken, told = await act(university, wrong, "supersede", body=body)
    await act(university, first, "reject", key=await key_of(university, Scope.APPROVE))
    status, _ = await act(university, wrong, "supersede", body=body)

    assert (taken, told["code"]) == (409, "superseded")
    assert status == 201
    assert await state_of(university, wrong) == "waiting"


async def test_the_history_says_who_did_what_and_why(university: University) -> None:
    (wrong,) = await university.award()
    _, right = await act(university, wrong, "supersede", body={"learner": RIGHT, "reason": WHY})

    lines = await university.issuer.database.read(
        lambda books: books.exec_driver_sql("SELECT event, actor, reason, subject FROM audit ORDER BY id").all()
    )

    assert ("superseded", "Registry office", WHY, wrong["id"]) in [tuple(line) for line in lines]
    assert ("awarded", "Registry office", WHY, right["id"]) in [tuple(line) for line in lines]
