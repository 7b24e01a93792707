"""Who was mailed what was wrong is mailed what is right: once it may be claimed, with a link of its own."""

from datetime import timedelta
from typing import Any

import pytest

from issuer.tenancy.access import Scope
from tests.issuer.delivery import mailroom
from tests.issuer.delivery.conftest import ADDRESS, REACHABLE, Mailing
from tests.issuer.test_lifecycle import act, ask_for_four_eyes, key_of
from tests.issuer.universities import ANA

RIGHT = {**REACHABLE, "grade": "30/30"}
CORRECTED = "Corrected: your micro-credential from Alma University: Applied Data Protection"


async def correct(mailing: Mailing, award: Any, **more: Any) -> dict[str, Any]:
    """Corrects an award; what the API tells of the new one."""
    body = {"learner": RIGHT, "reason": "The grade was read wrongly", **more}
    status, told = await act(mailing.university, award, "supersede", body=body)
    assert status == 201, told
    return told


async def test_the_learner_is_told_of_the_correction_with_the_new_link(mailing: Mailing) -> None:
    (wrong,) = await mailing.award(pin=True)
    await mailing.courier.deliver()
    await mailing.university.claim(wrong, tx_code=wrong["pin"])

    right = await correct(mailing, wrong)
    await mailing.courier.deliver()

    (_, mail) = mailing.room.mails
    assert (mail["To"], mail["Subject"]) == (ADDRESS, CORRECTED)
    text = mailroom.text_of(mail)
    assert right["claim_url"] in text
    assert wrong["claim_url"] not in text
    assert "What you had before is not valid any more." in text
    assert right["pin"] not in mail.as_string()
    assert await mailing.states(right) == [("correction", "sent")]
    old = await (await mailing.university.get(wrong["claim_url"], headers={"Accept": "text/html"})).text()
    assert "This award was corrected." in old
    assert right["claim_url"] not in old
    assert len(await mailing.university.claim(right, tx_code=right["pin"])) == 1


async def test_a_mail_about_what_was_wrong_is_not_sent_any_more(mailing: Mailing) -> None:
    (wrong,) = await mailing.award()

    await correct(mailing, wrong)
    await mailing.courier.deliver()

    assert [mail["Subject"] for mail in mailing.room.mails] == [CORRECTED]
    assert await mailing.states(wrong) == [("claim", "withdrawn")]


async def test_who_was_never_mailed_is_mailed_only_where_it_is_asked_for(mailing: Mailing) -> None:
    silent, asked = await mailing.university.award(REACHABLE, {**REACHABLE, "given_name": "Ben"})

    await correct(mailing, silent)
    await correct(mailing, asked, deliver={"email": True})
    await mailing.courier.deliver()

    assert [mail["Subject"] for mail in mailing.room.mails] == [CORRECTED]


async def test_no_mail_where_the_institution_wants_none(mailing: Mailing) -> None:
    (wrong,) = await mailing.award()

    right = await correct(mailing, wrong, deliver={"email": False})

    assert await mailing.states(right) == []


async def test_mail_that_cannot_arrive_is_refused_before_anything_is_corrected(mailing: Mailing) -> None:
    (wrong,) = await mailing.award()

    body = {"learner": {**ANA, "grade": "30/30"}, "reason": "Wrong", "deliver": {"email": True}}
    status, told = await act(mailing.university, wrong, "supersede", body=body)

    assert (status, told["problems"][0]["path"]) == (422, "/learner/email")
    shown = await (await mailing.university.api("GET", f"/awards/{wrong['id']}")).json()
    assert shown["state"] == "waiting"


async def test_the_mail_goes_where_the_link_went_last(mailing: Mailing, clock: Any) -> None:
    (wrong,) = await mailing.award()
    clock.move(timedelta(seconds=1))
    other = "ana.right@learners.example"
    await mailing.university.api("POST", f"/awards/{wrong['id']}/mails", json={"email": other})
    await mailing.courier.deliver()

    await correct(mailing, wrong)
    await mailing.courier.deliver()

    assert mailing.room.mails[-1]["To"] == other


async def test_a_correction_is_told_when_it_was_approved(mailing: Mailing, clock: Any) -> None:
    (wrong,) = await mailing.award()
    await mailing.courier.deliver()
    await ask_for_four_eyes(mailing.university)
    right = await correct(mailing, wrong)
    await mailing.courier.deliver()
    assert len(mailing.room.mails) == 1

    await act(mailing.university, right, "approve", key=await key_of(mailing.university, Scope.APPROVE))
    clock.move(timedelta(minutes=11))
    await mailing.courier.deliver()

    assert [mail["Subject"] for mail in mailing.room.mails][1:] == [CORRECTED]


async def test_what_is_not_released_yet_is_not_released_by_correcting_it(mailing: Mailing, clock: Any) -> None:
    (wrong,) = await mailing.award(release_at="2026-12-01T09:00:00Z")

    right = await correct(mailing, wrong)
    await mailing.courier.deliver()

    assert right["release_at"] == "2026-12-01T09:00:00Z"
    assert mailing.room.mails == []
    clock.move(timedelta(days=170))
    await mailing.courier.deliver()
    assert [mail["Subject"] for mail in mailing.room.mails] == [CORRECTED]


@pytest.mark.parametrize(("before", "chosen"), [(True, "yes"), (False, "no")])
async def test_the_form_proposes_what_was_done_before(mailing: Mailing, before: bool, chosen: str) -> None:  # noqa: FBT001  # a parameter of the test
    (wrong,) = await (mailing.award() if before else mailing.university.award(REACHABLE))
    entered = await mailing.university.client.get("/console/sign-in", headers={"Accept": "text/html"})
    token = (await entered.text()).partition('name="csrf" value="')[2].partition('"')[0]
    form = {"csrf": token, "api_key": mailing.university.key}
    await mailing.university.client.post("/console/sign-in", data=form)

    page = await (await mailing.university.get(f"/console/awards/{wrong['id']}/correct")).text()

    options = page.partition('name="deliver"')[2].partition("</select>")[0]
    assert f'value="{chosen}" selected' in options
