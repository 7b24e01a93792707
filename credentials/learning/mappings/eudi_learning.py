"""The EUDI Learning Credential, `urn:eu.europa.ec.eudi:learning:credential:1`: a flat SD-JWT VC of one language.

Claims, presence and disclosure are those of the type metadata in eudi-srv-pid-issuer at 7c8ac09 (its issue 452). The
type also wants `jti` (new for each copy) and `exp` of the token. Its publisher is the one to publish its metadata.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from credentials import content_digest
from credentials.claims_path import ClaimsPath
from credentials.content_digest import ContentDigest
from credentials.learning import findings, micro_credential
from credentials.learning.course import QualityAssurance, present
from credentials.learning.findings import Finding
from credentials.learning.mappings import claim, wording
from credentials.learning.mappings.claim import Claim, Disclosure
from credentials.learning.micro_credential import Course, MicroCredential
from credentials.learning.view import View
from credentials.learning.vocabularies import AccreditationType, Stackability

VCT = "urn:eu.europa.ec.eudi:learning:credential:1"

CLAIMS: Mapping[str, Claim] = {
    "issuing_authority": Claim("M4"),
    "issuing_country": Claim("M3"),
    "date_of_issuance": Claim("M5"),
    "date_of_expiry": Claim("M5", core=False),
    "family_name": Claim("M1", Disclosure.ALWAYS),
    "given_name": Claim("M1", Disclosure.ALWAYS),
    "achievement_title": Claim("M2"),
    "achievement_description": Claim("+"),
    "learning_outcomes": Claim("M6", Disclosure.ALWAYS),
    "assessment_grade": Claim("O3", Disclosure.ALWAYS),
    "language_of_classes": Claim("+"),
    "learner_identification": Claim("M1", Disclosure.ALWAYS),
    "expected_study_time": Claim("M7", Disclosure.ALWAYS),
    "level_of_learning_experience": Claim("M8", Disclosure.ALWAYS),
    "types_of_quality_assurance": Claim("M11", Disclosure.ALWAYS),
    "prerequisites_to_enroll": Claim("O1", Disclosure.ALWAYS),
    "integration_stackability_options": Claim("O4", Disclosure.ALWAYS),
    wording.LOCALE: Claim("+"),
    content_digest.DIGEST: Claim("+", Disclosure.ALWAYS),
    content_digest.SALT: Claim("+", Disclosure.ALWAYS),
}
"""The claims of the type, and three of ours, which it allows: the language of texts that are not English, the proof."""

MANDATORY = (
    "issuing_authority",
    "issuing_country",
    "date_of_issuance",
    "family_name",
    "achievement_title",
    "language_of_classes",
    "learner_identification",
    "expected_study_time",
    "level_of_learning_experience",
    "types_of_quality_assurance",
)
"""The claims without which a credential is not of this type."""

NO_CLAIM = "the type has no claim for it"
ONE_LANGUAGE = "a text has one language"
LOST: Mapping[str, str] = {
    "/award/learner/email": "an address is for delivery, not for an employer",
    "/award/learner/birth_date": NO_CLAIM,
    "/award/learner/learner_id_scheme": "the number is told, not whose it is",
    "/award/learner/learner_id_country": "the number is told, not whose it is",
    "/award/certificate_number": NO_CLAIM,
    "/award/learning_period": NO_CLAIM,
    "/course/title/#": ONE_LANGUAGE,
    "/course/alternative_title": NO_CLAIM,
    "/course/description/#": ONE_LANGUAGE,
    "/course/awarding_bodies/*/name/#": ONE_LANGUAGE,
    "/course/awarding_bodies/*/alternative_name": NO_CLAIM,
    "/course/awarding_bodies/*/id": NO_CLAIM,
    "/course/awarding_bodies/*/regions": NO_CLAIM,
    "/course/awarding_bodies/*/identifiers": NO_CLAIM,
    "/course/awarding_bodies/*/homepage": NO_CLAIM,
    "/course/awarding_bodies/+": "one authority issues",
    "/course/learning_outcomes/*/text/#": ONE_LANGUAGE,
    "/course/learning_outcomes/*/esco_skills": "an outcome is its words",
    "/course/learning_outcomes/*/skills": "an outcome is its words",
    "/course/learning_outcomes/*/reuse": "an outcome is its words",
    "/course/learning_outcomes/*/kind": "an outcome is its words",
    "/course/learning_outcome_summary": NO_CLAIM,
    "/course/qf_ehea_cycle": "the level is that of the EQF",
    "/course/nqf_level": "the level is that of the EQF",
    "/course/assessment_types": NO_CLAIM,
    "/course/assessment_description": NO_CLAIM,
    "/course/assessment_modes": NO_CLAIM,
    "/course/participation_modes": NO_CLAIM,
    "/course/learning_setting": NO_CLAIM,
    "/course/learning_schedule": NO_CLAIM,
    "/course/quality_assurance/description/#": ONE_LANGUAGE,
    "/course/quality_assurance/agency": "quality assurance is its types, in words",
    "/course/quality_assurance/agency_id": "quality assurance is its types, in words",
    "/course/quality_assurance/report_uri": "quality assurance is its types, in words",
    "/course/quality_assurance/valid_from": "quality assurance is its types, in words",
    "/course/quality_assurance/valid_to": "quality assurance is its types, in words",
    "/course/prerequisites/#": ONE_LANGUAGE,
    "/course/supervision": NO_CLAIM,
    "/course/identity_verified": NO_CLAIM,
    "/course/grading_scheme": NO_CLAIM,
    "/course/stackability/part_of": "stackability is yes or no",
    "/course/stackability/description": "stackability is yes or no",
    "/course/further_information": NO_CLAIM,
    "/course/homepage": NO_CLAIM,
    "/course/catalogue_uri": NO_CLAIM,
    "/course/isced_f": NO_CLAIM,
    "/course/kind": NO_CLAIM,
}
"""What a reader of the claims does not get back, and why."""

ALIASES: Mapping[str, str] = {"jp": "ja"}
"""Codes of languages that the reference issuer writes and ISO 639 does not have."""

CREDITS = re.compile(r"(\d+(?:[.,]\d+)?) ?ECTS", re.IGNORECASE)
HOURS = re.compile(r"(\d+(?:[.,]\d+)?) ?h(?:ours?)?\b", re.IGNORECASE)


def to_claims(record: MicroCredential, *, proof_of_content: ContentDigest | None = None) -> dict[str, Any]:
    """The claims of `record`, without those of the token itself (iss, vct, jti, iat, exp, cnf, status)."""
    course, award = record.course, record.award
    locale = course.title.main
    stacking = course.stackability
    claims = {
        **_authority(course, locale),
        "date_of_issuance": award.award_date.isoformat(),
        "date_of_expiry": award.valid_until.isoformat() if award.valid_until else None,
        "family_name": award.learner.family_name,
        "given_name": award.learner.given_name,
        "achievement_title": course.title.best(locale),
        "achievement_description": wording.said(course.description, locale),
        "learning_outcomes": [outcome.text.best(locale) for outcome in course.learning_outcomes],
        "assessment_grade": award.grade,
        "language_of_classes": list(course.languages),
        "learner_identification": award.learner.learner_id,
        "expected_study_time": _study_time(course),
        "level_of_learning_experience": course.eqf_level,
        "types_of_quality_assurance": _quality(course.quality_assurance, locale),
        "prerequisites_to_enroll": [course.prerequisites.best(locale)] if course.prerequisites else [],
        "integration_stackability_options": stacking.type is Stackability.STACKABLE if stacking else None,
        **wording.locale_claim(locale),
        **(proof_of_content.to_claims() if proof_of_content else {}),
    }
    return present(claims)


def disclosable(claims: Mapping[str, Any]) -> tuple[ClaimsPath, ...]:
    """The paths in `claims` that are to be selectively disclosable."""
    return claim.disclosable(claims, rules=CLAIMS)


def lacking(record: MicroCredential) -> tuple[str, ...]:
    """The claims that the type makes mandatory and `record` cannot fill: then it is not to be issued in this format."""
    claims = to_claims(record)
    ends = () if record.award.valid_until else ("exp",)
    return (*(name for name in MANDATORY if name not in claims), *ends)


def read(claims: Mapping[str, Any]) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential that `claims` describe, complete or not, and what was odd; None without title or date."""
    locale = wording.locale_of(claims)
    notes: list[Finding] = []
    course = {
        "title": wording.text(claims.get("achievement_title"), locale),
        "description": wording.text(claims.get("achievement_description"), locale),
        "awarding_bodies": _body(claims, locale),
        "learning_outcomes": [{"text": {locale: words}} for words in wording.strings(claims.get("learning_outcomes"))],
        "languages": [ALIASES.get(code, code) for code in wording.strings(claims.get("language_of_classes"))],
        "eqf_level": claims.get("level_of_learning_experience"),
        "quality_assurance": _assured(wording.strings(claims.get("types_of_quality_assurance")), locale),
        "prerequisites": wording.text("\n".join(wording.strings(claims.get("prerequisites_to_enroll"))), locale),
        "stackability": _stacking(claims.get("integration_stackability_options")),
        **_workload(claims.get("expected_study_time"), notes),
    }
    award = {
        "learner": {
            "family_name": claims.get("family_name"),
            "given_name": claims.get("given_name"),
            "learner_id": claims.get("learner_identification"),
        },
        "award_date": claims.get("date_of_issuance"),
        "valid_until": claims.get("date_of_expiry"),
        "grade": claims.get("assessment_grade"),
    }
    record, found = micro_credential.read({"course": present(course), "award": present(award)})
    return record, (*notes, *found)


