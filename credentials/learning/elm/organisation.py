"""Organisations and accreditations of an ELM credential: who awarded, where they are, who assures their quality."""

from collections.abc import Iterator, Mapping
from typing import Any

from credentials.learning.course import present
from credentials.learning.elm.nodes import (
    Node,
    concept,
    concepts,
    day,
    identity,
    link,
    many,
    objects,
    one,
    plain,
    telling,
    text,
)
from credentials.learning.vocabularies import AccreditationType, countries

UNNAMED = "Quality assurance"
"""The title of an accreditation of which neither a type nor words are known."""
UNNAMED_AGENCY = "Agency not named"
"""The name of the agency of an accreditation of which none is known: the profile asks for one."""
LEGAL: Mapping[str, str] = {
    "eIDASIdentifier": "eidas",
    "vatIdentifier": "vat",
    "taxIdentifier": "tax",
    "registration": "registration",
}
SCHEMES: Mapping[str, str] = {
    "DEQARINST ID": "deqar",
    "DEQARINST": "deqar",
    "ETER ID": "eter",
    "SCHAC": "schac",
    "ERASMUS": "erasmus",
    "EU-PIC": "pic",
}
"""The short names of registers that documents name at length."""


def bodies(achieved: Node, *, issuer: Node) -> list[dict[str, Any]]:
    """The awarding bodies in the words of the API; an issuer who has no name of its own lends the only body its id."""
    named = objects(achieved, "awardedBy", "awardingBody")
    lent = identity(issuer) if len(named) == 1 and not text(issuer, "legalName") else None
    return [_body(node, where=one(achieved, "awardedBy"), lent=lent) for node in named]


def _body(node: Node, *, where: Node, lent: str | None) -> dict[str, Any]:
    return {
        "name": text(node, "legalName") or text(node, "prefLabel"),
        "alternative_name": text(node, "altLabel"),
        "id": identity(node) or lent,
        "country": _country(node, where),
        "regions": [region.to_term() for region in concepts(node, "location", "spatialCode")],
        "identifiers": list(_identifiers(node)),
        "homepage": link(node, "homepage"),
    }


def _country(node: Node, where: Node) -> str | None:
    places = (
        *concepts(node, "location", "address", "countryCode"),
        *concepts(where, "location", "address", "countryCode"),
        *concepts(where, "location", "spatial"),
        *(place for name in LEGAL for place in concepts(node, name, "spatial")),
    )
    found = (place.recognise(countries.find) for place in places)
    return next((country.alpha2 for country in found if country), None)


def _identifiers(node: Node) -> Iterator[dict[str, Any]]:
    for name, scheme in LEGAL.items():
        yield from ({"scheme": scheme, "value": value} for value in many(node, name, "notation"))
    for identifier in objects(node, "identifier"):
        scheme = plain(identifier, "schemeName") or "other"
        yield {"scheme": SCHEMES.get(scheme.upper(), scheme), "value": plain(identifier, "notation")}


def quality(achieved: Node, specified: Node) -> dict[str, Any] | None:
    """The quality assurance in the words of the API: the specification's accreditation, else the awarding body's."""
    accredited = one(specified, "accreditation") or one(achieved, "awardedBy", "awardingBody", "accreditation")
    agency = one(accredited, "accreditingAgent")
    kind = concept(accredited, "dcType")
    own = identity(accredited) or ""
    recognised = kind.recognise(AccreditationType.recognise) if kind else None
    named, agency_id = (
        plain(agency, "legalName"),
        identity(agency) or next(iter(many(agency, "identifier", "id")), None),
    )
    return (
        present(
            {
                "type": recognised,
                "description": telling(accredited, beyond={"en": recognised.label if recognised else UNNAMED}),
                "agency": named if named not in (agency_id, UNNAMED_AGENCY) else None,
                "agency_id": agency_id,
                "report_uri": link(accredited, "report") or (own if own.startswith("https://") else None),
                "valid_from": _day(accredited, "dateIssued"),
                "valid_to": _day(accredited, "expiryDate"),
            }
        )
        or None
    )


def _day(node: Node, name: str) -> str | None:
    found, _ = day(next(iter(many(node, name)), None))
    return found.isoformat() if found else None
