"""Courses as European Learning Model JSON-LD: learning opportunities of the application profile LOQ 1.1 (ELM 3).

The profile asks each opportunity for a homepage, a provider and a specification; each specification for a title, a
field of study, a language and a learning outcome. A course that lacks one of these is told without it. The context is
written out in the document: nobody has to fetch one to read it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from credentials.learning import vocabularies
from credentials.learning.course import AwardingBody, Course, LearningOutcome, Term, present
from credentials.learning.text import Text
from credentials.learning.vocabularies import countries, fields_of_study, languages
from issuer.catalogue.shelf import Offered

MEDIA_TYPE = "application/ld+json"
ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
LEGAL = {
    "eidas": "eidasLegalIdentifier",
    "vat": "vatIdentifier",
    "tax": "taxIdentifier",
    "registration": "registration",
}
Node = dict[str, Any]

_WORDS = {"@container": "@language"}
_TIME = {"@type": "xsd:dateTime"}
CONTEXT: Node = {
    "@version": 1.1,
    "elm": "http://data.europa.eu/snb/model/elm/",
    "dc": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rov": "http://www.w3.org/ns/regorg#",
    "adms": "http://www.w3.org/ns/adms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    "graph": "@graph",
    **{
        name: f"elm:{name}"
        for name in (
            "LearningOpportunity", "LearningAchievementSpecification", "Qualification", "LearningOutcome",
            "LearningAssessmentSpecification", "Organisation", "WebResource", "Note", "CreditPoint", "Address",
            "Identifier", "LegalIdentifier", "learningAchievementSpecification", "learningOutcome", "learningSetting",
            "learningSchedule", "learningOutcomeSummary", "entryRequirement", "additionalNote", "providedBy", "mode",
            "provenBy", "location", "address", "countryCode", "spatialCode", "creditPoint", "framework", "point",
            "ISCEDFCode", "EQFLevel", "NQFLevel", "educationLevel", "defaultLanguage", "relatedSkill",
            "relatedESCOSkill", "reusabilityLevel", "eidasLegalIdentifier", "vatIdentifier", "taxIdentifier",
            "isPartialQualification", "schemeName",
        )
    },
    "Concept": "skos:Concept",
    "Location": "dc:Location",
    "title": {"@id": "dc:title", **_WORDS},
    "description": {"@id": "dc:description", **_WORDS},
    "altLabel": {"@id": "skos:altLabel", **_WORDS},
    "prefLabel": {"@id": "skos:prefLabel", **_WORDS},
    "legalName": {"@id": "rov:legalName", **_WORDS},
    "noteLiteral": {"@id": "elm:noteLiteral", **_WORDS},
    "contentUrl": {"@id": "elm:contentUrl", "@type": "xsd:anyURI"},
    "volumeOfLearning": {"@id": "elm:volumeOfLearning", "@type": "xsd:duration"},
    "modified": {"@id": "dc:modified", **_TIME},
    "dcType": "dc:type",
    "language": "dc:language",
    "spatial": "dc:spatial",
    "homepage": "foaf:homepage",
    "identifier": "adms:identifier",
    "registration": "rov:registration",
    "notation": "skos:notation",
}  # fmt: skip


def document(offered: Iterable[Offered]) -> Node:
    """The learning opportunities as one JSON-LD document."""
    return {"@context": CONTEXT, "graph": [opportunity(each) for each in offered]}


def opportunity(offered: Offered) -> Node:
    """One course as a learning opportunity, with what is achieved by it."""
    course = offered.course
    pages = dict.fromkeys((offered.address, course.homepage or offered.address))
    return _node(
        "LearningOpportunity",
        id=offered.address,
        title=_text(course.title),
        description=_text(course.description),
        dcType=_codes([course.kind]),
        homepage=[_node("WebResource", contentUrl=address) for address in pages],
        mode=_codes(course.participation_modes),
        learningSchedule=next(iter(_codes([course.learning_schedule])), None),
        providedBy=[_body(body) for body in course.awarding_bodies or (offered.institution.body,)],
        learningAchievementSpecification=_specification(offered),
        defaultLanguage=_language(course.title.main),
        modified=_moment(offered.changed_at) if offered.changed_at else None,
    )


def _specification(offered: Offered) -> Node:
    """What is achieved, by the name that credentials give it; with EQF and national level a qualification."""
    course = offered.course
    qualified = course.eqf_level is not None and course.nqf_level is not None
    eqf = (
        _concept(vocabularies.eqf_uri(course.eqf_level), f"EQF level {course.eqf_level}") if course.eqf_level else None
    )
    levels: Node = {"educationLevel": [eqf] if eqf else None}
    if qualified and course.nqf_level is not None:
        levels = {"EQFLevel": eqf, "NQFLevel": [_term(course.nqf_level)], "isPartialQualification": _partial(course)}
    return _node(
        "Qualification" if qualified else "LearningAchievementSpecification",
        id=offered.version_address,
        title=_text(course.title),
        altLabel=_text(course.alternative_title),
        description=_text(course.description),
        homepage=[_node("WebResource", contentUrl=offered.version_address)],
        dcType=_codes([course.kind]),
        ISCEDFCode=[_concept(fields_of_study.uri(code), fields_of_study.label(code)) for code in course.isced_f],
        language=[_language(code) for code in course.languages],
        volumeOfLearning=_duration(course.workload_hours),
        creditPoint=[_credits(course.ects)] if course.ects is not None else None,
        mode=_codes(course.participation_modes),
        learningSetting=next(iter(_codes([course.learning_setting])), None),
        entryRequirement=_note(course.prerequisites),
        learningOutcomeSummary=_note(course.learning_outcome_summary),
        learningOutcome=[_outcome(outcome) for outcome in course.learning_outcomes],
        provenBy=[
            _node("LearningAssessmentSpecification", title={"en": kind.label}, dcType=_codes([kind]))
            for kind in course.assessment_types
        ],
        additionalNote=[_note(course.further_information)] if course.further_information else None,
        **levels,
    )


def _outcome(outcome: LearningOutcome) -> Node:
    return _node(
        "LearningOutcome",
        title=_text(outcome.text),
        dcType=next(iter(_codes([outcome.kind])), None),
        reusabilityLevel=next(iter(_codes([outcome.reuse])), None),
        relatedSkill=[_term(skill) for skill in outcome.skills],
        relatedESCOSkill=[_term(skill) for skill in outcome.esco_skills],
    )


def _body(body: AwardingBody) -> Node:
    country = _country(body.country)
    legal = {
        LEGAL[each.scheme]: _node("LegalIdentifier", notation=each.value, spatial=country)
        for each in body.identifiers
        if each.scheme in LEGAL and country
    }
    others = [
        _node("Identifier", notation=each.value, schemeName=each.scheme)
        for each in body.identifiers
        if each.scheme not in LEGAL
    ]
    where = _node("Location", address=[_node("Address", countryCode=country)], spatialCode=_terms(body.regions))
    return _node(
        "Organisation",
        id=body.id,
        legalName=_text(body.name),
        altLabel=_text(body.alternative_name),
        homepage=[_node("WebResource", contentUrl=body.homepage)] if body.homepage else None,
        location=[where],
        identifier=others,
        **legal,
    )


def _partial(course: Course) -> bool | None:
    return None if course.stackability is None else course.stackability.type is vocabularies.Stackability.STACKABLE


def _node(kind: str, **members: Any) -> Node:
    return present({"type": kind, **members})


def _concept(uri: str | None, label: str | None) -> Node:
    return _node("Concept", id=uri, prefLabel={"en": label} if label else None)


def _term(term: Term) -> Node:
    return _concept(term.uri, term.label)


def _terms(terms: Iterable[Term]) -> list[Node]:
    return [_term(term) for term in terms]


def _codes(codes: Iterable[vocabularies.Code | None]) -> list[Node]:
    return [_concept(code.uri, code.label) for code in codes if code is not None]


def _country(alpha2: str | None) -> Node | None:
    country = countries.find(alpha2) if alpha2 else None
    return _concept(country.uri, country.label) if country else None


def _language(tag: str) -> Node | None:
    language = languages.find(tag)
    return _concept(language.uri, language.label) if language else None


def _credits(ects: Decimal) -> Node:
    return _node(
        "CreditPoint", framework=_concept(ECTS, "European Credit Transfer System"), point=f"{ects.normalize():f}"
    )


def _note(words: Text | None) -> Node | None:
    return _node("Note", noteLiteral=_text(words)) if words else None


def _text(words: Text | None) -> dict[str, str] | None:
    return words.to_json() if words else None


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat().replace("+00:00", "Z")


def _duration(hours: Decimal | None) -> str | None:
    if hours is None:
        return None
    minutes = int((hours * 60).to_integral_value())
    whole, rest = divmod(minutes, 60)
    return f"PT{whole}H" + (f"{rest}M" if rest else "")
