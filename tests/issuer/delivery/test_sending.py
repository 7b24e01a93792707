"""Claim links: one learner takes one award, links end, are sent again, or are replaced."""

from datetime import timedelta
from typing import Any

import pytest

from exchange import offer as offers
from exchange.offer import OfferReference
from tests.issuer.delivery import mailroom
from tests.issuer.delivery.conftest import ADDRESS, REACHABLE, Mailing
from tests.issuer.test_verdicts import verdict
from tests.issuer.universities import ANA, holder_keys
from trust.report import Verdict

HTML = {"Accept": "text/html"}
LIFE = timedelta(days=180)


async def again(mailing: Mailing, award: Any, **order: Any) -> dict[str, Any]:
    answer = await mailing.university.api("POST", f"/awards/{award['id']}/mails", json=order)
    assert answer.status == 201, await answer.text()
    return dict(await answer.json())


async def page_of(mailing: Mailing, link: str) -> tuple[int, str]:
    answer = await mailing.university.get(link, headers=HTML)
    return answer.status, await answer.text()


async def test_a_link_is_good_for_its_time_and_then_says_what_to_do(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award()
    clock.move(LIFE - timedelta(seconds=1))
    assert "Hold this in your wallet" in (await page_of(mailing, award["claim_url"]))[1]

    clock.move(timedelta(seconds=1))

    status, page = await page_of(mailing, award["claim_url"])
    assert (status, "The time of this link is over." in page) == (200, True)
    reference = offers.parse(award["offer_uri"])
    assert isinstance(reference, OfferReference)
    assert (await mailing.university.get(reference.uri)).status == 410


async def test_the_time_of_a_link_begins_when_the_award_is_released(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award(release_at="2026-12-01T09:00:00Z")

    clock.move(LIFE + timedelta(days=30))

    assert "Hold this in your wallet" in (await page_of(mailing, award["claim_url"]))[1]


async def test_sending_again_sends_the_same_link_and_its_time_begins_anew(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award()
    await mailing.courier.deliver()
    clock.move(LIFE + timedelta(days=1))

    told = await again(mailing, award)
    await mailing.courier.deliver()

    assert told["claim_url"] == award["claim_url"]
    assert award["claim_url"] in mailroom.text_of(mailing.room.mails[-1])
    assert "Hold this in your wallet" in (await page_of(mailing, award["claim_url"]))[1]
    assert len(await mailing.university.claim(award)) == 1


async def test_a_link_that_went_to_the_wrong_person_is_dead_once_it_is_sent_to_the_right_one(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    await mailing.courier.deliver()

    told = await again(mailing, award, email="ana.right@learners.example")
    await mailing.courier.deliver()

    assert mailing.room.asked == [ADDRESS, "ana.right@learners.example"]
    assert told["claim_url"] != award["claim_url"]
    assert (await page_of(mailing, award["claim_url"]))[0] == 404
    assert "Hold this in your wallet" in (await page_of(mailing, told["claim_url"]))[1]
    assert told["claim_url"] in mailroom.text_of(mailing.room.mails[-1])
    shown = await (await mailing.university.api("GET", f"/awards/{award['id']}")).json()
    assert shown["claim_url"] == told["claim_url"]


async def test_what_a_replaced_link_had_opened_is_closed(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    code = await mailing.university.code_of(award)
    token = await mailing.university.token_of(award)

    told = await again(mailing, award, replace_link=True)

    assert (await mailing.university.redeem(code)).status == 400
    proofs = await mailing.university.proofs(*holder_keys(1))
    assert (await mailing.university.request(token, proofs=proofs)).status == 401
    (held,) = await mailing.university.claim({**award, "offer_uri": told["offer_uri"]})
    assert (await verdict(mailing.university, held)).verdict is Verdict.YES


async def test_another_address_can_have_the_same_link(mailing: Mailing) -> None:
    (award,) = await mailing.award()

    told = await again(mailing, award, email="ana.second@learners.example", replace_link=False)

    assert told["claim_url"] == award["claim_url"]


async def test_one_learner_takes_one_award(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    codes = [await mailing.university.code_of(award) for _ in range(2)]
    tokens = [(await (await mailing.university.redeem(code)).json())["access_token"] for code in codes]

    answers = [
        (await mailing.university.request(token, proofs=await mailing.university.proofs(*holder_keys(1)))).status
        for token in tokens
    ]

    assert answers == [200, 400]
    assert "It is yours." in (await page_of(mailing, award["claim_url"]))[1]


async def test_a_made_up_link_or_number_leads_nowhere(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    told = await again(mailing, award, replace_link=True)

    for link in (award["claim_url"], told["claim_url"]):
        for wrong in (f"{link[:-1]}{'A' if link[-1] != 'A' else 'E'}", link[:-4], f"{link}AAAA"):
            assert (await mailing.university.get(wrong)).status == 404


async def test_a_new_pin_is_told_once_and_in_no_mail(mailing: Mailing) -> None:
    (award,) = await mailing.award(REACHABLE, pin=True)

    told = await again(mailing, award, new_pin=True)
    await mailing.courier.deliver()

    assert all(told["pin"] not in mail.as_string() for mail in mailing.room.mails)
    code = await mailing.university.code_of(award)
    assert (await mailing.university.redeem(code, tx_code=told["pin"])).status == 200
    if told["pin"] != award["pin"]:
        assert (
            await mailing.university.redeem(await mailing.university.code_of(award), tx_code=award["pin"])
        ).status == 400


@pytest.mark.parametrize("act", ["claim", "revoke"])
async def test_there_is_nothing_to_send_of_what_is_claimed_or_revoked(mailing: Mailing, act: str) -> None:
    (award,) = await mailing.award()
    if act == "claim":
        await mailing.university.claim(award)
    else:
        await mailing.university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A test"})

    answer = await mailing.university.api("POST", f"/awards/{award['id']}/mails", json={})

    assert (answer.status, (await answer.json())["code"]) == (409, "nothing_to_send")


@pytest.mark.parametrize(
    "order",
    [
        {"email": "ana@learners.example\nBcc: x@y.example"}, {"email": 7}, {"replace_link": "yes"}, {"new_pin": 1},
        {"language": "en\r\nX: y"}, {"to": "ana@learners.example"}, [],
    ],
)  # fmt: skip
async def test_an_order_with_one_thing_wrong_is_refused(mailing: Mailing, order: Any) -> None:
    (award,) = await mailing.award()

    answer = await mailing.university.api("POST", f"/awards/{award['id']}/mails", json=order)

    assert answer.status == 422
    assert len(await mailing.states(award)) == 1


async def test_a_learner_without_an_address_is_named_before_anything_is_awarded(mailing: Mailing) -> None:
    body = {"course": "adp", "learners": [REACHABLE, ANA], "deliver": {"email": True}}

    answer = await mailing.university.api("POST", "/awards", json=body)

    assert answer.status == 422
    assert [problem["path"] for problem in (await answer.json())["problems"]] == ["/learners/1/email"]


@pytest.mark.parametrize("deliver", [True, "email", {}, {"email": "yes"}, {"email": True, "sms": True},
                                     {"email": True, "language": 1}])  # fmt: skip
async def test_a_wish_for_delivery_that_cannot_be_read_is_refused(mailing: Mailing, deliver: Any) -> None:
    body = {"course": "adp", "learners": [REACHABLE], "deliver": deliver}

    answer = await mailing.university.api("POST", "/awards", json=body)

    assert (answer.status, [each["path"] for each in (await answer.json())["problems"]]) == (422, ["/deliver"])


async def test_where_no_mail_server_is_set_mail_is_refused_before_anything_is_awarded(university: Any) -> None:
    body = {"course": "adp", "learners": [REACHABLE], "deliver": {"email": True}}

    answer = await university.api("POST", "/awards", json=body)

    assert (answer.status, (await answer.json())["code"]) == (409, "mail_is_off")
    assert (await (await university.api("GET", "/awards")).json())["awards"] == []
