"""Claim links: one learner takes one award, links end and are sent again or replaced; bounces and wishes are kept."""

from datetime import timedelta
from email.message import EmailMessage
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


# -- links --------------------------------------------------------------------------------------------------------


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


# -- bounces ------------------------------------------------------------------------------------------------------


def notice(message_id: str, *, action: str = "failed", status: str = "5.1.1", whole: bool = True) -> bytes:
    """A notice of non-delivery as mail servers write them (RFC 3464)."""
    back = EmailMessage()
    back["Message-ID"] = message_id
    back["Subject"] = "Your micro-credential"
    back.set_content("Dear Ana")
    head = (
        "From: MAILER-DAEMON@mx.example\nTo: bounces@alma.example\nSubject: Undelivered Mail Returned to Sender\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="=-part"\n\n'
    )
    returned = back.as_string() if whole else back.as_string().partition("\n\n")[0] + "\n"
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    body = (
        "--=-part\nContent-Type: text/plain\n\nI am sorry.\n"
        "--=-part\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {ADDRESS}\nAction: {action}\nStatus: {status} (no such mailbox)\n\n"
        f"--=-part\nContent-Type: {kind}\n\n{returned}\n--=-part--\n"
    )
    return (head + body).encode()


async def sent_mail(mailing: Mailing) -> tuple[Any, str]:
    (award,) = await mailing.award()
    await mailing.courier.deliver()
    return award, str(mailing.room.mails[-1]["Message-ID"])


async def bounce(mailing: Mailing, body: bytes, *, kind: str = "message/rfc822") -> Any:
    return await mailing.university.api("POST", "/mail-bounces", data=body, headers={"Content-Type": kind})


@pytest.mark.parametrize("whole", [True, False])
async def test_a_notice_from_a_mail_server_is_a_bounce(mailing: Mailing, whole: bool) -> None:  # noqa: FBT001  # of the table
    award, message_id = await sent_mail(mailing)

    answer = await bounce(mailing, notice(message_id, whole=whole))

    assert answer.status == 200
    assert (await answer.json())["award"] == award["id"]
    assert await mailing.states(award) == [("claim", "bounced")]


async def test_a_notice_that_a_system_tells_is_a_bounce(mailing: Mailing) -> None:
    award, message_id = await sent_mail(mailing)

    answer = await mailing.university.api("POST", "/mail-bounces", json={"message_id": message_id, "status": "5.2.2"})

    assert (await answer.json())["mail"]["answer"] == "5.2.2"
    assert await mailing.states(award) == [("claim", "bounced")]


async def test_a_delay_is_no_bounce(mailing: Mailing) -> None:
    award, message_id = await sent_mail(mailing)

    assert (await bounce(mailing, notice(message_id, action="delayed", status="4.4.1"))).status == 200
    assert await mailing.states(award) == [("claim", "sent")]


async def test_whoever_bounced_is_not_reminded(mailing: Mailing, clock: Any) -> None:
    award, message_id = await sent_mail(mailing)
    await bounce(mailing, notice(message_id))

    clock.move(timedelta(days=8))

    assert await mailing.courier.remind() == 0
    assert await mailing.states(award) == [("claim", "bounced")]


@pytest.mark.parametrize(
    "message_id", ["<x@y>", "<0198.beta@localhost>", "", "<00000000-0000-7000-8000-000000000000.alma@localhost>"]
)
async def test_a_notice_about_what_was_not_sent_here_is_refused(mailing: Mailing, message_id: str) -> None:
    award, _ = await sent_mail(mailing)

    assert (await bounce(mailing, notice(message_id))).status in {404, 422}
    assert await mailing.states(award) == [("claim", "sent")]


@pytest.mark.parametrize("body", [b"", b"hello", b"\xff\xfe\x00", b"Content-Type: multipart/report\n\n--\n--"])
async def test_what_is_no_notice_is_refused(mailing: Mailing, body: bytes) -> None:
    assert (await bounce(mailing, body)).status == 422


# -- no more mails ------------------------------------------------------------------------------------------------


def link_in(mail: EmailMessage, *, header: bool) -> str:
    if header:
        return str(mail["List-Unsubscribe"]).strip("<>").replace("\r\n", "").replace(" ", "")
    return next(line.rpartition(" ")[2] for line in mailroom.text_of(mail).splitlines() if "/mails/" in line)


async def test_one_click_in_the_mail_program_stops_the_mails(mailing: Mailing, clock: Any) -> None:
    award, _ = await sent_mail(mailing)
    link = link_in(mailing.room.mails[0], header=True).removeprefix("http://localhost:8001")

    answer = await mailing.university.client.post(link, data={"List-Unsubscribe": "One-Click"})
    (second,) = await mailing.award({**REACHABLE, "email": ADDRESS.upper()})
    clock.move(timedelta(days=8))
    await mailing.courier.remind()
    await mailing.courier.deliver()

    assert answer.status == 204
    assert len(mailing.room.mails) == 1
    assert await mailing.states(award) == [("claim", "sent"), ("reminder", "withdrawn")]
    assert await mailing.states(second) == [("claim", "withdrawn")]


async def test_looking_at_the_page_stops_nothing_and_its_button_does_and_undoes(mailing: Mailing) -> None:
    await sent_mail(mailing)
    link = link_in(mailing.room.mails[0], header=False).removeprefix("http://localhost:8001")
    client = mailing.university.client

    async def press(choice: str) -> str:
        page = await (await client.get(link, headers=HTML)).text()
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        answer = await client.post(link, data={"csrf": csrf, "mails": choice}, headers=HTML)
        return await answer.text()

    looked = await (await client.get(link, headers=HTML)).text()
    stopped = await press("stop")
    client.session.cookie_jar.clear()
    (during,) = await mailing.award()
    await mailing.courier.deliver()
    resumed = await press("again")
    client.session.cookie_jar.clear()
    (after,) = await mailing.award()
    await mailing.courier.deliver()

    assert "No more mails?" in looked
    assert "You get no more mails." in stopped
    assert "No more mails?" in resumed
    assert await mailing.states(during) == [("claim", "withdrawn")]
    assert await mailing.states(after) == [("claim", "sent")]


async def test_a_made_up_address_stops_nothing(mailing: Mailing) -> None:
    award, _ = await sent_mail(mailing)
    link = link_in(mailing.room.mails[0], header=True).removeprefix("http://localhost:8001")
    claim = award["claim_url"].rpartition("/")[2]

    for token in (claim, "x", "A" * 43):
        wrong = f"/alma/mails/{token}/one-click"
        assert (await mailing.university.client.post(wrong, data={"List-Unsubscribe": "One-Click"})).status in {
            400,
            404,
        }
    assert (await mailing.university.client.post(link, data={"List-Unsubscribe": "No"})).status == 400


async def test_the_mails_of_an_award_are_not_another_institutions(mailing: Mailing) -> None:
    from tests.issuer import universities  # noqa: PLC0415  # for this test alone

    award, message_id = await sent_mail(mailing)
    other = await universities.found(mailing.university.issuer, slug="beta", clock=mailing.university.clock)

    for method, path, body in (
        ("GET", f"/awards/{award['id']}/mails", None),
        ("POST", f"/awards/{award['id']}/mails", {}),
        ("GET", f"/awards/{award['id']}/certificate", None),
        ("POST", "/mail-bounces", {"message_id": message_id}),
    ):
        answer = await mailing.university.api(method, path, key=other, **({} if body is None else {"json": body}))
        assert answer.status == 404, path
    assert await mailing.states(award) == [("claim", "sent")]
