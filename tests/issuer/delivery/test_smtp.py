"""The line to a mail server: secret and signed in, or none; what it says is understood, and only its code is kept."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from issuer.delivery import smtp
from issuer.delivery.addresses import Address
from issuer.delivery.errors import MailServerAway
from issuer.delivery.smtp import Line, MailServer, Refusal, Secrecy
from issuer.settings import IssuerSettings
from keys import authority, base64url, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from service.outbound import tls_context
from service.settings import InvalidSettings
from tests.issuer import universities
from tests.issuer.delivery import mailroom
from tests.issuer.delivery.mailroom import Mailroom

ANA = Address.parse("ana@learners.example")
MESSAGE = b"Subject: hello\r\n\r\n.a line that begins with a dot\r\n"


@dataclass(frozen=True, kw_only=True)
class Certified:
    """The TLS of a mail server, and the folder with its authority."""

    context: ssl.SSLContext
    anchors: Path


@pytest.fixture
def certified(tmp_path: Path) -> Certified:
    now = datetime.now(UTC)
    signer, root = authority.create_authority("Trial authority", now=now)
    key = PrivateJwk.generate(Algorithm.ES256)
    leaf = authority.create_leaf((signer, root), subject="mx", public=key.public, dns=("localhost",), now=now, days=2)
    anchors = tmp_path / "anchors"
    anchors.mkdir()
    (anchors / "root.pem").write_bytes(x509.to_pem(root))
    number = int.from_bytes(base64url.decode(key.to_json()["d"]), "big")
    private = ec.derive_private_key(number, ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (tmp_path / "server.pem").write_bytes(private + x509.to_pem(leaf))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem")
    return Certified(context=context, anchors=anchors)


def server_at(room: Mailroom, **more: Any) -> MailServer:
    server = MailServer(
        host="localhost", port=room.port, secrecy=Secrecy.STARTTLS, user=None, password=None,
        sender=Address.parse("awards@alma.example"), bounces=Address.parse("bounces@alma.example"), seconds=2,
        answer_seconds=2, host_name="issuer.example",
    )  # fmt: skip
    return replace(server, **more)


@asynccontextmanager
async def line_to(server: MailServer, *, anchors: Path | None) -> AsyncIterator[Line]:
    async with smtp.connect(server, context=tls_context(anchors)) as line:
        yield line


async def send(server: MailServer, *, anchors: Path | None, recipient: Address = ANA) -> Refusal | None:
    async with line_to(server, anchors=anchors) as line:
        return await line.offer(recipient) or await line.hand_over(MESSAGE)


@pytest.mark.parametrize("at_once", [False, True])
async def test_mail_goes_through_tls(certified: Certified, at_once: bool) -> None:  # noqa: FBT001  # of the table
    async with mailroom.opened(context=certified.context, tls_at_once=at_once, require_starttls=not at_once) as room:
        secrecy = Secrecy.TLS if at_once else Secrecy.STARTTLS
        assert await send(server_at(room, secrecy=secrecy), anchors=certified.anchors) is None

    assert room.envelopes[0].original_content == MESSAGE
    assert (room.envelopes[0].mail_from, room.envelopes[0].rcpt_tos) == ("bounces@alma.example", [ANA.text])


async def test_a_server_without_starttls_gets_nothing(certified: Certified) -> None:
    async with mailroom.opened() as room:
        with pytest.raises(MailServerAway):
            await send(server_at(room), anchors=certified.anchors)

    assert room.asked == []


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_server_that_nobody_vouches_for_gets_nothing(
    certified: Certified,
    at_once: bool,  # noqa: FBT001  # of the table
) -> None:
    async with mailroom.opened(context=certified.context, tls_at_once=at_once) as room:
        with pytest.raises(MailServerAway):
            await send(server_at(room, secrecy=Secrecy.TLS if at_once else Secrecy.STARTTLS), anchors=None)

    assert room.asked == []


async def test_a_server_with_another_name_gets_nothing(certified: Certified) -> None:
    async with mailroom.opened(context=certified.context) as room:
        with pytest.raises(MailServerAway):
            await send(server_at(room, host="127.0.0.1"), anchors=certified.anchors)

    assert room.asked == []


async def test_who_signs_in_is_let_in_and_who_cannot_is_not(certified: Certified) -> None:
    async with mailroom.opened(context=certified.context, password="open sesame") as room:
        known = server_at(room, user="alma", password="open sesame")
        assert await send(known, anchors=certified.anchors) is None
        with pytest.raises(MailServerAway, match="535"):
            await send(replace(known, password="open barley"), anchors=certified.anchors)

    assert len(room.envelopes) == 1


async def test_several_mails_go_over_one_line_and_a_refusal_of_one_is_not_the_others(certified: Certified) -> None:
    async with (
        mailroom.opened(context=certified.context) as room,
        line_to(server_at(room), anchors=certified.anchors) as line,
    ):
        room.recipient_answer = "550 5.1.1 no"
        refused = await line.offer(ANA)
        room.recipient_answer = "250 OK"
        second = await line.offer(Address.parse("ben@learners.example")) or await line.hand_over(MESSAGE)

    assert refused == Refusal(code="550 5.1.1", permanent=True)
    assert second is None
    assert [envelope.rcpt_tos for envelope in room.envelopes] == [["ben@learners.example"]]


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ("550 5.1.1 ana@learners.example is unknown", Refusal(code="550 5.1.1", permanent=True)),
        ("552 mailbox full", Refusal(code="552", permanent=True)),
        ("451 4.7.1 come back", Refusal(code="451 4.7.1", permanent=False)),
    ],
)
async def test_a_refusal_is_its_code(certified: Certified, answer: str, refusal: Refusal) -> None:
    async with mailroom.opened(context=certified.context) as room:
        room.recipient_answer = answer

        assert await send(server_at(room), anchors=certified.anchors) == refusal


@pytest.mark.parametrize("speaks", [False, True])
async def test_letters_beyond_ascii_need_a_server_that_takes_them(
    certified: Certified,
    speaks: bool,  # noqa: FBT001  # of the table
) -> None:
    async with mailroom.opened(context=certified.context, enable_SMTPUTF8=speaks) as room:
        refusal = await send(
            server_at(room), anchors=certified.anchors, recipient=Address.parse("ζεύς@learners.example")
        )

    if speaks:
        assert (refusal, room.asked) == (None, ["ζεύς@learners.example"])
    else:
        assert (refusal, room.asked) == (Refusal(code="550 5.6.7", permanent=True), [])


GOOD = {
    "ISSUER_SMTP_HOST": "mx.example",
    "ISSUER_SMTP_FROM": "awards@alma.example",
}


def settings(**more: str) -> MailServer | None:
    made = universities.settings(database_url="sqlite+aiosqlite:///x.db", keys=Path("keys"), **{**GOOD, **more})
    return made.mail_server


def test_without_a_host_there_is_no_mail() -> None:
    assert universities.settings(database_url="sqlite+aiosqlite:///x.db", keys=Path("keys")).mail_server is None


@pytest.mark.parametrize(
    ("more", "port"), [({}, 587), ({"ISSUER_SMTP_TLS": "tls"}, 465), ({"ISSUER_SMTP_PORT": "25"}, 25)]
)
def test_the_port_follows_the_way_of_secrecy(more: dict[str, str], port: int) -> None:
    server = settings(**more)

    assert server is not None
    assert (server.port, server.bounces.text) == (port, "awards@alma.example")


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"ISSUER_SMTP_TLS": "none"}, "ISSUER_SMTP_TLS may be none only in the development profile"),
        ({"ISSUER_SMTP_TLS": "perhaps"}, "ISSUER_SMTP_TLS must be starttls, tls or none, not perhaps"),
        (
            {"ISSUER_SMTP_FROM": "awards@alma.example\r\nBcc: x@y.example"},
            "ISSUER_SMTP_FROM must be one e-mail address",
        ),
        ({"ISSUER_SMTP_FROM": ""}, "ISSUER_SMTP_FROM must be one e-mail address"),
        ({"ISSUER_SMTP_BOUNCES": "nobody"}, "ISSUER_SMTP_BOUNCES must be one e-mail address"),
        ({"ISSUER_SMTP_USER": "alma"}, "ISSUER_SMTP_PASSWORD is missing"),
        ({"ISSUER_SMTP_SECONDS": "0"}, "ISSUER_SMTP_SECONDS must be a whole number from 1 to 600"),
        ({"ISSUER_CLAIM_DAYS": "0"}, "ISSUER_CLAIM_DAYS must be a whole number"),
    ],
)
def test_settings_that_cannot_be_used_are_told(more: dict[str, str], problem: str) -> None:
    with pytest.raises(InvalidSettings, match=problem):
        settings(**more)


def test_in_the_clear_is_spoken_with_this_machine_alone_and_in_production_not_even_there() -> None:
    here = {**GOOD, "ISSUER_SMTP_HOST": "localhost", "ISSUER_SMTP_TLS": "none"}
    server = settings(**here)
    assert server is not None
    assert server.secrecy is Secrecy.NONE

    production = {
        **here, "ISSUER_BASE_URL": "https://issuer.example", "ISSUER_KEY_PASSPHRASE": "a passphrase of our own",
    }  # fmt: skip
    with pytest.raises(InvalidSettings, match="ISSUER_SMTP_TLS may be none only"):
        IssuerSettings.parse(production)


def test_the_password_is_not_shown() -> None:
    server = settings(ISSUER_SMTP_USER="alma", ISSUER_SMTP_PASSWORD="open sesame")

    assert "open sesame" not in repr(server)
