"""A European Digital Credential in its seal, told in the words of the ladder, with the six checks of Europass beside.

Who sealed is trusted where this deployment's anchors or its list say so, or where a trusted list makes the seal a
qualified one. A seal that nobody at hand can place is "not sure" or no, never a yes (TS 119 615, security.md).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from credentials import validity
from credentials.errors import CredentialsError
from credentials.formats import jades
from credentials.formats.jades import Sealed
from credentials.learning.elm import sealed as sealed_elm
from keys.errors import KeysError
from trust.errors import TrustError
from trust.identity import Claimed, SignerIdentity
from trust.issuers import Inquiry
from trust.ladder import words
from trust.policies.rules import Rule
from trust.policy import Policy
from trust.report import LADDER, Actor, Finding, Outcome, ReasonCode, Report, Rung
from trust.trusted_lists import sealed_document
from trust.trusted_lists.sealed_document import Check, Result, Status
from trust.trusted_lists.vouching import TrustedLists
from verifier.desk import Verifier
from verifier.verdicts import dossier, trusting
from verifier.verdicts.dossier import Names

FORMAT = "jades"
NOT_KEPT = "It says where it could be withdrawn, in a way that is not read for sealed documents."


async def examine(desk: Verifier, raw: str, *, rule: Rule | None = None) -> dict[str, Any]:
    """What is found about the sealed document `raw`, as it is told of every credential; `rule` is asked besides."""
    now = desk.now()
    lists = desk.grounds.lists.at_hand() if desk.grounds.lists is not None else TrustedLists()
    judged = sealed_document.judge(raw, lists=lists, now=now, revocations=desk.grounds.anchors.revocations)
    try:
        sealed = jades.parse(raw)
    except (CredentialsError, KeysError) as error:
        return _told(desk, [words.refused(Rung.PARSE, error=error)], judged=judged, rule=rule)
    signer, issuer = await _issuer(desk, sealed, judged=judged)
    findings = [words.passed(Rung.PARSE), words.passed(Rung.ALGORITHM), issuer, *_findings(judged, sealed=sealed)]
    return _told(desk, findings, judged=judged, rule=rule, sealed=sealed, signer=signer)


async def _issuer(
    desk: Verifier, sealed: Sealed, *, judged: sealed_document.Report
) -> tuple[SignerIdentity | None, Finding]:
    """Who sealed, where somebody here vouches for them; and the finding of that rung."""
    seal, evidence = judged.seal, {**judged.seal.evidence, "seal": judged.seal.status.value}
    if seal.status is Status.FOREIGN:
        return None, _untrusted(seal.message, evidence=evidence)
    if judged.checks[Check.REVOCATION].result is Result.ERROR:
        return None, words.failed(Rung.ISSUER, code=ReasonCode.KEY, message=seal.message, evidence=evidence)
    signer, detail = await _known(desk, sealed)
    if signer is not None or seal.status is Status.QUALIFIED:
        return signer, words.passed(Rung.ISSUER, evidence=evidence)
    if seal.status is not Status.UNKNOWN:
        return None, _untrusted(seal.message, evidence={**evidence, "detail": detail})
    return None, Finding(
        rung=Rung.ISSUER, outcome=Outcome.UNKNOWN, code=ReasonCode.ISSUER_UNTRUSTED, act=Actor.VERIFIER,
        message=seal.message, evidence={**evidence, "detail": detail, "case": "seal_unplaced"},
    )  # fmt: skip


def _untrusted(message: str, *, evidence: Mapping[str, str]) -> Finding:
    return words.failed(Rung.ISSUER, code=ReasonCode.ISSUER_UNTRUSTED, message=message, evidence=evidence)


async def _known(desk: Verifier, sealed: Sealed) -> tuple[SignerIdentity | None, str]:
    """The signer by this deployment's own anchors and list; or None, and why."""
    inside = sealed.header.get("x5c")
    claimed = Claimed(
        issuer="", key_id=None, x5c=tuple(inside) if isinstance(inside, list) else (),
        types=_types(sealed.document), issued_at=sealed.claimed_at,
    )  # fmt: skip
    policy = Policy(trust=desk.settings.trust.rule)
    try:
        return await Inquiry(claimed=claimed, policy=policy, grounds=desk.grounds, now=desk.now()).answer(), ""
    except (TrustError, KeysError) as error:
        return None, str(error)


