"""Compact JSON Web Signatures (RFC 7515) on an own fast path, and small OAuth JWTs (RFC 7519, RFC 8725) through pyjwt.

The algorithm comes from the key (RFC 8725 section 3.1), `typ` is always asked for (section 3.11), keys that a header
offers (`jwk`, `jku`, `x5u`) are never used, and no `crit` extension is understood, so each one is refused.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import jwt

from keys import base64url, strict_json
from keys.algorithms import ACCEPTED, Algorithm
from keys.errors import (
    InvalidAudience,
    InvalidClaims,
    InvalidJson,
    InvalidJws,
    InvalidSignature,
    InvalidTime,
    TooLarge,
    UnsupportedAlgorithm,
    WrongType,
)
from keys.jwk import PrivateJwk, PublicJwk
from keys.signer import Signer, SoftwareSigner

LIMIT = 200_000
REMEMBERED = 8_192  # characters of a header, with a chain of certificates in it
LEEWAY = timedelta(seconds=60)
NO_HEADER: Mapping[str, Any] = {}
_NAMES_A_KEY = ("kid", "jwk", "x5c", "x5t#S256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Jws:
    """A compact JWS, read but not believed."""

    header: Mapping[str, Any]
    payload: bytes
    signing_input: bytes
    signature: bytes
    compact: str


def parse(token: str, *, limit: int = LIMIT) -> Jws:
    """The parts of a compact JWS, unverified; raises InvalidJws, InvalidEncoding, InvalidJson or TooLarge."""
    if not isinstance(token, str):
        raise InvalidJws("a compact JWS is a text")
    if len(token) > limit:
        raise TooLarge(f"the token is longer than {limit} characters")
    signing_input, _, signature = token.rpartition(".")
    header, dot, payload = signing_input.partition(".")
    if not dot or "." in payload or not token.isascii():
        raise InvalidJws("a compact JWS has three parts of base64url")
    return Jws(
        header=_header_of(header) if len(header) <= REMEMBERED else _read_header(header),
        payload=base64url.decode(payload),
        signing_input=signing_input.encode("ascii"),
        signature=base64url.decode(signature),
        compact=token,
    )


def _read_header(encoded: str) -> Mapping[str, Any]:
    return MappingProxyType(strict_json.parse_object(base64url.decode(encoded)))


@lru_cache(maxsize=512)
def _header_of(encoded: str) -> Mapping[str, Any]:
    """The header that is `encoded`. Pure, hence remembered: all that one issuer or one wallet signs begins alike."""
    return _read_header(encoded)


async def create(
    payload: bytes | Mapping[str, Any], *, signer: Signer, typ: str | None, header: Mapping[str, Any] = NO_HEADER
) -> str:
    """The compact JWS of `payload`; the signer's `kid` goes into the header where that names no key of its own."""
    signing_input = _signing_input(payload, public=signer.public, typ=typ, header=header)
    return _compact(signing_input, await signer.sign(signing_input))


def create_now(
    payload: bytes | Mapping[str, Any],
    *,
    signer: SoftwareSigner,
    typ: str | None,
    header: Mapping[str, Any] = NO_HEADER,
) -> str:
    """The same without waiting, for work in bulk."""
    signing_input = _signing_input(payload, public=signer.public, typ=typ, header=header)
    return _compact(signing_input, signer.sign_now(signing_input))


def verify(
    token: str | Jws,
    *,
    key: PublicJwk,
    typ: str | Collection[str | None],
    algorithms: Collection[Algorithm] = ACCEPTED,
) -> Jws:
    """The JWS whose signature by `key` and whose type are right; None among `typ` allows a header without one.

    Raises what `parse` raises, and UnsupportedAlgorithm, WrongType, InvalidJws (an extension) or InvalidSignature.
    """
    parsed = parse(token) if isinstance(token, str) else token
    _check_header(parsed.header, key=key, typ=typ, algorithms=algorithms)
    key.verify(parsed.signing_input, parsed.signature)
    return parsed


def create_jwt(claims: Mapping[str, Any], *, key: PrivateJwk, typ: str, header: Mapping[str, Any] = NO_HEADER) -> str:
    """A small JWT of `claims`; the key's `kid` goes into the header where that names no key of its own."""
    named = _header(key.public, typ=typ, header=header)
    algorithm = named.pop("alg")
    return jwt.encode(dict(claims), key.to_native(), algorithm=str(algorithm), headers=named)