def from_claims(claims: Mapping[str, Any], *, disclosable: Collection[ClaimsPath] = ()) -> View:
    """What a reader of `claims` sees; what the type makes mandatory and is not shown has been withheld."""
    record, found = read(claims)
    promised = {CLAIMS[name].element for name in MANDATORY if CLAIMS[name].sd is Disclosure.ALWAYS}
    hidden = promised | claim.hidden_elements(disclosable, rules=CLAIMS)
    return View(record=record, elements=claim.elements(claims, rules=CLAIMS, hidden=hidden), findings=found)


def _authority(course: Course, locale: str) -> dict[str, Any]:
    if not course.awarding_bodies:
        return {}
    first = course.awarding_bodies[0]
    return {"issuing_authority": first.name.best(locale), "issuing_country": first.country}


def _study_time(course: Course) -> str:
    ects = f"{course.ects.normalize():f} ECTS" if course.ects is not None else ""
    hours = f"{course.workload_hours.normalize():f} hours" if course.workload_hours is not None else ""
    return ", ".join(part for part in (ects, hours) if part)


def _quality(quality: QualityAssurance | None, locale: str) -> list[str]:
    if quality is None:
        return []
    kind = [quality.type.label] if quality.type else []
    return kind + ([quality.description.best(locale)] if quality.description else [])


