"""The rungs that need nothing from outside, each its own function from a credential to a finding.

Order and content: SD-JWT VC "Verification and Processing", RFC 9901 section 7.3, VCDM 2.0 section 7.1, security.md.
A rung answers with a finding and never raises: what is wrong with a credential is what a report is about.
"""

from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any

from credentials import formats, type_metadata, validity
from credentials.credential import Credential
from credentials.errors import CredentialsError
from credentials.type_metadata import TypeMetadata
from keys.errors import KeysError
from keys.jwk import PublicJwk
from trust.identity import SignerIdentity
from trust.ladder import words
from trust.policy import Policy, StatusUse
from trust.report import Finding, ReasonCode, Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a presentation has to be bound to: our exact identifier and the nonce that we gave out for it."""

    audience: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A credential or presentation that could be read, with the module that knows its format."""

    module: ModuleType
    parsed: Any

    @property
    def credential(self) -> Credential:
        """What it says."""
        credential: Credential = self.parsed.credential
        return credential


def parse(raw: str) -> Read | Finding:
    """The first rung: the text is one credential, or one presentation of one, in a format spoken here."""
    try:
        module = formats.FORMATS[formats.recognise(raw)]
        return Read(module=module, parsed=module.parse(raw))
    except (CredentialsError, KeysError) as error:
        return words.refused(Rung.PARSE, error=error)


def check_algorithm(read: Read, *, policy: Policy) -> Finding:
    """The second rung: format, algorithm and header are ones that the policy accepts."""
    header = read.credential.header
    if read.credential.format not in policy.formats:
        return words.failed(Rung.ALGORITHM, code=ReasonCode.UNSUPPORTED_FORMAT)
    if "crit" in header:
        detail = {"detail": "the header demands an extension that is not understood here"}
        return words.failed(Rung.ALGORITHM, code=ReasonCode.MALFORMED, evidence=detail)
    named = header.get("alg")
    if not isinstance(named, str) or named not in policy.algorithms:
        return words.failed(Rung.ALGORITHM, code=ReasonCode.ALGORITHM, evidence={"alg": str(named)[:40]})
    return words.passed(Rung.ALGORITHM)


def check_signature(read: Read, *, signer: SignerIdentity, policy: Policy) -> Finding:
    """The fourth rung: the very key of the trusted signer made the signature."""
    try:
        read.module.verify_signature(read.parsed, key=signer.key, algorithms=policy.algorithms)
    except (CredentialsError, KeysError) as error:
        return words.refused(Rung.SIGNATURE, error=error)
    return words.passed(Rung.SIGNATURE)


def check_time(credential: Credential, *, policy: Policy, now: datetime) -> Finding:
    """The fifth rung: the credential has begun and has not ended, give or take the clock skew."""
    try:
        validity.check(credential, now=now, leeway=policy.leeway)
    except CredentialsError as error:
        moments = {"issued": credential.issued_at, "begins": credential.not_before, "ends": credential.expires}
        evidence = {name: moment.isoformat() for name, moment in moments.items() if moment is not None}
        return words.failed(Rung.TIME, code=ReasonCode.TEMPORAL, message=str(error), evidence=evidence)
    return words.passed(Rung.TIME)


def check_holder(
    read: Read,
    *,
    policy: Policy,
    binding: Binding | None,
    expected: PublicJwk | None,
    now: datetime,
    holder_key: PublicJwk | None = None,
) -> Finding:
    """The sixth rung: whoever shows it proves to be its holder; or, on receipt, it is bound to the key that asked.

    `holder_key` is the key of a holder whose DID had to be looked up.
    """
    bound = is_bound(read)
    if expected is not None and binding is None:
        return _received(read.credential, expected=expected, bound=bound)
    if binding is None:
        return _unbound(policy, bound=bound)
    if not bound and Rung.HOLDER not in policy.required:
        return words.not_required(Rung.HOLDER)
    try:
        read.module.verify_binding(
            read.parsed,
            audience=binding.audience,
            nonce=binding.nonce,
            now=now,
            max_age=policy.binding_age,
            **({} if holder_key is None else {"holder_key": holder_key}),
        )
    except (CredentialsError, KeysError) as error:
        return words.refused(Rung.HOLDER, error=error)
    if expected is not None and read.credential.holder_key != expected:
        return words.failed(Rung.HOLDER, code=ReasonCode.KEY_BINDING)
    return words.passed(Rung.HOLDER)


def is_bound(read: Read) -> bool:
    """Whether it came with a proof by a holder."""
    return read.parsed.presentation is not None


def _received(credential: Credential, *, expected: PublicJwk, bound: bool) -> Finding:
    """On receipt: no proof by a holder is part of a new credential (RFC 9901 section 7.2), and the key is our own."""
    if bound:
        detail = {"detail": "a credential arrives without a proof by a holder"}
        return words.failed(Rung.HOLDER, code=ReasonCode.KEY_BINDING, evidence=detail)
    if credential.holder_key != expected:
        detail = {"detail": "the credential is bound to another key than the one that asked for it"}
        return words.failed(Rung.HOLDER, code=ReasonCode.KEY_BINDING, evidence=detail)
    return words.passed(Rung.HOLDER)


def _unbound(policy: Policy, *, bound: bool) -> Finding:
    if Rung.HOLDER in policy.required or bound:
        detail = {"detail": "there is no request that a proof by the holder could answer"}
        return words.failed(Rung.HOLDER, code=ReasonCode.KEY_BINDING, evidence=detail)
    return words.not_required(Rung.HOLDER)


def check_claims(credential: Credential, *, metadata: TypeMetadata | None, complete: bool) -> Finding:
    """The seventh rung: the claims follow the description of their type; None where there is none to follow.

    `complete` holds for whoever has every disclosure: from a presentation, absence proves nothing.
    """
    if metadata is None:
        return words.passed(Rung.CLAIMS)
    try:
        type_metadata.check(credential.claims, metadata, disclosed=credential.disclosed, complete=complete)
    except CredentialsError as error:
        return words.failed(Rung.CLAIMS, code=ReasonCode.TYPE, evidence={"detail": str(error)})
    return words.passed(Rung.CLAIMS)


def check_policy(credential: Credential, *, policy: Policy) -> Finding:
    """The ninth rung: the type, the length of validity and the status are what whoever asked accepts."""
    if policy.types is not None and policy.types.isdisjoint(credential.types):
        return words.failed(Rung.POLICY, code=ReasonCode.TYPE, evidence={"type": " ".join(credential.types)[:200]})
    if policy.status is StatusUse.ALWAYS and not credential.status:
        return words.failed(Rung.POLICY, code=ReasonCode.STATUS_UNAVAILABLE)
    begun = credential.issued_at or credential.not_before
    longest = policy.longest_validity
    if longest is not None and (begun is None or credential.expires is None or credential.expires - begun > longest):
        return words.failed(Rung.POLICY, code=ReasonCode.TEMPORAL)
    return words.passed(Rung.POLICY)