def verify_jwt(
    token: str,
    *,
    key: PublicJwk,
    typ: str | Collection[str | None],
    audience: str | None,
    now: datetime,
    leeway: timedelta = LEEWAY,
    max_age: timedelta | None = None,
    algorithms: Collection[Algorithm] = ACCEPTED,
) -> dict[str, Any]:
    """The claims of a small JWT signed by `key`; `audience` is None only where the specification has none.

    Raises what `verify` raises, InvalidAudience, InvalidTime, and InvalidClaims where the payload is no object.
    """
    parsed = parse(token)
    _check_header(parsed.header, key=key, typ=typ, algorithms=algorithms)
    try:
        jwt.decode(token, key.to_native(), algorithms=[str(key.algorithm)], options=_TIME_IS_CHECKED_HERE)
        claims = strict_json.parse_object(parsed.payload)
    except jwt.InvalidSignatureError as error:
        raise InvalidSignature("the signature does not belong to this message and this key") from error
    except (jwt.PyJWTError, InvalidJson) as error:
        raise InvalidClaims("the payload of the JWT is not an object of claims") from error
    if audience is not None and claims.get("aud") != audience:
        raise InvalidAudience("the JWT is not addressed to this service")
    check_times(claims, now=now, leeway=leeway, max_age=max_age)
    return claims


_TIME_IS_CHECKED_HERE: Any = {
    "verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False, "verify_iss": False,
    "verify_sub": False, "verify_jti": False,
}  # fmt: skip


def check_times(
    claims: Mapping[str, Any], *, now: datetime, leeway: timedelta = LEEWAY, max_age: timedelta | None = None
) -> None:
    """Return if `exp`, `nbf` and `iat` allow `now`; with `max_age`, `iat` is required. Raises InvalidTime."""
    expires, starts, issued = (numeric_date(claims, name=name) for name in ("exp", "nbf", "iat"))
    if expires is not None and now - leeway >= expires:
        raise InvalidTime("the JWT has expired")
    if starts is not None and now + leeway < starts:
        raise InvalidTime("the JWT is not valid yet")
    if issued is not None and now + leeway < issued:
        raise InvalidTime("the JWT says it was issued in the future")
    if max_age is None:
        return
    if issued is None:
        raise InvalidTime("the JWT does not say when it was issued")
    if now - issued > max_age + leeway:
        raise InvalidTime("the JWT is too old")


def numeric_date(claims: Mapping[str, Any], *, name: str) -> datetime | None:
    """The NumericDate claim `name` (RFC 7519 section 2), None where it is absent; raises InvalidTime."""
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidTime(f"the claim {name} is not a number of seconds")
    try:
        return datetime.fromtimestamp(value, tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidTime(f"the claim {name} is not a time that can be told") from error


def _signing_input(
    payload: bytes | Mapping[str, Any], *, public: PublicJwk, typ: str | None, header: Mapping[str, Any]
) -> bytes:
    body = payload if isinstance(payload, bytes) else strict_json.dump(payload)
    head = strict_json.dump(_header(public, typ=typ, header=header))
    return b"%b.%b" % (base64url.encode_ascii(head), base64url.encode_ascii(body))


def _compact(signing_input: bytes, signature: bytes) -> str:
    return (b"%b.%b" % (signing_input, base64url.encode_ascii(signature))).decode("ascii")


def _header(public: PublicJwk, *, typ: str | None, header: Mapping[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {"alg": public.algorithm.value}
    if typ is not None:
        named["typ"] = typ
    if public.kid is not None and not any(name in header for name in _NAMES_A_KEY):
        named["kid"] = public.kid
    return {**named, **header, **named} if header else named  # `alg` first, and never the caller's


def _check_header(
    header: Mapping[str, Any], *, key: PublicJwk, typ: str | Collection[str | None], algorithms: Collection[Algorithm]
) -> None:
    if header.get("alg") != key.algorithm or key.algorithm not in algorithms:
        raise UnsupportedAlgorithm("the algorithm of the token is not one that is accepted for this key")
    if "crit" in header:
        raise InvalidJws("the token demands an extension that is not understood here")
    named, accepted = header.get("typ"), (typ,) if isinstance(typ, str) else typ
    if not (named in accepted if isinstance(named, str) else "typ" not in header and None in accepted):
        raise WrongType("the token is not of the type that is expected here")
