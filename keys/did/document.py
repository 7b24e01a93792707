"""DID documents (W3C DID Core 1.0 section 5), reduced to the keys that may sign and what each may sign for.

A method that is revoked, foreign, or of an unknown kind is left out, so that looking for its key fails. What is
ambiguous (two methods of one id) is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self

from keys.did import multibase
from keys.errors import InvalidDid, InvalidJwk
from keys.jwk import PublicJwk

MAX_METHODS: Final = 100
ASSERTION: Final = "assertionMethod"
AUTHENTICATION: Final = "authentication"


@dataclass(frozen=True, slots=True, kw_only=True)
class DidDocument:
    """The verification methods of a DID by their absolute ids, and the purposes that each serves."""

    id: str
    verification_methods: Mapping[str, PublicJwk]
    assertion_method: frozenset[str]
    authentication: frozenset[str]
    expires: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def of_key(cls, did: str, *, kid: str, public: PublicJwk) -> Self:
        """The document of a DID that is its own key, which serves every purpose."""
        one = frozenset({kid})
        return cls(id=did, verification_methods={kid: public}, assertion_method=one, authentication=one)

    def key(self, kid: str, *, purpose: str, now: datetime) -> PublicJwk:
        """The key `kid`, absolute or as a fragment, that serves `purpose`; raises InvalidDid."""
        absolute = f"{self.id}{kid}" if kid.startswith("#") else kid
        allowed = {ASSERTION: self.assertion_method, AUTHENTICATION: self.authentication}.get(purpose, frozenset())
        if absolute not in self.verification_methods or absolute not in allowed:
            raise InvalidDid("the DID document has no such key for this purpose")
        expires = self.expires.get(absolute)
        if expires is not None and now >= expires:
            raise InvalidDid("the key of the DID document has expired")
        return self.verification_methods[absolute]


def parse(raw: object, *, did: str) -> DidDocument:
    """The document of `did` from its JSON object; raises InvalidDid."""
    if not isinstance(raw, Mapping) or raw.get("id") != did:
        raise InvalidDid("the DID document is not about the DID that was looked for")
    methods: dict[str, PublicJwk] = {}
    expires: dict[str, datetime] = {}
    for entry in _entries(raw):
        kid = _absolute(entry.get("id"), did=did)
        public = _key(entry, did=did)
        if kid is None or public is None:
            continue
        if kid in methods:
            raise InvalidDid("the DID document has two verification methods of one id")
        methods[kid] = public
        if (until := _time(entry, name="expires")) is not None:
            expires[kid] = until
    return DidDocument(
        id=did,
        verification_methods=methods,
        assertion_method=_purpose(raw, name=ASSERTION, did=did) & methods.keys(),
        authentication=_purpose(raw, name=AUTHENTICATION, did=did) & methods.keys(),
        expires=expires,
    )


def _entries(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    embedded = [item for name in (ASSERTION, AUTHENTICATION) for item in _list(raw, name) if isinstance(item, Mapping)]
    listed = _list(raw, "verificationMethod")
    if len(listed) + len(embedded) > MAX_METHODS or not all(isinstance(item, Mapping) for item in listed):
        raise InvalidDid("the verification methods of the DID document cannot be read")
    yield from listed
    yield from embedded


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    value = raw.get(name, [])
    if not isinstance(value, list):
        raise InvalidDid(f"the member {name} of the DID document is not a list")
    return value


def _purpose(raw: Mapping[str, Any], *, name: str, did: str) -> frozenset[str]:
    found = (item.get("id") if isinstance(item, Mapping) else item for item in _list(raw, name))
    return frozenset(kid for item in found if (kid := _absolute(item, did=did)) is not None)


def _absolute(kid: object, *, did: str) -> str | None:
    """The absolute form of a method's id, None where it belongs to another DID."""
    if not isinstance(kid, str):
        return None
    absolute = f"{did}{kid}" if kid.startswith("#") else kid
    return absolute if absolute.startswith(f"{did}#") and len(absolute) > len(did) + 1 else None


def _key(entry: Mapping[str, Any], *, did: str) -> PublicJwk | None:
    """The key of a method; None where it is revoked, another's, or of a kind that is unknown here."""
    if "revoked" in entry or entry.get("controller") != did:
        return None
    try:
        match entry:
            case {"type": "JsonWebKey" | "JsonWebKey2020", "publicKeyJwk": jwk}:
                return PublicJwk.parse(jwk)
            case {"type": "Multikey" | "Ed25519VerificationKey2020", "publicKeyMultibase": str(text)}:
                return multibase.key_of(text)
    except (InvalidJwk, InvalidDid):
        return None
    return None


def _time(entry: Mapping[str, Any], *, name: str) -> datetime | None:
    if name not in entry:
        return None
    try:
        time = datetime.fromisoformat(entry[name])
    except (ValueError, TypeError) as error:
        raise InvalidDid(f"the time {name} of a verification method cannot be read") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
