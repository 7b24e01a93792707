"""Our record as an ELM Person with one LearningAchievement: the elements of Annex I, not yet all that EDC wants.

The nodes follow ELM 3.2 (application profile EDC 1.2); texts are {language: [words]}, credit points are strings.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from credentials.learning import vocabularies
from credentials.learning.award import Award, Learner
from credentials.learning.course import (
    AwardingBody,
    Course,
    GradingScheme,
    LearningOutcome,
    QualityAssurance,
    Term,
    present,
)
from credentials.learning.elm import organisation
from credentials.learning.elm.achievement import UNNAMED_SCHEME
from credentials.learning.elm.person import NATIONAL, UNGRADED
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.text import Text
from credentials.learning.vocabularies import countries, fields_of_study, languages

ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
NO_GRADE = "Awarded without a grade"

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
    return _node(
        "Person",
        id=holder_id,
        givenName=_words(learner.given_name),
        familyName=_words(learner.family_name),
        fullName=_words(learner.name),
        dateOfBirth=_moment(learner.birth_date),
        **_identifier(learner),
        hasClaim=[_achievement(record)],
    )


def _identifier(learner: Learner) -> dict[str, Any]:
    """What the learner is identified by: a state's number stands alone, others may be several."""
    number, scheme = learner.learner_id, learner.learner_id_scheme
    if not number:
        return {}
    state = _country(learner.learner_id_country) if scheme == NATIONAL else None
    if state is None:
        return {"identifier": [_node("Identifier", notation=number, schemeName=scheme)]}
    return {"nationalID": _node("LegalIdentifier", notation=number, spatial=state)}


def ungraded() -> dict[str, Any]:
    """What stands for the grade of an assessment without one: the schemas want a grade. Its reader sees none."""
    return _node("Note", id=UNGRADED, noteLiteral=_words(NO_GRADE))


def _achievement(record: MicroCredential) -> dict[str, Any]:
    course, award = record.course, record.award
    by = _node("AwardingProcess", awardingBody=[_named(body) for body in course.awarding_bodies])
    return _node(
        "LearningAchievement",
        title=_text(course.title),
        description=_text(course.description),
        awardedBy=_node(
            "AwardingProcess",
            awardingBody=[_body(body) for body in course.awarding_bodies],
            awardingDate=_moment(award.award_date),
        ),
        learningOpportunity=_opportunity(course),
        influencedBy=_activity(course, award, by=by),
        provenBy=_assessment(course, award, by=by),
        specifiedBy=_specification(course),
    )


def _opportunity(course: Course) -> dict[str, Any] | None:
    """ELM 3.2 and later say at the opportunity how dense the learning is."""
    schedule = next(iter(_codes([course.learning_schedule])), None)
    return _node("LearningOpportunity", title=_text(course.title), learningSchedule=schedule) if schedule else None


def _activity(course: Course, award: Award, *, by: dict[str, Any]) -> list[dict[str, Any]] | None:
    period = award.learning_period
    if period is None:
        return None
    learned = _node("PeriodOfTime", startDate=_moment(period.start), endDate=_moment(period.end))
    return [_node("LearningActivity", title=_text(course.title), awardedBy=by, temporal=[learned])]


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


def _assessment(course: Course, award: Award, *, by: dict[str, Any]) -> list[dict[str, Any]] | None:
    """How it was assessed. The schemas want a grade and titles: where there is none, that is what they say."""
    specifications = _ways(course)
    if specifications == [_way(course, kind=None)] and award.grade is None and course.supervision is None:
        return None
    return [
        _node(
            "LearningAssessment",
            title=_text(course.title),
            awardedBy=by,
            grade=_node("Note", noteLiteral=_words(award.grade)) if award.grade else ungraded(),
            idVerification=next(iter(_codes([course.supervision])), None),
            specifiedBy=specifications,
        )
    ]


def _ways(course: Course) -> list[dict[str, Any]]:
    """A specification for each type of assessment; the first one says what is known beyond its type."""
    kinds = course.assessment_types
    words, scheme = course.assessment_description, course.grading_scheme
    first = _way(course, kind=kinds[0] if kinds else None) | present(
        {"mode": _codes(course.assessment_modes), "gradingScheme": _scheme(scheme) if scheme else None}
    )
    if words:
        first |= {"description": _text(words)} if _text(words) == first["title"] else {"title": _text(words)}
    return [first, *(_way(course, kind=kind) for kind in kinds[1:])]


def _way(course: Course, *, kind: vocabularies.AssessmentType | None) -> dict[str, Any]:
    """A specification that says its type only: its title repeats the type, or else what was achieved."""
    title = _words(kind.label) if kind else _text(course.title)
    return _node("LearningAssessmentSpecification", title=title, dcType=next(iter(_codes([kind])), None))


def _scheme(scheme: GradingScheme) -> dict[str, Any] | None:
    if not (scheme.title or scheme.description):
        return None
    return _node(
        "GradingScheme",
        title=_text(scheme.title) or _text(Text.of(UNNAMED_SCHEME)),
        description=_text(scheme.description),
    )


def _named(body: AwardingBody) -> dict[str, Any]:
    """A body as far as it must be repeated: which one it is and where."""
    where = _node("Address", countryCode=_country(body.country))
    return _node("Organisation", id=body.id, legalName=_text(body.name), location=[_node("Location", address=[where])])


def _body(body: AwardingBody) -> dict[str, Any]:
    legal = {scheme: name for name, scheme in organisation.LEGAL.items()}
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
            _node("Identifier", notation=held.value, schemeName=held.scheme)
            for held in body.identifiers
            if held.scheme not in legal
        ],
        **{
            name: _node("LegalIdentifier", notation=value, spatial=_country(body.country))
            for name, value in identifiers.items()
        },
    )


def _quality(quality: QualityAssurance) -> dict[str, Any]:
    named = quality.agency or quality.agency_id or organisation.UNNAMED_AGENCY
    agency = _node("Organisation", id=quality.agency_id, legalName=_words(named))
    title = _words(quality.type.label if quality.type else organisation.UNNAMED)
    words = _text(quality.description)
    return _node(
        "Accreditation",
        id=quality.report_uri,
        title=words or title,
        description=words if words == title else None,
        dcType=next(iter(_codes([quality.type])), None),
        accreditingAgent=agency | {"location": []},  # the profile asks where; the record does not say where it is
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
    return _node("Qualification", id=whole.uri, title=_words(whole.label or whole.uri))


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
    rest = f"{minutes}M" if minutes or seconds else ""  # RFC 3339, Appendix A: no seconds without minutes
    return f"PT{whole}H{rest}" + (f"{seconds.normalize():f}S" if seconds else "")
