"""The keys of a did:ebsi through time, and its document at a moment (EBSI DID method v1, DID Registry v5).

As on EBSI's ledger, every relationship of a key has its own beginning and end; `valid-at` asks which held then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Self

from keys.algorithms import Algorithm
from keys.errors import InvalidJwk
from keys.jwk import PublicJwk
from registry.errors import InvalidChange

CONTEXT: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1")
METHOD: Final = "JsonWebKey2020"
AUTHENTICATION: Final = "authentication"
ASSERTION: Final = "assertionMethod"
INVOCATION: Final = "capabilityInvocation"
RELATIONS: Final = (AUTHENTICATION, ASSERTION, INVOCATION, "capabilityDelegation", "keyAgreement")
SIGNS: Final = (AUTHENTICATION, ASSERTION)
LEDGER: Final = (AUTHENTICATION, INVOCATION)
"""What EBSI uses a secp256k1 key for; it never signs credentials there."""
MOST_KEYS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when on a key serves a purpose, and until when (not included; None is open)."""

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether `at` lies in it."""
        return self.since <= at and (self.until is None or at < self.until)

    def cut(self, at: datetime) -> Self:
        """The same, ended at `at` where it would last longer."""
        return self if self.until is not None and self.until <= at else replace(self, until=max(at, self.since))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldKey:
    """One key and what it serves; its name is the thumbprint of RFC 7638."""

    public: PublicJwk
    relations: Mapping[str, Window]

    @property
    def name(self) -> str:
        """The fragment by which the document names it."""
        return self.public.thumbprint()

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """The key as a revision keeps it; raises InvalidChange."""
        match raw:
            case {"jwk": dict(jwk), "relations": dict(relations), **rest} if relations and not rest:
                pass
            case _:
                raise InvalidChange("A key of a DID has a jwk and at least one relation with its times.")
        if not relations.keys() <= set(RELATIONS):
            raise InvalidChange(f"A key serves one or more of: {', '.join(RELATIONS)}.")
        try:
            public = PublicJwk.parse({name: value for name, value in jwk.items() if name != "kid"})
        except InvalidJwk as error:
            raise InvalidChange(f"The key cannot be used: {error}.") from error
        return cls(public=public, relations={name: _window(value) for name, value in relations.items()})

    def to_json(self) -> dict[str, Any]:
        """What a revision keeps."""
        return {
            "jwk": self.public.to_json(),
            "relations": {
                name: {"from": _text(window.since), **({"until": _text(window.until)} if window.until else {})}
                for name, window in self.relations.items()
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DidKeys:
    """A DID with every key that it ever had."""

    did: str
    controllers: tuple[str, ...]
    keys: tuple[HeldKey, ...]

    @classmethod
    def parse(cls, raw: Any, *, did: str) -> Self:
        """The keys as a revision of the DID keeps them; raises InvalidChange."""
        match raw:
            case {"controllers": [str(), *_] as controllers, "keys": [_, *_] as keys} if len(keys) <= MOST_KEYS:
                held = tuple(HeldKey.parse(each) for each in keys)
            case _:
                raise InvalidChange(f"A DID has controllers and from one to {MOST_KEYS} keys.")
        if len({each.name for each in held}) != len(held) or not all(isinstance(each, str) for each in controllers):
            raise InvalidChange("A DID names each of its keys once, and its controllers by their DIDs.")
        return cls(did=did, controllers=tuple(controllers), keys=held)

    def to_json(self) -> dict[str, Any]:
        """What a revision keeps."""
        return {"controllers": list(self.controllers), "keys": [each.to_json() for each in self.keys]}

    def with_key(self, public: PublicJwk, *, since: datetime, serves: tuple[str, ...] = ()) -> Self:
        """The same with one key more, which serves what keys of its kind serve unless `serves` says otherwise."""
        purposes = serves or (LEDGER if public.algorithm is Algorithm.ES256K else SIGNS)
        added = HeldKey(public=public, relations={name: Window(since=since) for name in purposes})
        return replace(self, keys=(*(each for each in self.keys if each.public != public), added))

    def without_key(self, name: str, *, since: datetime) -> Self:
        """The same with the key `name` serving nothing from `since` on; raises InvalidChange where there is none."""
        if name not in {each.name for each in self.keys}:
            raise InvalidChange("This DID has no key of that name.")
        return replace(self, keys=tuple(_ended(each, at=since) if each.name == name else each for each in self.keys))

    def rotated(self, public: PublicJwk, *, since: datetime) -> Self:
        """The same with `public` in place of every key of its kind that serves now."""
        kept = tuple(_ended(each, at=since) if each.public.crv == public.crv else each for each in self.keys)
        return replace(self, keys=kept).with_key(public, since=since)

    def serving(self, relation: str, *, at: datetime) -> tuple[HeldKey, ...]:
        """The keys that serve `relation` at a moment."""
        return tuple(each for each in self.keys if relation in each.relations and each.relations[relation].holds(at))

    def to_document(self, *, at: datetime) -> dict[str, Any]:
        """The DID document of a moment: only keys that serve something then stand in it."""
        serving = {name: self.serving(name, at=at) for name in RELATIONS}
        listed = [each for each in self.keys if any(each in keys for keys in serving.values())]
        return {
            "@context": list(CONTEXT),
            "id": self.did,
            "controller": list(self.controllers),
            "verificationMethod": [
                {
                    "id": f"{self.did}#{each.name}",
                    "type": METHOD,
                    "controller": self.did,
                    "publicKeyJwk": each.public.to_json(),
                }
                for each in listed
            ],
            **{name: [f"{self.did}#{each.name}" for each in keys] for name, keys in serving.items() if keys},
        }


def _ended(key: HeldKey, *, at: datetime) -> HeldKey:
    return replace(key, relations={name: window.cut(at) for name, window in key.relations.items()})


def _window(raw: Any) -> Window:
    match raw:
        case {"from": str(since), **rest} if rest.keys() <= {"until"}:
            return Window(since=moment(since), until=moment(rest["until"]) if "until" in rest else None)
    raise InvalidChange("A relation of a key says from when on it holds, and until when where it ended.")


def moment(text: Any) -> datetime:
    """The moment that an ISO 8601 text tells, in UTC; raises InvalidChange."""
    try:
        told = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InvalidChange("A moment is written as 2026-11-23T09:00:00Z.") from error
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