def _body(claims: Mapping[str, Any], locale: str) -> list[dict[str, Any]]:
    name = wording.text(claims.get("issuing_authority"), locale)
    return [present({"name": name, "country": claims.get("issuing_country")})] if name else []


def _assured(said: list[str], locale: str) -> dict[str, Any]:
    """The first type that is on the European list, and the words of all others."""
    kinds = [AccreditationType.recognise(words) for words in said]
    first = next((kind for kind in kinds if kind is not None), None)
    others = [words for words, kind in zip(said, kinds, strict=True) if kind is None or kind is not first]
    return present({"type": first, "description": wording.text("\n".join(others), locale)})


def _stacking(said: object) -> dict[str, Any] | None:
    if not isinstance(said, bool):
        return None
    return {"type": (Stackability.STACKABLE if said else Stackability.STANDALONE).value}


def _workload(said: object, notes: list[Finding]) -> dict[str, Any]:
    """Credits and hours, where the study time names them; the type wants words and any words will do."""
    words = said if isinstance(said, str) else ""
    ects, hours = CREDITS.search(words), HOURS.search(words)
    if said is not None and not ects and not hours:
        message = "The study time names neither ECTS credits nor hours, so no workload was read from it."
        notes.append(findings.warning("not_a_workload", element="M7", path="/expected_study_time", message=message))
    return {"ects": ects and ects[1], "workload_hours": hours and hours[1]}
