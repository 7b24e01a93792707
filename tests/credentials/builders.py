"""A university that issues, a learner who holds, an employer who asks: fixed keys, one noon, and their vectors."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from credentials.credential import StatusKind, StatusReference
from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from keys import base64url, jws
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
EMPLOYER = "x509_san_dns:employer.example"
NONCE = "n-0S6_WzA2Mj-n-0S6_WzA2Mj"
UNIVERSITY = "https://uni.example/awards"
VCT = "https://uni.example/vct/micro-credential/1"
LIST = "https://uni.example/status/1"

# The private keys of the examples of RFC 9901, as its repository publishes them.
ISSUER = PrivateJwk.parse(
    {
        "kty": "EC",
        "crv": "P-256",
        "d": "Ur2bNKuBPOrAaxsRnbSH6hIhmNTxSGXshDSUD1a1y7g",
        "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
        "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
    }
)
HOLDER = PrivateJwk.parse(
    {
        "kty": "EC",
        "crv": "P-256",
        "d": "5K5SCos8zf9zRemGGUl6yfok-_NiiryNZsvANWMhF-I",
        "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc",
        "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ",
    }
)
SIGNER = SoftwareSigner(ISSUER)

CLAIMS: dict[str, Any] = {
    "title": "Data ethics",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "address": {"locality": "Turin", "country": "IT"},
    "outcomes": ["weighs", "argues", "decides"],
}
DISCLOSABLE = (
    ("given_name",),
    ("family_name",),
    ("address",),
    ("address", "locality"),
    ("address", "country"),
    ("outcomes", None),
)
REFERENCE = StatusReference(kind=StatusKind.TOKEN, uri=LIST, index=4711)


def vectors(name: str) -> Any:
    folder = Path(__file__).parents[1] / "vectors" / "credentials"
    return json.loads((folder / name).read_text("utf-8"))


def content(**changes: Any) -> SdJwtVcContent:
    said: dict[str, Any] = {
        "vct": VCT,
        "issuer": UNIVERSITY,
        "claims": CLAIMS,
        "disclosable": DISCLOSABLE,
        "holder_key": HOLDER.public,
        "issued_at": NOON - timedelta(days=1),
        "expires": NOON + timedelta(days=365),
        "status": REFERENCE,
    }
    return SdJwtVcContent(**{**said, **changes})


def issued(**changes: Any) -> str:
    return sd_jwt_vc.issue_now(content(**changes), signer=SIGNER, kid="key-1")


def presented(*paths: Any, held: str | None = None) -> str:
    return sd_jwt_vc.present(held or issued(), disclose=paths, key=HOLDER, audience=EMPLOYER, nonce=NONCE, now=NOON)


def signed(payload: dict[str, Any], *, typ: str | None = "dc+sd-jwt", key: PrivateJwk = ISSUER, **header: Any) -> str:
    return jws.create_now(payload, signer=SoftwareSigner(key), typ=typ, header=header)


def encoded(value: Any) -> str:
    """The base64url text of a disclosure written by hand."""
    return base64url.encode(json.dumps(value).encode())


def altered(token: str, change: Callable[[dict[str, Any]], Any], *, key: PrivateJwk, typ: str | None) -> str:
    """The JWT `token` with its claims changed, signed anew by `key`: a fault of content, not of signature."""
    claims = json.loads(jws.parse(token).payload)
    change(claims)
    return signed(claims, typ=typ, key=key)
