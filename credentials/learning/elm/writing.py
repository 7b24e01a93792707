"""Our record as an ELM Person with one LearningAchievement: the elements of Annex I, not yet all that EDC wants.

The nodes follow ELM 3.2 (application profile EDC 1.2); texts are {language: [words]}, credit points are strings.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from credentials.learning import vocabularies
from credentials.learning.award import Award
from credentials.learning.course import AwardingBody, Course, LearningOutcome, QualityAssurance, Term, present
from credentials.learning.elm.organisation import LEGAL
from credentials.learning.elm.person import NATIONAL
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.text import Text
from credentials.learning.vocabularies import countries, fields_of_study, languages

ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"

LOST: Mapping[str, str] = {
    "/award/learner/email": "an address is for delivery, not for an employer",
    "/award/learner/learner_id_country": "only a national id has a country",
    "/course/qf_ehea_cycle": "ELM has the EQF level only",
    "/course/grading_scheme/lowest": "an ELM grading scheme is words",
    "/course/grading_scheme/highest": "an ELM grading scheme is words",
    "/course/grading_scheme/passing": "an ELM grading scheme is words",
    "/course/stackability/description": "ELM has the wholes it is part of, not words",
}
"""What a reader of the ELM form does not get back, and why."""


def subject(record: MicroCredential, *, holder_id: str | None = None) -> dict[str, Any]:
    """The credentialSubject that says what `record` says; `holder_id` is the DID of the holder's key."""
    learner = record.award.learner
    identifier = _node("LegalIdentifier" if learner.learner_id_scheme == NATIONAL else "Identifier")
    identifier |= {"notation": learner.learner_id}
    if learner.learner_id_scheme == NATIONAL:
        identifier |= {"spatial": _country(learner.learner_id_country)}
    elif learner.learner_id_scheme:
        identifier |= {"schemeName": _words(learner.learner_id_scheme)}
    kind = "nationalID" if learner.learner_id_scheme == NATIONAL else "identifier"
    return _node(
        "Person",
        id=holder_id,
        givenName=_words(learner.given_name),
        familyName=_words(learner.family_name),
        fullName=_words(learner.name),
        dateOfBirth=_moment(learner.birth_date),
        **({kind: [present(identifier)]} if learner.learner_id else {}),
        hasClaim=[_achievement(record)],
    )


def _achievement(record: MicroCredential) -> dict[str, Any]:
    course, award = record.course, record.award
    period = award.learning_period
    learned = _node("PeriodOfTime", startDate=_moment(period.start), endDate=_moment(period.end)) if period else None
    return _node(
        "LearningAchievement",
        title=_text(course.title),
        description=_text(course.description),
        awardedBy=_node(
            "AwardingProcess",
            awardingBody=[_body(body) for body in course.awarding_bodies],
            awardingDate=_moment(award.award_date),
        ),
        influencedBy=[_node("LearningActivity", temporal=[learned])] if learned else None,
        provenBy=_assessment(course, award),
        specifiedBy=_specification(course),
    )


def _specification(course: Course) -> dict[str, Any]:
    stacking = course.stackability
    return _node(
        "Qualification",
        id=course.catalogue_uri,
        title=_text(course.alternative_title or course.title),
        dcType=_codes([course.kind]),
        eqfLevel=_concept(vocabularies.eqf_uri(course.eqf_level)) if course.eqf_level else None,
        nqfLevel=[_term(course.nqf_level)] if course.nqf_level else None,
        creditPoint=[_credits(course.ects)] if course.ects is not None else None,
        volumeOfLearning=_duration(course.workload_hours),
        thematicArea=[_concept(fields_of_study.uri(code), fields_of_study.label(code)) for code in course.isced_f],
        learningSetting=next(iter(_codes([course.learning_setting])), None),
        learningSchedule=next(iter(_codes([course.learning_schedule])), None),
        mode=_codes(course.participation_modes),
        language=[_language(code) for code in course.languages],
        learningOutcome=[_outcome(outcome) for outcome in course.learning_outcomes],
        learningOutcomeSummary=_note(course.learning_outcome_summary),
        entryRequirement=_note(course.prerequisites),
        accreditation=[_quality(course.quality_assurance)] if course.quality_assurance else None,
        isPartialQualification=stacking.type is vocabularies.Stackability.STACKABLE if stacking else None,
        isPartOf=[_whole(whole) for whole in stacking.part_of] if stacking else None,
        additionalNote=[_note(course.further_information)] if course.further_information else None,
        homepage=[_resource(course.homepage)] if course.homepage else None,
    )


