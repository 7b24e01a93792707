"""What must be true of a micro-credential: Annex I completeness by policy profile, and coherence between elements."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from credentials.learning import findings, vocabularies
from credentials.learning.award import UNDATED, Award
from credentials.learning.course import Course, GradingScheme
from credentials.learning.findings import Finding
from credentials.learning.profiles import Profile
from credentials.learning.vocabularies import verbs

HOURS_PER_ECTS = Decimal(25), Decimal(30)  # ECTS Users' Guide 2015: 60 ECTS are 1500 to 1800 hours
SHORTEST_OUTCOME = 10
FIRST_BIRTH_YEAR = 1900
EARLIEST_MORNING = timedelta(days=1)  # where the award is made it may be tomorrow already

COURSE_HAS: Mapping[str, Callable[[Course], object]] = {
    "M2": lambda course: course.title,
    "M3": lambda course: course.countries,
    "M4": lambda course: course.awarding_bodies,
    "M6": lambda course: course.learning_outcomes,
    "M7": lambda course: course.ects is not None or course.workload_hours is not None,
    "M8": lambda course: course.eqf_level or course.qf_ehea_cycle or course.nqf_level,
    "M9": lambda course: course.assessment_types,
    "M10": lambda course: course.participation_modes,
    "M11": lambda course: course.quality_assurance,
    "O1": lambda course: course.prerequisites,
    "O2": lambda course: course.supervision,
    "O4": lambda course: course.stackability,
    "O5": lambda course: course.further_information or course.homepage or course.catalogue_uri,
}
"""Where an element of Annex I stands in a course; M1, M5 and O3 stand in the award."""

ASK: Mapping[str, tuple[str, str]] = {
    "M3": ("awarding_bodies/0/country", "Say in which country the awarding body is."),
    "M4": ("awarding_bodies", "Name the body that awards the micro-credential."),
    "M6": ("learning_outcomes", "Say what the learner knows and can do: at least one learning outcome."),
    "M7": ("ects", "Give the workload: ECTS credits wherever possible, or hours."),
    "M8": ("eqf_level", "Give the level: EQF level, QF-EHEA cycle or national level."),
    "M9": ("assessment_types", "Say how the learning outcomes are assessed."),
    "M10": ("participation_modes", "Say how learners take part: presential, online, blended …"),
    "M11": ("quality_assurance", "Say what assures the quality: the type, and where possible the agency and report."),
    "O2": ("supervision", "Say how the assessment is supervised and whether identity is verified."),
}


def check_course(course: Course, *, profile: Profile, path: str = "") -> tuple[Finding, ...]:
    """Every rule that `course` breaks under `profile`."""
    found: list[Finding] = []
    for rule in (_completeness, _credits, _level, _outcomes, _assessment, _quality, _stacking, _grading_scheme):
        found += rule(course, profile, path)
    return tuple(found)


def check_award(
    award: Award, *, profile: Profile, course: Course | None = None, today: date | None = None, path: str = ""
) -> tuple[Finding, ...]:
    """Every rule that `award` breaks under `profile`, also against its `course` and `today` where given."""
    scheme = course.grading_scheme if course else None
    found = [*_learner(award, profile, path), *_dates(award, today, path), *_grade(award, scheme, path)]
    missing = [name for name in profile.award_members if getattr(award, name) in (None, ())]
    return (*found, *(_wanted(name, profile=profile, path=path, element="O3") for name in missing))


def _completeness(course: Course, profile: Profile, path: str) -> Iterator[Finding]:
    for element in profile.elements:
        has = COURSE_HAS.get(element)
        nowhere = element == "M3" and not course.awarding_bodies  # a country is asked of a body, once there is one
        if has and not has(course) and element in ASK and not nowhere:
            where, sentence = ASK[element]
            yield findings.error("missing", element=element, path=f"{path}/{where}", message=sentence)
    for name in profile.course_members:
        if getattr(course, name) in (None, ()):
            yield _wanted(name, profile=profile, path=path, element="M7" if name == "ects" else "M8")


def _wanted(name: str, *, profile: Profile, path: str, element: str) -> Finding:
    message = f"The profile {profile.id} asks for {name}."
    return findings.error("missing", element=element, path=f"{path}/{name}", message=message)


def _credits(course: Course, profile: Profile, path: str) -> Iterator[Finding]:
    ects, hours = course.ects, course.workload_hours
    if ects is not None and not profile.least <= ects <= profile.most:
        message = f"The profile {profile.id} allows {profile.least} to {profile.most} ECTS, not {ects}."
        yield findings.error("out_of_range", element="M7", path=f"{path}/ects", message=message)
    elif ects is not None and ects % profile.step:
        message = f"The profile {profile.id} counts ECTS in steps of {profile.step}, which {ects} is not."
        yield findings.error("out_of_step", element="M7", path=f"{path}/ects", message=message)
    if hours is not None and hours <= 0:
        message = "The workload must be more than zero hours."
        yield findings.error("out_of_range", element="M7", path=f"{path}/workload_hours", message=message)
    elif ects and hours and not HOURS_PER_ECTS[0] <= hours / ects <= HOURS_PER_ECTS[1]:
        message = (
            f"{hours} hours for {ects} ECTS is {hours / ects:.1f} hours a credit; the ECTS guide expects 25 to 30."
        )
        yield findings.warning("unusual_workload", element="M7", path=f"{path}/workload_hours", message=message)


def _level(course: Course, profile: Profile, path: str) -> Iterator[Finding]:
    level, cycle = course.eqf_level, course.qf_ehea_cycle
    if level and cycle and cycle.eqf_level != level:
        message = f"The {cycle.label} is EQF level {cycle.eqf_level}, but the level given is {level}."
        yield findings.error("level_and_cycle_disagree", element="M8", path=f"{path}/qf_ehea_cycle", message=message)
    if level and level not in profile.levels:
        message = f"EQF level {level} is unusual under the profile {profile.id}."
        yield findings.warning("unusual_level", element="M8", path=f"{path}/eqf_level", message=message)


def _outcomes(course: Course, _profile: Profile, path: str) -> Iterator[Finding]:
    for index, outcome in enumerate(course.learning_outcomes):
        where = f"{path}/learning_outcomes/{index}/text"
        if any(len(words) < SHORTEST_OUTCOME for _, words in outcome.text.entries):
            message = f"A learning outcome needs at least {SHORTEST_OUTCOME} characters."
            yield findings.error("too_short", element="M6", path=where, message=message)
        english = dict(outcome.text.entries).get("en")
        if english and (weakness := verbs.weakness(english)):
            yield findings.warning(weakness[0], element="M6", path=where, message=weakness[1])


def _assessment(course: Course, _profile: Profile, path: str) -> Iterator[Finding]:
    if course.assessment_types == (vocabularies.AssessmentType.ATTENDANCE,):
        message = "Attendance alone shows no learning outcome; it will be read as a certificate of attendance."
        yield findings.warning("attendance_only", element="M9", path=f"{path}/assessment_types", message=message)


def _quality(course: Course, _profile: Profile, path: str) -> Iterator[Finding]:
    quality = course.quality_assurance
    if quality is None:
        return
    if quality.type is None:
        message = "Quality assurance in words alone is weak: give its type."
        yield findings.warning("weak", element="M11", path=f"{path}/quality_assurance/type", message=message)
    if quality.valid_from and quality.valid_to and quality.valid_to < quality.valid_from:
        message = "The quality assurance ends before it begins."
        yield findings.error("ends_early", element="M11", path=f"{path}/quality_assurance/valid_to", message=message)


def _stacking(course: Course, _profile: Profile, path: str) -> Iterator[Finding]:
    stacking = course.stackability
    stackable = stacking is not None and stacking.type is vocabularies.Stackability.STACKABLE
    if stacking and not stackable and stacking.part_of:
        message = "A stand-alone micro-credential is part of nothing: make it stackable, or leave part_of out."
        yield findings.error("contradiction", element="O4", path=f"{path}/stackability/part_of", message=message)
    if stacking and stackable and not (stacking.part_of or stacking.description):
        message = "A stackable micro-credential says what it counts towards: part_of, or a description."
        yield findings.error("missing", element="O4", path=f"{path}/stackability/part_of", message=message)


def _grading_scheme(course: Course, _profile: Profile, path: str) -> Iterator[Finding]:
    scheme = course.grading_scheme
    marks = [mark for mark in (scheme.lowest, scheme.passing, scheme.highest) if mark is not None] if scheme else []
    if marks != sorted(marks):
        message = "The grading scheme must have lowest ≤ passing ≤ highest."
        yield findings.error("out_of_range", element="O3", path=f"{path}/grading_scheme", message=message)


def _learner(award: Award, profile: Profile, path: str) -> Iterator[Finding]:
    learner, where = award.learner, f"{path}/learner"
    if not (learner.given_name and learner.family_name) and not learner.learner_id:
        message = "Identify the learner: given name and family name, or a learner id."
        yield findings.error("missing", element="M1", path=where, message=message)
    if learner.learner_id is None and (learner.learner_id_scheme or learner.learner_id_country):
        message = "The learner id itself is missing."
        yield findings.error("missing", element="M1", path=f"{where}/learner_id", message=message)
    if (
        learner.birth_date
        and award.award_date != UNDATED
        and not FIRST_BIRTH_YEAR <= learner.birth_date.year <= award.award_date.year
    ):
        message = f"{learner.birth_date.isoformat()} is not the birth date of somebody who gets this award."
        yield findings.error("out_of_range", element="M1", path=f"{where}/birth_date", message=message)
    for name in profile.learner_members:
        if getattr(learner, name) is None:
            yield _wanted(name, profile=profile, path=where, element="M1")


def _dates(award: Award, today: date | None, path: str) -> Iterator[Finding]:
    if award.award_date == UNDATED:
        return
    if today and award.award_date > today + EARLIEST_MORNING:
        message = f"The award date {award.award_date.isoformat()} is in the future."
        yield findings.error("in_the_future", element="M5", path=f"{path}/award_date", message=message)
    if award.valid_until and award.valid_until <= award.award_date:
        message = "The credential must be valid beyond the day of the award."
        yield findings.error("ends_early", element="M5", path=f"{path}/valid_until", message=message)
    period = award.learning_period
    if period and period.end and period.end > award.award_date:
        message = "The learning ended after the award."
        yield findings.warning("awarded_early", element="M5", path=f"{path}/award_date", message=message)
    if period and period.start and period.end and period.end < period.start:
        message = "The learning period ends before it begins."
        yield findings.error("ends_early", element="+", path=f"{path}/learning_period/end", message=message)


def _grade(award: Award, scheme: GradingScheme | None, path: str) -> Iterator[Finding]:
    written = re.match(r"(\d{1,4}(?:[.,]\d{1,4})?)(?![\d.,%])", award.grade or "")
    if scheme is None or written is None:
        return
    mark = Decimal(written[1].replace(",", "."))
    least, most = scheme.passing if scheme.passing is not None else scheme.lowest, scheme.highest
    if (least is not None and mark < least) or (most is not None and mark > most):
        message = f"The grade {award.grade} is outside the grading scheme's passing range."
        yield findings.error("out_of_range", element="O3", path=f"{path}/grade", message=message)
