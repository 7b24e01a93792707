"""Courses, learning outcomes and institutions in the words of the Open Education API 6 (OEAPI v6.1), read only.

Course offerings (a course at a time and place) are not kept here, so a course has none. Identifiers are UUIDs made of
the catalogue's own addresses; the primary code of a course is its short name.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from credentials.learning.course import Course, present
from credentials.learning.text import Text
from credentials.learning.vocabularies import Mode
from issuer.catalogue import addresses
from issuer.catalogue.shelf import Offered
from issuer.tenancy.institution import Institution

Node = dict[str, Any]

PAGE_SIZES = (10, 20, 50, 100, 250)
MODES: Mapping[Mode, str] = {
    Mode.PRESENTIAL: "presential", Mode.ONLINE: "online", Mode.BLENDED: "blended", Mode.WORK_BASED: "x-work-based",
    Mode.PROJECT_BASED: "x-project-based", Mode.RESEARCH: "x-research-lab",
}  # fmt: skip
LEVELS: Mapping[int, str] = {5: "associate_degree", 6: "bachelor", 7: "master", 8: "doctoral"}
CODE_TYPES: Mapping[str, str] = {
    "schac": "x-schac", "erasmus": "x-erasmus", "pic": "x-pic", "eter": "x-eter", "deqar": "x-deqar", "vat": "x-vat",
    "eidas": "x-eidas",
}  # fmt: skip
OPERATIONS = (
    "/", "/courses", "/courses/{courseId}", "/courses/{courseId}/course-offerings", "/organisations",
    "/organisations/{organisationId}", "/organisations/{organisationId}/courses",
    "/learning-outcomes/{learningOutcomeId}",
)  # fmt: skip


def service(*, specification: str, documentation: str, contact: str) -> Node:
    """What this implementation is and can."""
    return {
        "contactEmail": contact,
        "specification": specification,
        "documentation": documentation,
        "supportedOperations": [
            {"verbs": ["GET"], "path": path.replace("{", "%7B").replace("}", "%7D")} for path in OPERATIONS
        ],
    }


def page(items: Sequence[Node], *, size: int, number: int, total: int) -> Node:
    """One page of a list."""
    pages = max(1, -(-total // size))
    return {
        "pageSize": size, "pageNumber": number, "hasPreviousPage": number > 1, "hasNextPage": number < pages,
        "totalPages": pages, "items": list(items),
    }  # fmt: skip


def course(offered: Offered) -> Node:
    """One course."""
    told = offered.course
    return present(
        {
            "courseId": offered.id,
            "primaryCode": {"codeType": "identifier", "code": offered.slug},
            "name": texts(told.title),
            "description": texts(told.description),
            "studyLoad": _load(told),
            "modesOfDelivery": modes(told),
            "duration": None,
            "teachingLanguages": list(told.languages),
            "fieldsOfStudy": told.isced_f[0] if told.isced_f else None,
            "learningOutcomeIds": [_outcome_id(offered, place) for place in range(len(told.learning_outcomes))],
            "learningOutcomes": [outcome(offered, place=place) for place in range(len(told.learning_outcomes))],
            "admissionRequirements": texts(told.prerequisites),
            "assessment": _assessment(told),
            "level": level(told),
            "link": offered.address,
            "organisationId": addresses.institution_id(offered.institution.slug),
            "otherCodes": [{"codeType": "x-specification", "code": offered.version_address}],
            "validFrom": _moment(offered.changed_at),
        }
    )


def outcome(offered: Offered, *, place: int) -> Node:
    """One learning outcome of a course."""
    told = offered.course.learning_outcomes[place]
    skills = [{"codeType": "x-esco", "code": skill.uri} for skill in told.esco_skills if skill.uri]
    return present(
        {
            "learningOutcomeId": _outcome_id(offered, place),
            "primaryCode": {"codeType": "identifier", "code": f"{offered.slug}/{offered.version}/{place + 1}"},
            "name": texts(told.text),
            "fieldsOfStudy": offered.course.isced_f[0] if offered.course.isced_f else None,
            "otherCodes": skills,
        }
    )


def organisation(institution: Institution, *, link: str) -> Node:
    """One institution."""
    body = institution.body
    codes = [{"codeType": CODE_TYPES[i.scheme], "code": i.value} for i in body.identifiers if i.scheme in CODE_TYPES]
    return present(
        {
            "organisationId": addresses.institution_id(institution.slug),
            "primaryCode": {"codeType": "identifier", "code": institution.slug},
            "organisationType": "root",
            "name": texts(body.name),
            "link": body.homepage or link,
            "addresses": [{"addressType": "visit", "countryCode": {"iso3166-1-alpha2": body.country}}]
            if body.country
            else None,
            "otherCodes": codes,
        }
    )


def modes(told: Course) -> list[str]:
    """The modes of delivery; those that OEAPI does not name are extensions."""
    return [MODES[mode] for mode in told.participation_modes]


def level(told: Course) -> str:
    """The level: OEAPI names those of higher education."""
    return LEVELS.get(told.eqf_level or 0, "undefined")


def texts(words: Text | None) -> list[Node] | None:
    """A text in each of its languages."""
    return [{"language": tag, "value": said} for tag, said in words.entries] if words else None


def find_outcome(offered: Iterable[Offered], *, wanted: str) -> Node | None:
    """The learning outcome of this UUID, in a latest version."""
    for each in offered:
        for place in range(len(each.course.learning_outcomes)):
            if _outcome_id(each, place) == wanted:
                return outcome(each, place=place)
    return None


def _address(country: str) -> Node:
    return {"addressType": "visit", "countryCode": {"iso3166-1-alpha2": country}}


def _outcome_id(offered: Offered, place: int) -> str:
    return addresses.outcome_id(offered.id, number=offered.version, place=place)


def _load(told: Course) -> list[Node]:
    loads = {"ects": told.ects, "hour": told.workload_hours}
    return [{"studyLoadUnit": unit, "value": _number(value)} for unit, value in loads.items() if value is not None]


def _assessment(told: Course) -> list[Node] | None:
    if told.assessment_description:
        return texts(told.assessment_description)
    words = ", ".join(kind.label for kind in told.assessment_types)
    return [{"language": "en", "value": words}] if words else None


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _moment(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat().replace("+00:00", "Z") if seconds else None
