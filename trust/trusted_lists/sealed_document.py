"""A sealed document before the trusted lists: who sealed, of what quality the seal is, and the six checks of Europass.

The seal is judged apart from the content: what a schema finds wrong is no word against a seal, and a qualified seal
says nothing about what is sealed. Implements what TS 119 182-1 and TS 119 615 ask of a verifier, save time stamps: they
are named and not verified, so the time of sealing is what the seal claims.
"""

import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

from credentials.errors import CredentialsError
from credentials.formats import jades
from credentials.formats.jades import Sealed
from credentials.learning.elm import sealed as sealed_elm
from credentials.learning.findings import Severity
from keys import x509
from keys.certificates import ocsp, revocation
from keys.certificates.revocation import RevocationList
from keys.errors import KeysError
from keys.x509 import Certificate
from trust.trusted_lists import accreditation_evidence, vouching
from trust.trusted_lists.vouching import Quality, TrustedLists, Vouched

MOST_GIVEN = 20

T = TypeVar("T")


class Status(StrEnum):
    """What the seal is worth."""

    QUALIFIED = "qualified"  # a qualified electronic seal's certificate, by a trusted list
    LISTED = "listed"  # made by a listed trust service, and not qualified
    UNLISTED = "unlisted"  # the seal holds; no list at hand knows who made its certificate
    UNKNOWN = "unknown"  # it holds, and something could not be checked
    FOREIGN = "foreign"  # it holds, and who sealed is not who the document names as its issuer
    INVALID = "invalid"  # it does not hold


class Check(StrEnum):
    """The checks that the viewer of Europass shows, so that people meet what they know."""

    FORMAT = "format"
    SEAL = "seal"
    OWNER = "owner"
    EXPIRY = "expiry"
    REVOCATION = "revocation"
    ACCREDITATION = "accreditation"


