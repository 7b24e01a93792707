"""A European Digital Credential in its seal: what is known of one, whoever sealed it.

Kept apart, as by Europass: whether the seal holds (SEAL), whether who sealed is who issued (OWNER), whether
the certificate counted at the claimed time, whether the credential has expired (EXPIRY), what its content lacks.
Nothing here says that the certificate is to be trusted: that asks for a list of trust.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from credentials import validity
from credentials.errors import CredentialsError, InvalidTime
from credentials.formats import jades, jades_owner
from credentials.formats.jades import Sealed
from credentials.learning import elm
from credentials.learning.elm import checking
from credentials.learning.findings import Finding
from credentials.learning.micro_credential import MicroCredential
from keys.errors import KeysError
from keys.seals import certificate as seal_certificate
from keys.seals.certificate import Holder, Statements


class Check(StrEnum):
    """What is asked of a sealed document, each for itself."""

    SEAL = "seal"
    OWNER = "owner"
    TIME = "time"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one check found: None as `passed` is a check that could not be made."""

    passed: bool | None
    code: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of a sealed document. `schema` is about its content, and no word against its seal."""

    answers: Mapping[Check, Answer]
    schema: tuple[Finding, ...] = ()
    record: MicroCredential | None = None
    findings: tuple[Finding, ...] = ()
    holder: Holder | None = None
    statements: Statements | None = None  # None where the certificate has some that cannot be read
    claimed_at: datetime | None = None
    time_stamps: tuple[str, ...] = ()  # they are there; nobody has verified them

    @property
    def seal_holds(self) -> bool:
        """Whether the seal is right and the issuer's own; whose certificate is to be trusted is asked elsewhere."""
        return all(self.answers[check].passed is True for check in (Check.SEAL, Check.OWNER, Check.TIME))


UNREAD = Answer(passed=None, message="The document could not be read.")


def report(raw: str, *, now: datetime) -> Report:
    """What is known of the sealed document `raw` at `now`; never raises."""
    try:
        sealed = jades.parse(raw)
    except CredentialsError as error:
        refused = Answer(passed=False, code=error.code, message=str(error))
        return Report(answers={check: refused if check is Check.SEAL else UNREAD for check in Check})
    record, findings = elm.read(sealed.document)
    return Report(
        answers={
            Check.SEAL: _answer(lambda: jades.verify(sealed)),
            Check.OWNER: _answer(lambda: jades_owner.check(sealed)),
            Check.TIME: _answer(lambda: jades.check_time(sealed, now=now)),
            Check.EXPIRY: _answer(lambda: _check_expiry(sealed.document, now=now)),
        },
        schema=checking.check(sealed.document),
        record=record,
        findings=findings,
        holder=seal_certificate.holder(sealed.certificate),
        statements=_statements(sealed),
        claimed_at=sealed.claimed_at,
        time_stamps=sealed.time_stamps,
    )


def _answer(check: Callable[[], None]) -> Answer:
    try:
        check()
    except (CredentialsError, KeysError) as error:
        return Answer(passed=False, code=error.code, message=str(error))
    return Answer(passed=True)


def _check_expiry(document: Mapping[str, Any], *, now: datetime) -> None:
    """Raises InvalidTime unless the credential counts at `now`; `expirationDate` is the word of VCDM 1.1."""
    starts = validity.timestamp(document, name="validFrom")
    ends = [validity.timestamp(document, name=name) for name in ("validUntil", "expirationDate")]
    if starts is not None and now + validity.LEEWAY < starts:
        raise InvalidTime("The credential is not valid yet.")
    if any(end is not None and now - validity.LEEWAY >= end for end in ends):
        raise InvalidTime("The credential has expired.")


def _statements(sealed: Sealed) -> Statements | None:
    try:
        return seal_certificate.statements(sealed.certificate)
    except KeysError:
        return None
