"""The Key Binding JWT: the holder's word that a presentation is for this verifier, now. RFC 9901 sections 4.3, 7.3."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from credentials import validity
from credentials.errors import InvalidAudience, InvalidKeyBinding, InvalidNonce
from credentials.formats import disclosure
from keys import errors as keys_errors
from keys import jws, strict_json
from keys.jwk import PrivateJwk, PublicJwk
from keys.jws import Jws
from keys.signer import SoftwareSigner

TYP = "kb+jwt"
MAX_AGE = timedelta(minutes=5)
_NO_CLAIMS: Mapping[str, Any] = {}


def create(
    unbound: bytes,
    *,
    key: PrivateJwk,
    audience: str,
    nonce: str,
    now: datetime,
    extra: Mapping[str, Any] = _NO_CLAIMS,
) -> str:
    """The Key Binding JWT over the SD-JWT `unbound`, which ends in its tilde; `extra` holds claims a protocol adds."""
    claims = {
        **extra,
        "iat": validity.to_numeric_date(now),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": disclosure.digest(unbound),
    }
    return jws.create_now(claims, signer=SoftwareSigner(key), typ=TYP)


def verify(
    binding: Jws,
    *,
    over: bytes,
    key: PublicJwk,
    audience: str,
    nonce: str,
    now: datetime,
    max_age: timedelta = MAX_AGE,
) -> Mapping[str, Any]:
    """The claims of `binding` if `key` signed it over the SD-JWT `over`, for `audience`, with `nonce`, just now.

    Raises InvalidKeyBinding, InvalidAudience or InvalidNonce.
    """
    try:
        jws.verify(binding, key=key, typ=TYP)
        claims = strict_json.parse_object(binding.payload)
    except keys_errors.KeysError as error:
        raise InvalidKeyBinding(f"The holder's proof is not good: {error}.") from error
    check_claims(claims, audience=audience, nonce=nonce, now=now, max_age=max_age)
    if claims.get("sd_hash") != disclosure.digest(over):
        raise InvalidKeyBinding("The holder's proof was made over another presentation.")
    return claims


def check_claims(claims: Mapping[str, Any], *, audience: str, nonce: str, now: datetime, max_age: timedelta) -> None:
    """Return if a holder's proof with these `claims` is for `audience` and `nonce`, and from just now.

    Raises InvalidKeyBinding, InvalidAudience or InvalidNonce.
    """
    _check_age(claims.get("iat"), now=now, max_age=max_age)
    if "exp" in claims or "nbf" in claims:
        try:
            jws.check_times(claims, now=now, leeway=validity.LEEWAY)
        except keys_errors.InvalidTime as error:
            raise InvalidKeyBinding(f"The holder's proof is not good: {error}.") from error
    if claims.get("aud") != audience:
        raise InvalidAudience("The holder's proof was made for another verifier.")
    if claims.get("nonce") != nonce:
        raise InvalidNonce("The holder's proof answers another request.")


def _check_age(issued: Any, *, now: datetime, max_age: timedelta) -> None:
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        raise InvalidKeyBinding("The holder's proof does not say when it was made.")
    age = now.timestamp() - issued
    if age > max_age.total_seconds():
        raise InvalidKeyBinding("The holder's proof is too old.")
    if age < -validity.LEEWAY.total_seconds():
        raise InvalidKeyBinding("The holder's proof says it was made in the future.")
