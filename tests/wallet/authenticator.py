"""An authenticator in software that does as told, wrongly too: WebAuthn level 3 sections 6 and 7, with `prf`."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from keys import base64url, strict_json

ORIGIN = "http://localhost:8002"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
CURVES = {-7: (ec.SECP256R1(), 1), -35: (ec.SECP384R1(), 2)}


@dataclass(kw_only=True)
class Passkey:
    """What the authenticator keeps of one passkey."""

    user: bytes = b""
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    algorithm: int = -7
    counter: int = 0
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(init=False)

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(CURVES[self.algorithm][0])

    def public(self) -> bytes:
        numbers, size = self.key.public_key().public_numbers(), (self.key.key_size + 7) // 8
        x, y = numbers.x.to_bytes(size), numbers.y.to_bytes(size)
        return cbor2.dumps({1: 2, 3: self.algorithm, -1: CURVES[self.algorithm][1], -2: x, -3: y})

    def prf(self, told: bytes) -> bytes:
        return hmac.digest(self.secret, told, "sha256")


@dataclass(frozen=True, kw_only=True)
class Way:
    """How an answer is made; each field is one thing that can be wrong with it."""

    origin: str = ORIGIN
    site: str = "localhost"
    flags: int = PRESENT | VERIFIED
    type: str = ""
    framed: bool = False
    count: int = 1
    challenge: bytes | None = None
    prf: bool = True
    user: bytes | None = None
    spoil: bool = False
    attestation: str = "none"


def create(options: dict[str, Any], passkey: Passkey, way: Way | None = None) -> dict[str, Any]:
    """The answer to the options of a new passkey."""
    way = way or Way()
    passkey.user = base64url.decode(options["user"]["id"])
    data = _data(passkey, replace(way, flags=way.flags | ATTESTED))
    data += bytes(16) + len(passkey.credential).to_bytes(2) + passkey.credential + passkey.public()
    made = cbor2.dumps({"fmt": way.attestation, "attStmt": {}, "authData": data})
    client = _client(options, way.type or "webauthn.create", way)
    response = {"clientDataJSON": base64url.encode(client), "attestationObject": base64url.encode(made)}
    return _answer(options, passkey, way, response=response)


def get(options: dict[str, Any], passkey: Passkey, way: Way | None = None) -> dict[str, Any]:
    """The answer to the options of a use."""
    way = way or Way()
    passkey.counter += way.count
    data, client = _data(passkey, way), _client(options, way.type or "webauthn.get", way)
    signed = data + hashlib.sha256(client).digest()
    signature = passkey.key.sign(signed + (b"!" if way.spoil else b""), ec.ECDSA(hashes.SHA256()))
    parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
    response = {name: base64url.encode(value) for name, value in parts.items()}
    response["userHandle"] = base64url.encode(passkey.user if way.user is None else way.user)
    return _answer(options, passkey, way, response=response)


def _data(passkey: Passkey, way: Way) -> bytes:
    return hashlib.sha256(way.site.encode()).digest() + bytes([way.flags]) + max(passkey.counter, 0).to_bytes(4)


def _client(options: dict[str, Any], type_: str, way: Way) -> bytes:
    challenge = options["challenge"] if way.challenge is None else base64url.encode(way.challenge)
    said = {"type": type_, "challenge": challenge, "origin": way.origin, "crossOrigin": way.framed}
    return strict_json.dump(said)


def _answer(options: dict[str, Any], passkey: Passkey, way: Way, *, response: dict[str, str]) -> dict[str, Any]:
    id_ = base64url.encode(passkey.credential)
    credential = {"id": id_, "rawId": id_, "type": "public-key", "response": response}
    told = base64url.decode(options["extensions"]["prf"]["eval"]["first"])
    return {"credential": credential} | ({"key": base64url.encode(passkey.prf(told))} if way.prf else {})
