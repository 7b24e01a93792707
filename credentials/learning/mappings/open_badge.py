"""The micro-credential as an Open Badge: OpenBadgeCredential of Open Badges 3.0 (1EdTech), VCDM 2.0, in a JWT.

The JWT says `iss`, `jti`, `nbf`, `sub` and `exp` beside the credential, its `typ` is JWT, and a `kid` names the key
(Open Badges 3.0, "JSON Web Token Proof Format"). A badge is shown in public, in a picture too: of the learner it has
the name and nothing else. It has room for one status entry.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from credentials.content_digest import ContentDigest
from credentials.credential import Format
from credentials.learning import view, vocabularies
from credentials.learning.award import Award, Learner
from credentials.learning.course import AwardingBody, Course, GradingScheme, LearningOutcome, Term, number, present
from credentials.learning.findings import Finding
from credentials.learning.mappings import narrative, open_badge_reading, wording
from credentials.learning.mappings import open_badge_words as words
from credentials.learning.mappings.open_badge_words import Place
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import View
from credentials.learning.vocabularies import fields_of_study, languages

FORM = Format.VC_JWT
CONTEXTS = ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",)
TYPES = ("OpenBadgeCredential",)
"""What a credential adds to the context and the type of VCDM."""
TYP = "JWT"
"""The `typ` of the JWT: the one value that Open Badges 3.0 allows."""
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}

PUBLIC = "a badge is shown in public, so it has no more of the learner than the name"
ONE_LANGUAGE = "a badge is in one language"
NO_DATES = "an alignment has no dates"
LOST: Mapping[str, str] = {
    "/award/learner/birth_date": PUBLIC,
    "/award/learner/learner_id": PUBLIC,
    "/award/learner/learner_id_scheme": PUBLIC,
    "/award/learner/learner_id_country": PUBLIC,
    "/award/learner/email": PUBLIC,
    "/course/title/#": ONE_LANGUAGE,
    "/course/alternative_title": "an achievement has one name",
    "/course/description/#": ONE_LANGUAGE,
    "/course/awarding_bodies/*/name/#": ONE_LANGUAGE,
    "/course/awarding_bodies/*/alternative_name": "a profile has one name",
    "/course/awarding_bodies/*/regions": "an address names one region, by its URI or in words",
    "/course/awarding_bodies/+": "a badge has an issuer and a creator, and no third body",
    "/course/learning_outcomes/*/text/#": ONE_LANGUAGE,
    "/course/learning_outcome_summary/#": ONE_LANGUAGE,
    "/course/assessment_description/#": ONE_LANGUAGE,
    "/course/quality_assurance/description/#": ONE_LANGUAGE,
    "/course/quality_assurance/valid_from": NO_DATES,
    "/course/quality_assurance/valid_to": NO_DATES,
    "/course/prerequisites/#": ONE_LANGUAGE,
    "/course/grading_scheme/title/#": ONE_LANGUAGE,
    "/course/grading_scheme/description": "a result has a name and bounds, and no description",
    "/course/stackability/description/#": ONE_LANGUAGE,
    "/course/further_information/#": ONE_LANGUAGE,
}
"""What a reader of a badge does not get back, and why."""


def to_subject(record: MicroCredential, *, issuer: str, holder_id: str | None = None) -> dict[str, Any]:
    """The credentialSubject that says what `record` says; `holder_id` is the DID of the holder's key."""
    course, award = record.course, record.award
    period, achievement = award.learning_period, _achievement(course, issuer=issuer)
    return present(
        {
            "id": holder_id,
            "type": ["AchievementSubject"],
            "identifier": list(_names(award.learner)),
            "activityStartDate": _moment(period.start) if period else None,
            "activityEndDate": _moment(period.end) if period else None,
            "creditsEarned": number(course.ects),
            "licenseNumber": award.certificate_number,
            "achievement": achievement,
            "result": _results(award, achievement),
        }
    )


