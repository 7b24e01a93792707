"""Whether an accreditation covers what was done under it: types, schema, place and level in one entry.

Places are units of the EU's authority tables `atu` and `country`; a member state lies within the Union. EQF levels
stand among the types, as EQFlevel6 (the words of DC4EU), and limit an accreditation that names any.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from trust.errors import UntrustedIssuer

GENERIC: Final = frozenset({"VerifiableCredential", "VerifiableAttestation"})
LEVEL: Final = re.compile(r"EQFlevel([1-8])", re.ASCII)
AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
TABLES: Final = (f"{AUTHORITY}atu/", f"{AUTHORITY}country/")
NOTHING: Final = "for anything"
UNION: Final = frozenset({"EUR", "EU"})
MEMBERS: Final = frozenset(
    {
        "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST",
        "FIN", "FRA", "GRC", "HRV", "HUN", "IRL", "ITA", "LTU", "LUX",
        "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is done, or may be: `types` without the generic ones, by one of `schemas` (hexadecimal), where, how high.

    No places or no levels: an accreditation is not limited in them, and an award does not say them.
    """

    types: frozenset[str]
    schemas: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    levels: frozenset[int] = frozenset()

    def lacks(self, done: "Scope") -> str | None:
        """Why this entry does not cover `done`, None where it does."""
        if not done.types or not done.types <= self.types:
            return "for this type of credential"
        if self.schemas and self.schemas.isdisjoint(done.schemas):
            return "for credentials by this schema"
        if self.places and done.places and not all(_within(place, self.places) for place in done.places):
            return "for this country"
        if self.levels and not done.levels <= self.levels:
            return "for this level"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Scope):
    """What a body was accredited for. Nobody grants anything wider than their own."""

    def lacks_grant(self, granted: "Limits") -> str | None:
        """Why whoever holds this may not grant `granted`, None where they may."""
        if self.schemas and not (granted.schemas and granted.schemas <= self.schemas):
            return "for credentials by this schema"
        if self.places and not granted.places:
            return "for every country"
        if self.levels and not granted.levels:
            return "for every level"
        return self.lacks(granted)


def of(types: Iterable[str]) -> tuple[frozenset[str], frozenset[int]]:
    """The types that say something, and the levels among them."""
    levels = frozenset(int(found[1]) for name in types if (found := LEVEL.fullmatch(name)))
    return frozenset(name for name in types if name not in GENERIC and not LEVEL.fullmatch(name)), levels


def covering(held: Iterable[Limits], *, done: Iterable[Scope]) -> tuple[Limits, ...]:
    """The entries that each cover one of `done` all by itself; raises UntrustedIssuer where there is none."""
    reasons: list[str] = []
    found: list[Limits] = []
    wanted = tuple(done)
    for entry in held:
        short = [entry.lacks_grant(each) if isinstance(each, Limits) else entry.lacks(each) for each in wanted]
        if None in short:
            found.append(entry)
        reasons += [reason for reason in short if reason is not None]
    if not found:
        raise UntrustedIssuer(
            f"the issuer, or a body above it, is not accredited {reasons[-1] if reasons else NOTHING}"
        )
    return tuple(found)


def _within(place: str, wide: tuple[str, ...]) -> bool:
    return any(_contains(each, place) for each in wide)


def _contains(wide: str, narrow: str) -> bool:
    """Whether `narrow` is the place `wide`, lies in it by its code, or is a member state where `wide` is the Union."""
    above, below = _code(wide), _code(narrow)
    if above is None or below is None:
        return wide == narrow
    return above == below or below.startswith(f"{above}_") or (above in UNION and below.partition("_")[0] in MEMBERS)


def _code(place: str) -> str | None:
    for table in TABLES:
        if place.startswith(table):
            return place.removeprefix(table).upper()
    return None
