"""The micro-credential as a verifiable attestation of EBSI: VCDM 1.1 in a JWT, its subject in the words of ELM 3.2.

EBSI's profile (attestation schema of January 2024): the JWT says `iss`, `sub`, `jti`, `nbf`, `iat` and `exp` as the
credential does, `typ` is JWT, `kid` is a DID URL of the issuer; `issued` and `validFrom` stand beside `issuanceDate`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import validity
from credentials.content_digest import ContentDigest
from credentials.credential import Format
from credentials.learning import w3c_claims
from credentials.learning.elm import display
from credentials.learning.findings import Finding
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import View

FORM = Format.VC_JWT_1
CONTEXTS = w3c_claims.CONTEXTS
TYPES = ("VerifiableAttestation", "EuropeanDigitalCredential", "EuropeanHigherEducationMicrocredential")
"""What a credential adds to the context and the type of VCDM; the last one is DC4EU's name for it."""
ATTESTATION = "zDpWGUBenmqXzurskry9Nsk6vq2R8thh9VSeoRqguoyMD"
"""EBSI's id of its attestation schema of January 2024."""
VALIDATOR = "FullJsonSchemaValidator2021"
LOST: Mapping[str, str] = w3c_claims.LOST
"""What a reader of these claims does not get back, and why: that of the European Learning Model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registries:
    """EBSI's registries of schemas and issuers, at one base address."""

    base: str = "https://api-pilot.ebsi.eu"

    def schema(self, id_: str) -> str:
        """The address of a schema."""
        return f"{self.base}/trusted-schemas-registry/v3/schemas/{id_}"

    def attribute(self, id_: str, *, issuer: str) -> str:
        """The address of an accreditation that `issuer`, a DID, holds."""
        return f"{self.base}/trusted-issuers-registry/v5/issuers/{issuer}/attributes/{id_}"


PILOT = Registries()


def to_subject(record: MicroCredential, *, holder_id: str | None = None) -> dict[str, Any]:
    """The credentialSubject that says what `record` says; `holder_id` is the DID of the holder's key."""
    return w3c_claims.to_subject(record, holder_id=holder_id)


def to_properties(
    record: MicroCredential,
    *,
    issued_at: datetime,
    schemas: tuple[str, ...] = (ATTESTATION,),
    terms_of_use: str | None = None,
    registries: Registries = PILOT,
    proof_of_content: ContentDigest | None = None,
) -> dict[str, Any]:
    """The members of the credential itself that come from `record` or that the profile wants.

    `terms_of_use` is the address of the accreditation that the issuer issues under; without it EBSI's verifiers know
    no right of the issuer to this type. The credential must be valid from `issued_at`.
    """
    known = [{"id": registries.schema(id_), "type": VALIDATOR} for id_ in schemas]
    moment = validity.to_timestamp(issued_at)
    return {
        **(proof_of_content.to_claims() if proof_of_content else {}),
        "issued": moment,
        "validFrom": moment,
        "credentialSchema": known[0] if len(known) == 1 else known,
        **({"termsOfUse": {"id": terms_of_use, "type": "IssuanceCertificate"}} if terms_of_use else {}),
        **display.members(record),
    }


def read(claims: Mapping[str, Any]) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential in the attestation `claims`, complete or not; None without title or date."""
    return w3c_claims.read(claims)


def from_claims(claims: Mapping[str, Any]) -> View:
    """What a reader of the attestation `claims` sees. Nothing in it can be withheld."""
    return w3c_claims.from_claims(claims)
