"""Micro-credentials at random: every value that the reader can give, and no other."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from credentials.learning import text, vocabularies
from credentials.learning.micro_credential import (
    Award,
    AwardingBody,
    Course,
    GradingScheme,
    Identifier,
    Learner,
    LearningOutcome,
    MicroCredential,
    Period,
    QualityAssurance,
    Stacking,
    Term,
    Text,
)
from credentials.learning.vocabularies import Stackability, countries, fields_of_study, languages

LETTERS = st.characters(categories=("L", "N", "P", "S", "Zs", "Mn"), exclude_characters="<")
DAYS = st.dates(min_value=date(1900, 1, 1))
NUMBERS = st.decimals(min_value=Decimal("0.0001"), max_value=9999, places=4).map(
    lambda number: number.to_integral_value() if number == number.to_integral_value() else number.normalize()
)
URIS = st.sampled_from(
    ["https://university.example/a", "did:web:university.example", "http://data.europa.eu/snb/qdr/c_1"]
)
WEB = st.sampled_from(["https://university.example/b", "https://university.example:8443/c?d=1"])


def _clean(words: str) -> bool:
    return bool(words) and text.fault(words) is None


LINES = st.text(LETTERS, min_size=1, max_size=60).map(text.line).filter(_clean)
PAGES = st.lists(LINES, min_size=1, max_size=3).map("\n".join).map(text.paragraphs).filter(_clean)
TAGS = st.sampled_from(["en", "it", "el", "fur", "de-AT"])


def texts(words: st.SearchStrategy[str] = LINES) -> st.SearchStrategy[Text]:
    return st.dictionaries(TAGS, words, min_size=1, max_size=3).map(Text.of)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def several(strategy: st.SearchStrategy[Any], *, least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=3, unique=True).map(tuple)


def codes(of: type[vocabularies.Code], *, least: int = 0) -> st.SearchStrategy[Any]:
    return several(st.sampled_from(list(of)), least=least)


TERMS = st.builds(Term, uri=URIS, label=maybe(LINES)) | st.builds(Term, label=LINES)
SKILLS = st.builds(
    Term, uri=st.uuids().map(lambda uuid: f"http://data.europa.eu/esco/skill/{uuid}"), label=maybe(LINES)
)
IDENTIFIERS = st.dictionaries(st.sampled_from(["deqar", "eidas", "vat", "Research Alliance"]), LINES, max_size=3).map(
    lambda ids: tuple(Identifier(scheme=scheme, value=ids[scheme]) for scheme in sorted(ids))
)
COUNTRIES = st.sampled_from(sorted(countries.COUNTRIES))
BODIES = st.builds(
    AwardingBody,
    name=texts(),
    country=maybe(COUNTRIES),
    id=maybe(URIS),
    regions=several(TERMS),
    identifiers=IDENTIFIERS,
    homepage=maybe(WEB),
    alternative_name=maybe(texts()),
)
OUTCOMES = st.builds(
    LearningOutcome,
    text=texts(PAGES),
    esco_skills=several(SKILLS),
    skills=several(TERMS),
    reuse=maybe(st.sampled_from(list(vocabularies.SkillReuse))),
    kind=maybe(st.sampled_from(list(vocabularies.SkillKind))),
)
QUALITY = st.builds(
    QualityAssurance,
    type=maybe(st.sampled_from(list(vocabularies.AccreditationType))),
    description=maybe(texts()),
    agency=maybe(LINES),
    agency_id=maybe(URIS),
    report_uri=maybe(WEB),
    valid_from=maybe(DAYS),
    valid_to=maybe(DAYS),
).filter(lambda quality: quality != QualityAssurance())
GRADING = st.builds(
    GradingScheme,
    title=maybe(texts()),
    description=maybe(texts(PAGES)),
    lowest=maybe(NUMBERS),
    highest=maybe(NUMBERS),
    passing=maybe(NUMBERS),
).filter(lambda scheme: scheme != GradingScheme())
STACKING = st.builds(
    Stacking, type=st.just(Stackability.STACKABLE), part_of=several(TERMS), description=maybe(texts(PAGES))
) | st.builds(Stacking, type=st.just(Stackability.STANDALONE), description=maybe(texts(PAGES)))
COURSES = st.builds(
    Course,
    title=texts(),
    alternative_title=maybe(texts()),
    description=maybe(texts(PAGES)),
    awarding_bodies=several(BODIES),
    learning_outcomes=several(OUTCOMES),
    learning_outcome_summary=maybe(texts(PAGES)),
    ects=maybe(NUMBERS),
    workload_hours=maybe(NUMBERS),
    eqf_level=maybe(st.integers(min_value=1, max_value=8)),
    qf_ehea_cycle=maybe(st.sampled_from(list(vocabularies.Cycle))),
    nqf_level=maybe(TERMS),
    assessment_types=codes(vocabularies.AssessmentType),
    assessment_description=maybe(texts()),
    assessment_modes=codes(vocabularies.Mode),
    participation_modes=codes(vocabularies.Mode, least=1),
    learning_setting=maybe(st.sampled_from(list(vocabularies.Setting))),
    learning_schedule=maybe(st.sampled_from(list(vocabularies.Schedule))),
    quality_assurance=maybe(QUALITY),
    prerequisites=maybe(texts(PAGES)),
    supervision=maybe(st.sampled_from(list(vocabularies.Supervision))),
    grading_scheme=maybe(GRADING),
    stackability=maybe(STACKING),
    further_information=maybe(texts(PAGES)),
    homepage=maybe(WEB),
    catalogue_uri=maybe(URIS),
    isced_f=several(st.sampled_from(sorted(fields_of_study.FIELDS_OF_STUDY))),
    languages=several(st.sampled_from(sorted(languages.LANGUAGES))),
    kind=maybe(st.sampled_from(list(vocabularies.LearningOpportunity))),
).filter(lambda course: course.alternative_title != course.title)
LEARNERS = st.builds(
    Learner,
    given_name=maybe(LINES),
    family_name=maybe(LINES),
    birth_date=maybe(DAYS),
    learner_id=maybe(LINES),
    learner_id_scheme=st.just("national id"),
    learner_id_country=maybe(COUNTRIES),
    email=maybe(st.just("ana@learner.example")),
).map(lambda learner: learner if learner.learner_id else Learner(given_name=learner.given_name, email=learner.email))
AWARDS = st.builds(
    Award,
    learner=LEARNERS,
    award_date=DAYS,
    valid_until=maybe(DAYS),
    grade=maybe(LINES),
    certificate_number=maybe(LINES),
    learning_period=maybe(
        st.builds(Period, start=maybe(DAYS), end=maybe(DAYS)).filter(lambda period: period != Period())
    ),
)
MICRO_CREDENTIALS = st.builds(MicroCredential, course=COURSES, award=AWARDS)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
