"""An attacker's workbench: tokens taken apart, changed in one place, and put together again with any key or none."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keys import base64url
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.world import EMPLOYER, NONCE, World
from trust.report import Outcome, ReasonCode, Rung

REMOVED = object()
MALLORY = PrivateJwk.generate(Algorithm.ES256)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the attacker sends, and what is asked differently where the attack lies there."""

    raw: str
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Attack:
    """One change to what passes, and the exact answer that it gets."""

    sentence: str
    change: Callable[[World], str | Case]
    rung: Rung
    code: ReasonCode
    outcome: Outcome = Outcome.FAILED

    def __str__(self) -> str:
        return self.sentence


def parts(presentation: str) -> tuple[str, list[str], str]:
    """The issuer's JWT, the disclosures, and the Key Binding JWT of a presentation."""
    token, *disclosures, binding = presentation.split("~")
    return token, disclosures, binding


def header_of(token: str) -> dict[str, Any]:
    return dict(json.loads(base64url.decode(token.split(".", maxsplit=1)[0])))


def payload_of(token: str) -> dict[str, Any]:
    return dict(json.loads(base64url.decode(token.split(".")[1])))


def changed(original: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**original, **changes}.items() if value is not REMOVED}


def sign(header: Mapping[str, Any] | bytes, payload: Mapping[str, Any] | bytes, *, key: PrivateJwk | None) -> str:
    """The compact JWS of exactly these parts, with an empty signature where there is no key."""
    raw = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    signing_input = ".".join(base64url.encode(part) for part in raw)
    signature = key.sign(signing_input.encode()) if key else b""
    return f"{signing_input}.{base64url.encode(signature)}"


def sign_hmac(header: Mapping[str, Any], payload: Mapping[str, Any], *, secret: bytes) -> str:
    signing_input = sign(header, payload, key=None)[:-1]
    return f"{signing_input}.{base64url.encode(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"


def bound(
    world: World, unbound: str, *, key: PrivateJwk | None = None, audience: str = EMPLOYER, nonce: str = NONCE
) -> str:
    """The presentation of an SD-JWT text that ends in its tilde, with a right Key Binding JWT unless told otherwise."""
    said = {"iat": int(world.now.timestamp()), "aud": audience, "nonce": nonce, "sd_hash": digest(unbound)}
    return unbound + sign({"alg": "ES256", "typ": "kb+jwt"}, said, key=key or world.holder)


def reissued(
    world: World,
    *,
    header: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
    key: PrivateJwk | None = None,
    extra: Sequence[str] = (),
) -> str:
    """The passing presentation with another header or payload, signed by the issuer unless told otherwise."""
    token, disclosures, _ = parts(world.present(world.issue()))
    forged = sign(
        changed(header_of(token), header or {}),
        changed(payload_of(token), payload or {}),
        key=key or world.university.key,
    )
    return bound(world, "~".join((forged, *disclosures, *extra, "")))


def with_token(world: World, make: Callable[[str], str]) -> str:
    """The passing presentation with its issuer's JWT replaced, and bound by the holder all the same."""
    token, disclosures, _ = parts(world.present(world.issue()))
    return bound(world, "~".join((make(token), *disclosures, "")))


def with_binding(world: World, make: Callable[[str], str]) -> str:
    """The passing presentation with its Key Binding JWT replaced."""
    token, disclosures, binding = parts(world.present(world.issue()))
    return "~".join((token, *disclosures, make(binding)))


def rebound(
    world: World,
    *,
    header: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
    key: PrivateJwk | None = None,
) -> str:
    """The passing presentation with one thing in the holder's proof changed, signed by the holder unless told."""
    return with_binding(
        world,
        lambda binding: sign(
            changed(header_of(binding), header or {}),
            changed(payload_of(binding), payload or {}),
            key=key or world.holder,
        ),
    )


def disclosure(*members: Any) -> str:
    return base64url.encode(json.dumps(list(members)).encode())


def digest(encoded: str) -> str:
    return base64url.encode(hashlib.sha256(encoded.encode()).digest())
