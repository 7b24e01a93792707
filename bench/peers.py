"""The same jobs by third-party packages, each with all the checks that it has."""

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from jwcrypto.jwk import JWK  # type: ignore[import-untyped]  # its types are not in the lock
from openvc import Ed25519SigningKey, P256SigningKey, VerificationPolicy, verify_credential
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite
from openvc.status.issue import build_status_list_token
from openvc.status.token_status_list import get_status, set_status
from openvc.verify import default_resolver
from sd_jwt.common import SDObj  # type: ignore[import-untyped]  # it ships no types
from sd_jwt.issuer import SDJWTIssuer  # type: ignore[import-untyped]  # the same
from sd_jwt.verifier import SDJWTVerifier  # type: ignore[import-untyped]  # the same

from bench import sample
from bench.measure import Work
from bench.sample import Sample
from credentials.status import token_list
from keys import strict_json
from keys.jwk import PrivateJwk
from keys.x509 import Certificate

OPENVC, REFERENCE = "openvc-core", "sd-jwt reference"


def sd_jwt_issuers(made: Sample) -> Mapping[str, Work]:
    """openvc-core and the SD-JWT reference issuing the sample."""
    suite, key = SdJwtVcProofSuite(), P256SigningKey.from_jwk(made.issuer.key.to_json(), kid="issuer-key-1")
    holder = made.holders[0].public.to_json()
    claims = {**made.registered, **made.claims}
    disclosable = [str(name) for (name,) in made.paths]
    reference_key, reference_holder = JWK(**made.issuer.key.to_json()), JWK(**holder)

    def by_openvc() -> str:
        return suite.issue(claims, signing_key=key, disclosable=disclosable, holder_jwk=holder)

    def by_reference() -> Any:
        marked = {SDObj(name) if name in disclosable else name: value for name, value in claims.items()}
        return SDJWTIssuer(marked, reference_key, holder_key=reference_holder).sd_jwt_issuance

    return {OPENVC: by_openvc, REFERENCE: by_reference}


def sd_jwt_verifiers(made: Sample, *, shown: Sequence[str]) -> Mapping[str, Work]:
    """openvc-core and the SD-JWT reference verifying the same presentations; the reference checks no times."""
    suite, jwk = SdJwtVcProofSuite(), made.issuer.public.to_json()
    reference_key, turns, reference_turns = JWK(**jwk), cycle(shown), cycle(shown)

    def by_openvc() -> object:
        return suite.verify(
            next(turns),
            public_key_jwk=jwk,
            audience=sample.AUDIENCE,
            nonce=sample.NONCE,
            require_key_binding=True,
            expected_vct=sample.VCT,
            now=made.now,
        )

    def by_reference() -> object:
        verifier = SDJWTVerifier(
            next(reference_turns), lambda _issuer, _header: reference_key, sample.AUDIENCE, sample.NONCE
        )
        return verifier.get_verified_payload()

    return {OPENVC: by_openvc, REFERENCE: by_reference}


def pipelines(shown: Sequence[str], *, anchor: Certificate, listed: str) -> Mapping[str, Work]:
    """openvc-core with its full pipeline: chain, signature, times, key binding, type, status."""
    turns = cycle(shown)
    policy = VerificationPolicy(
        expected_vct=sample.VCT, audience=sample.AUDIENCE, nonce=sample.NONCE, require_key_binding=True
    )
    verified = token_list.parse(listed)
    claims = strict_json.parse_object(verified.jws.payload, limit=len(listed))
    resolver = default_resolver()

    def by_openvc() -> object:
        return verify_credential(
            next(turns),
            policy=policy,
            resolver=resolver,
            x5c_trust_anchors=[anchor],
            resolve_status_list_token=lambda _uri: claims,
        )

    return {OPENVC: by_openvc}


def vc_jwt_issuers(made: Sample, *, key: PrivateJwk) -> Mapping[str, Work]:
    """openvc-core issuing the sample as a VC-JWT of VCDM 1.1."""
    suite, signing_key = VcJwtProofSuite(), Ed25519SigningKey.from_jwk(key.to_json(), kid="did:example:1#key-1")
    document = _document(made)
    return {OPENVC: lambda: suite.sign(document, signing_key=signing_key, expires_in_s=86_400)}


def vc_jwt_verifiers(made: Sample, *, key: PrivateJwk) -> Mapping[str, Work]:
    """openvc-core verifying what it issued."""
    suite, jwk = VcJwtProofSuite(), key.public.to_json()
    token = vc_jwt_issuers(made, key=key)[OPENVC]()
    return {OPENVC: lambda: suite.verify(str(token), public_key_jwk=jwk)}


def _document(made: Sample) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential", "MicroCredential"],
        "issuer": "did:example:1",
        "issuanceDate": made.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": dict(made.claims),
    }


def status_look_up(array: bytes, *, places: Iterator[int]) -> Mapping[str, Work]:
    """openvc-core looking up in the same bytes."""
    return {OPENVC: lambda: get_status(array, next(places))}


def status_flip(array: bytearray, *, places: Iterator[int], key: PrivateJwk, uri: str) -> Mapping[str, Work]:
    """openvc-core flipping one place and signing; it compresses at zlib's level 9."""
    signing_key, statuses = P256SigningKey.from_jwk(key.to_json(), kid="issuer-key-1"), cycle((0, 1))

    def flip() -> str:
        set_status(array, next(places), next(statuses))
        now = int(time.time())
        return build_status_list_token(
            status_list=array, uri=uri, signing_key=signing_key, issued_at=now, expires=now + 86_400, ttl=300
        )

    return {OPENVC: flip}
