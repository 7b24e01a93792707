"""The closed set of facts that the table of criteria weighs; each holds, does not, or cannot be told.

A fact that rests on something withheld is None: it is neither for nor against the certificate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from credentials.learning import rules, vocabularies
from credentials.learning.course import Course, LearningOutcome
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import State
from credentials.learning.vocabularies import AssessmentType, Supervision, verbs
from trust.quality.answer import ASSURED, QualityVerdict
from verifier.recognition.evidence import Evidence

UNTESTED = frozenset({AssessmentType.ATTENDANCE, AssessmentType.QUIZ})
PROGRAMMES = frozenset({QualityVerdict.PROGRAMME, QualityVerdict.PART_OF_PROGRAMME})
ASSURED_VALUES = frozenset(verdict.value for verdict in ASSURED)
TWO = 2
Told = Mapping[str, bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is asked, of which element of Annex I ("" for what is not in it), and what to say of either answer."""

    asks: Callable[[Evidence], bool]
    element: str
    holds: str
    fails: str


def tell(evidence: Evidence) -> dict[str, bool | None]:
    """Every fact of the table for one certificate."""
    return {name: _answer(fact, evidence) for name, fact in FACTS.items()}


def _answer(fact: Fact, evidence: Evidence) -> bool | None:
    if fact.asks(evidence):
        return True
    hidden = fact.element and evidence.view.state(fact.element) is State.WITHHELD
    return None if hidden else False


def record(evidence: Evidence) -> MicroCredential | None:
    """What can be read of it as a micro-credential."""
    return evidence.view.record


def of_course(ask: Callable[[Course], object]) -> Callable[[Evidence], bool]:
    """A question about the course, as far as there is one to read."""
    return lambda evidence: evidence.view.record is not None and bool(ask(evidence.view.record.course))


def coherent_level(course: Course) -> bool:
    """Whether EQF level and cycle say the same, where both are told."""
    return course.qf_ehea_cycle is None or course.eqf_level in {None, course.qf_ehea_cycle.eqf_level}


def level_of(course: Course) -> int | None:
    """The EQF level, or the one that the cycle stands for."""
    return course.eqf_level or (course.qf_ehea_cycle.eqf_level if course.qf_ehea_cycle else None)


def is_active(outcome: LearningOutcome) -> bool:
    """Whether an outcome begins with what the learner can do; told of English alone."""
    english = dict(outcome.text.entries).get("en")
    return english is not None and verbs.weakness(english) is None


def fitting_hours(course: Course) -> bool:
    """Whether hours and credits agree: 25 to 30 hours a credit."""
    least, most = rules.HOURS_PER_ECTS
    return bool(course.ects and course.workload_hours and least <= course.workload_hours / course.ects <= most)


def _quality(evidence: Evidence) -> str:
    """DEQAR's verdict where the body is confirmed to be the provider, else nothing."""
    quality = evidence.quality
    return str(quality["verdict"]) if quality and quality["confirmed"] and quality["provider_id"] else ""


def _linked(course: Course) -> bool:
    outcomes = course.learning_outcomes
    return bool(outcomes) and all(outcome.esco_skills or outcome.skills for outcome in outcomes)


def _tested(course: Course) -> bool:
    return bool(set(course.assessment_types) - UNTESTED)


def _graded(evidence: Evidence) -> bool:
    return evidence.view.record is not None and bool(evidence.view.record.award.grade)


def _issuer(evidence: Evidence) -> bool:
    return evidence.issuer is not None and evidence.outcome("issuer") == "passed"


def _accredited(evidence: Evidence) -> bool:
    return evidence.issuer is not None and bool(evidence.issuer["accredited"])


def _status(evidence: Evidence) -> bool:
    return evidence.outcome("status") in {"passed", "not_required"}


def _supervised(*allowed: Supervision) -> Callable[[Evidence], bool]:
    return of_course(lambda course: course.supervision in allowed)


