"""JSON Web Keys for EC and Ed25519 (RFC 7517, RFC 7518 section 6.2, RFC 8037 section 2), thumbprints (RFC 7638)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from keys import base64url, curves, strict_json
from keys.algorithms import KEY_TYPE, OF_CURVE, Algorithm
from keys.errors import InvalidJwk

PRIVATE_MEMBERS = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})
_NO_PAIR = "the key type and the curve of the JWK are not a pair that is accepted here"
MAX_KID = 2_000  # a DID URL of a did:jwk key is long; nothing honest is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicJwk:
    """A public key on a known curve; two are equal if their key material is."""

    kty: str
    crv: str
    x: str
    y: str | None = None
    kid: str | None = field(default=None, compare=False)
    _key: curves.PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if KEY_TYPE.get(self.crv) != self.kty:
            raise InvalidJwk(_NO_PAIR)
        object.__setattr__(self, "_key", curves.import_public(self.crv, self.x, self.y))

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The public key of a JWK object; raises InvalidJwk, also where it holds private members."""
        return cls(**_only_public_members(raw))

    def to_json(self) -> dict[str, str]:
        """The JWK object, with its `kid` where it has one."""
        members = {"kty": self.kty, "crv": self.crv, "x": self.x}
        if self.y is not None:
            members["y"] = self.y
        if self.kid is not None:
            members["kid"] = self.kid
        return members

    @property
    def algorithm(self) -> Algorithm:
        """The one signature algorithm of this key."""
        return OF_CURVE[self.crv]

    def thumbprint(self) -> str:
        """The RFC 7638 SHA-256 thumbprint of the required members, in base64url."""
        return base64url.encode(curves.sha256(self.canonical()))

    def canonical(self) -> bytes:
        """The required members alone, in their canonical JSON form (RFC 7638 section 3, RFC 8785)."""
        required = {"crv": self.crv, "kty": self.kty, "x": self.x}
        return strict_json.canonical(required if self.y is None else {**required, "y": self.y})

    def verify(self, message: bytes, signature: bytes) -> None:
        """Return if `signature` (raw JOSE form) is this key's for `message`; raises InvalidSignature."""
        curves.verify(self._key, message, signature, crv=self.crv)

    def to_native(self) -> curves.PublicKey:
        """The key as the crypto library's object, for the other modules of this package."""
        return self._key


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateJwk:
    """A private key with its public half; printing it shows the public half only."""

    public: PublicJwk
    _key: curves.PrivateKey = field(repr=False, compare=False)

    @classmethod
    def generate(cls, algorithm: Algorithm, *, kid: str | None = None) -> Self:
        """A fresh key for `algorithm` from the operating system's randomness."""
        return cls.from_native(curves.generate(algorithm), kid=kid)

    @classmethod
    def from_native(cls, key: curves.PrivateKey, *, kid: str | None = None) -> Self:
        """The private JWK of a key object of the crypto library."""
        return cls(public=public_of(key.public_key(), kid=kid), _key=key)

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The private key of a JWK object; raises InvalidJwk, also where `d` and the public members differ."""
        if not isinstance(raw, Mapping) or not isinstance(raw.get("d"), str):
            raise InvalidJwk("the JWK is not a private key")
        public = PublicJwk(**_public_members(raw))
        key = cls.from_native(curves.import_private(public.crv, raw["d"]), kid=public.kid)
        if key.public != public:
            raise InvalidJwk("the private part of the JWK belongs to another public key")
        return key

    def to_json(self) -> dict[str, str]:
        """The JWK object with its secret `d`: only ever for a place that seals it."""
        return {**self.public.to_json(), "d": base64url.encode(curves.secret_of(self._key))}

    def sign(self, message: bytes) -> bytes:
        """The raw JOSE signature of `message`."""
        return curves.sign(self._key, message, crv=self.public.crv)

    def to_native(self) -> curves.PrivateKey:
        """The key as the crypto library's object, for the other modules of this package."""
        return self._key


def public_of(key: object, *, kid: str | None = None) -> PublicJwk:
    """The public JWK of a key object of the crypto library; raises InvalidJwk for a kind that is not accepted here."""
    crv, x, y = curves.export_public(key)
    return PublicJwk(kty=KEY_TYPE[crv], crv=crv, x=x, y=y, kid=kid)


def curve_of(raw: object) -> str:
    """The curve of a public JWK that is right but for its point, which its reader checks; raises InvalidJwk."""
    members = _only_public_members(raw)
    crv = str(members["crv"])
    if KEY_TYPE.get(crv) != members["kty"]:
        raise InvalidJwk(_NO_PAIR)
    curves.check_coordinates(crv, members["x"], members["y"])
    return crv


def _only_public_members(raw: object) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidJwk("a JWK is a JSON object")
    if not PRIVATE_MEMBERS.isdisjoint(raw):
        raise InvalidJwk("the JWK gives away a private key")
    return _public_members(raw)


def _public_members(raw: Mapping[str, Any]) -> dict[str, Any]:
    kty, crv, x, y = raw.get("kty"), raw.get("crv"), raw.get("x"), raw.get("y")
    complete = isinstance(y, str) if kty == "EC" else kty == "OKP" and "y" not in raw
    if not (complete and isinstance(crv, str) and isinstance(x, str)):
        raise InvalidJwk("the JWK lacks a member that its key type requires, or its key type is not accepted here")
    kid, alg = raw.get("kid"), raw.get("alg")
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= MAX_KID):
        raise InvalidJwk("the kid of a JWK is a text that is neither empty nor long")
    if alg is not None and not _fits(alg, crv):
        raise InvalidJwk("the alg of the JWK is not an algorithm of its curve")
    return {"kty": kty, "crv": crv, "x": x, "y": y, "kid": kid}


def _fits(alg: object, crv: str) -> bool:
    if not isinstance(alg, str):
        return False
    if crv == "Ed25519":
        return alg in {"EdDSA", "Ed25519"}  # RFC 9864 names the second
    return alg == OF_CURVE.get(crv) or alg.startswith("ECDH-ES")
