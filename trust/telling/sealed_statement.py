"""The three answers about whoever sealed a document: the seal as the trusted lists judged it, and what follows."""

from datetime import datetime
from typing import Any, Final

from trust.grounds import Grounds
from trust.identity import SignerIdentity
from trust.organisations import Identifier, Keys, Organisation
from trust.report import Report
from trust.telling import accreditations, assurance
from trust.telling.assurance import Assurance
from trust.telling.seals import Seal, SealAnswer
from trust.telling.statement import Statement
from trust.trusted_lists import sealed_document
from trust.trusted_lists.sealed_document import Status

STATUSES: Final = {
    Status.QUALIFIED: Seal.QUALIFIED,
    Status.LISTED: Seal.LISTED,
    Status.UNLISTED: Seal.UNLISTED,
    Status.UNKNOWN: Seal.UNKNOWN,
    Status.FOREIGN: Seal.STRANGER,
    Status.INVALID: Seal.STRANGER,
}


def of(
    report: Report, *, judged: sealed_document.Report, issued: datetime | None, grounds: Grounds, now: datetime
) -> Statement:  # fmt: skip
    """The statement on whoever sealed what was `judged`. A seal that does not hold says nothing of anybody."""
    seal = SealAnswer(
        status=STATUSES[judged.seal.status], as_of=judged.seal.as_of, message=judged.seal.message,
        evidence=_evidence(judged, signer=report.identity),
    )  # fmt: skip
    return Statement(
        seal=seal,
        accreditation=accreditations.of(report, awarded_at=issued, now=now),
        quality=_quality(report.identity, judged=judged, seal=seal, issued=issued, grounds=grounds, now=now),
    )


def _evidence(judged: sealed_document.Report, *, signer: SignerIdentity | None) -> dict[str, Any]:
    """In the names of `trust.telling.seals`: all of it from the certificate and the lists."""
    said: dict[str, Any] = dict(judged.seal.evidence)
    if judged.seal.status in {Status.FOREIGN, Status.INVALID}:
        return {}
    if "trusted_list" in said:
        said["trusted_list"], _, said["trusted_list_sequence"] = said["trusted_list"].partition(" ")
        said["trusted_list_as_of"] = said.pop("trusted_list_issued")
    return said | {
        "id": signer.id if signer is not None else said.get("identifier", ""),
        "kind": "certificate",
        "name": said.get("organisation", ""),
    }


def _quality(
    signer: SignerIdentity | None, *, judged: sealed_document.Report, seal: SealAnswer, issued: datetime | None,
    grounds: Grounds, now: datetime,
) -> Assurance | None:  # fmt: skip
    if seal.status is Seal.STRANGER or judged.document.record is None:
        return None
    known = assurance.organisation_of(signer, seal=seal, grounds=grounds, now=now) or _by_certificate(seal)
    return assurance.of_record(judged.document.record, known=known, issued=issued, grounds=grounds, now=now)


def _by_certificate(seal: SealAnswer) -> Organisation | None:
    """The holder of a qualified certificate, by the number in it."""
    number = str(seal.evidence.get("identifier", ""))
    if seal.status is not Seal.QUALIFIED or not number:
        return None
    own = (Identifier(scheme="eidas", value=number),)
    return Organisation(id=number, name=str(seal.evidence["name"]), keys=Keys(), identifiers=own)
