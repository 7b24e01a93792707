"""Correcting an award: another takes its place, and the two are linked. What was wrong is revoked, never rewritten.

Where the institution asks for four eyes, the old award stands until the new one is approved (store_awards.change).
Whoever was sent the old one by mail is told of the new one by mail, once it is approved and released; the institution
may ask for that mail, or for none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from issuer import awards, identifiers
from issuer.awards import AwardRequest
from issuer.books import store_awards
from issuer.books.store_awards import Change, StoredAward
from issuer.books.store_lists import Books
from issuer.delivery import outbox, store_mails
from issuer.delivery.outbox import Delivery
from issuer.delivery.states import Kind
from issuer.delivery.store_mails import StoredMail
from issuer.errors import RevocationIsFinal, StandingUnchanged, Superseded
from issuer.revocation import LONGEST_REASON
from issuer.standing import Standing
from issuer.tenancy.access import Caller
from issuer.tenancy.offices import Office
from keys import strict_json
from service.database import Database
from service.errors import InvalidInput, Problem

REVOKED = "A revoked award is not corrected. Award the micro-credential anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What the award should have said, and why it is corrected; `pin` and `mailed` none: as it was."""

    learner: Mapping[str, Any]
    reason: str
    pin: bool | None = None
    mailed: bool | None = None
    delivery: Delivery | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads `{"learner": {...}, "reason": "...", "pin": true, "deliver": {...}}`; raises InvalidInput."""
        if not isinstance(raw, Mapping):
            raise InvalidInput("Send a JSON object.", problems=[Problem(path="", message="This must be an object.")])
        problems = [
            Problem(path=f"/{str(name)[:80]}", code="unknown_member", message="This is not known here.")
            for name in raw.keys() - {"learner", "reason", "pin", "deliver"}
        ]
        if not isinstance(raw.get("learner"), Mapping):
            problems.append(Problem(path="/learner", message="Give the whole row of the learner, as it should be."))
        reason = raw.get("reason")
        if not isinstance(reason, str) or not 0 < len(reason.strip()) <= LONGEST_REASON:
            problems.append(Problem(path="/reason", message=f"Say why, in 1 to {LONGEST_REASON} characters."))
        if not isinstance(raw.get("pin"), bool | None):
            problems.append(Problem(path="/pin", message="pin must be true or false."))
        delivery = Delivery.parse(raw.get("deliver"), problems=problems)
        if not problems and delivery is not None:
            problems += [replace(each, path="/learner/email") for each in outbox.check([raw["learner"]])]
        if problems:
            raise InvalidInput("The request needs correcting.", problems=problems)
        mailed = delivery is not None if raw.get("deliver") is not None else None
        return cls(
            learner=raw["learner"], reason=str(reason).strip(), pin=raw.get("pin"), mailed=mailed,
            delivery=delivery,
        )  # fmt: skip


async def correct(
    database: Database, *, office: Office, award: str, correction: Correction, caller: Caller, now: datetime
) -> dict[str, Any]:
    """Awards what should have been awarded, in the latest version of the course, and revokes what was.

    Returns the new award as the API shows it, with its PIN. Raises UnknownAward, InvalidInput, RevocationIsFinal,
    StandingUnchanged where it waits for approval, or Superseded.
    """
    old = await awards.find(database, institution=office.slug, award=award)
    _check(old)
    course = await awards.course_of(database, office=office, slug=old.course)
    release_at = datetime.fromtimestamp(old.release_at, tz=UTC) if old.release_at > now.timestamp() else None
    asked = AwardRequest(
        course=old.course, rows=(correction.learner,), pin=_wants_pin(old, correction=correction), release_at=release_at
    )
    rows = asked.read_rows(entry=course, now=now)
    stored, (answer,) = awards.draw_up(
        rows, office=office, request=asked, course=course, caller=caller, now=now, supersedes=old.id
    )
    retired = Change(
        institution=office.slug, award=old.id, act=None, entry=identifiers.create(now), actor=caller.label,
        who=caller.who, reason=correction.reason, now=int(now.timestamp()),
    )  # fmt: skip
    history = [{**awards.begun(each, caller=caller), "reason": correction.reason} for each in stored]
    before = await database.read(lambda books: store_mails.of_award(books, institution=office.slug, award=old.id))
    pins = {answer["id"]: answer["pin"]} if "pin" in answer else {}
    mails = _mails(stored[0], old=old, before=before, correction=correction, pins=pins, office=office, now=now)

    def enter(books: Books) -> None:
        _check(store_awards.find(books, institution=office.slug, award=old.id) or old)
        awards.freeze(books, office=office, course=course)
        if not office.institution.approval and not store_awards.retire(books, change=retired):
            raise RevocationIsFinal(REVOKED)
        store_awards.enter(books, awards=stored, history=history)
        store_mails.put(books, mails=mails)

    await database.write(enter)
    return answer


def _check(old: StoredAward) -> None:
    if old.superseded_by is not None:
        raise Superseded("This award was corrected by another one.")
    if old.standing is Standing.REVOKED:
        raise RevocationIsFinal(REVOKED)
    if old.standing is Standing.PENDING:
        raise StandingUnchanged("This award waits for approval: reject it, and award anew.")


def _mails(  # of a correction it is told by the mail that the old award was told by
    made: StoredAward, *, old: StoredAward, before: Sequence[StoredMail], correction: Correction,
    pins: Mapping[str, str], office: Office, now: datetime,
) -> list[StoredMail]:  # fmt: skip
    """The mails that tell the learner: none where the old award was mailed to nobody, unless they are asked for."""
    if not (was_mailed(before) if correction.mailed is None else correction.mailed):
        return []
    last = before[-1] if before else None
    own = outbox.address_of(made)
    address = last.address if last is not None and own == outbox.address_of(old) else None
    if not (address or own):
        return []
    wanted = correction.delivery or Delivery()
    delivery = replace(wanted, language=wanted.language or (last.language if last else ""))
    told = outbox.announce([made], pins=pins, delivery=delivery, office=office, now=now, kind=Kind.CORRECTION)
    return [replace(mail, address=address) for mail in told]


def was_mailed(mails: Sequence[StoredMail]) -> bool:
    """Whether the learner was to be told of an award by mail."""
    return any(mail.kind in {Kind.CLAIM, Kind.CORRECTION} for mail in mails)


def _wants_pin(old: StoredAward, *, correction: Correction) -> bool:
    return old.pin is not None if correction.pin is None else correction.pin


def learner_of(award: StoredAward) -> dict[str, Any]:
    """The row that an award was made of, to begin a correction from."""
    held = strict_json.parse_object(award.learner)
    person = held.pop("learner", {})
    return {**held, **person}
