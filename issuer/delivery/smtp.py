"""One connection to a mail server: RFC 5321, STARTTLS (RFC 3207) or TLS from the start (RFC 8314), always one of them.

In the clear is spoken only with this very machine, in the development profile. What a server says is kept as its code
(RFC 5321 section 4.2, RFC 3463): its words may repeat an address.
"""

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from issuer.delivery.addresses import Address
from issuer.delivery.errors import AnswerLost, MailServerAway

ENHANCED: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")
PERMANENT: Final = 500
NO_SMTPUTF8: Final = "550 5.6.7"  # RFC 6531 section 3.5


class Secrecy(StrEnum):
    """How the connection is kept from others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    secrecy: Secrecy
    user: str | None
    password: str | None = field(repr=False)
    sender: Address  # whom learners see
    bounces: Address  # whom mail servers tell that it did not arrive
    seconds: int  # for every step but one
    answer_seconds: int  # after DATA, where RFC 5321 section 4.5.3.2.6 asks for ten minutes
    host_name: str  # ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A mail server's no: its code, whether it is for good, and whether it is about us and not about the learner."""

    code: str
    permanent: bool
    ours: bool = False


class Line(Protocol):
    """A connection over which mails are handed in one after the other."""

    async def offer(self, recipient: Address) -> Refusal | None:
        """Names sender and recipient; nothing of the message has left. Raises MailServerAway."""

    async def hand_over(self, message: bytes) -> Refusal | None:
        """The message itself; None when the server has taken it over. Raises AnswerLost."""

    async def withdraw(self) -> None:
        """Takes an offer back."""


class SmtpLine:
    """A line over SMTP."""

    def __init__(self, client: SMTP, *, server: MailServer) -> None:
        self._client = client
        self._server = server

    async def offer(self, recipient: Address) -> Refusal | None:
        """Sends MAIL FROM and RCPT TO."""
        if recipient.international and not self._client.supports_extension("smtputf8"):
            return Refusal(code=NO_SMTPUTF8, permanent=True)
        options = ["SMTPUTF8"] if recipient.international else []
        encoding = "utf-8" if recipient.international else "ascii"
        try:
            await self._client.mail(self._server.bounces.text, options=options)
        except SMTPResponseException as error:
            return await self._refused(error, ours=True)
        except (SMTPException, OSError, ValueError) as error:
            raise MailServerAway(_code_of(error)) from error
        try:
            await self._client.rcpt(recipient.text, encoding=encoding)
        except SMTPResponseException as error:
            return await self._refused(error)
        except (SMTPException, OSError, ValueError) as error:
            raise MailServerAway(_code_of(error)) from error
        return None

    async def hand_over(self, message: bytes) -> Refusal | None:
        """Sends DATA and the message, and waits for the answer."""
        try:
            await self._client.data(message, timeout=self._server.answer_seconds)
        except SMTPResponseException as error:
            return await self._refused(error)
        except (SMTPException, OSError) as error:
            raise AnswerLost("The mail server's answer to a message never came.") from error
        return None

    async def withdraw(self) -> None:
        """Sends RSET."""
        with suppress(SMTPException, OSError):
            await self._client.rset()

    async def _refused(self, error: SMTPResponseException, *, ours: bool = False) -> Refusal:
        await self.withdraw()
        return Refusal(code=_code_of(error), permanent=error.code >= PERMANENT, ours=ours)


@asynccontextmanager
async def connect(server: MailServer, *, context: ssl.SSLContext) -> AsyncIterator[Line]:
    """A line to the mail server, signed in and secret; raises MailServerAway."""
    client = SMTP(
        hostname=server.host, port=server.port, timeout=server.seconds, use_tls=server.secrecy is Secrecy.TLS,
        start_tls=server.secrecy is Secrecy.STARTTLS, username=server.user, password=server.password,
        tls_context=None if server.secrecy is Secrecy.NONE else context, local_hostname=server.host_name,
    )  # fmt: skip
    try:
        await client.connect()
        await client.ehlo()  # again after STARTTLS: only now is it known what the server can do
    except (SMTPException, OSError, ValueError) as error:
        client.close()
        raise MailServerAway(_code_of(error)) from error
    try:
        yield SmtpLine(client, server=server)
    finally:
        with suppress(SMTPException, OSError):
            await client.quit(timeout=server.seconds)
        client.close()


def _code_of(error: Exception) -> str:
    """What is kept of an answer: its code and its enhanced code; the kind of error where there was no answer."""
    if isinstance(error, SMTPResponseException):
        enhanced = ENHANCED.search(str(error.message))
        return f"{error.code} {enhanced[1]}" if enhanced else str(error.code)
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return "timeout"
    return "tls" if isinstance(error, ssl.SSLError | aiosmtplib.SMTPNotSupported) else "away"
