"""The ladder that a credential climbs before anyone relies on it; used by wallet, issuer and verifier alike.

parse → algorithm and type → issuer → signature → time → holder → claims → status → policy. Without a trusted signer and
their signature nothing further is looked at; a status list is asked for only when every rung before it holds. Whatever
was not reached is said to be so, and `Report.accepted` wants every required rung: a yes is never the absence of a no.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from credentials.credential import Credential, Format
from credentials.errors import CredentialsError
from keys.errors import KeysError
from keys.jwk import PublicJwk
from trust.errors import ResolutionFailed, TrustError
from trust.grounds import Grounds
from trust.identity import Claimed, SignerIdentity
from trust.issuers import Inquiry
from trust.ladder import rungs, standing, types, words
from trust.ladder.rungs import Binding, Read
from trust.policy import Policy, TypeUse
from trust.report import LADDER, Actor, Finding, Outcome, ReasonCode, Report, Rung, Verdict

__all__ = [
    "LADDER", "Actor", "Binding", "Finding", "Grounds", "Outcome", "Policy", "ReasonCode", "Report", "Rung", "Verdict",
    "verify", "verify_now",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of one credential: under which policy, on which grounds, when, and bound to what.

    `binding` is what a presentation has to answer; `holder` is the key that a credential on receipt has to be bound to.
    """

    policy: Policy
    grounds: Grounds
    now: datetime
    binding: Binding | None = None
    holder: PublicJwk | None = None

    def report(
        self, findings: Iterable[Finding], *, credential: Credential | None = None, signer: SignerIdentity | None = None
    ) -> Report:
        """The report, with every rung that was not reached named as such."""
        found = {finding.rung: finding for finding in findings}
        required = self.policy.required
        expected = (*LADDER, Rung.QUERY) if Rung.QUERY in required else LADDER
        return Report(
            findings=tuple([found.get(rung) or words.not_reached(rung) for rung in expected]),
            required=required,
            credential=credential,
            identity=signer,
        )


class Climb:
    """How far one credential has come that could be read: its findings so far, and whether all of them are good."""

    __slots__ = ("credential", "findings", "genuine", "holds", "question", "read", "signer")

    def __init__(self, read: Read, *, question: Question) -> None:
        self.read = read
        self.credential: Credential = read.credential
        self.question = question
        self.findings: list[Finding] = []
        self.holds = True
        self.genuine = False
        self.signer: SignerIdentity | None = None

    @property
    def received(self) -> bool:
        """Whether it is looked at by its holder or its issuer, who have all of it."""
        return self.question.holder is not None and self.question.binding is None

    @property
    def inquiry(self) -> Inquiry:
        """The question who signed it."""
        asked = self.question
        return Inquiry(claimed=Claimed.by(self.credential), policy=asked.policy, grounds=asked.grounds, now=asked.now)

    def add(self, finding: Finding) -> None:
        """One rung further."""
        self.findings.append(finding)
        self.holds = self.holds and finding.good

    def report(self) -> Report:
        """The report on all of it."""
        return self.question.report(self.findings, credential=self.credential, signer=self.signer)


async def verify(
    raw: str,
    *,
    policy: Policy,
    grounds: Grounds,
    now: datetime,
    binding: Binding | None = None,
    holder: PublicJwk | None = None,
) -> Report:
    """The report on the credential or presentation `raw`. It fetches what that takes; what is wrong is a finding."""
    climb = _begin(raw, question=Question(policy=policy, grounds=grounds, now=now, binding=binding, holder=holder))
    if isinstance(climb, Report):
        return climb
    try:
        signer = await climb.inquiry.answer()
    except (TrustError, KeysError) as error:
        climb.add(_stranger(error))
        return climb.report()
    _bind(climb, signer=signer)
    if climb.holds:
        climb.add(await _claims(climb))
    if climb.holds:
        climb.add(await standing.check(climb.credential, signer=signer, policy=policy, grounds=grounds, now=now))
    return _concluded(climb)


