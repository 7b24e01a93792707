"""What a credential says of itself that its issuer's right to award it is judged by: never more than its own word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from credentials.credential import Credential
from credentials.learning.vocabularies import countries
from trust.ebsi import coverage, places, rights
from trust.ebsi.coverage import AUTHORITY, Scope
from trust.ebsi.places import Registry

DEPTH: Final = 24
MOST_TERMS: Final = 8
LEVELS: Final = frozenset("12345678")
LEVEL_NAMES: Final = ("EQFLevel", "eqfLevel", "eqf_level")  # the term of ELM, its JSON, and the flat claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """Who awards, when, what kind of thing, and under which accreditations (`terms`)."""

    issuer: str
    issued_at: datetime | None
    types: tuple[str, ...]
    terms: tuple[str, ...]
    schemas: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    levels: frozenset[int] = frozenset()

    @classmethod
    def of(cls, credential: Credential) -> Self:
        """What `credential` says."""
        subject = credential.claims.get("credentialSubject")
        return cls(
            issuer=credential.issuer,
            issued_at=credential.issued_at or credential.not_before,
            types=credential.types,
            terms=rights.terms_of(credential.claims),
            schemas=rights.schema_uris(credential.claims),
            places=tuple(dict.fromkeys(_places(subject))),
            levels=levels_in(subject),
        )

    def scope(self, *, registries: Sequence[Registry]) -> Scope:
        """What has to be covered by an accreditation."""
        kinds, levels = coverage.of(self.types)
        known = (places.schema(uri, registries=registries) for uri in self.schemas)
        return Scope(
            types=kinds,
            schemas=frozenset(id_ for id_ in known if id_ is not None),
            places=self.places,
            levels=levels | self.levels,
        )


def _places(subject: Any) -> Iterator[str]:
    """Where the awarding bodies are: `countryCode` of their addresses (ELM), or the flat claim `country` of ours."""
    flat = subject.get("country") if isinstance(subject, Mapping) else None
    codes = [flat] if isinstance(flat, str) else flat if isinstance(flat, list) else []
    for body in _under(subject, name="awardingBody", depth=0):
        codes += [code for node in _under(body, name="countryCode", depth=0) for code in _ids(node)]
    for code in codes:
        country = countries.find(code) if isinstance(code, str) else None
        if country is not None:
            yield f"{AUTHORITY}atu/{country.alpha3}"


def levels_in(claims: Any) -> frozenset[int]:
    """The EQF levels that claims say, in the words of ELM or in our own."""
    return frozenset(_levels(claims, depth=0))


def _levels(value: Any, *, depth: int) -> Iterator[int]:
    for name in LEVEL_NAMES:
        for node in _under(value, name=name, depth=depth):
            for text in [str(node)] if isinstance(node, int) else _ids(node):
                if text[-1:] in LEVELS:
                    yield int(text[-1])


def _under(value: Any, *, name: str, depth: int) -> Iterator[Any]:
    """Whatever stands under the member `name`, at any depth that is bearable."""
    if depth > DEPTH:
        return
    match value:
        case Mapping():
            for key, inner in value.items():
                if key == name:
                    yield inner
                else:
                    yield from _under(inner, name=name, depth=depth + 1)
        case list():
            for inner in value:
                yield from _under(inner, name=name, depth=depth + 1)


def _ids(node: Any) -> Iterator[str]:
    for item in node if isinstance(node, list) else [node]:
        named = item.get("id") if isinstance(item, Mapping) else item
        if isinstance(named, str):
            yield named
