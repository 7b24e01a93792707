"""The eighth rung: whether the issuer has withdrawn the credential. Climbed only when every rung before it holds."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from credentials.credential import Credential, StatusReference
from trust.errors import StatusUnavailable
from trust.grounds import Grounds
from trust.identity import SignerIdentity
from trust.ladder import words
from trust.ladder.question import Question
from trust.policy import Policy
from trust.report import Finding, ReasonCode, Rung
from trust.status import Answer, Standing, StatusReader, signers

SIDELINED: Final = frozenset({"message", "refresh"})  # purposes of W3C lists that say nothing about validity
MOST_PLACES: Final = 8
SEVERITY: Final = (Standing.REVOKED, Standing.SUSPENDED, Standing.VALID)
REASON: Final = {Standing.REVOKED: ReasonCode.REVOKED, Standing.SUSPENDED: ReasonCode.SUSPENDED}


async def check(credential: Credential, *, signer: SignerIdentity, question: Question) -> Finding:
    """What the lists that `credential` names say of it; raises StatusUnavailable where one of them says nothing."""
    places = _places(credential)
    if not 0 < len(places) <= MOST_PLACES:
        return _uncounted(places)
    reader = _reader(question.grounds)
    key_of = partial(signers.key_of, signer=signer, grounds=question.grounds, now=question.now)
    answers = [await reader.read(place, signer=signer, now=question.now, key_of=key_of) for place in places]
    return _finding(answers, policy=question.policy)


def check_now(credential: Credential, *, signer: SignerIdentity, question: Question) -> Finding | None:
    """The same without waiting, or None where a list is not at hand."""
    places = _places(credential)
    if not 0 < len(places) <= MOST_PLACES:
        return _uncounted(places)
    answers = []
    try:
        reader = _reader(question.grounds)
        for place in places:
            answer = reader.read_now(place, signer=signer, now=question.now)
            if answer is None:
                return None
            answers.append(answer)
    except StatusUnavailable as error:
        return words.unknown(Rung.STATUS, error=error)
    return _finding(answers, policy=question.policy)


def _uncounted(places: Sequence[StatusReference]) -> Finding:
    """The finding where there is no place to look at, or so many that asking would be an attack on their hosts."""
    return words.failed(Rung.STATUS, code=ReasonCode.LIMITS) if places else words.not_required(Rung.STATUS)


def _places(credential: Credential) -> tuple[StatusReference, ...]:
    return tuple(reference for reference in credential.status if reference.purpose not in SIDELINED)


def _reader(grounds: Grounds) -> StatusReader:
    if grounds.status is None:
        raise StatusUnavailable("there is no way here to read status lists")
    return grounds.status


def _finding(answers: Sequence[Answer], *, policy: Policy) -> Finding:
    worst = answers[0] if len(answers) == 1 else min(answers, key=lambda answer: SEVERITY.index(answer.standing))
    evidence = {"list": worst.uri, "as_of": worst.issued_at.isoformat()}
    if worst.digest:
        evidence["list_sha256"] = worst.digest
    if any(answer.stale for answer in answers):
        evidence["stale"] = "yes"
    if worst.standing is not Standing.VALID:
        return words.failed(Rung.STATUS, code=REASON[worst.standing], evidence=evidence)
    if "stale" in evidence and not policy.allow_stale:
        return words.unknown(Rung.STATUS, error=StatusUnavailable("the status list is due to be renewed and was not"))
    return words.passed(Rung.STATUS, evidence=evidence)
