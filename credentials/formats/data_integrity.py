"""A credential whose proof is inside: W3C Data Integrity 1.0, cryptosuites eddsa-jcs-2022 and ecdsa-jcs-2019.

Implements "Verify Proof" of VC Data Integrity section 4.4 with the transformations of VC-DI-EDDSA section 3.3 and
VC-DI-ECDSA section 3.3: both the document and the proof's options are canonicalised with RFC 8785 and hashed apart.
Suites over RDF are recognised and not read. A context that is written into the document is refused: terms would mean
what the sender says. What is read here climbs the same ladder as every other credential; only wallets are not asked
for it, so `credentials.formats.recognise` does not give it.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import validity
from credentials.credential import Credential, Format
from credentials.errors import InvalidTime, InvalidType, MalformedCredential, TooLarge, UnsupportedFormat
from credentials.formats import vcdm
from keys import errors as keys_errors
from keys import strict_json
from keys.algorithms import ACCEPTED, Algorithm
from keys.did import multibase
from keys.errors import InvalidSignature, UnsupportedAlgorithm
from keys.jwk import PublicJwk

NAME: Final = "ldp_vc"
"""What OpenID4VC calls this form."""
PROOF: Final = "DataIntegrityProof"
SUITES: Final[Mapping[str, Algorithm]] = {
    "eddsa-jcs-2022": Algorithm.EDDSA,
    "ecdsa-jcs-2019": Algorithm.ES256,
}
LIMIT: Final = 500_000
ASSERTION: Final = "assertionMethod"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A credential with its proof, read and not believed. `presentation` is there for the ladder: it comes in none."""

    credential: Credential
    document: Mapping[str, Any]
    proof: Mapping[str, Any]
    presentation: None = None


def proof_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one proof of `document`; raises UnsupportedFormat for several, MalformedCredential for none."""
    match document.get("proof"):
        case dict() as proof:
            return proof
        case [dict() as proof]:
            return proof
        case [_, _, *_]:
            raise UnsupportedFormat("A credential with more than one proof is not read here.")
    raise MalformedCredential("The proof of the credential cannot be read.")


def read(raw: str) -> dict[str, Any]:
    """The JSON document `raw`; raises MalformedCredential or TooLarge."""
    try:
        return strict_json.parse_object(raw, limit=LIMIT)
    except keys_errors.TooLarge as error:
        raise TooLarge(f"The credential is too large: {error}.") from error
    except keys_errors.KeysError as error:
        raise MalformedCredential(f"The credential cannot be read: {error}.") from error


def parse(raw: str) -> Proved:
    """The credential that the JSON text `raw` is, unverified; raises CredentialsError."""
    document = read(raw)
    proof = proof_of(document)
    suite = proof.get("cryptosuite")
    if proof.get("type") != PROOF or not isinstance(suite, str) or suite not in SUITES:
        raise UnsupportedFormat(f"A proof of the kind {_named(proof)} cannot be checked here.")
    contexts = document.get("@context")
    if proof.get("@context") != contexts:
        raise MalformedCredential("The proof was made under other contexts than the credential has.")
    credential = credential_of(document, raw=raw, proof=proof, algorithm=SUITES[suite])
    return Proved(credential=credential, document=document, proof=proof)


def credential_of(
    document: Mapping[str, Any], *, raw: str, proof: Mapping[str, Any], algorithm: Algorithm
) -> Credential:  # fmt: skip
    """What `document` says; its data model is told by its first context. Raises CredentialsError."""
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not all(isinstance(each, str) for each in contexts):
        raise UnsupportedFormat("The credential defines its own terms, which is not read here.")
    is_model_2 = contexts[:1] == [vcdm.CONTEXT_2]
    context = vcdm.CONTEXT_2 if is_model_2 else vcdm.CONTEXT_1
    begins, ends = ("validFrom", "validUntil") if is_model_2 else ("issuanceDate", "expirationDate")
    method = proof.get("verificationMethod")
    if proof.get("proofPurpose") != ASSERTION or not isinstance(method, str):
        raise InvalidType("The proof was not made to state a credential, or names no key.")
    return Credential(
        format=Format.VC_JWT if is_model_2 else Format.VC_JWT_1,  # the data model: the ladder knows these two
        raw=raw,
        header={"alg": algorithm.value},
        types=vcdm.check(document, context=context, kind=vcdm.CREDENTIAL),
        issuer=vcdm.identifier(document.get("issuer"), of="issuer"),
        holder_key=None,
        holder_id=vcdm.subject_id(document),
        claims={name: value for name, value in document.items() if name != "proof"},
        disclosed=(),
        disclosable=(),
        issued_at=_created(proof),
        not_before=validity.timestamp(document, name=begins),
        expires=_first(validity.timestamp(document, name=ends), _moment(proof, name="expires")),
        status=vcdm.status_of(document),
        key_id=method,
        chain_x5c=(),
    )


def verify_signature(parsed: Proved, *, key: PublicJwk, algorithms: Collection[Algorithm] = ACCEPTED) -> None:
    """Return if `key` made the proof; raises UnsupportedAlgorithm or InvalidSignature."""
    algorithm = SUITES[str(parsed.proof["cryptosuite"])]
    if key.algorithm is not algorithm or algorithm not in algorithms:
        raise UnsupportedAlgorithm("the key is not of the kind that the proof says")
    try:
        signature = multibase.decode(str(parsed.proof.get("proofValue")))
        options = {name: value for name, value in parsed.proof.items() if name != "proofValue"}
        message = _digest(options) + _digest(parsed.credential.claims)
    except keys_errors.KeysError as error:
        raise InvalidSignature("the proof is not one that can be read") from error
    key.verify(message, signature)


def _digest(value: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(strict_json.canonical(value)).digest()


def _created(proof: Mapping[str, Any]) -> datetime | None:
    return _moment(proof, name="created")


def _moment(proof: Mapping[str, Any], *, name: str) -> datetime | None:
    """A time of the proof; one without an offset is of UTC (VC Data Integrity section 2.1)."""
    raw = proof.get(name)
    if isinstance(raw, str) and not raw.endswith("Z") and "+" not in raw and raw.count("-") == 2:  # noqa: PLR2004
        return validity.timestamp({name: f"{raw}Z"}, name=name)
    if raw is not None and not isinstance(raw, str):
        raise InvalidTime(f"The time {name} of the proof cannot be read.")
    return validity.timestamp(proof, name=name)


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return one or other if one is None or other is None else min(one, other)


def _named(proof: Mapping[str, Any]) -> str:
    """The kind of the proof as it calls itself, for people to read."""
    named = proof.get("cryptosuite") or proof.get("type")
    return named[:60] if isinstance(named, str) and named.isprintable() and named.isascii() else "unknown"