FACTS: Mapping[str, Fact] = {
    "programme_assured": Fact(
        asks=lambda evidence: _quality(evidence) in {verdict.value for verdict in PROGRAMMES}, element="",
        holds="DEQAR has a report on this very programme, or on one that includes it, valid on the day of the award.",
        fails="DEQAR has no report on this programme that covers the day of the award.",
    ),
    "institution_assured": Fact(
        asks=lambda evidence: _quality(evidence) in ASSURED_VALUES, element="",
        holds="DEQAR has a report on the awarding body, valid on the day of the award.",
        fails="No report in DEQAR on a body that is confirmed to be this one covers the day of the award.",
    ),
    "quality_named": Fact(
        asks=of_course(lambda course: course.quality_assurance), element="M11",
        holds="The certificate names its quality assurance.",
        fails="The certificate names no quality assurance.",
    ),
    "genuine": Fact(
        asks=lambda evidence: evidence.outcome("signature") == "passed", element="",
        holds="The signature is genuine.",
        fails="No genuine signature of a known issuer was found.",
    ),
    "issuer_known": Fact(
        asks=_issuer, element="",
        holds="The issuer is known and trusted here.", fails="Nobody who is trusted here vouches for the issuer.",
    ),
    "issuer_accredited": Fact(
        asks=_accredited, element="",
        holds="The issuer was accredited for this kind of certificate when it was issued.",
        fails="No list of accreditations shows that the issuer may award this kind of certificate.",
    ),
    "standing_checked": Fact(
        asks=_status, element="",
        holds="It has not been withdrawn.", fails="Whether it was withdrawn was not found out, or it was.",
    ),
    "holder_proved": Fact(
        asks=lambda evidence: evidence.outcome("holder") == "passed", element="",
        holds="The person who showed it proved that it is theirs.",
        fails="It is not proved that it belongs to the person who showed it.",
    ),
    "nothing_failed": Fact(
        asks=lambda evidence: evidence.verdict in {"yes", "not_sure"}, element="",
        holds="No check failed.", fails="A check failed, or there was no signature to check.",
    ),
    "eqf_level": Fact(
        asks=of_course(lambda course: course.eqf_level), element="M8",
        holds="The EQF level is given.", fails="The EQF level is not given.",
    ),
    "cycle": Fact(
        asks=of_course(lambda course: course.qf_ehea_cycle), element="M8",
        holds="The cycle of the European Higher Education Area is given.",
        fails="The cycle of the European Higher Education Area (first, second, third) is not given.",
    ),
    "national_level": Fact(
        asks=of_course(lambda course: course.nqf_level), element="M8",
        holds="The national level is given.", fails="The level in the national framework is not given.",
    ),
    "level_coherent": Fact(
        asks=of_course(coherent_level), element="M8",
        holds="What is stated of the level does not contradict itself.", fails="Level and cycle contradict each other.",
    ),
    "level_named": Fact(
        asks=of_course(rules.COURSE_HAS["M8"]), element="M8",
        holds="A level is stated.", fails="No level is stated.",
    ),
    "one_outcome": Fact(
        asks=of_course(lambda course: course.learning_outcomes), element="M6",
        holds="Learning outcomes are listed.", fails="No learning outcome is listed.",
    ),
    "two_outcomes": Fact(
        asks=of_course(lambda course: len(course.learning_outcomes) >= TWO), element="M6",
        holds="At least two learning outcomes are listed.", fails="Fewer than two learning outcomes are listed.",
    ),
    "some_outcome_active": Fact(
        asks=of_course(lambda course: any(map(is_active, course.learning_outcomes))), element="M6",
        holds="At least one says what the learner can do.",
        fails="None begins, in English, with what the learner can do.",
    ),
    "all_outcomes_active": Fact(
        asks=of_course(lambda course: course.learning_outcomes and all(map(is_active, course.learning_outcomes))),
        element="M6",
        holds="Each says what the learner can do.",
        fails="Not every one begins, in English, with what the learner can do.",
    ),
    "outcomes_linked": Fact(
        asks=of_course(_linked), element="M6",
        holds="Each is linked to a skill of ESCO or of another framework.",
        fails="Not every one is linked to a skill of ESCO or of another framework.",
    ),
    "outcomes_summary": Fact(
        asks=of_course(lambda course: course.learning_outcome_summary or course.learning_outcomes), element="M6",
        holds="The outcomes are at least summed up.", fails="Nothing is said about what was learned.",
    ),
    "credits": Fact(
        asks=of_course(lambda course: course.ects is not None), element="M7",
        holds="The workload is given in ECTS.", fails="The workload is not given in ECTS.",
    ),
    "hours": Fact(
        asks=of_course(lambda course: course.workload_hours is not None), element="M7",
        holds="The workload is given in hours.", fails="The workload is not given in hours.",
    ),
    "hours_fit": Fact(
        asks=of_course(fitting_hours), element="M7",
        holds="Hours and credits agree: 25 to 30 hours a credit, as the ECTS Users' Guide expects.",
        fails="That hours and credits agree (25 to 30 hours a credit) is not shown.",
    ),
    "assessment_named": Fact(
        asks=of_course(lambda course: course.assessment_types), element="M9",
        holds="The type of assessment is named.", fails="The type of assessment is not named.",
    ),
    "tested": Fact(
        asks=of_course(_tested), element="M9",
        holds="The assessment is more than attendance or a quiz.",
        fails="Nothing beyond attendance or a quiz is named.",
    ),
    "graded": Fact(asks=_graded, element="O3", holds="A grade or result is given.", fails="No grade is given."),
    "grades_explained": Fact(
        asks=of_course(lambda course: course.grading_scheme), element="O3",
        holds="The grading scheme is given.", fails="The grading scheme is not given.",
    ),
    "supervised_with_id": Fact(
        asks=_supervised(Supervision.SUPERVISED_ID), element="O2",
        holds="The assessment was supervised and the learner's identity verified.",
        fails="It is not said that the assessment was supervised with the learner's identity verified.",
    ),
    "supervised_or_id": Fact(
        asks=_supervised(Supervision.SUPERVISED_ID, Supervision.SUPERVISED, Supervision.UNSUPERVISED_ID), element="O2",
        holds="The assessment was supervised, or the learner's identity verified.",
        fails="The assessment was neither supervised nor the learner's identity verified, as far as it is told.",
    ),
    "supervision_named": Fact(
        asks=of_course(lambda course: course.supervision), element="O2",
        holds="It is said how the assessment was supervised.",
        fails="Nothing is said about supervision or identity during the assessment.",
    ),
}  # fmt: skip
"""The facts by the names that the table of criteria uses."""

HOW_SUPERVISED = {entry: entry.label for entry in vocabularies.Supervision}
