"""Letters: what a mail says, as bytes that go over the wire. RFC 5322, RFC 2045, RFC 8058 (one-click), RFC 3834.

Text and HTML say the same; the QR code of the claim link stands inside the HTML as a picture of the message itself
(RFC 2392), so that nothing is fetched when it is read. A letter with the link never holds the PIN.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import headerregistry, policy
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime
from typing import Any

from issuer.delivery.addresses import Address
from issuer.delivery.states import Kind
from issuer.delivery.tongues import Tongue
from service import qr
from service.pages import Pages

SUBJECTS: Mapping[Kind, str] = {
    Kind.CLAIM: "Your micro-credential from {institution}: {title}",
    Kind.CORRECTION: "Corrected: your micro-credential from {institution}: {title}",
    Kind.REMINDER: "Still waiting for you: {title}",
    Kind.PIN: "The PIN for your micro-credential from {institution}",
}
PICTURE = "qr-code.png"
STOP = "List-Unsubscribe"


class _Address(headerregistry.BaseHeader):
    """A header that is an address (RFC 2369): it stands on its line as it is, and no part of it is ever encoded."""

    max_count = 1
    parse = staticmethod(headerregistry.UnstructuredHeader.parse)

    def fold(self, *, policy: Policy) -> str:
        """The line."""
        return f"{self.name}: {self}{policy.linesep}"


def _registry() -> headerregistry.HeaderRegistry:
    registry = headerregistry.HeaderRegistry()
    registry.map_to_type(STOP, _Address)
    return registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one mail says, and to whom."""

    kind: Kind
    recipient: Address
    institution: str
    learner: str
    title: str
    language: str  # of our own words
    title_language: str
    link: str
    ends: datetime
    guarded: bool  # whether a PIN will be asked
    pin: str | None = field(default=None, repr=False)
    stop_link: str
    message_id: str
    written_at: datetime


def compose(letter: Letter, *, pages: Pages, sender: Address) -> bytes:
    """The message; takes its time (pictures): call it in a thread."""
    tongue = Tongue.of(pages, language=letter.language)
    name = letter.kind.value
    values = _values(letter)
    message = EmailMessage(policy=policy.SMTP.clone(header_factory=_registry()))
    _head(message, letter=letter, tongue=tongue, sender=sender)
    text = pages.text(f"mail/{name}.txt", language=tongue.language, **values)
    message.set_content(text, subtype="plain", cte="quoted-printable")
    html = pages.text(f"mail/{name}.html", language=tongue.language, **values)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if letter.kind is not Kind.PIN:
        _body(message).add_related(
            qr.png(letter.link), maintype="image", subtype="png", cid=f"<{_cid(letter)}>", filename=PICTURE,
            disposition="inline",
        )  # fmt: skip
    message["Content-Language"] = tongue.language  # last: what is said of content goes along with the content
    return message.as_bytes()


def _head(message: EmailMessage, *, letter: Letter, tongue: Tongue, sender: Address) -> None:
    told = {"institution": letter.institution, "title": letter.title}
    message["From"] = headerregistry.Address(
        display_name=_line(letter.institution), username=sender.local, domain=sender.domain
    )
    message["To"] = headerregistry.Address(username=letter.recipient.local, domain=letter.recipient.domain)
    message["Subject"] = _line(tongue.t(SUBJECTS[letter.kind], **told))
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message[STOP] = f"<{letter.stop_link}/one-click>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _values(letter: Letter) -> dict[str, Any]:
    return {
        "institution": letter.institution,
        "learner": letter.learner,
        "title": letter.title,
        "title_language": letter.title_language,
        "link": letter.link,
        "ends": letter.ends.date(),
        "guarded": letter.guarded,
        "pin": letter.pin or "",
        "stop_link": letter.stop_link,
        "picture": _cid(letter),
    }


def _cid(letter: Letter) -> str:
    return f"code.{letter.message_id.strip('<>')}"


def _body(message: EmailMessage) -> EmailMessage:
    """The part that is HTML."""
    found = message.get_body(preferencelist=("html",))
    if not isinstance(found, EmailMessage):
        raise TypeError("A letter has a part in HTML.")
    return found


def _line(words: str) -> str:
    """`words` on one line: a header ends where its line does."""
    return " ".join(words.split())
