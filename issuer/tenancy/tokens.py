"""Access tokens that say for what they are good, unforgeably: a forged or stale one costs no look into the books.

RFC 6750 leaves a token's form to its server. The books keep the digest of each, so that one can be withdrawn.
"""

import hmac
import secrets
import struct
from dataclasses import dataclass

from issuer.configurations.table import NAMES
from keys import base64url
from keys.errors import KeysError

RANDOM = 32
MAC = 32
SAID = struct.Struct(f">{RANDOM}sIB")
BY_IDENTIFIER = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What a token is good for: copies of what its code was for, in these configurations, until then."""

    expires_at: int
    configurations: tuple[str, ...]
    by_identifier: bool  # the wallet asked by authorization details, and names the credential by identifier

    def to_text(self, *, key: bytes) -> str:
        """The token as a wallet gets it; every one is another."""
        marks = sum(1 << place for place, name in enumerate(NAMES) if name in self.configurations)
        marks |= BY_IDENTIFIER if self.by_identifier else 0
        said = SAID.pack(secrets.token_bytes(RANDOM), self.expires_at, marks)
        return base64url.encode(said + hmac.digest(key, said, "sha256"))


def read(text: str, *, key: bytes) -> AccessToken | None:
    """What the token says; None where it was not made with this key."""
    try:
        raw = base64url.decode(text)
    except KeysError:
        return None
    said, mac = raw[:-MAC], raw[-MAC:]
    if len(said) != SAID.size or not hmac.compare_digest(mac, hmac.digest(key, said, "sha256")):
        return None
    _, expires_at, marks = SAID.unpack(said)
    return AccessToken(
        expires_at=expires_at,
        configurations=tuple(name for place, name in enumerate(NAMES) if marks >> place & 1),
        by_identifier=bool(marks & BY_IDENTIFIER),
    )
