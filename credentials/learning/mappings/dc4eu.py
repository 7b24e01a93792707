"""The DC4EU micro-credential, `urn:eudi:micro_credential:1`: an SD-JWT VC with the nested names of Open Badges 3.0.

Claims are those of `vctm_microcredential.json` in dc4eu/vc at 2d44a57, with words of SURF's EducredentialAchievement.
The type hides nothing, so the learner is told by the holder's key and not by name. Two paths of that document name no
claim that is issued: it writes `result[0]` for the first item of `result`, and `addressCountryCodename`. Its publisher
is the one to publish its metadata.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from credentials import content_digest
from credentials.claims_path import ClaimsPath
from credentials.content_digest import ContentDigest
from credentials.learning import view, vocabularies
from credentials.learning.award import Award
from credentials.learning.course import AwardingBody, GradingScheme, QualityAssurance, number, present
from credentials.learning.findings import Finding
from credentials.learning.mappings import dc4eu_reading, dc4eu_words, narrative, wording
from credentials.learning.micro_credential import Course, LearningOutcome, MicroCredential
from credentials.learning.text import MAIN
from credentials.learning.view import View
from credentials.learning.vocabularies import fields_of_study
from keys import strict_json

VCT = "urn:eudi:micro_credential:1"
RESULT_ID = "urn:result:1"
WORD = re.compile(r"[A-Za-z0-9._-]+")
"""What may follow `ext:` in the type of an identifier (OB 3.0, IdentifierTypeEnum)."""

NOTHING_HIDDEN = "the type hides nothing, so the holder's key stands for the learner"
NO_CLAIM = "the type has no claim for it"
ONE_LANGUAGE = "a text has one language"
LOST: Mapping[str, str] = {
    "/award/learner/given_name": NOTHING_HIDDEN,
    "/award/learner/family_name": NOTHING_HIDDEN,
    "/award/learner/birth_date": NOTHING_HIDDEN,
    "/award/learner/learner_id": NOTHING_HIDDEN,
    "/award/learner/learner_id_scheme": NOTHING_HIDDEN,
    "/award/learner/learner_id_country": NOTHING_HIDDEN,
    "/award/learner/email": "an address is for delivery, not for an employer",
    "/award/certificate_number": NOTHING_HIDDEN,
    "/award/learning_period": NOTHING_HIDDEN,
    "/course/title/#": ONE_LANGUAGE,
    "/course/alternative_title": NO_CLAIM,
    "/course/description/#": ONE_LANGUAGE,
    "/course/awarding_bodies/*/name/#": ONE_LANGUAGE,
    "/course/awarding_bodies/*/alternative_name": NO_CLAIM,
    "/course/awarding_bodies/*/regions": "an address names one region, in words",
    "/course/awarding_bodies/*/identifiers": "the name of a scheme is one word",
    "/course/awarding_bodies/+": "one profile issues",
    "/course/learning_outcomes/*/text/#": ONE_LANGUAGE,
    "/course/learning_outcomes/*/esco_skills": "they are listed, but not which outcome each belongs to",
    "/course/learning_outcomes/*/skills": "an outcome is its words",
    "/course/learning_outcomes/*/reuse": "an outcome is its words",
    "/course/learning_outcomes/*/kind": "an outcome is its words",
    "/course/learning_outcome_summary/#": ONE_LANGUAGE,
    "/course/qf_ehea_cycle": "the level is that of the EQF",
    "/course/nqf_level": "the level is that of the EQF",
    "/course/assessment_types": "of four words only “portfolio” is one of our types",
    "/course/assessment_description": NO_CLAIM,
    "/course/assessment_modes": NO_CLAIM,
    "/course/participation_modes": "one of five words; “onsite or blended” is two of our modes",
    "/course/learning_setting": NO_CLAIM,
    "/course/learning_schedule": NO_CLAIM,
    "/course/quality_assurance/description/#": ONE_LANGUAGE,
    "/course/quality_assurance/agency": "an alignment names what assures, not who",
    "/course/quality_assurance/agency_id": "an alignment names what assures, not who",
    "/course/quality_assurance/valid_from": "an alignment has no dates",
    "/course/quality_assurance/valid_to": "an alignment has no dates",
    "/course/prerequisites": NO_CLAIM,
    "/course/supervision": "there is no word for an unsupervised assessment with identity verification",
    "/course/identity_verified": "it is read from the supervision",
    "/course/grading_scheme/title/#": ONE_LANGUAGE,
    "/course/grading_scheme/description": NO_CLAIM,
    "/course/stackability": NO_CLAIM,
    "/course/further_information": NO_CLAIM,
    "/course/isced_f/+": "one field of study",
    "/course/languages/+": "one language",
    "/course/kind": NO_CLAIM,
}
"""What a reader of the claims does not get back, and why."""


def to_claims(record: MicroCredential, *, proof_of_content: ContentDigest | None = None) -> dict[str, Any]:
    """The claims of `record`, without those of the token itself (iss, vct, iat, exp, cnf, status)."""
    course, award = record.course, record.award
    locale = course.title.main
    spoken = course.languages[0] if course.languages else MAIN
    subject = _node("AchievementSubject", achievement=_achievement(course, locale), result=_result(course, award))
    claims = {
        "issuer": _profile(course.awarding_bodies[0], locale) if course.awarding_bodies else None,
        "validFrom": f"{award.award_date.isoformat()}T00:00:00Z",
        "validUntil": strict_json.timestamp(award.expires) if award.expires else None,
        "credentialSubject": subject,
        **wording.locale_claim(locale, assumed=spoken),
        **(proof_of_content.to_claims() if proof_of_content else {}),
    }
    return present(claims)


def disclosable(claims: Mapping[str, Any]) -> tuple[ClaimsPath, ...]:
    """The paths in `claims` that are to be selectively disclosable: of the type none, but the proof of content is."""
    return tuple((name,) for name in content_digest.CLAIMS if name in claims)


def read(claims: Mapping[str, Any]) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential that `claims` describe, complete or not, and what was odd; None without title or date."""
    return dc4eu_reading.read(claims)


