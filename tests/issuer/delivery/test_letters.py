"""What a mail says: link, button and code, in text and HTML, never the PIN with the link, and no header but ours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.delivery import letters
from issuer.delivery.addresses import Address
from issuer.delivery.errors import InvalidAddress
from issuer.delivery.letters import Letter
from issuer.delivery.states import Kind
from service import qr
from service.pages import Face, Pages
from tests.issuer.delivery import mailroom
from tests.issuer.delivery.conftest import ADDRESS, REACHABLE, Mailing
from tests.issuer.universities import ANA

PAGES = Path(__file__).parents[3] / "issuer" / "pages" / "mail"
LETTER = Letter(
    kind=Kind.CLAIM,
    recipient=Address.parse("ana@learners.example"),
    institution="Università Ζεύς & Sons <Ltd>",
    learner="Ana 'A' Ħaġarla",
    title="Data & <Protection>",
    language="en",
    title_language="en",
    link="https://issuer.example/alma/claim/AZ8dA43Ad-mVXdXuCqxhMra7czkVaIJfVXyNG7OhCAk",
    ends=datetime(2026, 12, 24, tzinfo=UTC),
    guarded=True,
    stop_link="https://issuer.example/alma/mails/AZ8d",
    message_id="<0198.alma@issuer.example>",
    written_at=datetime(2026, 7, 1, 9, 30, tzinfo=UTC),
)
SENDER = Address.parse("awards@alma.example")


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages.of("issuer", face=Face(title="Issuer", tagline=""), development=False)


def composed(pages: Pages, letter: Letter = LETTER) -> Any:
    return mailroom.read(letters.compose(letter, pages=pages, sender=SENDER))


async def test_the_mail_has_the_link_a_button_and_the_code(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    await mailing.courier.deliver()

    (mail,) = mailing.room.mails
    (envelope,) = mailing.room.envelopes
    html = mailroom.text_of(mail, kind="html")
    assert mail["From"] == "Alma University <awards@alma.example>"
    assert mail["To"] == ADDRESS
    assert mail["Subject"] == "Your micro-credential from Alma University: Applied Data Protection"
    assert envelope.mail_from == "bounces@alma.example"
    assert award["claim_url"] in mailroom.text_of(mail)
    assert f'href="{award["claim_url"]}"' in html
    ((cid, picture),) = mailroom.pictures_of(mail).items()
    assert f'src="cid:{cid.strip("<>")}"' in html
    assert qr.read(picture) == [award["claim_url"]]


async def test_the_link_of_the_mail_opens_the_claim_page(mailing: Mailing) -> None:
    await mailing.award()
    await mailing.courier.deliver()
    said = mailroom.text_of(mailing.room.mails[0])
    (link,) = [line for line in said.splitlines() if "/claim/" in line]

    page = await mailing.university.get(link, headers={"Accept": "text/html"})

    assert page.status == 200
    assert "Hold this in your wallet" in await page.text()


@pytest.mark.parametrize("kind", list(Kind))
def test_text_and_html_say_the_same(pages: Pages, kind: Kind) -> None:
    mail = composed(pages, replace(LETTER, kind=kind, pin="493021" if kind is Kind.PIN else None))

    text, html = mailroom.text_of(mail), mailroom.text_of(mail, kind="html")
    told = {Kind.PIN: ["493021"]}.get(kind, [LETTER.link, "24 December 2026"])
    assert [words for words in (*told, LETTER.stop_link) if words not in text or words not in html] == []
    assert "Università Ζεύς & Sons <Ltd>" in text
    assert "Università Ζεύς &amp; Sons &lt;Ltd&gt;" in html
    assert "<Ltd>" not in html


async def test_the_pin_is_in_no_mail_with_the_link(mailing: Mailing) -> None:
    (award,) = await mailing.award(REACHABLE, pin=True)
    await mailing.courier.deliver()

    (mail,) = mailing.room.mails
    assert award["pin"] not in mail.as_string()
    assert "You will be asked for a PIN" in mailroom.text_of(mail)


async def test_the_pin_is_mailed_apart_where_the_institution_asks_for_it(mailing: Mailing) -> None:
    (award,) = await mailing.award(REACHABLE, pin=True, deliver={"email": True, "pin_by_email": True})
    await mailing.courier.deliver()

    by_subject = {str(mail["Subject"]): mailroom.text_of(mail) for mail in mailing.room.mails}
    link = by_subject["Your micro-credential from Alma University: Applied Data Protection"]
    pin = by_subject["The PIN for your micro-credential from Alma University"]
    assert (award["pin"] in pin, award["pin"] in link) == (True, False)
    assert (award["claim_url"] in pin, award["claim_url"] in link) == (False, True)


async def test_a_pin_that_waits_to_be_sent_lies_sealed_and_is_gone_afterwards(mailing: Mailing) -> None:
    (award,) = await mailing.award(REACHABLE, pin=True, deliver={"email": True, "pin_by_email": True})

    async def secrets() -> list[bytes]:
        from tests.issuer.delivery.test_courier import rows  # noqa: PLC0415  # the tests of the outbox know its rows

        return [bytes(row["secret"]) for row in await rows(mailing) if row["secret"] is not None]

    (before,) = await secrets()
    await mailing.courier.deliver()

    assert award["pin"].encode() not in before
    assert await secrets() == []


async def test_a_mail_is_marked_as_made_by_a_program_and_can_be_stopped(mailing: Mailing) -> None:
    await mailing.award()
    await mailing.courier.deliver()

    (mail,) = mailing.room.mails
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(mail["List-Unsubscribe"]).startswith("<http://localhost:8001/alma/mails/")
    assert mail["Content-Language"] == "en"


def test_the_address_to_stop_stands_on_one_line_as_it_is(pages: Pages) -> None:
    long = f"https://awards.university.example/alma/mails/{'a' * 120}"

    raw = letters.compose(replace(LETTER, stop_link=long), pages=pages, sender=SENDER)

    assert f"\r\nList-Unsubscribe: <{long}/one-click>\r\n".encode() in raw
    head, body = raw.split(b"\r\n\r\n", 1)
    assert b"=?" not in head.replace(b"Subject: =?", b"").partition(b"List-Unsubscribe")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 78


def test_the_same_mail_has_the_same_name_each_time(pages: Pages) -> None:
    later = replace(LETTER, written_at=LETTER.written_at + timedelta(days=1))

    assert composed(pages)["Message-ID"] == composed(pages, later)["Message-ID"] == "<0198.alma@issuer.example>"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=80))
def test_no_text_makes_a_header(institution: str, title: str, learner: str) -> None:
    pages = PAGES_ONCE()
    hostile = f"{institution}\r\nBcc: all@everywhere.example\r\n\r\n{title}"
    letter = replace(LETTER, institution=hostile, title=f"{title}\nX-Evil: 1\r{institution}", learner=learner)

    try:
        mail = composed(pages, letter)
    except (ValueError, UnicodeEncodeError):
        return  # what cannot be written in a mail is not sent (test_courier.py: given up)

    expected = {
        "from", "to", "subject", "date", "message-id", "auto-submitted", "content-language", "list-unsubscribe",
        "list-unsubscribe-post", "mime-version", "content-type",
    }  # fmt: skip
    assert {name.lower() for name in mail.keys()} == expected  # noqa: SIM118  # a message is no dict
    assert len(mail.get_all("To")) == 1
    assert mail["To"] == "ana@learners.example"


class _Once:
    """The pages, made when they are first asked for."""

    def __init__(self) -> None:
        self.made: Pages | None = None

    def __call__(self) -> Pages:
        if self.made is None:
            self.made = Pages.of("issuer", face=Face(title="Issuer", tagline=""), development=False)
        return self.made


PAGES_ONCE: Callable[[], Pages] = _Once()


@pytest.mark.parametrize(
    "raw",
    [
        "ana@learners.example\r\nBcc: all@everywhere.example", "ana@learners.example\nRCPT TO:<x@y.example>",
        "ana@learners.example, ben@learners.example", "Ana <ana@learners.example>", "<ana@learners.example>",
        "ana@learners.example>", "ana learners@learners.example", '"ana"@learners.example', "ana@[127.0.0.1]",
        "ana@localhost", "@learners.example", "ana@", "ana", "", "ana@learners..example", "ana@-learners.example",
        ".ana@learners.example", "ana.@learners.example", "a\u202ena@learners.example", "ana@learners.example\0",
        f"{'a' * 65}@learners.example", f"ana@{'a' * 64}.example", "ana\u2028@learners.example",
        "ana@learners.example SIZE=1", "ana;ben@learners.example",
    ],
)  # fmt: skip
def test_what_is_no_single_mailbox_is_refused_and_not_repeated(raw: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        Address.parse(raw)

    assert len(raw) < 6 or raw not in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "text", "international"),
    [
        ("ana@learners.example", "ana@learners.example", False),
        ("Ana.O'Hara+mc@Learners.Example", "Ana.O'Hara+mc@learners.example", False),
        ("ana@müller.example", "ana@xn--mller-kva.example", False),
        ("ζεύς@learners.example", "ζεύς@learners.example", True),
        (" ana@learners.example ", "ana@learners.example", False),
    ],
)
def test_a_single_mailbox_is_read(raw: str, text: str, international: bool) -> None:  # noqa: FBT001  # of the table
    address = Address.parse(raw)

    assert (address.text, address.international) == (text, international)


async def test_no_address_is_logged(mailing: Mailing, capfd: pytest.CaptureFixture[str]) -> None:
    from service import telemetry  # noqa: PLC0415  # for this test alone

    telemetry.start()
    await mailing.award()
    await mailing.award({**ANA, "email": "ben@learners.example"})
    mailing.room.recipient_answer = f"550 5.1.1 {ADDRESS} is unknown"
    await mailing.courier.deliver()

    told = capfd.readouterr().err
    assert '"event": "mail"' in told
    assert "learners.example" not in told


def test_every_word_of_the_mails_is_there_in_every_language_of_the_service(pages: Pages) -> None:
    sources = [file.read_text("utf-8") for file in sorted(PAGES.iterdir())]
    said = {sentence for source in sources for sentence in _sentences(source)} | set(letters.SUBJECTS.values())

    assert len(said) > 15
    others = [pages.language(tag) for tag in pages.languages if tag != "en"]
    missing = {(each.tag, sentence) for each in others for sentence in said if each.words.gettext(sentence) == sentence}
    assert missing == set()


def _sentences(source: str) -> list[str]:
    import re  # noqa: PLC0415  # for this test alone

    return re.findall(r't\("((?:[^"\\]|\\.)*)"', source)
