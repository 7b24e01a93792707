"""The learner's side of an ELM credential: Person, AwardingProcess dates, grade. ELM 3.2, EDC application profile."""

from collections.abc import Iterator, Mapping
from typing import Any

from credentials import content_digest
from credentials.learning.elm.nodes import Node, concept, day, many, objects, one, plain
from credentials.learning.findings import Finding, warning
from credentials.learning.vocabularies import countries

NATIONAL = "national id"
UNGRADED = "urn:epass:note:ungraded"
"""The note that stands where the schemas want a grade and none was given."""
DATES = ("issued", "issuanceDate", "validFrom")


def read(credential: Node, *, subject: Node, achieved: Node, notes: list[Finding]) -> dict[str, Any]:
    """The award in the words of the API."""
    period = one(achieved, "influencedBy", "temporal")
    return {
        "learner": _learner(subject, notes),
        "award_date": _award_date(credential, achieved, notes),
        "valid_until": _day(credential, "validUntil", "M5", notes) or _day(credential, "expirationDate", "M5", notes),
        "grade": _grade(achieved),
        "certificate_number": _certificate_number(credential),
        "learning_period": {
            "start": _day(period, "startDate", "+", notes),
            "end": _day(period, "endDate", "+", notes),
        },
    }


def _grade(achieved: Node) -> str | None:
    grades = many(achieved, "provenBy", "grade")
    given = [grade for grade in grades if not (isinstance(grade, Mapping) and grade.get("id") == UNGRADED)]
    return plain({"given": given}, "given")


def _certificate_number(credential: Node) -> Any:
    """The first identifier of the credential, but for those that carry the proof of content."""
    held = objects(credential, "identifier")
    numbers = [named for named in held if plain(named, "schemeName") not in content_digest.CLAIMS]
    return next((number for named in numbers for number in many(named, "notation")), None)


def _learner(subject: Node, notes: list[Finding]) -> dict[str, Any]:
    identifier = next(_identifiers(subject), {})
    address = next((raw for raw in many(subject, "contactPoint", "emailAddress", "id") if isinstance(raw, str)), "")
    return {
        "given_name": plain(subject, "givenName"),
        "family_name": plain(subject, "familyName"),
        "birth_date": _day(subject, "dateOfBirth", "M1", notes),
        **identifier,
        "email": address.removeprefix("mailto:") or None,
    }


def _identifiers(subject: Node) -> Iterator[dict[str, Any]]:
    """The learner's identifiers, the one that a state gives first."""
    for legal in objects(subject, "nationalID"):
        where = concept(legal, "spatial")
        country = where.recognise(countries.find) if where else None
        yield {
            "learner_id": plain(legal, "notation"),
            "learner_id_scheme": NATIONAL,
            "learner_id_country": country.alpha2 if country else None,
        }
    for other in objects(subject, "identifier"):
        yield {"learner_id": plain(other, "notation"), "learner_id_scheme": plain(other, "schemeName")}


def _award_date(credential: Node, achieved: Node, notes: list[Finding]) -> str | None:
    awarded = _day(one(achieved, "awardedBy"), "awardingDate", "M5", notes)
    if awarded is not None:
        return awarded
    for name in DATES:
        if issued := _day(credential, name, "M5", notes):
            message = f"The document has no awarding date; {name} is taken for it."
            notes.append(warning("assumed", element="M5", path=f"/{name}", message=message))
            return issued
    return None


def _day(node: Node, name: str, element: str, notes: list[Finding]) -> str | None:
    raw = next(iter(many(node, name)), None)
    read_day, shifted = day(raw)
    if shifted and read_day:
        message = f"{name} is {raw}: midnight in central Europe, written in UTC. It is read as {read_day.isoformat()}."
        notes.append(warning("time_zone_shift", element=element, path=f"/{name}", message=message))
    return read_day.isoformat() if read_day else None
