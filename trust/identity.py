"""Who signed, as one value: made once, from the key that verifies the signature; trust is decided on it alone."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from credentials.credential import Credential
from keys.jwk import PublicJwk
from keys.x509 import Certificate


class Kind(StrEnum):
    """How the key was tied to the issuer: by a certificate, by a DID, or by metadata under the issuer's own address."""

    CERTIFICATE = "certificate"
    DID = "did"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an accreditation path: who was accredited by whom, for which days (both included)."""

    organisation: str
    name: str
    accredited_by: str
    accredited_by_name: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerIdentity:
    """The one who signed: `id` is the proven identifier (`iss`, or a DID), `key` the very key of the signature.

    `name` is for people only: from the list of accredited issuers where the signer is on it, else from its
    certificate. `path` is the validated chain with its anchor (`anchored`: one pinned here, not by the list);
    `accredited` is the way to the root of the list as of the day of issue, `accredited_now` whether that holds
    today as well (None: no list was asked).
    """

    kind: Kind
    id: str
    key: PublicJwk
    path: tuple[Certificate, ...] = ()
    hashes: frozenset[str] = frozenset()
    anchored: bool = False
    name: str = ""
    organisation: str | None = None
    accredited: tuple[Step, ...] = ()
    accredited_now: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Who a signed thing says it is from, before anything is believed."""

    issuer: str
    key_id: str | None
    x5c: tuple[str, ...]
    types: tuple[str, ...] = ()
    issued_at: datetime | None = None

    @classmethod
    def by(cls, credential: Credential) -> Self:
        """What `credential` claims."""
        return cls(
            issuer=credential.issuer,
            key_id=credential.key_id,
            x5c=credential.chain_x5c,
            types=credential.types,
            issued_at=credential.issued_at or credential.not_before,
        )

    @property
    def name(self) -> str:
        """The identifier that is to be trusted: the issuer's, else the DID that the `kid` is part of."""
        if not self.issuer and self.key_id is not None and self.key_id.startswith("did:"):
            return self.key_id.partition("#")[0]
        return self.issuer
