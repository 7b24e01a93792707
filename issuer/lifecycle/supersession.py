"""Correcting an award: another takes its place, and the two are linked. What was wrong is revoked, never rewritten.

Where the institution asks for four eyes, the old award stands until the new one is approved (store_awards.change).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from issuer import awards, identifiers
from issuer.awards import AwardRequest
from issuer.books import store_awards
from issuer.books.store_awards import Change, StoredAward
from issuer.books.store_lists import Books
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
    """What the award should have said, and why it is corrected; `pin` none: as it was."""

    learner: Mapping[str, Any]
    reason: str
    pin: bool | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads `{"learner": {...}, "reason": "...", "pin": true}`; raises InvalidInput. The row is read later."""
        if not isinstance(raw, Mapping):
            raise InvalidInput("Send a JSON object.", problems=[Problem(path="", message="This must be an object.")])
        problems = [
            Problem(path=f"/{str(name)[:80]}", code="unknown_member", message="This is not known here.")
            for name in raw.keys() - {"learner", "reason", "pin"}
        ]
        if not isinstance(raw.get("learner"), Mapping):
            problems.append(Problem(path="/learner", message="Give the whole row of the learner, as it should be."))
        reason = raw.get("reason")
        if not isinstance(reason, str) or not 0 < len(reason.strip()) <= LONGEST_REASON:
            problems.append(Problem(path="/reason", message=f"Say why, in 1 to {LONGEST_REASON} characters."))
        if not isinstance(raw.get("pin"), bool | None):
            problems.append(Problem(path="/pin", message="pin must be true or false."))
        if problems:
            raise InvalidInput("The request needs correcting.", problems=problems)
        return cls(learner=raw["learner"], reason=str(reason).strip(), pin=raw.get("pin"))


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
    asked = AwardRequest(course=old.course, rows=(correction.learner,), pin=_wants_pin(old, correction=correction))
    rows = asked.read_rows(entry=course, now=now)
    stored, (answer,) = awards.draw_up(
        rows, office=office, request=asked, course=course, caller=caller, now=now, supersedes=old.id
    )
    retired = Change(
        institution=office.slug, award=old.id, act=None, entry=identifiers.create(now), actor=caller.label,
        who=caller.who, reason=correction.reason, now=int(now.timestamp()),
    )  # fmt: skip
    history = [{**awards.begun(each, caller=caller), "reason": correction.reason} for each in stored]

    def enter(books: Books) -> None:
        _check(store_awards.find(books, institution=office.slug, award=old.id) or old)
        awards.freeze(books, office=office, course=course)
        if not office.institution.approval and not store_awards.retire(books, change=retired):
            raise RevocationIsFinal(REVOKED)
        store_awards.enter(books, awards=stored, history=history)

    await database.write(enter)
    return answer


def _check(old: StoredAward) -> None:
    if old.superseded_by is not None:
        raise Superseded("This award was corrected by another one.")
    if old.standing is Standing.REVOKED:
        raise RevocationIsFinal(REVOKED)
    if old.standing is Standing.PENDING:
        raise StandingUnchanged("This award waits for approval: reject it, and award anew.")


def _wants_pin(old: StoredAward, *, correction: Correction) -> bool:
    return old.pin is not None if correction.pin is None else correction.pin


def learner_of(award: StoredAward) -> dict[str, Any]:
    """The row that an award was made of, to begin a correction from."""
    held = strict_json.parse_object(award.learner)
    person = held.pop("learner", {})
    return {**held, **person}
