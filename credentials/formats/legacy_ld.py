"""Linked-data proofs of before Data Integrity, read through didkit: VCDM 1.1 with the four suites of SUITES.

The one door to didkit 0.3.3 (archived upstream). It can abort the interpreter when it exits and cannot be stopped, so
`verify` is called in a process of its own, with a time limit, and what that answers comes back as `confirmed`. Only
keys that are their own address (did:key, did:jwk) are asked for: didkit would fetch others by itself, unguarded. It
knows a fixed set of contexts and refuses terms that none of them defines.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from credentials.credential import Credential
from credentials.errors import UnsupportedFormat
from credentials.formats import data_integrity, vcdm
from keys.algorithms import ACCEPTED, Algorithm
from keys.did import methods
from keys.did.document import DidDocument
from keys.errors import InvalidSignature, KeysError, UnsupportedAlgorithm
from keys.jwk import PublicJwk

SUITES: Final = frozenset(
    {"Ed25519Signature2018", "Ed25519Signature2020", "JsonWebSignature2020", "EcdsaSecp256r1Signature2019"}
)
OWN_ADDRESS: Final = ("did:key:", "did:jwk:")
CONTEXTS: Final = frozenset(
    {
        vcdm.CONTEXT_1,
        "https://www.w3.org/2018/credentials/examples/v1",
        "https://w3id.org/security/suites/ed25519-2018/v1",
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "https://w3id.org/security/suites/jws-2020/v1",
        "https://w3id.org/security/v1",
        "https://w3id.org/security/v2",
        "https://w3id.org/vc/status-list/2021/v1",
        "https://schema.org/",
    }
)
"""Contexts that didkit has inside; another one could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legacy:
    """A credential with its old proof, read and not believed; `confirmed` is what the process of its own said."""

    credential: Credential
    proof: Mapping[str, Any]
    confirmed: bool = False
    presentation: None = None

    def judged(self, errors: Collection[str]) -> Self:
        """The same with the answer of `verify`."""
        return replace(self, confirmed=not errors)


def is_legacy(document: Mapping[str, Any]) -> bool:
    """Whether the proof of `document` is of one of the suites that are read here."""
    return data_integrity.proof_of(document).get("type") in SUITES


def parse(raw: str) -> Legacy:
    """The credential that the JSON text `raw` is, unverified; raises CredentialsError for what is not read here."""
    document = data_integrity.read(raw)
    proof = data_integrity.proof_of(document)
    if proof.get("type") not in SUITES:
        raise UnsupportedFormat("A proof of this kind is not read here.")
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not all(isinstance(each, str) and each in CONTEXTS for each in contexts):
        raise UnsupportedFormat("The credential uses terms that an old linked-data proof cannot be checked with here.")
    algorithm = _key(proof.get("verificationMethod")).algorithm
    credential = data_integrity.credential_of(document, raw=raw, proof=proof, algorithm=algorithm)
    return Legacy(credential=credential, proof=proof)


def verify_signature(parsed: Legacy, *, key: PublicJwk, algorithms: Collection[Algorithm] = ACCEPTED) -> None:
    """Return if `key` is the one that the proof names and didkit found the proof good; raises KeysError."""
    if key.algorithm not in algorithms:
        raise UnsupportedAlgorithm("the key is not of a kind that is accepted")
    if _key(parsed.proof.get("verificationMethod")) != key or not parsed.confirmed:
        raise InvalidSignature("the linked-data proof does not hold")


async def verify(raw: str) -> list[str]:
    """What didkit finds wrong with the credential `raw`, empty where nothing; raises UnsupportedFormat without didkit.

    Never call it in a process that has anything else to do.
    """
    try:
        import didkit  # noqa: PLC0415  # the extra `legacy`
    except ImportError as error:
        raise UnsupportedFormat("Old linked-data proofs are not read by this installation.") from error
    try:
        told = json.loads(await didkit.verify_credential(raw, json.dumps({"proofPurpose": data_integrity.ASSERTION})))
    except didkit.DIDKitException as error:  # type: ignore[misc]  # the library's own stub forgets its base
        return [str(error)]
    return (
        [*map(str, told["errors"])] if "proof" in told["checks"] or told["errors"] else ["the proof was not looked at"]
    )


def _key(method: object) -> PublicJwk:
    if not isinstance(method, str) or not method.startswith(OWN_ADDRESS):
        raise UnsupportedFormat("The key of an old linked-data proof is looked up only where it is its own address.")
    try:
        document = methods.locate(method.partition("#")[0])
    except KeysError as error:
        raise UnsupportedFormat("The key of the proof is not one that is accepted here.") from error
    if not isinstance(document, DidDocument):
        raise UnsupportedFormat("The key of the proof is not its own address.")
    (key,) = document.verification_methods.values()
    return key