def from_claims(claims: Mapping[str, Any], *, disclosable: Collection[ClaimsPath] = ()) -> View:
    """What a reader of `claims` sees. Nothing of the type is `disclosable`, so nothing in it can be withheld."""
    del disclosable
    record, found = read(claims)
    if record is None:
        return view.unread(findings=found)
    seen = view.of_record(record, findings=found)
    return dc4eu_reading.with_words(seen, claims)


def _achievement(course: Course, locale: str) -> dict[str, Any]:
    outcomes = [outcome.text.best(locale) for outcome in course.learning_outcomes]
    told = narrative.write(wording.said(course.learning_outcome_summary, locale), outcomes)
    return present(
        {
            "id": course.catalogue_uri,
            "type": ["Achievement", "EducredentialAchievement"],
            "achievementType": "MicroCredential",
            "name": course.title.best(locale),
            "description": wording.said(course.description, locale),
            "criteria": present({"id": course.homepage, "narrative": told}),
            "inLanguage": next(iter(course.languages), None),
            "fieldOfStudy": next((_field(code) for code in course.isced_f), None),
            "ECTS": number(course.ects),
            "timeInvestment": number(course.workload_hours),
            "participationType": dc4eu_words.participation(course.participation_modes),
            "assessmentType": dc4eu_words.assessment(course.assessment_types),
            "supervisionType": dc4eu_words.supervision(course.supervision, modes=course.assessment_modes),
            "identityChecked": course.identity_verified,
            "alignment": _alignments(course, locale),
            "resultDescription": _scheme(course.grading_scheme, locale),
        }
    )


def _alignments(course: Course, locale: str) -> list[dict[str, Any]]:
    level = [_level(course.eqf_level)] if course.eqf_level else []
    quality = _quality(course.quality_assurance, locale) if course.quality_assurance else []
    return [*quality, *level, *_skills(course.learning_outcomes)]


def _level(level: int) -> dict[str, Any]:
    return _node(
        "Alignment",
        targetType=dc4eu_words.ALIGNED_LEVEL,
        targetName=f"EQF level {level}",
        targetCode=str(level),
        targetUrl=vocabularies.eqf_uri(level),
    )


def _quality(quality: QualityAssurance, locale: str) -> list[dict[str, Any]]:
    said = present({"targetDescription": wording.said(quality.description, locale), "targetUrl": quality.report_uri})
    if not said and quality.type is None:
        return []
    name = quality.type.label if quality.type else dc4eu_words.QUALITY
    return [_node("Alignment", targetType=dc4eu_words.ALIGNED_QUALITY, targetName=name, **said)]


def _skills(outcomes: Iterable[LearningOutcome]) -> list[dict[str, Any]]:
    skills = dict.fromkeys(skill for outcome in outcomes for skill in outcome.esco_skills)
    return [
        _node(
            "Alignment",
            targetType=dc4eu_words.ALIGNED_SKILL,
            targetName=skill.label or skill.uri,
            targetUrl=skill.uri,
            targetFramework="ESCO",
        )
        for skill in skills
    ]


def _scheme(scheme: GradingScheme | None, locale: str) -> list[dict[str, Any]]:
    if scheme is None:
        return []
    said = present(
        {
            "valueMin": _written(scheme.lowest),
            "valueMax": _written(scheme.highest),
            "requiredValue": _written(scheme.passing),
        }
    )
    name = wording.said(scheme.title, locale)
    if not said and name is None:
        return []
    named = name or dc4eu_words.RESULT
    return [_node("ResultDescription", id=RESULT_ID, name=named, resultType="Result", **said)]


def _result(course: Course, award: Award) -> list[dict[str, Any]]:
    if award.grade is None:
        return []
    described = RESULT_ID if _scheme(course.grading_scheme, MAIN) else None
    return [_node("Result", value=award.grade, resultDescription=described)]


def _profile(body: AwardingBody, locale: str) -> dict[str, Any]:
    region = next((region.label for region in body.regions if region.label), None)
    address = present({"addressCountryCode": body.country, "addressRegion": region})
    return _node(
        "Profile",
        id=body.id,
        name=body.name.best(locale),
        url=body.homepage,
        address=_node("Address", **address) if address else None,
        otherIdentifier=[
            {
                "type": "IdentifierEntry",
                "identifier": held.value,
                "identifierType": dc4eu_words.IDENTIFIER + held.scheme,
            }
            for held in body.identifiers
            if WORD.fullmatch(held.scheme)
        ],
    )


def _field(code: str) -> str:
    return f"{fields_of_study.label(code)} (ISCED-F {code})"


def _written(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _node(kind: str, **members: Any) -> dict[str, Any]:
    return present({"type": [kind], **members})
