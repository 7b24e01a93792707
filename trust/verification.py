"""The ladder that a credential climbs before anyone relies on it; used by wallet, issuer and verifier alike.

parse → algorithm and type → issuer → signature → time → holder → claims → status → policy. Without a trusted signer and
their signature nothing further is looked at; a status list is asked for only when every rung before it holds. Whatever
was not reached is said to be so, and `Report.accepted` wants every required rung: a yes is never the absence of a no.
"""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from credentials.credential import Credential
from keys.errors import KeysError
from keys.jwk import PublicJwk
from trust.errors import ResolutionFailed, TrustError
from trust.grounds import Grounds
from trust.identity import Claimed, SignerIdentity
from trust.issuers import Inquiry
from trust.ladder import holding, rungs, standing, types, words
from trust.ladder.question import Question
from trust.ladder.rungs import Binding, Read
from trust.policy import Policy
from trust.report import LADDER, Actor, Finding, Outcome, ReasonCode, Report, Rung, Verdict

__all__ = [
    "LADDER", "Actor", "Binding", "Finding", "Grounds", "Outcome", "Policy", "ReasonCode", "Report", "Rung", "Verdict",
    "verify", "verify_now",
]  # fmt: skip


T = TypeVar("T")


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
        return _report(self.findings, policy=self.question.policy, credential=self.credential, signer=self.signer)


async def verify(
    raw: str | Read,
    *,
    policy: Policy,
    grounds: Grounds,
    now: datetime,
    binding: Binding | None = None,
    holder: PublicJwk | None = None,
) -> Report:
    """The report on the credential or presentation `raw`. It fetches what that takes; what is wrong is a finding.

    `raw` is a text, or what a format read that wallets are not asked for (`credentials.formats.data_integrity`).
    Everything that has to be waited for ends within the policy's patience; what did not come by then is not a yes.
    """
    deadline = asyncio.get_running_loop().time() + policy.patience.total_seconds()
    climb = _begin(raw, question=Question(policy=policy, grounds=grounds, now=now, binding=binding, holder=holder))
    if isinstance(climb, Report):
        return climb
    try:
        signer = await _by(deadline, climb.inquiry.answer())
    except (TrustError, KeysError) as error:
        climb.add(_stranger(error))
        return climb.report()
    _sign(climb, signer=signer)
    if climb.genuine:
        await _rest(climb, signer=signer, deadline=deadline)
    return _concluded(climb)


def verify_now(
    raw: str | Read,
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
    _sign(climb, signer=signer)
    if climb.genuine and not _rest_now(climb, signer=signer):
        return None
    return _concluded(climb)


def _begin(raw: str | Read, *, question: Question) -> Climb | Report:
    """The first two rungs; a report where they do not hold."""
    read = rungs.parse(raw) if isinstance(raw, str) else raw
    if isinstance(read, Finding):
        return _report([read], policy=question.policy)
    climb = Climb(read, question=question)
    climb.add(words.passed(Rung.PARSE))
    climb.add(rungs.check_algorithm(read, policy=question.policy))
    return climb if climb.holds else climb.report()


def _sign(climb: Climb, *, signer: SignerIdentity) -> None:
    """Who signed, and whether they did; and if it is genuine, whether it is in its time."""
    question = climb.question
    climb.signer = signer
    climb.add(words.passed(Rung.ISSUER, evidence=_introduction(signer)))
    climb.add(rungs.check_signature(climb.read, signer=signer, policy=question.policy))
    climb.genuine = climb.holds
    if climb.genuine:
        climb.add(rungs.check_time(climb.credential, policy=question.policy, now=question.now))


async def _rest(climb: Climb, *, signer: SignerIdentity, deadline: float) -> None:
    """The rungs that may have to wait for somebody. What is not in its time has nobody asked about it."""
    question, credential = climb.question, climb.credential
    holder = holding.check(climb.read, question=question, look_up=climb.holds)
    climb.add(await _awaited(holder, rung=Rung.HOLDER, deadline=deadline))
    if climb.holds:
        claims = types.check(credential, question=question)
        climb.add(await _awaited(claims, rung=Rung.CLAIMS, deadline=deadline))
    if climb.holds:
        status = standing.check(credential, signer=signer, question=question)
        climb.add(await _awaited(status, rung=Rung.STATUS, deadline=deadline))


def _rest_now(climb: Climb, *, signer: SignerIdentity) -> bool:
    """The same rungs without waiting; False where one of them would have to."""
    for found in _findings_now(climb, signer=signer):
        if found is None:
            return False
        climb.add(found)
    return True


def _findings_now(climb: Climb, *, signer: SignerIdentity) -> Iterator[Finding | None]:
    question, credential = climb.question, climb.credential
    yield holding.check_now(climb.read, question=question, look_up=climb.holds)
    if climb.holds:
        yield types.check_now(credential, question=question)
    if climb.holds:
        yield standing.check_now(credential, signer=signer, question=question)


async def _awaited(work: Awaitable[Finding], *, rung: Rung, deadline: float) -> Finding:
    try:
        return await _by(deadline, work)
    except ResolutionFailed as error:
        return words.unknown(rung, error=error)


async def _by(deadline: float, work: Awaitable[T]) -> T:
    """What `work` gives; raises ResolutionFailed where that takes longer than the asker's patience."""
    try:
        async with asyncio.timeout_at(deadline):
            return await work
    except TimeoutError as error:
        raise ResolutionFailed("it took too long to look that up") from error


def _concluded(climb: Climb) -> Report:
    """The report; the policy's own rules need nothing from outside, and are told wherever the signature is genuine."""
    if climb.genuine:
        climb.add(rungs.check_policy(climb.credential, policy=climb.question.policy))
    return climb.report()


def _report(
    findings: Sequence[Finding],
    *,
    policy: Policy,
    credential: Credential | None = None,
    signer: SignerIdentity | None = None,
) -> Report:
    """The report, with every rung that was not reached named as such."""
    if len(findings) == len(LADDER) and Rung.QUERY not in policy.required:
        return Report(findings=tuple(findings), required=policy.required, credential=credential, identity=signer)
    found = {finding.rung: finding for finding in findings}
    expected = (*LADDER, Rung.QUERY) if Rung.QUERY in policy.required else LADDER
    return Report(
        findings=tuple([found.get(rung) or words.not_reached(rung) for rung in expected]),
        required=policy.required,
        credential=credential,
        identity=signer,
    )


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
    evidence |= {f"by_{told.source}": str(told) for told in signer.testimonies}
    return evidence
