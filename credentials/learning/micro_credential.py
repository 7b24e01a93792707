"""The micro-credential: the sixteen elements of Council Recommendation 2022/C 243/02, Annex I, as one frozen value.

A course is what its learners share, an award what one learner has. Reading never raises: all problems come at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from credentials.learning import findings, profiles, reading, rules
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
from credentials.learning.members import Members
from credentials.learning.profiles import Profile
from credentials.learning.text import Text

__all__ = [
    "Award",
    "AwardingBody",
    "Course",
    "Finding",
    "GradingScheme",
    "Identifier",
    "Learner",
    "LearningOutcome",
    "MicroCredential",
    "Period",
    "QualityAssurance",
    "Stacking",
    "Term",
    "Text",
    "parse",
    "parse_award",
    "parse_course",
    "read",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroCredential:
    """One learner's award of one course."""

    course: Course
    award: Award

    def to_json(self) -> dict[str, Any]:
        """The micro-credential as the API shows it and reads it back."""
        return {"course": self.course.to_json(), "award": self.award.to_json()}


def parse(
    raw: object, *, profile: Profile = profiles.DEQAR, today: date | None = None
) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential that {"course": …, "award": …} describes, and all findings; None where one is an error."""
    whole, found = _whole(raw)
    found += _news(rules.check_course(whole.course, profile=profile, path="/course"), found)
    award = rules.check_award(whole.award, profile=profile, course=whole.course, today=today, path="/award")
    found += _news(award, found)
    return (None if findings.stops(found) else whole), tuple(found)


def parse_course(raw: object, *, profile: Profile = profiles.DEQAR) -> tuple[Course | None, tuple[Finding, ...]]:
    """The course that `raw` describes, and all findings; None where one of them is an error."""
    found: list[Finding] = []
    course = reading.read_course(raw, path="", into=found)
    found += _news(rules.check_course(course, profile=profile), found)
    return (None if findings.stops(found) else course), tuple(found)


def parse_award(
    raw: object, *, profile: Profile = profiles.DEQAR, course: Course | None = None, today: date | None = None
) -> tuple[Award | None, tuple[Finding, ...]]:
    """The award that `raw` describes, checked against `course` and `today` where given; None if there is an error."""
    found: list[Finding] = []
    award = reading.read_award(raw, path="", into=found)
    found += _news(rules.check_award(award, profile=profile, course=course, today=today), found)
    return (None if findings.stops(found) else award), tuple(found)


def read(raw: object) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """What of a micro-credential `raw` holds, complete or not: no policy is applied. None without title or date."""
    whole, found = _whole(raw)
    readable = whole.course.title != UNTITLED and whole.award.award_date != UNDATED
    return (whole if readable else None), tuple(found)


def _news(rules_broken: Iterable[Finding], found: Iterable[Finding]) -> list[Finding]:
    """The broken rules that say something new: what could not be read is not called missing, too."""
    unread = {finding.element for finding in found if finding.severity is findings.Severity.ERROR}
    return [finding for finding in rules_broken if finding.code != "missing" or finding.element not in unread]


def _whole(raw: object) -> tuple[MicroCredential, list[Finding]]:
    found: list[Finding] = []
    members = Members(raw, path="", elements={"course": "M2", "award": "M5"}, into=found)
    course = reading.read_course(members.raw.get("course", {}), path="/course", into=found)
    award = reading.read_award(members.raw.get("award", {}), path="/award", into=found)
    return MicroCredential(course=course, award=award), found
