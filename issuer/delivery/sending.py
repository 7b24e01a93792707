"""Sending an award's link once more, and what mail programs and learners tell back: it bounced, send no more.

Sending again sends the same link and starts its time anew. Where it went to the wrong person it is replaced: the old
link is dead at once, with every code and token that it gave and that has not led to a copy yet.
RFC 3464 for notices of non-delivery.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message
from typing import Any, Self

from issuer import awards, identifiers, offers
from issuer.delivery import outbox, store_mails
from issuer.delivery.addresses import Address
from issuer.delivery.errors import InvalidAddress, NothingToSend, UnknownMail
from issuer.delivery.outbox import Delivery
from issuer.delivery.states import Kind
from issuer.delivery.store_mails import Books, StoredMail
from issuer.issuer import Issuer
from issuer.tenancy import seals
from issuer.tenancy.access import Caller
from issuer.tenancy.offices import Office
from service.errors import InvalidInput, Problem

FAILED = "failed"
LONGEST_ANSWER = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a link is to be sent again: to another address, as another link, with another PIN."""

    address: Address | None = None
    replace_link: bool = False
    new_pin: bool = False
    language: str = ""

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The order in a body; raises InvalidInput. A link that goes to another address is replaced by itself."""
        if not isinstance(raw, Mapping) or not raw.keys() <= {"email", "replace_link", "new_pin", "language"}:
            raise InvalidInput("Send a JSON object with email, replace_link, new_pin, language, or with none of them.")
        problems: list[Problem] = []
        address = _address(raw.get("email"), problems=problems)
        replace, new_pin = raw.get("replace_link", address is not None), raw.get("new_pin", False)
        language = raw.get("language", "")
        if not isinstance(replace, bool) or not isinstance(new_pin, bool):
            problems.append(Problem(path="", message="replace_link and new_pin are true or false."))
        if not isinstance(language, str) or not outbox.is_tag(language):
            problems.append(Problem(path="/language", message="language is a language tag, such as it."))
        if problems:
            raise InvalidInput("The request needs correcting.", problems=problems)
        return cls(address=address, replace_link=replace, new_pin=new_pin, language=language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was put into the outbox, and the new PIN at the one moment when it is known."""

    mail: StoredMail
    pin: str | None


async def send(issuer: Issuer, *, office: Office, award: str, order: Order, caller: Caller, now: datetime) -> Sent:
    """Sends the link of an award once more; raises UnknownAward, or NothingToSend where nobody could claim it."""
    found = await awards.find(issuer.database, institution=office.slug, award=award)
    if not offers.is_claimable(found):
        raise NothingToSend(f"This award is {awards.state_of(found)}: there is nothing to claim.")
    if awards.is_expired(found, now=now):
        raise NothingToSend("This micro-credential has run out: there is nothing to claim.")
    if order.address is None and not outbox.address_of(found):
        raise NothingToSend("This learner has no e-mail address.")
    if order.new_pin and found.pin is None:
        raise NothingToSend("No PIN guards this award.")
    pin = seals.create_pin() if order.new_pin else None
    entry = {
        "institution": office.slug, "id": identifiers.create(now), "at": int(now.timestamp()), "actor": caller.label,
        "event": "link_replaced" if order.replace_link else "link_sent", "subject": award, "reason": "",
        "who": caller.who,
    }  # fmt: skip
    mail = outbox.draw_up(
        found, kind=Kind.CLAIM, occasion=identifiers.create(now), due_at=max(int(now.timestamp()), found.release_at),
        delivery=Delivery(language=order.language), address=order.address.text if order.address else None, now=now,
    )  # fmt: skip

    def enter(books: Books) -> bool:
        renewed = store_mails.renew_link(
            books, institution=office.slug, award=award, replace=order.replace_link, entry=entry,
            now=int(now.timestamp()),
        )  # fmt: skip
        if renewed and pin is not None:
            digest = office.seals.pin_digest(pin, award=award)
            store_mails.change_pin(books, institution=office.slug, award=award, pin=digest)
        return renewed and store_mails.put(books, mails=(mail,)) == 1

    if not await issuer.database.write(enter):
        raise NothingToSend("This award was claimed or withdrawn a moment ago.")
    return Sent(mail=mail, pin=pin)


async def mails_of(issuer: Issuer, *, office: Office, award: str) -> tuple[StoredMail, ...]:
    """The mails about an award, oldest first; raises UnknownAward."""
    await awards.find(issuer.database, institution=office.slug, award=award)
    return await issuer.database.read(lambda books: store_mails.of_award(books, institution=office.slug, award=award))