class Result(StrEnum):
    """How a check ended; skipped is what was not or could not be checked."""

    OK = "ok"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What is known of the seal as of a moment, with the evidence for people to read."""

    status: Status
    message: str
    as_of: datetime
    evidence: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def to_json(self) -> dict[str, object]:
        """The wire form: `status`, `message`, `evidence`, `as_of`."""
        when = self.as_of.isoformat().replace("+00:00", "Z")
        return {"status": self.status.value, "message": self.message, "evidence": dict(self.evidence), "as_of": when}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one check found, in a sentence."""

    result: Result
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The seal, the six checks, and apart from both what is to be said of the document itself."""

    seal: Seal
    checks: Mapping[Check, Checked]
    document: sealed_elm.Report


def judge(raw: str, *, lists: TrustedLists, now: datetime, revocations: Sequence[RevocationList] = ()) -> Report:
    """What is known at `now` of the sealed document `raw`; never raises, and asks nobody else."""
    document = sealed_elm.report(raw, now=now)
    try:
        sealed = jades.parse(raw)
    except CredentialsError as error:
        seal = Seal(status=Status.INVALID, message=str(error), as_of=now)
        return Report(
            seal=seal, checks=_checks(document, withdrawn=NOT_ASKED, accreditation=NOT_READ), document=document
        )
    chain = _chain(sealed)
    vouched = vouching.ask(lists, chain=chain, at=sealed.claimed_at, now=now)
    withdrawn = _withdrawal(vouched, sealed=sealed, revocations=(*revocations, *_given_lists(sealed)), now=now)
    status, message = _status(document, vouched=vouched, withdrawn=withdrawn)
    evidence = MappingProxyType(_evidence(document, vouched=vouched, withdrawn=withdrawn, sealed=sealed))
    return Report(
        seal=Seal(status=status, message=message, as_of=now, evidence=evidence),
        checks=_checks(document, withdrawn=withdrawn, accreditation=_accreditation(sealed)),
        document=document,
    )


NOT_READ = Checked(result=Result.SKIPPED, message="The document could not be read.")
NOT_ASKED = Checked(result=Result.SKIPPED, message="Nobody said whether the certificate of the seal was withdrawn.")


def _status(document: sealed_elm.Report, *, vouched: Vouched, withdrawn: Checked) -> tuple[Status, str]:
    for check in (sealed_elm.Check.SEAL, sealed_elm.Check.TIME):
        if document.answers[check].passed is not True:
            return Status.INVALID, document.answers[check].message
    if withdrawn.result is Result.ERROR:
        return Status.INVALID, withdrawn.message
    if document.answers[sealed_elm.Check.OWNER].passed is not True:
        return Status.FOREIGN, document.answers[sealed_elm.Check.OWNER].message
    if vouched.quality is Quality.QUALIFIED and withdrawn.result is not Result.OK:
        return Status.UNKNOWN, withdrawn.message
    return Status(vouched.quality.value), vouched.message


def _withdrawal(vouched: Vouched, *, sealed: Sealed, revocations: Sequence[RevocationList], now: datetime) -> Checked:
    """Whether a certificate of the path was withdrawn, as lists tell that answer for the claimed time of sealing.

    One that was withdrawn later is withdrawn here: that the seal was there before, only a time stamp would prove.
    """
    if not vouched.path:
        return NOT_ASKED
    answers = _given_answers(sealed)
    for certificate, issuer in pairwise(vouched.path):
        found = (
            revocation.answer_for(certificate, issuer=issuer, lists=revocations, at=sealed.claimed_at, now=now),
            ocsp.answer_for(certificate, issuer=issuer, responses=answers, at=sealed.claimed_at, now=now),
        )
        since = min((day for _, day in found if day is not None), default=None)
        if since is not None:
            return Checked(
                result=Result.ERROR, message=f"The certificate of the seal was withdrawn on {since.date().isoformat()}."
            )
        if revocation.Answer.GOOD not in {answer for answer, _ in found}:
            return NOT_ASKED
    return Checked(result=Result.OK, message="The certificate of the seal was not withdrawn when it says it was made.")


def _checks(document: sealed_elm.Report, *, withdrawn: Checked, accreditation: Checked) -> Mapping[Check, Checked]:
    said = document.answers
    holds = all(said[each].passed for each in (sealed_elm.Check.SEAL, sealed_elm.Check.TIME))
    wrong = next((a.message for a in (said[sealed_elm.Check.SEAL], said[sealed_elm.Check.TIME]) if not a.passed), "")
    return MappingProxyType(
        {
            Check.FORMAT: _format(document, readable=accreditation is not NOT_READ),
            Check.SEAL: Checked(result=Result.OK if holds else Result.ERROR, message=wrong),
            Check.OWNER: _checked(said[sealed_elm.Check.OWNER]),
            Check.EXPIRY: _checked(said[sealed_elm.Check.EXPIRY]),
            Check.REVOCATION: withdrawn,
            Check.ACCREDITATION: accreditation,
        }
    )


def _accreditation(sealed: Sealed) -> Checked:
    """What the document brings is its own word: it can be wrong, and it is never a yes."""
    against = accreditation_evidence.problem(sealed.document)
    if against:
        return Checked(result=Result.ERROR, message=against)
    told = "The document brings no accreditation." if against is None else "Nobody here confirms the accreditation."
    return Checked(result=Result.SKIPPED, message=told)


def _format(document: sealed_elm.Report, *, readable: bool) -> Checked:
    """Documents that people hold depart from the model in small things: that is said, and only errors count."""
    errors = any(each.severity is Severity.ERROR for each in document.schema)
    said = f"The content departs from its model in {len(document.schema)} places." if document.schema else ""
    return Checked(result=Result.OK if readable and not errors else Result.ERROR, message=said)


def _checked(answer: sealed_elm.Answer) -> Checked:
    results = {True: Result.OK, False: Result.ERROR, None: Result.SKIPPED}
    return Checked(result=results[answer.passed], message=answer.message)


def _evidence(document: sealed_elm.Report, *, vouched: Vouched, withdrawn: Checked, sealed: Sealed) -> dict[str, str]:
    """What a person is shown: all of it from the certificate and the lists, nothing from the document."""
    holder, claims = document.holder, document.statements
    said = {
        "organisation": (holder and holder.organisation) or "",
        "identifier": (holder and holder.identifier) or "",
        "country": (holder and holder.country) or "",
        "sealed_at": sealed.claimed_at.isoformat(),
        "sealed_at_is": "claimed",
        "certificate_claims_qualified": _word(None if claims is None else claims.qualified),
        "certificate_claims_for_seals": _word(None if claims is None else "seal" in claims.purposes),
        "in_qualified_device": _word(vouched.in_device),
        "revocation": withdrawn.result.value,
        "time_stamps_not_checked": ", ".join(sealed.time_stamps),
    }
    if vouched.by is not None and vouched.service is not None:
        said |= {
            "trust_service": vouched.service.name,
            "trust_service_provider": vouched.service.provider,
            "trusted_list": f"{vouched.by.territory} {vouched.by.sequence}",
            "trusted_list_operator": vouched.by.operator,
            "trusted_list_issued": vouched.by.issued.isoformat(),
        }
    if vouched.standing is not None:
        said["service_status"] = vouched.standing.status.rpartition("/")[2]
        said["service_status_since"] = vouched.standing.since.isoformat()
    return {name: value for name, value in said.items() if value}


def _word(answer: bool | None) -> str:  # noqa: FBT001  # the very word for an answer
    return {True: "yes", False: "no", None: "unknown"}[answer]


def _chain(sealed: Sealed) -> list[Certificate]:
    """The certificate of the seal, and whatever certificates come with it: material for a path, no ground for trust."""
    inside = sealed.header.get("x5c")
    more = inside[1:] if isinstance(inside, list) else []
    texts = [*more, *(each.get("val") for each in _given(sealed, "xVals", "x509Cert"))]
    found = [sealed.certificate]
    for text in texts[:MOST_GIVEN]:
        try:
            found.extend(x509.parse_x5c([text]))
        except KeysError:
            continue
    return list(dict.fromkeys(found))


def _given_lists(sealed: Sealed) -> list[RevocationList]:
    """The revocation lists that come with the seal: anybody may bring one, for its authority has signed it."""
    return list(_read(_given(sealed, "rVals", "crlVals"), parse=revocation.parse))


def _given_answers(sealed: Sealed) -> list[ocsp.Response]:
    return list(_read(_given(sealed, "rVals", "ocspVals"), parse=ocsp.parse))


def _read(given: Sequence[Mapping[str, Any]], *, parse: Callable[[bytes], T]) -> Iterator[T]:
    for each in given[:MOST_GIVEN]:
        try:
            yield parse(binascii.a2b_base64(str(each.get("val")), strict_mode=True))
        except (KeysError, ValueError):
            continue  # what cannot be read answers nothing


def _given(sealed: Sealed, name: str, kind: str) -> list[Mapping[str, Any]]:
    """The members `kind` of the unsigned properties `name` (TS 119 182-1 sections 5.3.5.2 and 5.3.5.3)."""
    found: list[Any] = []
    for added in sealed.added:
        value = added.get(name)
        for part in value if isinstance(value, list) else [value]:
            inner = part.get(kind) if isinstance(part, Mapping) else None
            found.extend(inner if isinstance(inner, list) else [inner])
    return [each for each in found if isinstance(each, Mapping)]
