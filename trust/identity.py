"""Who signed, as one value: made once, from the key that verifies the signature; trust is decided on it alone."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self

from credentials.credential import Credential
from keys.jwk import PublicJwk
from keys.x509 import Certificate
from trust.ebsi.award import Award

EBSI: Final = "did:ebsi:"


class Held(StrEnum):
    """An answer that is not a boolean: what could not be checked is neither a yes nor a no."""

    YES = "yes"
    NO = "no"
    COULD_NOT_CHECK = "could_not_check"


class Source(StrEnum):
    """Who can say that an issuer is to be trusted: each is asked by itself, and reported apart."""

    ANCHORS = "anchors"  # a certificate under an anchor that is pinned here
    LIST = "list"  # the signed list of accredited issuers
    CHAIN = "chain"  # accreditations in a registry of EBSI's kind, up to a pinned root


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
    types: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One accreditation on the way from an issuer to a pinned root; `status` is what became of it by today."""

    did: str
    name: str
    issuer_type: str
    attribute: str
    granted_by: str
    granted_by_name: str
    since: datetime
    until: datetime | None
    status: str
    types: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()

    def to_json(self) -> dict[str, object]:
        """For people and their programs."""
        return {
            "did": self.did,
            "name": self.name,
            "issuerType": self.issuer_type,
            "accreditation": self.attribute,
            "grantedBy": self.granted_by,
            "grantedByName": self.granted_by_name,
            "validFrom": self.since.isoformat(),
            "validUntil": self.until and self.until.isoformat(),
            "status": self.status,
            "types": list(self.types),
            "places": list(self.places),
            "levels": list(self.levels),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAnswer:
    """What one source says of a signer: on the day of the award, and now (None: it knows no other day)."""

    source: Source
    when_awarded: Held
    now: Held | None = None
    message: str = ""

    def __str__(self) -> str:
        told = self.when_awarded.value if self.now is None else f"{self.when_awarded}, now {self.now}"
        return f"{told} ({self.message})" if self.message else told


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerIdentity:
    """The one who signed: `id` is the proven identifier (`iss`, or a DID), `key` the very key of the signature.

    `name` is for people only: from the list of accredited issuers where the signer is on it, else from its
    certificate. `path` is the validated chain with its anchor (`anchored`: one pinned here, not by the list);
    `accredited` is the way to the root of the list as of the day of issue, `accredited_now` whether that holds
    today as well (None: no list was asked). `chain` is the way through a registry of EBSI's kind; `testimonies` is
    what each source that was asked says by itself.
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
    chain: tuple[Link, ...] = ()
    testimonies: tuple[SourceAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Who a signed thing says it is from, before anything is believed."""

    issuer: str
    key_id: str | None
    x5c: tuple[str, ...]
    types: tuple[str, ...] = ()
    issued_at: datetime | None = None
    award: Award | None = None  # what an accreditation in a registry of EBSI's kind has to cover

    @classmethod
    def by(cls, credential: Credential) -> Self:
        """What `credential` claims."""
        return cls(
            award=Award.of(credential) if credential.issuer.startswith(EBSI) else None,
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
