"""What an institution can recognise again without having stored it: claim links, nonces, notification ids, PINs.

Each is a value with a message authentication code (HMAC-SHA-256, RFC 2104) under a key of its own, derived from one
secret per institution. A copy of the database therefore opens no claim link and tells no PIN.
OpenID4VCI 1.0 section 7 asks for unpredictable nonces; sections 13.6 and 13.8 for their replay rules.
"""

import hmac
import secrets
import struct
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from credentials import content_digest
from keys import base64url, encrypted_files, sealing
from keys.errors import KeysError

MAC = 16
UUID_BYTES = 16
RANDOM = 16
NUMBER = 4
NONCE = struct.Struct(f">I{RANDOM}s{MAC}s")
PIN_DIGITS = 6
FILE = "secret.key"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Seals:
    """The keys of one institution, one for each use."""

    claims: bytes
    nonces: bytes
    notifications: bytes
    pins: bytes
    answers: bytes
    tokens: bytes
    webhooks: bytes
    certificates: bytes
    mails: bytes
    salts: bytes

    @classmethod
    def derive(cls, secret: bytes) -> Self:
        """The keys that follow from the institution's secret (HKDF, RFC 5869)."""
        return cls(
            claims=sealing.derive(secret, purpose="issuer claim links"),
            nonces=sealing.derive(secret, purpose="issuer nonces"),
            notifications=sealing.derive(secret, purpose="issuer notification ids"),
            pins=sealing.derive(secret, purpose="issuer pins"),
            answers=sealing.derive(secret, purpose="issuer idempotent answers"),
            tokens=sealing.derive(secret, purpose="issuer access tokens"),
            webhooks=sealing.derive(secret, purpose="issuer webhooks"),
            certificates=sealing.derive(secret, purpose="issuer certificates on paper"),
            mails=sealing.derive(secret, purpose="issuer mails"),
            salts=sealing.derive(secret, purpose="issuer content salts"),
        )

    def claim_token(self, award: str, *, number: int = 0) -> str:
        """The unguessable part of the link under which `award` is claimed; `number` counts the links it had before."""
        if number == 0:
            return _stamp(award, key=self.claims)
        plain = uuid.UUID(award).bytes + number.to_bytes(NUMBER, "big")
        return base64url.encode(plain + _mac(plain, key=self.claims))

    def award_of_claim(self, token: str) -> str | None:
        """The award whose claim link this is or was; None for anything made up."""
        numbered = _numbered(token, key=self.claims)
        return numbered[0] if numbered else _read(token, key=self.claims)

    def number_of_claim(self, token: str) -> int:
        """Which link of its award this is."""
        numbered = _numbered(token, key=self.claims)
        return numbered[1] if numbered else 0

    def mail_token(self, mail: str) -> str:
        """The unguessable part of the address where a learner says that no more mail is wanted."""
        return _stamp(mail, key=self.mails)

    def mail_of_token(self, token: str) -> str | None:
        """The mail that such an address was in."""
        return _read(token, key=self.mails)

    def address_digest(self, address: str) -> str:
        """What is kept of an e-mail address that wants no mail."""
        return hmac.digest(self.mails, address.encode(), "sha256").hex()

    def content_salt(self, award: str) -> str:
        """The salt of an award's content digest: the same for all its formats, and told to nobody but its holder."""
        return base64url.encode(_mac(award.encode(), key=self.salts)[: content_digest.SALT_BYTES])

    def certificate_token(self, award: str, *, place: tuple[str, int]) -> str:
        """The unguessable part of the address where the paper copy at this place (list and index) is checked."""
        plain = uuid.UUID(award).bytes
        return base64url.encode(plain + _mac(b"%b %b %d" % (plain, place[0].encode(), place[1]), key=self.certificates))

    def award_of_certificate(self, token: str) -> str | None:
        """The award that such an address names; that it is ours is found by making the token again for its places."""
        try:
            return str(uuid.UUID(bytes=base64url.decode(token)[:UUID_BYTES]))
        except (KeysError, ValueError):
            return None

    def notification_id(self, award: str) -> str:
        """The notification id for what is issued of `award`."""
        return _stamp(award, key=self.notifications)

    def award_of_notification(self, notification: str) -> str | None:
        """The award that a notification speaks of; None for an id that was never given."""
        return _read(notification, key=self.notifications)

    def create_nonce(self, *, expires: datetime) -> str:
        """A fresh nonce that says, unforgeably, until when it may be used."""
        until, random = int(expires.timestamp()), secrets.token_bytes(RANDOM)
        return base64url.encode(NONCE.pack(until, random, _mac(struct.pack(">I", until) + random, key=self.nonces)))

    def is_nonce(self, nonce: str, *, now: datetime) -> bool:
        """Whether this institution gave the nonce and its time has not run out; single use is the database's to say."""
        try:
            until, random, mac = NONCE.unpack(base64url.decode(nonce))
        except (KeysError, struct.error):
            return False
        expected = _mac(struct.pack(">I", until) + random, key=self.nonces)
        return hmac.compare_digest(mac, expected) and now.timestamp() < until

    def pin_digest(self, pin: str, *, award: str) -> str:
        """What is stored of a PIN."""
        return hmac.digest(self.pins, f"{award} {pin}".encode(), "sha256").hex()

    def cohort_pin(self, award: str) -> str:
        """The PIN of an award of a cohort: it can be told again, by this institution alone."""
        number = int.from_bytes(hmac.digest(self.pins, f"cohort {award}".encode(), "sha256")[:8], "big")
        return f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}}"

    def webhook_secret(self, webhook: str) -> bytes:
        """What the messages to a webhook are signed with."""
        return hmac.digest(self.webhooks, webhook.encode(), "sha256")


def create(folder: Path, *, passphrase: str) -> None:
    """Makes an institution's secret, encrypted, in its folder; refuses to overwrite one."""
    encrypted_files.save(folder / FILE, secrets.token_bytes(sealing.KEY_BYTES), passphrase=passphrase)


def load(folder: Path, *, passphrase: str) -> Seals:
    """The seals that follow from the secret in an institution's folder; raises KeyFileMissing or KeyFileLocked."""
    return Seals.derive(encrypted_files.load(folder / FILE, passphrase=passphrase))


def create_pin() -> str:
    """A PIN of six digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


def create_secret() -> str:
    """A bearer secret of 256 bits: a code, a token, a reference."""
    return base64url.encode(secrets.token_bytes(32))


def _stamp(identifier: str, *, key: bytes) -> str:
    plain = uuid.UUID(identifier).bytes
    return base64url.encode(plain + _mac(plain, key=key))


def _read(token: str, *, key: bytes) -> str | None:
    try:
        raw = base64url.decode(token)
    except KeysError:
        return None
    plain, mac = raw[:UUID_BYTES], raw[UUID_BYTES:]
    if len(plain) != UUID_BYTES or not hmac.compare_digest(mac, _mac(plain, key=key)):
        return None
    return str(uuid.UUID(bytes=plain))


def _numbered(token: str, *, key: bytes) -> tuple[str, int] | None:
    try:
        raw = base64url.decode(token)
    except KeysError:
        return None
    plain, mac = raw[:-MAC], raw[-MAC:]
    if len(plain) != UUID_BYTES + NUMBER or not hmac.compare_digest(mac, _mac(plain, key=key)):
        return None
    return str(uuid.UUID(bytes=plain[:UUID_BYTES])), int.from_bytes(plain[UUID_BYTES:], "big")


def _mac(message: bytes, *, key: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")[:MAC]