def to_properties(
    record: MicroCredential, *, issuer: str, proof_of_content: ContentDigest | None = None
) -> dict[str, Any]:
    """The members of the credential itself that come from `record`; `issuer` is who signs, by URL or DID."""
    title = record.course.title
    bodies = record.course.awarding_bodies
    itself = _profile(bodies[0], id_=issuer, locale=title.main) if bodies else {"id": issuer, "type": ["Profile"]}
    return {
        **(proof_of_content.to_claims() if proof_of_content else {}),
        "name": title.best(title.main),
        "issuer": itself,
        "awardedDate": _moment(record.award.award_date),
        "credentialSchema": [SCHEMA],
    }


def read(claims: Mapping[str, Any]) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential in the badge `claims`, complete or not, and what was odd; None without title or date."""
    return open_badge_reading.read(claims)


def from_claims(claims: Mapping[str, Any]) -> View:
    """What a reader of the badge `claims` sees. Nothing in it can be withheld."""
    record, found = read(claims)
    return view.unread(findings=found) if record is None else view.of_record(record, findings=found)


def _achievement(course: Course, *, issuer: str) -> dict[str, Any]:
    locale, title = course.title.main, course.title.best(course.title.main)
    place = Place(id=course.catalogue_uri or open_badge_reading.unlisted(issuer, title=title))
    scheme = _scheme(course.grading_scheme, place=place, locale=locale)
    others = course.awarding_bodies[1:2]
    return present(
        {
            "id": place.id,
            "type": ["Achievement"],
            "achievementType": "MicroCredential",
            "name": title,
            "inLanguage": locale,
            "description": wording.said(course.description, locale) or words.NO_DESCRIPTION.format(title=title),
            "criteria": _criteria(course, locale=locale),
            "creator": next(
                (_profile(body, id_=body.id or place.at("creator"), locale=locale) for body in others), None
            ),
            "creditsAvailable": number(course.ects),
            "fieldOfStudy": next((fields_of_study.label(code) for code in course.isced_f), None),
            "alignment": list(_alignments(course, place=place, locale=locale)),
            "resultDescription": [scheme] if scheme else None,
        }
    )


def _criteria(course: Course, *, locale: str) -> dict[str, Any]:
    outcomes = [outcome.text.best(locale) for outcome in course.learning_outcomes]
    told = narrative.write(wording.said(course.learning_outcome_summary, locale), outcomes)
    return present({"id": course.homepage, "narrative": told or words.NO_CRITERIA})


def _alignments(course: Course, *, place: Place, locale: str) -> Iterator[dict[str, Any]]:
    """All that Annex I asks for and an achievement has no member for; the outcomes last, each before its skills."""
    yield from _amount_and_level(course, place)
    for member, (kind, _) in words.CODES.items():
        held = getattr(course, member)
        codes = held if member in words.SEVERAL else [held] if held else []
        yield from (place.of_code(kind, code=code) for code in codes)
    for member, (kind, name) in words.NOTES.items():
        if said := wording.said(getattr(course, member), locale):
            yield place.alignment(kind, name=name, description=said)
    for code in course.isced_f:
        yield place.alignment(words.FIELD, name=fields_of_study.label(code), url=fields_of_study.uri(code), code=code)
    for code in course.languages:
        language = languages.LANGUAGES[code]
        yield place.alignment(words.LANGUAGE, name=language.label, url=language.uri, code=code)
    yield from _quality_and_stacking(course, place, locale)
    for outcome in course.learning_outcomes:
        yield from _outcome(outcome, place, locale)


def _amount_and_level(course: Course, place: Place) -> Iterator[dict[str, Any]]:
    if course.ects is not None:
        yield place.alignment(words.CREDITS, name="ECTS", url=words.ECTS)
    if course.workload_hours is not None:
        hours = f"{course.workload_hours.normalize():f}"
        yield place.alignment(words.WORKLOAD, name=f"{hours} hours", code=hours)
    if level := course.eqf_level:
        uri, label = vocabularies.eqf_uri(level), vocabularies.eqf_label(level)
        yield place.alignment(words.EQF, name=label, url=uri, code=str(level))
    if cycle := course.qf_ehea_cycle:
        yield place.alignment(words.CYCLE, name=cycle.label, code=cycle.value)
    if course.nqf_level:
        yield place.of_term(words.NQF, term=course.nqf_level)


def _quality_and_stacking(course: Course, place: Place, locale: str) -> Iterator[dict[str, Any]]:
    if quality := course.quality_assurance:
        kind, said = quality.type, wording.said(quality.description, locale)
        named = {"name": kind.label, "url": kind.uri, "code": kind.value} if kind else {"name": words.ASSURED}
        yield place.alignment(words.QUALITY, description=said, **named)
        if quality.agency or quality.agency_id:
            yield place.of_term(words.AGENCY, term=Term(uri=quality.agency_id, label=quality.agency))
        if quality.report_uri:
            yield place.alignment(words.REPORT, name="Report", url=quality.report_uri)
    if stacking := course.stackability:
        said = wording.said(stacking.description, locale)
        yield place.alignment(words.STACKING, name=stacking.type.label, code=stacking.type.value, description=said)
        yield from (place.of_term(words.PART_OF, term=whole) for whole in stacking.part_of)


def _outcome(outcome: LearningOutcome, place: Place, locale: str) -> Iterator[dict[str, Any]]:
    yield place.alignment(words.OUTCOME, name=outcome.text.best(locale))
    yield from (place.of_term(words.ESCO, term=skill) for skill in outcome.esco_skills)
    yield from (place.of_term(words.SKILL, term=skill) for skill in outcome.skills)
    if outcome.reuse:
        yield place.of_code(words.REUSE, code=outcome.reuse)
    if outcome.kind:
        yield place.of_code(words.SORT, code=outcome.kind)


def _scheme(scheme: GradingScheme | None, *, place: Place, locale: str) -> dict[str, Any] | None:
    if scheme is None or scheme == GradingScheme(description=scheme.description):
        return None
    bounds = {"valueMin": scheme.lowest, "valueMax": scheme.highest, "requiredValue": scheme.passing}
    return {
        "id": place.at("result"),
        "type": ["ResultDescription"],
        "name": wording.said(scheme.title, locale) or words.RESULT,
        "resultType": "Result",
        **{member: f"{bound.normalize():f}" for member, bound in bounds.items() if bound is not None},
    }


def _results(award: Award, achievement: Mapping[str, Any]) -> list[dict[str, Any]]:
    described = next((described["id"] for described in achievement.get("resultDescription", [])), None)
    graded = present({"type": ["Result"], "resultDescription": described, "value": award.grade})
    return [graded] if award.grade else []


def _profile(body: AwardingBody, *, id_: str, locale: str) -> dict[str, Any]:
    """A body as a profile; what awards is named by its URI or else its name, since a profile may be another's."""
    name = body.name.best(locale)
    region = next((term.uri or term.label for term in body.regions), None)
    address = present({"addressCountryCode": body.country, "addressRegion": region})
    identifiers = {words.AWARDING_BODY: body.id or name}
    identifiers |= {words.scheme_word(held.scheme): held.value for held in body.identifiers}
    return present(
        {
            "id": id_,
            "type": ["Profile"],
            "name": name,
            "url": body.homepage,
            "address": {"type": ["Address"], **address} if address else None,
            "otherIdentifier": [
                {"type": "IdentifierEntry", "identifier": value, "identifierType": kind}
                for kind, value in identifiers.items()
            ],
        }
    )


def _names(learner: Learner) -> Iterator[dict[str, Any]]:
    """The learner's name, and its parts where there are two; not hashed, or nobody could read it."""
    parts = {
        words.WHOLE_NAME: learner.name,
        words.GIVEN_NAME: learner.given_name,
        words.FAMILY_NAME: learner.family_name,
    }
    for kind, name in parts.items():
        if name:
            yield {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": kind}


def _moment(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None
