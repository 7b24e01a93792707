"""Reading a DC4EU micro-credential (Open Badges 3.0 names): ours, and those of others as far as they say something."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from credentials.learning import micro_credential
from credentials.learning.course import present
from credentials.learning.findings import Finding
from credentials.learning.mappings import dc4eu_words, narrative, wording
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.text import MAIN
from credentials.learning.view import Element, State, View
from credentials.learning.vocabularies import AccreditationType, languages

FIELD = re.compile(r"\(ISCED-F (\d{2,4})\)")
DAY = 10  # characters of a date in a timestamp
WORDS: Mapping[str, str] = {"assessmentType": "M9", "participationType": "M10", "supervisionType": "O2"}
"""The claims whose words are fewer than our codes, and their elements."""

Node = Mapping[str, Any]


def read(claims: Node) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential that `claims` describe, complete or not, and what was odd; None without title or date."""
    subject = _object(claims.get("credentialSubject"))
    achieved = _object(subject.get("achievement"))
    spoken = _language(achieved.get("inLanguage"))
    locale = wording.locale_of(claims, assumed=spoken or MAIN)
    course = {
        **_outcomes(_object(achieved.get("criteria")), locale),
        **_codes(achieved),
        "title": wording.text(achieved.get("name"), locale),
        "description": wording.text(achieved.get("description"), locale),
        "awarding_bodies": _body(_object(claims.get("issuer")), locale),
        "ects": achieved.get("ECTS"),
        "workload_hours": achieved.get("timeInvestment", achieved.get("SBU")),
        "eqf_level": _aligned(achieved, dc4eu_words.ALIGNED_LEVEL).get("targetCode"),
        "quality_assurance": _quality(_aligned(achieved, dc4eu_words.ALIGNED_QUALITY), locale),
        "grading_scheme": _scheme(_first(achieved.get("resultDescription")), locale),
        "catalogue_uri": achieved.get("id"),
        "isced_f": FIELD.findall(str(achieved.get("fieldOfStudy", ""))),
        "languages": [spoken] if spoken else [],
    }
    award = {
        "award_date": _day(claims.get("validFrom")),
        "valid_until": _day(claims.get("validUntil")),
        "grade": _first(subject.get("result")).get("value"),
    }
    return micro_credential.read({"course": present(course), "award": present(award)})


def with_words(seen: View, claims: Node) -> View:
    """The view in which an element that only a word of the format tells of is present, in that word."""
    achieved = _object(_object(claims.get("credentialSubject")).get("achievement"))
    told = {element: {name: achieved[name]} for name, element in WORDS.items() if isinstance(achieved.get(name), str)}
    elements = {element: _told(seen.elements[element], value) for element, value in told.items()}
    return replace(seen, elements={**seen.elements, **elements})


def _told(element: Element, value: Node) -> Element:
    return element if element.state is State.PRESENT else replace(element, state=State.PRESENT, value=value)


def _outcomes(criteria: Node, locale: str) -> dict[str, Any]:
    told = criteria.get("narrative")
    summary, outcomes = narrative.read(told) if isinstance(told, str) else ("", ())
    return {
        "homepage": criteria.get("id"),
        "learning_outcome_summary": wording.text(summary, locale),
        "learning_outcomes": [{"text": {locale: words}} for words in outcomes],
    }


def _codes(achieved: Node) -> dict[str, Any]:
    participation = dc4eu_words.participation_meant(achieved.get("participationType"))
    assessment = dc4eu_words.assessment_meant(achieved.get("assessmentType"))
    return {
        "participation_modes": [participation] if participation else [],
        "assessment_types": [assessment] if assessment else [],
        "supervision": dc4eu_words.supervision_meant(achieved.get("supervisionType")),
    }


def _body(issuer: Node, locale: str) -> list[dict[str, Any]]:
    address = _object(issuer.get("address"))
    body = {
        "name": wording.text(issuer.get("name"), locale),
        "id": issuer.get("id"),
        "homepage": issuer.get("url"),
        "country": address.get("addressCountryCode"),
        "regions": [{"label": address["addressRegion"]}] if address.get("addressRegion") else [],
        "identifiers": [_identifier(entry) for entry in _objects(issuer.get("otherIdentifier"))],
    }
    return [present(body)] if issuer else []


def _identifier(entry: Node) -> dict[str, Any]:
    scheme = str(entry.get("identifierType", "")).removeprefix(dc4eu_words.IDENTIFIER)
    return {"scheme": scheme, "value": entry.get("identifier")}


def _quality(alignment: Node, locale: str) -> dict[str, Any]:
    named = alignment.get("targetName")
    kind = AccreditationType.recognise(named) if isinstance(named, str) else None
    said = alignment.get("targetDescription", None if kind or named == dc4eu_words.QUALITY else named)
    return present({"type": kind, "description": wording.text(said, locale), "report_uri": alignment.get("targetUrl")})


def _scheme(described: Node, locale: str) -> dict[str, Any]:
    named = described.get("name")
    return present(
        {
            "title": None if named == dc4eu_words.RESULT else wording.text(named, locale),
            "lowest": described.get("valueMin"),
            "highest": described.get("valueMax"),
            "passing": described.get("requiredValue"),
        }
    )


def _aligned(achieved: Node, kind: str) -> Node:
    return next((entry for entry in _objects(achieved.get("alignment")) if entry.get("targetType") == kind), {})


def _language(raw: object) -> str | None:
    language = languages.find(raw.replace("_", "-")) if isinstance(raw, str) else None
    return language.code if language else None


def _day(raw: object) -> object:
    return raw[:DAY] if isinstance(raw, str) else raw


def _object(raw: object) -> Node:
    return raw if isinstance(raw, Mapping) else {}


def _objects(raw: object) -> list[Node]:
    items = raw if isinstance(raw, list | tuple) else [raw]
    return [item for item in items if isinstance(item, Mapping)]


def _first(raw: object) -> Node:
    return next(iter(_objects(raw)), {})