def _findings(judged: sealed_document.Report, *, sealed: Sealed) -> Iterator[Finding]:
    """The rungs after the issuer's. A document with a seal says nothing of who shows it."""
    yield _signature(judged)
    expiry = judged.checks[Check.EXPIRY]
    if expiry.result is Result.OK:
        yield words.passed(Rung.TIME)
    else:
        yield words.failed(Rung.TIME, code=ReasonCode.TEMPORAL, message=expiry.message)
    yield words.not_required(Rung.HOLDER)
    form = judged.checks[Check.FORMAT]
    if form.result is Result.OK:
        yield words.passed(Rung.CLAIMS, evidence={"detail": form.message} if form.message else {})
    else:
        yield words.failed(Rung.CLAIMS, code=ReasonCode.TYPE, evidence={"detail": form.message})
    yield _status(sealed.document)
    yield words.passed(Rung.POLICY)


def _signature(judged: sealed_document.Report) -> Finding:
    answers = judged.document.answers
    asked = (answers[sealed_elm.Check.SEAL], answers[sealed_elm.Check.TIME])
    broken = next((each for each in asked if not each.passed), None)
    if broken is None:
        return words.passed(Rung.SIGNATURE)
    code = ReasonCode(broken.code) if broken.code in set(ReasonCode) else ReasonCode.SIGNATURE
    return words.failed(Rung.SIGNATURE, code=code, message=broken.message)


def _status(document: Mapping[str, Any]) -> Finding:
    if not document.get("credentialStatus"):
        return words.not_required(Rung.STATUS)
    return Finding(
        rung=Rung.STATUS, outcome=Outcome.UNKNOWN, code=ReasonCode.STATUS_UNAVAILABLE, act=Actor.ISSUER,
        message=NOT_KEPT,
    )  # fmt: skip


def _told(
    desk: Verifier, findings: list[Finding], *, judged: sealed_document.Report, rule: Rule | None,
    sealed: Sealed | None = None, signer: SignerIdentity | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The result; what the document says is told only where it is known who sealed it."""
    missing = [words.not_reached(rung) for rung in LADDER if rung not in {each.rung for each in findings}]
    required = frozenset(LADDER) - {Rung.HOLDER}
    report = Report(findings=(*findings, *missing), required=required, identity=signer)

    def tell(ruled: Report) -> dict[str, Any]:
        return _shown(ruled, judged=judged, sealed=sealed, names_of=desk.names_of)

    return trusting.sealed(desk, report, judged=judged, document=sealed, rule=rule, tell=tell)


def _shown(
    report: Report, *, judged: sealed_document.Report, sealed: Sealed | None, names_of: Names
) -> dict[str, Any]:  # fmt: skip
    shown = dossier.of(report, names_of=names_of)
    asked = judged.checks.items()
    checks = {check.value: {"result": each.result.value, "message": each.message} for check, each in asked}
    shown |= {"format": FORMAT, "europass": checks, "seal": judged.seal.to_json()}
    if sealed is None:
        return shown
    good = all(each.good for each in report.findings if each.rung in {Rung.ISSUER, Rung.SIGNATURE})
    if good and report.identity is None:
        shown["issuer"] = _holder(judged)
    return shown | {
        "types": list(_types(sealed.document)),
        "issued_at": sealed.claimed_at.isoformat(timespec="seconds"),
        "expires": _moment(_ends(sealed.document)),
        "claims": {name: value for name, value in sealed.document.items() if name != "proof"} if good else {},
    }


def _holder(judged: sealed_document.Report) -> dict[str, Any]:
    """Who sealed by a qualified certificate, which no list of this deployment names."""
    evidence = judged.seal.evidence
    name = evidence.get("organisation", "")
    return {
        "id": evidence.get("identifier", name), "name": name, "kind": "certificate", "anchored": False,
        "certificates": [name], "accredited": [], "accredited_now": None,
    }  # fmt: skip


def _types(document: Mapping[str, Any]) -> tuple[str, ...]:
    types = document.get("type")
    return tuple(each for each in (types if isinstance(types, list) else [types]) if isinstance(each, str))


def _ends(document: Mapping[str, Any]) -> datetime | None:
    try:
        found = [validity.timestamp(document, name=name) for name in ("validUntil", "expirationDate")]
    except CredentialsError:
        return None
    return min((each for each in found if each is not None), default=None)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
