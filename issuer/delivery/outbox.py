"""What goes into the outbox and when: with the award, once more when it is asked for, and a reminder.

A mail is drawn up in the transaction of what it tells of; what it says is written when it is sent, so that a revoked
award is announced to nobody. The PIN is never in a mail with the link. It is mailed at all, apart, only where the
institution asks for that in so many words; until it is sent it lies sealed in the outbox.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from issuer import identifiers
from issuer.books.store_awards import StoredAward
from issuer.delivery.states import Kind
from issuer.delivery.store_mails import StoredMail
from issuer.tenancy.offices import Office
from keys import sealing, strict_json
from service.errors import Problem

WITH_THE_AWARD = "award"
PIN_APART = "pin"
REMINDER = "reminder"
LANGUAGE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How an institution wants awards delivered: the link by mail, in which language, and whether the PIN too."""

    pin_by_mail: bool = False
    language: str = ""

    @classmethod
    def parse(cls, raw: object, *, problems: list[Problem]) -> Self | None:
        """What `{"email": true, "language": "it"}` asks for, with `pin_by_email`; adds to `problems` what is wrong."""
        match raw:
            case None | {"email": False}:
                return None
            case {"email": True, **rest} if rest.keys() <= {"pin_by_email", "language"}:
                pin, language = rest.get("pin_by_email", False), rest.get("language", "")
                if isinstance(pin, bool) and isinstance(language, str) and is_tag(language):
                    return cls(pin_by_mail=pin, language=language)
        sentence = 'Ask for mail with {"email": true}, and if need be with "pin_by_email" and "language".'
        problems.append(Problem(path="/deliver", message=sentence))
        return None

    def to_json(self) -> dict[str, Any]:
        """The same, as it came."""
        return {"email": True, "pin_by_email": self.pin_by_mail, "language": self.language}


def check(learners: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """A problem for each learner who should get mail and has no address."""
    sentence = "An e-mail address is needed for delivery by e-mail."
    return [
        Problem(path=f"/learners/{index}/email", code="missing", message=sentence)
        for index, learner in enumerate(learners)
        if not learner.get("email")
    ]


def announce(
    awards: Sequence[StoredAward], *, pins: Mapping[str, str], delivery: Delivery, office: Office, now: datetime,
    kind: Kind = Kind.CLAIM,
) -> list[StoredMail]:  # fmt: skip
    """The mails that go with new awards, none before its award is released; `pins` by award, where there are any."""
    mails: list[StoredMail] = []
    for award in awards:
        due = max(int(now.timestamp()), award.release_at)
        mails.append(draw_up(award, kind=kind, occasion=WITH_THE_AWARD, due_at=due, delivery=delivery, now=now))
        if delivery.pin_by_mail and award.id in pins:
            mails.append(_with_pin(award, pin=pins[award.id], due_at=due, delivery=delivery, office=office, now=now))
    return mails


def draw_up(
    award: StoredAward, *, kind: Kind, occasion: str, due_at: int, delivery: Delivery, now: datetime,
    address: str | None = None,
) -> StoredMail:  # fmt: skip
    """One mail about an award."""
    return StoredMail(
        institution=award.institution, id=identifiers.create(now), award=award.id, kind=kind, occasion=occasion,
        language=delivery.language, address=address, due_at=due_at, created_at=int(now.timestamp()),
    )  # fmt: skip


def remind(sent: StoredMail, *, now: datetime) -> StoredMail:
    """The reminder of a mail: an award has one, whatever was sent before."""
    moment = int(now.timestamp())
    return StoredMail(
        institution=sent.institution, id=identifiers.create(now), award=sent.award, kind=Kind.REMINDER,
        occasion=REMINDER, language=sent.language, address=sent.address, due_at=moment, created_at=moment,
    )  # fmt: skip


def open_pin(mail: StoredMail, *, office: Office) -> str:
    """The PIN that a mail is to tell."""
    if mail.secret is None:
        return ""
    return sealing.open(mail.secret, key=office.seals.mails, aad=mail.id.encode()).decode()


def address_of(award: StoredAward, *, mail: StoredMail | None = None) -> str:
    """Where a mail about an award goes: where the institution said, or to the learner's own address; empty for none."""
    if mail is not None and mail.address:
        return mail.address
    learner: Any = strict_json.parse_object(award.learner).get("learner", {})
    return str(learner.get("email") or "")


def _with_pin(
    award: StoredAward, *, pin: str, due_at: int, delivery: Delivery, office: Office, now: datetime
) -> StoredMail:
    mail = draw_up(award, kind=Kind.PIN, occasion=PIN_APART, due_at=due_at, delivery=delivery, now=now)
    return replace(mail, secret=sealing.seal(pin.encode(), key=office.seals.mails, aad=mail.id.encode()))


def is_tag(language: str) -> bool:
    """Whether a language tag may look like this; empty is the service's own choice."""
    plain = language.replace("-", "")
    return not language or (len(language) <= LANGUAGE and plain.isascii() and plain.isalnum())
