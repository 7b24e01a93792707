"""The sixth rung with a holder whose DID has to be looked up: vc-jose-cose section 4, DID Core "authentication".

Looked up only where the credential itself gives no key, and only once it is genuine and in its time.
"""

from datetime import datetime

from credentials.credential import Credential
from keys.did.document import AUTHENTICATION, DidDocument
from keys.errors import KeysError
from keys.jwk import PublicJwk
from trust.errors import ResolutionFailed, TrustError
from trust.ladder import rungs, words
from trust.ladder.question import Question
from trust.ladder.rungs import Read
from trust.report import Finding, ReasonCode, Rung

NOBODY = "the credential names a holder whose key cannot be looked up"


async def check(read: Read, *, question: Question, look_up: bool) -> Finding:
    """The finding of the holder's rung; their DID is looked up where that is needed, and only with `look_up`."""
    did, resolver = _elsewhere(read, question=question), question.resolver
    if did is None or resolver is None or not look_up:
        return _found(read, question=question)
    try:
        document = await resolver.did(did, now=question.now)
        return _found(read, question=question, key=_key(document, read=read, now=question.now))
    except ResolutionFailed:
        raise
    except (TrustError, KeysError) as error:
        return words.failed(Rung.HOLDER, code=ReasonCode.KEY_BINDING, evidence={"detail": str(error)})


def check_now(read: Read, *, question: Question, look_up: bool) -> Finding | None:
    """The same without waiting, or None where the holder's DID has to be looked up."""
    if look_up and question.resolver is not None and _elsewhere(read, question=question) is not None:
        return None
    return _found(read, question=question)


def _found(read: Read, *, question: Question, key: PublicJwk | None = None) -> Finding:
    return rungs.check_holder(
        read,
        policy=question.policy,
        binding=question.binding,
        expected=question.holder,
        now=question.now,
        holder_key=key,
    )


def _elsewhere(read: Read, *, question: Question) -> str | None:
    """The DID whose document says the holder's key; None where nobody has to be asked for it."""
    credential: Credential = read.credential
    asked = question.binding is not None and credential.holder_key is None and rungs.is_bound(read)
    did = credential.holder_id
    return did if asked and did is not None and did.startswith("did:") else None


def _key(document: DidDocument, *, read: Read, now: datetime) -> PublicJwk:
    """The key that the presentation names, which has to be one the holder authenticates with."""
    kid = read.parsed.presentation.header.get("kid")
    if not isinstance(kid, str) or not kid.startswith((f"{document.id}#", "#")):
        raise TrustError(NOBODY)
    return document.key(kid, purpose=AUTHENTICATION, now=now)