def _assessment(course: Course, award: Award) -> list[dict[str, Any]]:
    kinds = _codes(course.assessment_types)
    scheme = course.grading_scheme
    first = _node(
        "LearningAssessmentSpecification",
        title=_text(course.assessment_description),
        dcType=kinds[0] if kinds else None,
        mode=_codes(course.assessment_modes),
        gradingScheme=_node("GradingScheme", title=_text(scheme.title), description=_text(scheme.description))
        if scheme
        else None,
    )
    others = [_node("LearningAssessmentSpecification", dcType=kind) for kind in kinds[1:]]
    proof = _node(
        "LearningAssessment",
        grade=_node("Note", noteLiteral=_words(award.grade)) if award.grade else None,
        idVerification=next(iter(_codes([course.supervision])), None),
        specifiedBy=[first, *others],
    )
    return [proof]


def _body(body: AwardingBody) -> dict[str, Any]:
    legal = {scheme: name for name, scheme in LEGAL.items()}
    identifiers = {legal[held.scheme]: held.value for held in body.identifiers if held.scheme in legal}
    where = _node("Address", countryCode=_country(body.country))
    return _node(
        "Organisation",
        id=body.id,
        legalName=_text(body.name),
        altLabel=_text(body.alternative_name),
        location=[_node("Location", address=[where], spatialCode=[_term(region) for region in body.regions])],
        homepage=[_resource(body.homepage)] if body.homepage else None,
        identifier=[
            _node("Identifier", notation=held.value, schemeName=_words(held.scheme))
            for held in body.identifiers
            if held.scheme not in legal
        ],
        **{
            name: _node("LegalIdentifier", notation=value, spatial=_country(body.country))
            for name, value in identifiers.items()
        },
    )


def _quality(quality: QualityAssurance) -> dict[str, Any]:
    agency = _node("Organisation", id=quality.agency_id, legalName=_words(quality.agency))
    return _node(
        "Accreditation",
        id=quality.report_uri,
        title=_text(quality.description),
        dcType=next(iter(_codes([quality.type])), None),
        accreditingAgent=agency if quality.agency or quality.agency_id else None,
        dateIssued=_moment(quality.valid_from),
        expiryDate=_moment(quality.valid_to),
    )


def _outcome(outcome: LearningOutcome) -> dict[str, Any]:
    return _node(
        "LearningOutcome",
        title=_text(outcome.text),
        relatedESCOSkill=[_term(skill) for skill in outcome.esco_skills],
        relatedSkill=[_term(skill) for skill in outcome.skills],
        reusabilityLevel=next(iter(_codes([outcome.reuse])), None),
        dcType=next(iter(_codes([outcome.kind])), None),
    )


def _node(kind: str, **members: Any) -> dict[str, Any]:
    return present({"type": kind, **members})


def _concept(uri: str | None, label: str | None = None) -> dict[str, Any]:
    return _node("Concept", id=uri, prefLabel=_words(label))


def _term(term: Term) -> dict[str, Any]:
    return _concept(term.uri, term.label)


def _codes(codes: Iterable[vocabularies.Code | None]) -> list[dict[str, Any]]:
    return [_concept(code.uri, code.label) for code in codes if code is not None]


def _country(alpha2: str | None) -> dict[str, Any] | None:
    country = countries.find(alpha2) if alpha2 else None
    return _concept(country.uri, country.label) if country else None


def _language(code: str) -> dict[str, Any]:
    language = languages.LANGUAGES[code]
    return _concept(language.uri, language.label)


def _whole(whole: Term) -> dict[str, Any]:
    return _node("Qualification", id=whole.uri, title=_words(whole.label))


def _credits(ects: Decimal) -> dict[str, Any]:
    framework = _concept(ECTS, "European Credit Transfer System")
    return _node("CreditPoint", framework=framework, point=f"{ects.normalize():f}")


def _resource(address: str) -> dict[str, Any]:
    return _node("WebResource", contentURL=address)


def _note(words: Text | None) -> dict[str, Any] | None:
    return _node("Note", noteLiteral=_text(words)) if words else None


def _text(words: Text | None) -> dict[str, list[str]] | None:
    return {tag: [said] for tag, said in words.entries} if words else None


def _words(words: str | None) -> dict[str, list[str]] | None:
    return {"en": [words]} if words else None


def _moment(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None


def _duration(hours: Decimal | None) -> str | None:
    if hours is None:
        return None
    minutes, seconds = divmod(hours * 3600, 60)
    whole, minutes = divmod(minutes, 60)
    rest = f"{minutes}M" if minutes else ""
    return f"PT{whole}H{rest}" + (f"{seconds.normalize():f}S" if seconds else "")
