"""The whole registry as one signed file, for verifiers that cannot ask: who is who, every key and right through time.

A JWT of type `registry-snapshot+jwt`; its format is ours (docs/api.md). `sequence` only rises, `exp` is when it is too
old, and `digest` is that of the revision it reaches to: the history of the API proves what came before.
"""

from datetime import datetime
from typing import Any, Final

from registry.ebsi.register import AttributeRevision, Register
from registry.ebsi.schema_ids import to_base58

TYP: Final = "registry-snapshot+jwt"
MEDIA_TYPE: Final = "application/registry-snapshot+jwt"


def to_json(register: Register, *, issuer: str, name: str, now: datetime, expires: datetime) -> dict[str, Any]:
    """The claims of the snapshot of `register`."""
    return {
        "iss": issuer,
        "name": name,
        "iat": int(now.timestamp()),
        "exp": int(expires.timestamp()),
        "sequence": register.sequence,
        "digest": register.digest,
        "roots": list(register.roots),
        "organisations": [each.listed.to_json() for each in register.organisations.values()],
        "identifiers": {
            did: {"created": _text(register.created[did]), **keys.to_json()}
            for did, keys in register.identifiers.items()
        },
        "issuers": {
            did: {attribute: [_revision(each) for each in kept] for attribute, kept in held.items()}
            for did, held in register.issuers.items()
        },
        "proxies": {
            did: {name: each.to_json() for name, each in held.items()} for did, held in register.proxies.items() if held
        },
        "schemas": {
            to_base58(name): [{"at": _text(each.at), "schema": each.schema, "metadata": each.metadata} for each in kept]
            for name, kept in register.schemas.items()
        },
        "policies": register.policies,
        "users": {address: list(attributes) for address, attributes in register.users.items()},
    }


def _revision(kept: AttributeRevision) -> dict[str, str]:
    return {"revision": kept.id, "at": _text(kept.at), **kept.to_json()}


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
