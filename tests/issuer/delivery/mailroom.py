"""A real mail server on loopback that does what a test asks of it, and what is read from the mails that it got."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


class Mailroom:
    """Takes mails in. What it answers to each command can be set, also as a function that does something first."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.asked: list[str] = []
        self.sender_answer = "250 2.1.0 OK"
        self.recipient_answer = "250 2.1.5 OK"
        self.answer = "250 2.0.0 taken over"
        self.before_answer: Callable[[SMTP], Any] | None = None
        self.before_recipient: Callable[[], Any] | None = None
        self.port = 0

    @property
    def mails(self) -> list[EmailMessage]:
        """Every message that was taken in, read."""
        return [read(envelope.original_content or b"") for envelope in self.envelopes]

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked.append(address)
        if self.before_recipient is not None:
            self.before_recipient()
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answer.startswith("250"):
            self.envelopes.append(envelope)
        if self.before_answer is not None:
            done = self.before_answer(server)
            if asyncio.iscoroutine(done):
                await done
        return self.answer


@asynccontextmanager
async def opened(
    *, context: ssl.SSLContext | None = None, tls_at_once: bool = False, password: str | None = None, **more: Any
) -> AsyncIterator[Mailroom]:
    """A mailroom that listens on loopback; with a context it speaks STARTTLS, or TLS at once."""
    room = Mailroom()

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == (password or "").encode()
        return AuthResult(success=good, handled=False)

    def make() -> SMTP:
        if password is not None:
            more.update(authenticator=check, auth_required=True)
        return SMTP(room, hostname="mx.example", tls_context=None if tls_at_once else context, **more)

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0, ssl=context if tls_at_once else None)
    room.port = server.sockets[0].getsockname()[1]
    try:
        yield room
    finally:
        server.close()


def read(raw: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage, *, kind: str = "plain") -> str:
    """What it says, as text or as HTML."""
    body = message.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def pictures_of(message: EmailMessage) -> dict[str, bytes]:
    """Its pictures, by content id."""
    return {
        str(part["Content-ID"]): part.get_content() for part in message.walk() if part.get_content_type() == "image/png"
    }
