"""JSON to course and award, every member of it: what can be read is kept, what cannot becomes a finding."""

import re
from collections.abc import Iterator
from typing import TypeVar

from credentials.learning import award, course, vocabularies
from credentials.learning.award import UNDATED, Award, Learner, Period
from credentials.learning.course import (
    UNTITLED,
    AwardingBody,
    Course,
    GradingScheme,
    Identifier,
    LearningOutcome,
    QualityAssurance,
    Stacking,
    Term,
)
from credentials.learning.findings import Finding
from credentials.learning.members import IDENTIFIER, LINE, NAME, PAGE, Members
from credentials.learning.vocabularies import countries, fields_of_study, languages

T = TypeVar("T")

OUTCOME = 1000
ESCO_SKILL = re.compile(r"http://data\.europa\.eu/esco/skill/[0-9a-f\-]{36}")
EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9.\-]{1,190}\.[A-Za-z]{2,24}")


def read_course(raw: object, *, path: str, into: list[Finding]) -> Course:
    """The course that `raw` describes, as far as it can be read; UNTITLED, with a finding, where it has no title."""
    members = Members(raw, path=path, elements=course.ELEMENTS, into=into)
    return Course(
        title=_required(members, "title", members.words("title"), 'Give the micro-credential a title: {"en": "…"}.')
        or UNTITLED,
        alternative_title=members.words("alternative_title"),
        description=members.words("description", limit=PAGE),
        awarding_bodies=tuple(_bodies(members)),
        learning_outcomes=tuple(_outcomes(members)),
        learning_outcome_summary=members.words("learning_outcome_summary", limit=PAGE),
        ects=members.number("ects"),
        workload_hours=members.number("workload_hours"),
        eqf_level=members.whole("eqf_level", least=1, most=8),
        qf_ehea_cycle=members.one("qf_ehea_cycle", recognise=_cycle, among="short, first, second, third"),
        nqf_level=_term(members, name="nqf_level"),
        assessment_types=members.codes("assessment_types", of=vocabularies.AssessmentType),
        assessment_description=members.words("assessment_description"),
        assessment_modes=members.codes("assessment_modes", of=vocabularies.Mode),
        participation_modes=members.codes("participation_modes", of=vocabularies.Mode),
        learning_setting=members.code("learning_setting", of=vocabularies.Setting),
        learning_schedule=members.code("learning_schedule", of=vocabularies.Schedule),
        quality_assurance=_quality(members),
        prerequisites=members.words("prerequisites", limit=PAGE),
        supervision=_supervision(members),
        grading_scheme=_grading(members),
        stackability=_stacking(members),
        further_information=members.words("further_information", limit=PAGE),
        homepage=members.link("homepage"),
        catalogue_uri=members.link("catalogue_uri", https=False),
        isced_f=members.each("isced_f", recognise=fields_of_study.find, among="the ISCED-F 2013 codes"),
        languages=members.each("languages", recognise=_language, among="the ISO 639 codes"),
        kind=members.code("kind", of=vocabularies.LearningOpportunity),
    )


def read_award(raw: object, *, path: str, into: list[Finding]) -> Award:
    """The award that `raw` describes, as far as it can be read; UNDATED, with a finding, where it has no date."""
    members = Members(raw, path=path, elements=award.ELEMENTS, into=into)
    return Award(
        learner=_learner(members),
        award_date=_required(
            members, "award_date", members.day("award_date"), "Give the date of the award, YYYY-MM-DD."
        )
        or UNDATED,
        valid_until=members.day("valid_until"),
        grade=members.line("grade", limit=NAME),
        certificate_number=members.line("certificate_number", limit=NAME),
        learning_period=_period(members),
    )


def _required(members: Members, name: str, read: T | None, sentence: str) -> T | None:
    if read is None:
        members.ask(name, message=sentence)
    return read


def _cycle(code: str) -> vocabularies.Cycle | None:
    plain = code.strip().casefold().removesuffix("cycle").strip(" -")
    return next((cycle for cycle in vocabularies.Cycle if cycle.value == plain), None)


def _country(code: str) -> str | None:
    country = countries.find(code)
    return country.alpha2 if country else None


def _language(code: str) -> str | None:
    language = languages.find(code)
    return language.code if language else None


def _term(members: Members, *, name: str) -> Term | None:
    raw = members.value(name)
    return None if raw is None else next(_terms(members, name=name), None)


def _terms(members: Members, *, name: str) -> Iterator[Term]:
    for index, raw in enumerate(members.items(name)):
        shorthand = isinstance(raw, str)
        member = "uri" if shorthand and IDENTIFIER.fullmatch(raw) else "label"
        given = {member: raw} if shorthand else raw
        inner = members.item(name, raw=given, index=index, known=("uri", "label"))
        term = Term(uri=inner.link("uri", https=False), label=inner.line("label"))
        if term != Term():
            yield term


def _bodies(members: Members) -> Iterator[AwardingBody]:
    known = ("name", "alternative_name", "id", "country", "regions", "identifiers", "homepage")
    for body in members.within("awarding_bodies", known=known):
        body.elements = {**body.elements, "country": "M3", "regions": "M3"}
        name = body.words("name")
        if name is None:
            body.ask("name", message="An awarding body needs its legal name.")
            continue
        yield AwardingBody(
            name=name,
            alternative_name=body.words("alternative_name"),
            id=body.link("id", https=False),
            country=body.one("country", recognise=_country, among="the ISO 3166-1 codes, such as IT or ITA"),
            regions=tuple(_terms(body, name="regions")),
            identifiers=tuple(sorted(_identifiers(body), key=lambda identifier: identifier.scheme)),
            homepage=body.link("homepage"),
        )


