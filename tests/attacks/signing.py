"""Attacks on who signed: algorithms that sign nothing, keys that come with the token, signatures that are none."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from keys import base64url
from keys.did import methods
from tests.attacks.forging import (
    MALLORY,
    REMOVED,
    Attack,
    bound,
    header_of,
    payload_of,
    reissued,
    sign,
    sign_hmac,
    with_token,
)  # fmt: skip
from tests.trust.builders import make_party
from tests.trust.world import World
from trust.report import ReasonCode, Rung

ALGORITHM, KEY, SIGNATURE = ReasonCode.ALGORITHM, ReasonCode.KEY, ReasonCode.SIGNATURE
UNTRUSTED, MALFORMED = ReasonCode.ISSUER_UNTRUSTED, ReasonCode.MALFORMED
MALLORY_DID = methods.create_jwk(MALLORY.public)


def hmac_with_public_key(world: World) -> str:
    secret = world.university.key.public.canonical()
    return with_token(world, lambda t: sign_hmac({**header_of(t), "alg": "HS256"}, payload_of(t), secret=secret))


def resigned(world: World, make: Any) -> str:
    """The presentation with the issuer's signature replaced by what `make` makes of it."""

    def token(right: str) -> str:
        signing_input, _, signature = right.rpartition(".")
        return f"{signing_input}.{base64url.encode(make(base64url.decode(signature)))}"

    return with_token(world, token)


def as_der(signature: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))


def swapped(world: World) -> str:
    """A presentation without disclosures whose issuer's JWT has another credential's payload, the signature kept."""
    one, other = (world.issue(disclosable=(), claims={"title": title}).split(".") for title in ("One", "Other"))
    return bound(world, ".".join((one[0], other[1], one[2])))


ATTACKS = (
    *(
        Attack(
            f"the algorithm {name}",
            lambda w, name=name: reissued(w, header={"alg": name}),
            Rung.ALGORITHM,
            ALGORITHM,
        )
        for name in ("none", "None", "nOnE", "", "HS256", "RS256", "ES384", "ES256K", "es256", "ECDH-ES")
    ),
    Attack("no algorithm", lambda w: reissued(w, header={"alg": REMOVED}), Rung.ALGORITHM, ALGORITHM),
    Attack("an algorithm that is a list", lambda w: reissued(w, header={"alg": ["ES256"]}), Rung.ALGORITHM, ALGORITHM),
    Attack(
        "the algorithm none and no signature",
        lambda w: with_token(w, lambda t: sign({**header_of(t), "alg": "none"}, payload_of(t), key=None)),
        Rung.ALGORITHM,
        ALGORITHM,
    ),
    Attack("an HMAC with the issuer's public key", hmac_with_public_key, Rung.ALGORITHM, ALGORITHM),
    *(
        Attack(
            f"a critical extension: {extension}",
            lambda w, extension=extension: reissued(w, header={"crit": extension, "b64": False}),
            Rung.ALGORITHM,
            MALFORMED,
        )
        for extension in (["b64"], ["exp"], [], "b64", None)
    ),
    Attack("another algorithm of ours", lambda w: reissued(w, header={"alg": "EdDSA"}), Rung.SIGNATURE, ALGORITHM),
    Attack("somebody else's key", lambda w: reissued(w, key=MALLORY), Rung.SIGNATURE, SIGNATURE),
    Attack("the holder's own key", lambda w: reissued(w, key=w.holder), Rung.SIGNATURE, SIGNATURE),
    Attack(
        "a trusted neighbour's key under the issuer's certificate",
        lambda w: reissued(w, key=make_party(w.root).key),
        Rung.SIGNATURE,
        SIGNATURE,
    ),
    Attack("a signature of zeros", lambda w: resigned(w, lambda s: bytes(len(s))), Rung.SIGNATURE, SIGNATURE),
    Attack("no signature", lambda w: resigned(w, lambda _: b""), Rung.SIGNATURE, SIGNATURE),
    Attack("half a signature", lambda w: resigned(w, lambda s: s[:32]), Rung.SIGNATURE, SIGNATURE),
    Attack("a longer signature", lambda w: resigned(w, lambda s: s + b"\0"), Rung.SIGNATURE, SIGNATURE),
    Attack("a signature in DER", lambda w: resigned(w, as_der), Rung.SIGNATURE, SIGNATURE),
    Attack("a flipped bit", lambda w: resigned(w, lambda s: bytes([s[0] ^ 1]) + s[1:]), Rung.SIGNATURE, SIGNATURE),
    Attack("another credential's payload", swapped, Rung.SIGNATURE, SIGNATURE),
    Attack(
        "a key in the header",
        lambda w: reissued(w, header={"x5c": REMOVED, "jwk": MALLORY.public.to_json()}, key=MALLORY),
        Rung.ISSUER,
        UNTRUSTED,
    ),
    Attack(
        "a key in the header beside the certificate",
        lambda w: reissued(w, header={"jwk": MALLORY.public.to_json()}, key=MALLORY),
        Rung.SIGNATURE,
        SIGNATURE,
    ),
    *(
        Attack(
            f"keys at an address of the attacker's ({name})",
            lambda w, name=name: reissued(w, header={"x5c": REMOVED, name: "https://evil.example/keys"}, key=MALLORY),
            Rung.ISSUER,
            UNTRUSTED,
        )
        for name in ("jku", "x5u", "kid")
    ),
    Attack(
        "the attacker's DID in kid beside the issuer's certificate",
        lambda w: reissued(w, header={"kid": methods.key_id(MALLORY_DID)}, key=MALLORY),
        Rung.SIGNATURE,
        SIGNATURE,
    ),
)
