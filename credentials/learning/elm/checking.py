"""What a European Digital Credential lacks: the required properties and code lists of the application profile EDC 1.2.

This is content, and apart from the seal: a document may be sealed rightly and lack something, as real ones do.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from credentials.learning.elm import framing
from credentials.learning.elm.naming import scheme
from credentials.learning.elm.nodes import Node, has_type, many
from credentials.learning.findings import BEYOND, Finding, pointer, warning

_CLAIM = ("title", "awardedBy")
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "EuropeanDigitalCredential": (
        "credentialProfiles",
        "displayParameter",
        "issuer",
        "credentialSubject",
        "issued",
        "validFrom",
        "credentialSchema",
    ),
    "DisplayParameter": ("title", "primaryLanguage", "language", "individualDisplay"),
    "IndividualDisplay": ("language", "displayDetail"),
    "DisplayDetail": ("image", "page"),
    "MediaObject": ("content", "contentType", "contentEncoding"),
    "Person": ("hasClaim",),
    "Organisation": ("legalName", "location"),
    "Location": ("address",),
    "Address": ("countryCode",),
    "Identifier": ("notation",),
    "LegalIdentifier": ("notation", "spatial"),
    "LearningAchievement": _CLAIM,
    "LearningActivity": _CLAIM,
    "LearningAssessment": (*_CLAIM, "grade"),
    "LearningEntitlement": _CLAIM,
    "AwardingProcess": ("awardingBody",),
    "Qualification": ("title",),
    "LearningAchievementSpecification": ("title",),
    "LearningActivitySpecification": ("title",),
    "LearningAssessmentSpecification": ("title",),
    "LearningEntitlementSpecification": ("title", "dcType", "entitlementStatus"),
    "LearningOpportunity": ("title", "providedBy"),
    "LearningOutcome": ("title",),
    "GradingScheme": ("title",),
    "Accreditation": ("title", "dcType", "accreditingAgent"),
    "CreditPoint": ("framework", "point"),
    "Note": ("noteLiteral",),
    "WebResource": ("contentURL",),
    "Evidence": ("dcType",),
    "Group": ("prefLabel",),
    "Grant": ("title",),
    "ResultCategory": ("label", "count"),
    "ShortenedGrading": ("percentageLower", "percentageEqual", "percentageHigher"),
}
"""The properties that a node of a type has at least once."""

LISTS: Mapping[str, str] = {
    "eqfLevel": "http://data.europa.eu/snb/eqf/25831c2",
    "nqfLevel": "http://data.europa.eu/snb/qdr/25831c2",
    "learningSetting": "http://data.europa.eu/snb/learning-setting/25831c2",
    "reusabilityLevel": "http://data.europa.eu/snb/skill-reuse-level/25831c2",
    "relatedESCOSkill": "http://data.europa.eu/esco/concept-scheme/skills",
    "credentialProfiles": "http://data.europa.eu/snb/credential/25831c2",
    "countryCode": "http://publications.europa.eu/resource/authority/country",
    "primaryLanguage": "http://publications.europa.eu/resource/authority/language",
}
"""The code lists that properties take their values from, whatever the node."""

ELEMENTS: Mapping[str, str] = {
    "Person": "M1",
    "LearningAchievement": "M2",
    "Address": "M3",
    "Organisation": "M4",
    "LearningOutcome": "M6",
    "CreditPoint": "M7",
    "LearningAssessment": "O3",
    "Accreditation": "M11",
}
"""The element of Annex I that a node tells of."""

MOST = 100
DEEPEST = 40


def check(document: object) -> tuple[Finding, ...]:
    """What the profile misses in `document`, each thing once at its place; at most a hundred. Never raises."""
    credential = framing.framed(document)
    if not has_type(credential, "EuropeanDigitalCredential"):
        message = "The document is no European Digital Credential."
        return (warning("edc_type", element=BEYOND, path="/type", message=message),)
    return tuple(islice(_lacking(credential, at="", depth=0), MOST))


def _lacking(node: Node, *, at: str, depth: int) -> Iterator[Finding]:
    yield from _missing(node, at=at)
    for name, value in node.items():
        if name == "@context":
            continue
        path = pointer(at, step=name)
        for place, item in enumerate(many(value)):
            if isinstance(item, Mapping):
                here = pointer(path, step=place) if isinstance(value, list) else path
                yield from _unlisted(item, name=name, at=here)
                if depth < DEEPEST:
                    yield from _lacking(item, at=here, depth=depth + 1)


def _missing(node: Node, *, at: str) -> Iterator[Finding]:
    kinds = [kind for kind in REQUIRED if has_type(node, kind)]
    wanted = [(kind, name) for kind in kinds for name in REQUIRED[kind]]
    if at == "/issuer":
        wanted.append(("issuer", "eIDASIdentifier"))
    for kind, name in wanted:
        if not many(node, name):
            element = ELEMENTS.get(kind, BEYOND)
            message = f"The profile EDC asks for {name} of every {kind}."
            yield warning("edc_missing", element=element, path=pointer(at, step=name), message=message)


def _unlisted(node: Node, *, name: str, at: str) -> Iterator[Finding]:
    wanted = LISTS.get(name)
    if wanted is None:
        return
    said = many(node, "inScheme")
    schemes = [held.get("id") if isinstance(held, Mapping) else held for held in said] or [scheme(str(node.get("id")))]
    if wanted not in schemes:
        message = f"The profile EDC takes {name} from the list {wanted}."
        yield warning("edc_list", element=BEYOND, path=at, message=message)