def _identifiers(body: Members) -> Iterator[Identifier]:
    seen: set[str] = set()
    for identifier in body.within("identifiers", known=("scheme", "value")):
        scheme, value = identifier.line("scheme", limit=NAME), identifier.line("value", limit=NAME)
        if scheme is None or value is None:
            identifier.refuse("scheme", code="missing", message="An identifier needs its scheme and its value.")
        elif scheme in seen:
            identifier.refuse(
                "scheme", code="duplicate", message=f"The body has two identifiers of the scheme {scheme}."
            )
        else:
            seen.add(scheme)
            yield Identifier(scheme=scheme, value=value)


def _outcomes(members: Members) -> Iterator[LearningOutcome]:
    for outcome in members.within("learning_outcomes", known=("text", "esco_skills", "skills", "reuse", "kind")):
        words = outcome.words("text", limit=OUTCOME)
        if words is None:
            outcome.ask("text", message='A learning outcome needs its text: {"text": {"en": "…"}}.')
            continue
        yield LearningOutcome(
            text=words,
            esco_skills=tuple(_esco(outcome)),
            skills=tuple(_terms(outcome, name="skills")),
            reuse=outcome.code("reuse", of=vocabularies.SkillReuse),
            kind=outcome.code("kind", of=vocabularies.SkillKind),
        )


def _esco(outcome: Members) -> Iterator[Term]:
    for index, skill in enumerate(_terms(outcome, name="esco_skills")):
        if skill.uri and ESCO_SKILL.fullmatch(skill.uri):
            yield skill
        else:
            message = (
                "An ESCO skill is named by its URI, http://data.europa.eu/esco/skill/…; other skills go to “skills”."
            )
            outcome.refuse("esco_skills", code="not_an_esco_skill", message=message, index=index)


def _quality(members: Members) -> QualityAssurance | None:
    known = ("type", "description", "agency", "agency_id", "report_uri", "valid_from", "valid_to")
    inner = members.inside("quality_assurance", known=known)
    if inner is None:
        return None
    read = QualityAssurance(
        type=inner.code("type", of=vocabularies.AccreditationType),
        description=inner.words("description", limit=PAGE),
        agency=inner.line("agency"),
        agency_id=inner.link("agency_id", https=False),
        report_uri=inner.link("report_uri"),
        valid_from=inner.day("valid_from"),
        valid_to=inner.day("valid_to"),
    )
    return None if read == QualityAssurance() else read


def _supervision(members: Members) -> vocabularies.Supervision | None:
    supervision = members.code("supervision", of=vocabularies.Supervision)
    verified = members.value("identity_verified")
    if verified is not None and not isinstance(verified, bool):
        members.refuse("identity_verified", code="not_a_boolean", message="identity_verified must be true or false.")
    elif verified is not None and supervision is None:
        members.refuse(
            "supervision", code="missing", message="Say how the assessment is supervised, not only the identity."
        )
    elif verified is not None and supervision and supervision.identity_verified is not verified:
        message = f"identity_verified does not agree with “{supervision.label}”."
        members.refuse("identity_verified", code="contradiction", message=message)
    return supervision


def _grading(members: Members) -> GradingScheme | None:
    inner = members.inside("grading_scheme", known=("title", "description", "lowest", "highest", "passing"))
    if inner is None:
        return None
    read = GradingScheme(
        title=inner.words("title"),
        description=inner.words("description", limit=PAGE),
        lowest=inner.number("lowest"),
        highest=inner.number("highest"),
        passing=inner.number("passing"),
    )
    return None if read == GradingScheme() else read


def _stacking(members: Members) -> Stacking | None:
    inner = members.inside("stackability", known=("type", "part_of", "description"))
    if inner is None:
        return None
    kind = inner.code("type", of=vocabularies.Stackability)
    read = inner.words("description", limit=PAGE), tuple(_terms(inner, name="part_of"))
    if kind is None:
        if inner.value("type") is None:
            inner.refuse("type", code="missing", message="Say whether it is standalone or stackable.")
        return None
    return Stacking(type=kind, description=read[0], part_of=read[1])


def _learner(members: Members) -> Learner:
    known = (
        "given_name",
        "family_name",
        "birth_date",
        "learner_id",
        "learner_id_scheme",
        "learner_id_country",
        "email",
    )
    inner = members.inside("learner", known=known)
    if inner is None:
        return Learner()
    return Learner(
        given_name=inner.line("given_name", limit=NAME),
        family_name=inner.line("family_name", limit=NAME),
        birth_date=inner.day("birth_date"),
        learner_id=inner.line("learner_id", limit=NAME),
        learner_id_scheme=inner.line("learner_id_scheme", limit=NAME),
        learner_id_country=inner.one("learner_id_country", recognise=_country, among="the ISO 3166-1 codes"),
        email=_email(inner),
    )


def _email(learner: Members) -> str | None:
    address = learner.line("email", limit=LINE)
    if address is not None and not EMAIL.fullmatch(address):
        learner.refuse(
            "email", code="not_an_email", message="email must be one e-mail address, such as ana@example.org."
        )
        return None
    return address


def _period(members: Members) -> Period | None:
    inner = members.inside("learning_period", known=("start", "end"))
    read = Period(start=inner.day("start"), end=inner.day("end")) if inner else Period()
    return None if read == Period() else read
