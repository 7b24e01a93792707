"""What the header of a signed credential or list says about whose key signed it: RFC 7515 sections 4.1.4 and 4.1.6.

A hint where to look and what to check, never a reason to trust.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from credentials.errors import MalformedCredential
from keys import base64url, strict_json
from keys.algorithms import Algorithm


def naming(*, x5c: Collection[str], kid: str | None) -> dict[str, Any]:
    """The header parameters that name a key by certificate chain, key id, or both."""
    named = {"kid": kid, "x5c": list(x5c)}
    return {name: value for name, value in named.items() if value}


@lru_cache(maxsize=256)
def encoded(algorithm: Algorithm, *, typ: str, x5c: tuple[str, ...], kid: str | None) -> bytes:
    """The first part of a JWS with this header. Pure, hence remembered: all that an issuer signs begins alike."""
    header = {"alg": algorithm, "typ": typ, **naming(x5c=x5c, kid=kid)}
    return base64url.encode_ascii(strict_json.dump(header))


def key_id(header: Mapping[str, Any]) -> str | None:
    """The `kid`, None where there is none; raises MalformedCredential."""
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise MalformedCredential("The header kid is a text.")
    return kid


def chain(header: Mapping[str, Any]) -> tuple[str, ...]:
    """The certificates of `x5c` as they stand there; raises MalformedCredential."""
    if "x5c" not in header:
        return ()
    certificates = header["x5c"]
    if not isinstance(certificates, list) or not all(isinstance(text, str) for text in certificates):
        raise MalformedCredential("The header x5c is an array of certificates.")
    return tuple(certificates)