async def stop(issuer: Issuer, *, office: Office, token: str, stopped: bool, now: datetime) -> None:
    """Sends no more mail to whoever got the mail that this address was in, or again; raises UnknownMail."""
    digest = await _addressee(issuer, office=office, token=token)
    if stopped:
        await issuer.database.write(
            lambda books: store_mails.stop(books, institution=office.slug, address=digest, now=int(now.timestamp()))
        )
        return
    await issuer.database.write(lambda books: store_mails.resume(books, institution=office.slug, address=digest))


async def is_stopped(issuer: Issuer, *, office: Office, token: str) -> bool:
    """Whether whoever got the mail wants no more; raises UnknownMail."""
    digest = await _addressee(issuer, office=office, token=token)
    return await issuer.database.read(
        lambda books: store_mails.is_stopped(books, institution=office.slug, address=digest)
    )


async def _addressee(issuer: Issuer, *, office: Office, token: str) -> str:
    name = office.seals.mail_of_token(token)
    if name is not None:
        mail = await issuer.database.read(lambda books: store_mails.find(books, institution=office.slug, mail=name))
        if mail is not None:
            award = await awards.find(issuer.database, institution=office.slug, award=mail.award)
            return office.seals.address_digest(Address.parse(outbox.address_of(award, mail=mail)).same)
    raise UnknownMail("This address was in no mail of ours.")


# -- notices of non-delivery --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice that a mail could not be delivered: which one, and the code of why. `final` is not just a delay."""

    message_id: str
    answer: str
    final: bool = True

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The notice that a system tells in JSON; raises InvalidInput."""
        match raw:
            case {"message_id": str(name), **rest} if rest.keys() <= {"status"} and name:
                status = rest.get("status", "5.0.0")
                if isinstance(status, str) and 0 < len(status) <= LONGEST_ANSWER and status.isascii():
                    return cls(message_id=name, answer=status, final=not status.startswith("4"))
        raise InvalidInput('Send {"message_id": "<…>", "status": "5.1.1"}, or the notice itself as message/rfc822.')

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """The notice that a mail server sent (RFC 3464); raises InvalidInput."""
        message = message_from_bytes(raw, policy=policy.compat32)
        status, action, name = "", "", ""
        for part in message.walk():
            if part.get_content_type() == "message/delivery-status":
                status, action = _told(part, status=status, action=action)
            elif part.get_content_type() in {"text/rfc822-headers", "message/rfc822"} and not name:
                name = _message_id(part)
        if not name or not action:
            raise InvalidInput("This is no notice of non-delivery that holds the headers of a mail of ours (RFC 3464).")
        return cls(message_id=name, answer=status or "5.0.0", final=action == FAILED)


async def take_notice(issuer: Issuer, *, office: Office, notice: Notice) -> StoredMail:
    """Writes down that a mail came back, and returns it as it stands; raises UnknownMail."""
    name, _, rest = notice.message_id.strip().strip("<>").partition(".")
    known = rest.partition("@")[0] == office.slug
    if known and notice.final:
        await issuer.database.write(
            lambda books: store_mails.notice(books, institution=office.slug, mail=name, answer=notice.answer)
        )
    found = None
    if known:
        found = await issuer.database.read(lambda books: store_mails.find(books, institution=office.slug, mail=name))
    if found is None:
        raise UnknownMail("This institution sent no mail with that Message-ID.")
    return found


def show(mail: StoredMail) -> dict[str, Any]:
    """What the API says of a mail; the address only where it was given for this one mail."""
    return {
        "id": mail.id,
        "kind": mail.kind.value,
        "state": mail.state.value,
        "answer": mail.answer or None,
        "address": mail.address,
        "created_at": awards.told(mail.created_at),
        "done_at": None if mail.done_at is None else awards.told(mail.done_at),
    }


def _told(part: Message, *, status: str, action: str) -> tuple[str, str]:
    """The worst that the notice says of any recipient; ours have one."""
    for block in part.walk():
        said = str(block.get("Action", "")).strip().casefold()
        if said and action != FAILED:
            action, status = said, str(block.get("Status", "")).split("(")[0].strip()[:LONGEST_ANSWER]
    return status, action


def _message_id(part: Message) -> str:
    """The Message-ID of the mail that came back, whole or only its head."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return str(payload[0].get("Message-ID", "")).strip()
    head = message_from_bytes(str(payload).encode("utf-8", "replace"), policy=policy.compat32)
    return str(head.get("Message-ID", "")).strip()


def _address(raw: object, *, problems: list[Problem]) -> Address | None:
    if raw is None:
        return None
    try:
        return Address.parse(raw if isinstance(raw, str) else "")
    except InvalidAddress as error:
        problems.append(Problem(path="/email", code=error.code, message=str(error)))
        return None
