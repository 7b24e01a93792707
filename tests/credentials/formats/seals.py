"""A university's seal and a document that it seals, and ways to break either in one place."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from credentials.formats import jades
from keys import base64url, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from keys.x509 import Certificate

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
KEY = PrivateJwk.generate(Algorithm.ES256)
AUTHORITY = x509.create_authority("Development root", now=NOON)
NAME, NUMBER = "Università di Esempio", "VATIT-00000000000"
DOCUMENT: dict[str, Any] = {
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "issuer": {"legalName": {"it": [NAME]}, "eIDASIdentifier": {"notation": NUMBER}},
}


def certified(key: PrivateJwk = KEY, **changes: Any) -> Certificate:
    said: dict[str, Any] = {"organisation": NAME, "identifier": NUMBER, "country": "IT", "now": NOON, **changes}
    return x509.create_seal(AUTHORITY, **said, public=key.public)


SEAL = certified()


def sealed(document: dict[str, Any] | str = DOCUMENT, *, key: PrivateJwk = KEY, chain: Any = (SEAL,)) -> str:
    return jades.issue_now(document, signer=SoftwareSigner(key), chain=chain, now=NOON)


def changed(raw: str, change: Callable[[dict[str, Any]], Any]) -> str:
    """The sealed document with something other than what was signed."""
    whole = json.loads(raw)
    change(whole)
    return json.dumps(whole, ensure_ascii=False)


def resealed(raw: str, change: Callable[[dict[str, Any]], Any], *, key: PrivateJwk = KEY) -> str:
    """The sealed document with another header, signed anew: a fault of content, not of signature."""
    whole = json.loads(raw)
    header = json.loads(base64url.decode(whole["signatures"][0]["protected"]))
    change(header)
    protected = base64url.encode(json.dumps(header).encode())
    made = key.sign(f"{protected}.{whole['payload']}".encode())
    whole["signatures"][0] |= {"protected": protected, "signature": base64url.encode(made)}
    return json.dumps(whole)
