"""Who signs: a port that a key in memory, in a token (PKCS#11) or at a service fills; signatures are raw (RFC 7518)."""

from dataclasses import dataclass
from typing import Protocol

from keys.jwk import PrivateJwk, PublicJwk


class Signer(Protocol):
    """Something that signs with one key without showing it."""

    @property
    def public(self) -> PublicJwk:
        """The public half of the key that signs."""
        ...

    async def sign(self, message: bytes) -> bytes:
        """The raw JOSE signature of `message`."""
        ...


@dataclass(frozen=True, slots=True)
class SoftwareSigner:
    """A signer whose key lies in this process."""

    key: PrivateJwk

    @property
    def public(self) -> PublicJwk:
        """The public half of the key that signs."""
        return self.key.public

    async def sign(self, message: bytes) -> bytes:
        """The raw JOSE signature of `message`."""
        return self.key.sign(message)

    def sign_now(self, message: bytes) -> bytes:
        """The same without waiting, for work in bulk."""
        return self.key.sign(message)
