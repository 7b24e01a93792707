"""The sentences of a report: one for each rung that passed, one for each reason, and who can do something about it.

They say what is known and no more; the technical detail goes into the evidence. Translation happens in `service.pages`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.errors import CredentialsError
from keys.errors import KeysError
from trust.errors import TrustError
from trust.report import Actor, Finding, Outcome, ReasonCode, Rung

PASSED: Final[Mapping[Rung, str]] = {
    Rung.PARSE: "The credential can be read.",
    Rung.ALGORITHM: "It is secured in a way that is accepted here.",
    Rung.ISSUER: "It is known who signed it, and the issuer is trusted.",
    Rung.SIGNATURE: "The issuer's signature is genuine, and nothing was changed since.",
    Rung.TIME: "The credential is valid today.",
    Rung.HOLDER: "The person who shows it is the one it was issued to.",
    Rung.CLAIMS: "What it says has the form that its type promises.",
    Rung.STATUS: "The issuer has not withdrawn it.",
    Rung.POLICY: "It meets the rules of whoever asked.",
    Rung.QUERY: "It answers what was asked.",
}
NOT_REQUIRED: Final[Mapping[Rung, str]] = {
    Rung.HOLDER: "Nobody asked who shows it.",
    Rung.CLAIMS: "The description of its type was not asked for.",
    Rung.STATUS: "The issuer keeps no list of withdrawn credentials for it.",
}
FAILED: Final[Mapping[ReasonCode, str]] = {
    ReasonCode.MALFORMED: "This cannot be read as a credential.",
    ReasonCode.UNSUPPORTED_FORMAT: "This kind of credential is not accepted here.",
    ReasonCode.ALGORITHM: "It is secured in a way that is not accepted here.",
    ReasonCode.SIGNATURE: "The signature is not genuine: the credential was changed, or somebody else made it.",
    ReasonCode.KEY: "It is signed with a key that its issuer does not use for credentials.",
    ReasonCode.ISSUER_UNTRUSTED: "The issuer is not one that is trusted here for this kind of credential.",
    ReasonCode.TYPE: "It is not the kind of credential it should be.",
    ReasonCode.TEMPORAL: "The credential is not valid today.",
    ReasonCode.DISCLOSURE: "What is shown does not belong to the signed credential.",
    ReasonCode.KEY_BINDING: "It is not proven that the person who shows it is the one it was issued to.",
    ReasonCode.NONCE: "This was made for another request, and may have been shown before.",
    ReasonCode.AUDIENCE: "This was meant for somebody else.",
    ReasonCode.REVOKED: "The issuer has withdrawn this credential.",
    ReasonCode.SUSPENDED: "The issuer has suspended this credential for the time being.",
    ReasonCode.STATUS_UNAVAILABLE: "It could not be checked whether the issuer has withdrawn it.",
    ReasonCode.QUERY_MISMATCH: "It does not answer what was asked.",
    ReasonCode.LIMITS: "This is larger than anything that is read here.",
}
UNKNOWN: Final[Mapping[Rung, str]] = {
    Rung.ISSUER: "It could not be checked whether the issuer is trusted. Try again in a few minutes.",
    Rung.HOLDER: "It could not be checked who shows it. Try again in a few minutes.",
    Rung.CLAIMS: "The description of its type could not be had. Try again in a few minutes.",
    Rung.STATUS: "It could not be checked whether the issuer has withdrawn it. Try again in a few minutes.",
}
OPEN: Final[Mapping[Rung, ReasonCode]] = {
    Rung.ISSUER: ReasonCode.ISSUER_UNTRUSTED,
    Rung.HOLDER: ReasonCode.KEY_BINDING,
    Rung.CLAIMS: ReasonCode.TYPE,
    Rung.STATUS: ReasonCode.STATUS_UNAVAILABLE,
}
NOT_REACHED: Final = "This was not looked at, since an earlier step did not hold."
ACTORS: Final[Mapping[ReasonCode, Actor]] = {
    ReasonCode.ALGORITHM: Actor.ISSUER,
    ReasonCode.KEY: Actor.ISSUER,
    ReasonCode.ISSUER_UNTRUSTED: Actor.REGISTRY,
    ReasonCode.TYPE: Actor.ISSUER,
    ReasonCode.REVOKED: Actor.ISSUER,
    ReasonCode.SUSPENDED: Actor.ISSUER,
    ReasonCode.STATUS_UNAVAILABLE: Actor.ISSUER,
}
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

_PASSED: Final[Mapping[Rung, Finding]] = {
    rung: Finding(rung=rung, outcome=Outcome.PASSED, message=message) for rung, message in PASSED.items()
}
_NOT_REACHED: Final[Mapping[Rung, Finding]] = {
    rung: Finding(rung=rung, outcome=Outcome.NOT_REACHED, message=NOT_REACHED) for rung in Rung
}
_CODES: Final = {code.value: code for code in ReasonCode}


def passed(rung: Rung, *, evidence: Mapping[str, str] = NOTHING) -> Finding:
    """The finding of a rung that holds."""
    if not evidence:
        return _PASSED[rung]
    return Finding(rung=rung, outcome=Outcome.PASSED, message=PASSED[rung], evidence=evidence)


def not_reached(rung: Rung) -> Finding:
    """The finding of a rung that was not tried."""
    return _NOT_REACHED[rung]


def not_required(rung: Rung) -> Finding:
    """The finding of a rung that the policy and the credential do not need."""
    return Finding(rung=rung, outcome=Outcome.NOT_REQUIRED, message=NOT_REQUIRED[rung])


def failed(
    rung: Rung, *, code: ReasonCode, message: str | None = None, evidence: Mapping[str, str] = NOTHING
) -> Finding:
    """The finding of a rung that does not hold."""
    return Finding(
        rung=rung,
        outcome=Outcome.FAILED,
        code=code,
        message=message or FAILED[code],
        act=ACTORS.get(code, Actor.HOLDER),
        evidence=evidence,
    )


def refused(rung: Rung, *, error: CredentialsError | KeysError | TrustError) -> Finding:
    """The finding of a rung that an error of one of the lower packages ended."""
    return failed(rung, code=reason(error), evidence={"detail": str(error)})


def unknown(rung: Rung, *, error: Exception) -> Finding:
    """The finding of a rung that could not be checked, which is never a yes."""
    return Finding(
        rung=rung,
        outcome=Outcome.UNKNOWN,
        code=OPEN[rung],
        message=UNKNOWN[rung],
        act=Actor.ISSUER if rung is Rung.STATUS else Actor.VERIFIER,
        evidence={"detail": str(error)},
    )


def reason(error: CredentialsError | KeysError | TrustError) -> ReasonCode:
    """The reason of the closed list that an error stands for; what is not on it is malformed."""
    return _CODES.get(error.code, ReasonCode.MALFORMED)
