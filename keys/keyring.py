"""The signing keys of one institution through their lives, and the JWK Set (RFC 7517 section 5) that it publishes.

One key is active and signs what is new; retiring keys still sign what belongs to their credentials (status lists);
retired keys sign nothing, and stay published until the last thing that they signed has expired.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from keys import x509
from keys.jwk import PublicJwk
from keys.signer import SoftwareSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """A key that signs, with the certificate chain that vouches for it."""

    kid: str
    signer: SoftwareSigner
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def public(self) -> PublicJwk:
        """The public key under this entry's kid."""
        return replace(self.signer.public, kid=self.kid)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredKey:
    """A key whose secret is gone; what it signed is good until `until`."""

    public: PublicJwk
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The keys of one institution; a rotation gives a new keyring."""

    active: KeyEntry
    retiring: tuple[KeyEntry, ...] = ()
    retired: tuple[RetiredKey, ...] = ()

    def find(self, kid: str) -> KeyEntry | None:
        """The entry that still signs under `kid`, None where there is none."""
        return next((entry for entry in (self.active, *self.retiring) if entry.kid == kid), None)

    def jwks(self, *, now: datetime | None = None) -> dict[str, Any]:
        """The JWK Set of every key that a verifier may still meet (at `now`, where that is given)."""
        lasting = [key.public for key in self.retired if now is None or key.until > now]
        signing = [_published(entry.public, chain=entry.chain) for entry in (self.active, *self.retiring)]
        return {"keys": [*signing, *(_published(public) for public in lasting)]}

    def rotate(self, entry: KeyEntry) -> Self:
        """The keyring whose active key is `entry`; the one before it is retiring."""
        return replace(self, active=entry, retiring=(self.active, *self.retiring))

    def retire(self, kid: str, *, until: datetime) -> Self:
        """The keyring in which the retiring key `kid` signs no more and stays published until `until`."""
        gone = tuple(RetiredKey(public=entry.public, until=until) for entry in self.retiring if entry.kid == kid)
        left = tuple(entry for entry in self.retiring if entry.kid != kid)
        return replace(self, retiring=left, retired=(*gone, *self.retired))


def _published(public: PublicJwk, *, chain: tuple[x509.Certificate, ...] = ()) -> Mapping[str, Any]:
    members: dict[str, Any] = {**public.to_json(), "alg": public.algorithm.value, "use": "sig"}
    return {**members, "x5c": x509.to_x5c(chain)} if chain else members
