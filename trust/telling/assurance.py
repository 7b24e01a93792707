"""Whether the body that awarded was quality-assured on the day of the award: the third of the three sources.

The body is the one that the register of accredited issuers, its proven DID or its qualified certificate makes it; what
the credential says of numbers is told as not confirmed (see `trust.quality.signers`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from credentials.learning.course import UNTITLED, AwardingBody, Course
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import State, View
from trust.grounds import Grounds
from trust.identity import EBSI, SignerIdentity
from trust.organisations import Identifier, Keys, Organisation
from trust.quality.answer import Quality
from trust.quality.signers import quality_of_signer
from trust.telling.seals import Seal, SealAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """The answer of the register, and by which day it is told: that of the award, else that of issue."""

    quality: Quality
    dated_by: str
    today: date

    def to_json(self) -> dict[str, Any]:
        """The wire form: that of the answer, with the day that counts and whether the data is old."""
        told = {"dated_by": self.dated_by, "data_is_old": self.quality.is_old(today=self.today)}
        return {**self.quality.to_json(), **told}


def of(
    view: View, *, signer: SignerIdentity, seal: SealAnswer | None, issued: datetime | None, grounds: Grounds,
    now: datetime,
) -> Assurance | None:  # fmt: skip
    """The answer about what `signer` awarded; None without data, a day, or anything that tells of a body."""
    if view.record is None and view.state("M4") is State.ABSENT:
        return None
    known = organisation_of(signer, seal=seal, grounds=grounds, now=now)
    return of_record(view.record, known=known, issued=issued, grounds=grounds, now=now)


def of_record(
    record: MicroCredential | None, *, known: Organisation | None, issued: datetime | None, grounds: Grounds,
    now: datetime,
) -> Assurance | None:  # fmt: skip
    """The same for a micro-credential that was read elsewhere; `known` is who was proved to have awarded it."""
    awarded = record.award.award_date if record is not None else None
    day = awarded or (issued.date() if issued is not None else None)
    if day is None or grounds.quality.held is None:
        return None
    course = record.course if record is not None else Course(title=UNTITLED)
    told = _ask(known, stated=course.awarding_bodies, course=course, day=day, grounds=grounds)
    return Assurance(quality=told, dated_by="award" if awarded else "issue", today=now.date())


def of_organisation(organisation: Organisation, *, grounds: Grounds, now: datetime) -> Assurance | None:
    """What is known today of a body that has signed nothing yet; None without data."""
    if grounds.quality.held is None:
        return None
    told = _ask(organisation, stated=(), course=Course(title=UNTITLED), day=now.date(), grounds=grounds)
    return Assurance(quality=told, dated_by="today", today=now.date())


def organisation_of(
    signer: SignerIdentity | None, *, seal: SealAnswer | None, grounds: Grounds, now: datetime
) -> Organisation | None:
    """The body that `signer` was proved to be: with the numbers of the list, its DID, its qualified certificate."""
    if signer is None:
        return None
    source = grounds.accreditation
    listed = source.at_hand(now=now) if source is not None else None
    found = listed.find(signer) if listed is not None else None
    own = [Identifier(scheme="did-ebsi", value=signer.id)] if signer.id.startswith(EBSI) else []
    if seal is not None and seal.status is Seal.QUALIFIED and "identifier" in seal.evidence:
        own.append(Identifier(scheme="eidas", value=str(seal.evidence["identifier"])))
    if found is None and own:
        return Organisation(id=signer.id, name=signer.name or signer.id, keys=Keys(), identifiers=tuple(own))
    return None if found is None else replace(found, identifiers=(*found.identifiers, *own))


def _ask(
    known: Organisation | None, *, stated: Sequence[AwardingBody], course: Course, day: date, grounds: Grounds
) -> Quality:  # fmt: skip
    if grounds.quality.held is None:
        raise ValueError("there is no data to ask")
    return quality_of_signer(
        known, stated=stated, micro_credential=course, award_date=day, on=grounds.quality.held
    )  # fmt: skip
