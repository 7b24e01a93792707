"""What a registry of EBSI's kind says that an institution may award (Trusted Issuers Registry v5, attributes).

The issuer holds itself to it; others believe nothing of this, they walk the chain themselves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials.learning.course import Course
from credentials.learning.vocabularies import countries
from keys.did import multibase
from trust.ebsi.coverage import AUTHORITY, Limits, Scope
from trust.ebsi.places import AttributePlace, Registry

NOT_YET: Final = "this institution has no DID in the registry of accreditations"
NOTHING: Final = "no accreditation of this institution holds today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accreditation:
    """One accreditation that the institution holds: an attribute of its DID."""

    place: AttributePlace
    granted_by: str
    granted_by_name: str  # the DID where the registry tells no name
    since: datetime
    until: datetime | None
    entries: tuple[Limits, ...]

    def covers(self, scope: Scope) -> Limits | None:
        """The first entry that covers `scope` all by itself."""
        return next((entry for entry in self.entries if entry.lacks(_by(entry, scope)) is None), None)

    def holds(self, at: datetime) -> bool:
        """Whether `at` lies in its time."""
        return self.since <= at and (self.until is None or at < self.until)

    def to_json(self) -> dict[str, Any]:
        """For everybody to read."""
        told: Iterable[Limits] = self.entries
        return {
            "attribute": self.place.url,
            "did": self.place.did,
            "grantedBy": self.granted_by,
            "grantedByName": self.granted_by_name,
            "from": self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "accreditedFor": [
                {
                    "types": sorted(each.types),
                    "schemas": [schema_url(self.place.registry, id_) for id_ in sorted(each.schemas)],
                    "levels": sorted(each.levels),
                    "jurisdictions": list(each.places),
                }
                for each in told
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything that the registry says of one institution: what it holds, and where its status lists are proxied."""

    did: str | None
    held: tuple[Accreditation, ...] = ()
    proxies: Mapping[str, str] | None = None  # by prefix: the address of the proxy

    def find(self, scope: Scope, *, at: datetime) -> Accreditation | None:
        """An accreditation that covers `scope` at a moment."""
        return next((each for each in self.held if each.holds(at) and each.covers(scope) is not None), None)

    def lacks(self, scope: Scope, *, at: datetime) -> str | None:
        """Why nothing that is held covers `scope`, None where something does."""
        if self.did is None:
            return NOT_YET
        if self.find(scope, at=at) is not None:
            return None
        reasons = [
            entry.lacks(_by(entry, scope)) or "" for each in self.held if each.holds(at) for entry in each.entries
        ]
        return f"this institution is not accredited {reasons[-1]}" if reasons else NOTHING


def scope_of(types: Iterable[str], *, course: Course) -> Scope:
    """What a course awarded as these types needs an accreditation for."""
    known = [countries.find(body.country) for body in course.awarding_bodies if body.country]
    return Scope(
        types=frozenset(types),
        places=tuple(dict.fromkeys(f"{AUTHORITY}atu/{each.alpha3}" for each in known if each is not None)),
        levels=frozenset({course.eqf_level} if course.eqf_level else ()),
    )


def schema_url(registry: Registry, id_: str) -> str:
    """The address of a schema, by its id in hexadecimal, in the form that the registry lists it under."""
    return f"{registry.base}/trusted-schemas-registry/v3/schemas/{multibase.encode(bytes.fromhex(id_))}"


def _by(entry: Limits, scope: Scope) -> Scope:
    """The same by the schemas of `entry`: what is issued under an accreditation names these."""
    return Scope(types=scope.types, schemas=entry.schemas, places=scope.places, levels=scope.levels)
