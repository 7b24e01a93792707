"""What has to stay secret about a request, sealed in its row: the transaction id, nonce, state, ticket and private key.

It is sealed under a key that comes from the verifier's signing key, and erased when the request is answered. Results
are sealed under the transaction id, which is stored nowhere: a copy of the database opens none.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any, Self

from exchange.request_object import ResponseMode
from keys import base64url, sealing, strict_json
from keys.algorithms import Algorithm
from keys.errors import InvalidSealed
from keys.jwk import PrivateJwk, PublicJwk
from keys.keyring import Keyring

TOKEN_BYTES = 32
KID_BYTES = 12
SECRETS, RESULT, BOX = b"verifier secrets", b"verifier result", b"verifier box"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Of one request: `id` is for the asker, `ticket`, `state` and `nonce` are for the wallet, `key` opens answers."""

    id: str = field(repr=False)
    ticket: str = field(repr=False)
    nonce: str = field(repr=False)
    state: str = field(repr=False)
    key: PrivateJwk | None = field(default=None, repr=False)
    purpose: str = field(default="", repr=False)  # for the asker; a person may be named in it

    @classmethod
    def draw(cls, *, mode: ResponseMode, purpose: str = "") -> Self:
        """Fresh ones; each value is drawn by itself, so that none can be told from another."""
        key = None
        if mode is ResponseMode.DIRECT_POST_JWT:
            key = PrivateJwk.generate(Algorithm.ES256, kid=secrets.token_urlsafe(KID_BYTES))
        return cls(id=token(), ticket=token(), nonce=token(), state=token(), key=key, purpose=purpose)

    @property
    def public(self) -> PublicJwk | None:
        """The key to encrypt the answer to."""
        return None if self.key is None else self.key.public


class Vault:
    """Seals and opens what rows keep. Keys that no longer sign still open what they sealed."""

    def __init__(self, keyring: Keyring) -> None:
        self._keys = tuple(
            sealing.derive(entry.signer.key.to_json()["d"].encode("ascii"), purpose="verifier requests")
            for entry in (keyring.active, *keyring.retiring)
        )

    def seal(self, held: Secrets) -> bytes:
        """The sealed form, bound to the request's ticket."""
        names = ("id", "ticket", "nonce", "state", "purpose")
        raw: dict[str, Any] = {name: getattr(held, name) for name in names}
        if held.key is not None:
            raw["key"] = held.key.to_json()
        return sealing.seal(strict_json.dump(raw), key=self._keys[0], aad=_place(sealing.digest(held.ticket)))

    def open(self, sealed: bytes, *, ticket: str) -> Secrets:
        """What was sealed for the request whose ticket has this digest; raises InvalidSealed."""
        raw = strict_json.parse_object(self._opened(sealed, place=_place(ticket)))
        key = raw.pop("key", None)
        return Secrets(**raw, key=None if key is None else PrivateJwk.parse(key))

    def _opened(self, sealed: bytes, *, place: bytes) -> bytes:
        for key in self._keys[:-1]:
            try:
                return sealing.open(sealed, key=key, aad=place)
            except InvalidSealed:
                continue
        return sealing.open(sealed, key=self._keys[-1], aad=place)


def token() -> str:
    """256 random bits, in characters that go into addresses."""
    return base64url.encode(secrets.token_bytes(TOKEN_BYTES))


def seal_result(content: bytes, *, id_: str) -> bytes:
    """A result that only whoever has the transaction id opens."""
    return sealing.seal(content, key=_key(id_, RESULT), aad=RESULT)


def open_result(sealed: bytes, *, id_: str) -> bytes:
    """The result of the transaction `id_`; raises InvalidSealed."""
    return sealing.open(sealed, key=_key(id_, RESULT), aad=RESULT)


def seal_id(id_: str, *, code: str) -> bytes:
    """The transaction id for whoever comes with the response code."""
    return sealing.seal(id_.encode("ascii"), key=_key(code, BOX), aad=BOX)


def open_id(box: bytes, *, code: str) -> str:
    """The transaction id that was sealed under `code`; raises InvalidSealed."""
    return sealing.open(box, key=_key(code, BOX), aad=BOX).decode("ascii")


def _place(digest: str) -> bytes:
    return SECRETS + b" " + digest.encode("ascii")


def _key(secret: str, purpose: bytes) -> bytes:
    return sealing.derive(secret.encode("ascii"), purpose=purpose.decode("ascii"))
