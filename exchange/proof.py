"""Key proofs of the type `jwt`: OpenID4VCI 1.0 Appendix F.1 and F.4, lifetimes as security.md (0) sets them.

The key is taken from the proof's own header, since a proof shows possession of a new key and trusts nobody; that key
has to be named in exactly one way. Key attestations (Appendix D) join here as a further check of the same header.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from exchange.errors import InvalidNonce, InvalidProof
from keys import jws, strict_json, x509
from keys.algorithms import ACCEPTED, Algorithm
from keys.did import methods
from keys.did.document import DidDocument
from keys.errors import KeysError
from keys.jwk import PublicJwk
from keys.signer import Signer

TYP = "openid4vci-proof+jwt"
OLDEST = timedelta(minutes=5)
SKEW = timedelta(seconds=60)
BINDING_METHODS = ("jwk", "did:key", "did:jwk")
LONGEST = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A key that its holder has shown to possess, the DID it goes by if any, and the nonce that was signed."""

    key: PublicJwk
    nonce: str
    holder_id: str | None = None


async def create(*, signer: Signer, audience: str, nonce: str | None, now: datetime, key_url: str | None = None) -> str:
    """A proof for the credential issuer `audience`; the key goes by `key_url`, a DID URL, else as `jwk`.

    It names no client, as a proof after anonymous access to the token endpoint must not.
    """
    named: Mapping[str, Any] = {"kid": key_url} if key_url is not None else {"jwk": _bare(signer.public)}
    claims: dict[str, Any] = {"aud": audience, "iat": int(now.timestamp())}
    return await jws.create(
        claims if nonce is None else {**claims, "nonce": nonce}, signer=signer, typ=TYP, header=named
    )


def verify(
    token: str,
    *,
    audience: str,
    now: datetime,
    algorithms: Collection[Algorithm] = ACCEPTED,
    binding_methods: Collection[str] = BINDING_METHODS,
) -> Proof:
    """The key and nonce of a proof whose type, signature, audience and time are right; raises InvalidProof.

    Whether the nonce was given and is unused is for the caller to look up: it raises InvalidNonce where not.
    """
    try:
        parsed = jws.parse(token, limit=LONGEST)
        key, holder_id = _key(parsed.header, binding_methods=binding_methods)
        jws.verify(parsed, key=key, typ=TYP, algorithms=algorithms)
        claims = strict_json.parse_object(parsed.payload)
        jws.check_times(claims, now=now, leeway=SKEW)
        issued = jws.numeric_date(claims, name="iat")
    except KeysError as error:
        raise InvalidProof(f"A key proof is not acceptable: {error}.") from error
    if issued is None or now - issued > OLDEST:
        raise InvalidProof("A key proof must say when it was made, and be at most five minutes old.")
    if claims.get("aud") != audience:
        raise InvalidProof("A key proof is made for another credential issuer.")
    return Proof(key=key, nonce=_nonce(claims), holder_id=holder_id)


def verify_all(
    tokens: Iterable[str],
    *,
    audience: str,
    now: datetime,
    algorithms: Collection[Algorithm] = ACCEPTED,
    binding_methods: Collection[str] = BINDING_METHODS,
) -> tuple[Proof, ...]:
    """Every proof of a request, each for another key; raises InvalidProof."""
    proofs = tuple(
        verify(token, audience=audience, now=now, algorithms=algorithms, binding_methods=binding_methods)
        for token in tokens
    )
    if len({proof.key.thumbprint() for proof in proofs}) < len(proofs):
        raise InvalidProof("Two key proofs are for the same key.")
    return proofs


def nonce_of(proofs: Iterable[Proof]) -> str:
    """The one nonce that all proofs of a request carry; raises InvalidNonce where they differ."""
    nonces = {proof.nonce for proof in proofs}
    if len(nonces) != 1:
        raise InvalidNonce("All key proofs of a request must carry the same nonce.")
    return nonces.pop()


def _key(header: Mapping[str, Any], *, binding_methods: Collection[str]) -> tuple[PublicJwk, str | None]:
    """The key that the header names in exactly one way, and the DID it belongs to if it is named by one."""
    match {name: header[name] for name in ("jwk", "kid", "x5c") if name in header}:
        case {"jwk": jwk, **others} if not others and "jwk" in binding_methods:
            return PublicJwk.parse(jwk), None
        case {"x5c": [*texts], **others} if not others and "jwk" in binding_methods:
            return x509.public_jwk(x509.parse_x5c(texts)[0]), None
        case {"kid": str(key_url), **others} if not others:
            return _key_of_did(key_url, binding_methods=binding_methods)
    raise InvalidProof("A key proof must name its key by exactly one of jwk, kid and x5c, in a way the issuer takes.")


def _key_of_did(key_url: str, *, binding_methods: Collection[str]) -> tuple[PublicJwk, str]:
    did, mark, _ = key_url.partition("#")
    if not mark or ":".join(did.split(":")[:2]) not in binding_methods:
        raise InvalidProof("The kid of a key proof must be a DID URL of a method that the issuer takes.")
    document = methods.locate(did)
    if not isinstance(document, DidDocument) or key_url not in document.authentication:
        raise InvalidProof("The kid of a key proof names no key that can be found in the DID itself.")
    return document.verification_methods[key_url], did


def _nonce(claims: Mapping[str, Any]) -> str:
    match claims.get("nonce"):
        case str(nonce) if nonce:
            return nonce
    raise InvalidProof("A key proof carries no nonce; the nonce endpoint gives one.")


def _bare(key: PublicJwk) -> dict[str, str]:
    """The key without its `kid`, which is only our own name for it."""
    return {name: value for name, value in key.to_json().items() if name != "kid"}
