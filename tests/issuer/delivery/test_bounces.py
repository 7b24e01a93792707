"""What comes back: notices of non-delivery, as systems tell them and as mail servers write them; no more mails."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.issuer.delivery import mailroom
from tests.issuer.delivery.conftest import ADDRESS, REACHABLE, Mailing

HTML = {"Accept": "text/html"}


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