def verify_now(
    raw: str,
    *,
    policy: Policy,
    grounds: Grounds,
    now: datetime,
    binding: Binding | None = None,
    holder: PublicJwk | None = None,
) -> Report | None:
    """The same report without waiting, or None where something is not at hand and `verify` has to fetch it."""
    climb = _begin(raw, question=Question(policy=policy, grounds=grounds, now=now, binding=binding, holder=holder))
    if isinstance(climb, Report):
        return climb
    try:
        signer = climb.inquiry.answer_now()
    except (TrustError, KeysError) as error:
        climb.add(_stranger(error))
        return climb.report()
    if signer is None:
        return None
    _bind(climb, signer=signer)
    if climb.holds:
        claims = _claims_now(climb)
        if claims is None:
            return None
        climb.add(claims)
    if climb.holds:
        status = standing.check_now(climb.credential, signer=signer, policy=policy, grounds=grounds, now=now)
        if status is None:
            return None
        climb.add(status)
    return _concluded(climb)


def _begin(raw: str, *, question: Question) -> Climb | Report:
    """The first two rungs; a report where they do not hold."""
    read = rungs.parse(raw)
    if isinstance(read, Finding):
        return question.report([read])
    climb = Climb(read, question=question)
    climb.add(words.passed(Rung.PARSE))
    climb.add(rungs.check_algorithm(read, policy=question.policy))
    return climb if climb.holds else climb.report()


def _bind(climb: Climb, *, signer: SignerIdentity) -> None:
    """Who signed and whether they did; and if it is genuine, time and holder."""
    read, question = climb.read, climb.question
    climb.signer = signer
    climb.add(words.passed(Rung.ISSUER, evidence=_introduction(signer)))
    climb.add(rungs.check_signature(read, signer=signer, policy=question.policy))
    climb.genuine = climb.holds
    if climb.genuine:
        climb.add(rungs.check_time(climb.credential, policy=question.policy, now=question.now))
        climb.add(
            rungs.check_holder(
                read, policy=question.policy, binding=question.binding, expected=question.holder, now=question.now
            )
        )


def _concluded(climb: Climb) -> Report:
    """The report; the policy's own rules need nothing from outside, and are told wherever the signature is genuine."""
    if climb.genuine:
        climb.add(rungs.check_policy(climb.credential, policy=climb.question.policy))
    return climb.report()


def _stranger(error: TrustError | KeysError) -> Finding:
    if isinstance(error, ResolutionFailed):
        return words.unknown(Rung.ISSUER, error=error)
    return words.refused(Rung.ISSUER, error=error)


def _introduction(signer: SignerIdentity) -> Mapping[str, str]:
    evidence = {"issuer": signer.id, "kind": signer.kind.value, "name": signer.name}
    if signer.accredited:
        evidence["accredited"] = "; ".join(
            f"{step.name}, by {step.accredited_by_name}, {step.since} to {step.until or 'further notice'}"
            for step in signer.accredited
        )
        evidence["accredited_now"] = "yes" if signer.accredited_now else "no"
    return evidence


def _claims_now(climb: Climb) -> Finding | None:
    """The rung of the claims, or None where the policy wants type metadata that is not at hand."""
    question, credential = climb.question, climb.credential
    resolver, use = question.grounds.resolver, question.policy.type_metadata
    metadata = None
    if use is not TypeUse.IGNORED and resolver is not None and credential.format is Format.SD_JWT_VC:
        try:
            metadata = types.describe_now(credential, resolver=resolver, now=question.now)
        except ResolutionFailed:
            metadata = None
        except CredentialsError as error:
            return words.refused(Rung.CLAIMS, error=error)
    if metadata is None and use is TypeUse.REQUIRED and credential.format is Format.SD_JWT_VC:
        return None
    return rungs.check_claims(credential, metadata=metadata, complete=climb.received)


async def _claims(climb: Climb) -> Finding:
    found = _claims_now(climb)
    if found is not None:
        return found
    question = climb.question
    try:
        metadata = await types.describe(climb.credential, resolver=question.grounds.resolver, now=question.now)
    except ResolutionFailed as error:
        return words.unknown(Rung.CLAIMS, error=error)
    except CredentialsError as error:
        return words.refused(Rung.CLAIMS, error=error)
    return rungs.check_claims(climb.credential, metadata=metadata, complete=climb.received)
