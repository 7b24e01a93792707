"""Who signed, as one value: made once, from the key that verifies the signature; trust is decided on it alone."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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
