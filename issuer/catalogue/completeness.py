"""How far a course says what 2022/C 243/02, Annex I asks for: element by element, and in one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credentials.learning import findings, micro_credential, reading, rules
from credentials.learning.course import UNTITLED, Course
from credentials.learning.findings import Finding, Severity
from credentials.learning.profiles import DEQAR, Profile
from issuer.catalogue.course_form import FORMATS

OF_THE_AWARD = frozenset({"M1", "M5", "O3"})
"""The elements that come with each award."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element of Annex I in a course: present, absent (it is optional), missing, wrong, or of the award."""

    id: str
    title: str
    state: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """What a course has of Annex I, and all that was found."""

    elements: tuple[Element, ...]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether the course can be saved and awarded."""
        return not findings.stops(self.findings)

    @property
    def optional_absent(self) -> int:
        """How many optional elements are left out."""
        return sum(element.state == "absent" for element in self.elements)

    @property
    def sentence(self) -> str:
        """The state in one sentence, for a person who listens."""
        asked = [each for each in self.elements if each.id in findings.MANDATORY and each.state != "award"]
        there = sum(element.state == "present" for element in asked)
        lacking = [element.title for element in asked if element.state != "present"]
        said = [f"{there} of {len(asked)} mandatory elements are given."]
        if lacking:
            said.append(f"To do: {', '.join(lacking)}.")
        elif self.complete:
            said.append("The course is complete.")
        others = sum(finding.severity is Severity.ERROR for finding in self.findings if finding.code != "missing")
        if others:
            said.append("One thing needs correcting." if others == 1 else f"{others} things need correcting.")
        return " ".join(said)


def check(raw: Mapping[str, Any], *, profile: Profile = DEQAR) -> Completeness:
    """What the course that `raw` describes has of Annex I, however little of it is there yet."""
    raw = {name: value for name, value in raw.items() if name != FORMATS}
    _, found = micro_credential.parse_course(raw, profile=profile)
    return Completeness(
        elements=tuple(_elements(reading.read_course(raw, path="", into=[]), found=found)), findings=found
    )


def of(course: Course, *, profile: Profile = DEQAR) -> Completeness:
    """The same, of a course that was read."""
    return check(course.to_json(), profile=profile)


def _elements(course: Course, *, found: Sequence[Finding]) -> list[Element]:
    return [
        Element(
            id=name,
            title=title,
            state=_state(name, course=course, found=found),
            findings=tuple(finding for finding in found if finding.element == name),
        )
        for name, title in findings.ANNEX_I.items()
    ]


def _state(element: str, *, course: Course, found: Sequence[Finding]) -> str:
    if element in OF_THE_AWARD:
        return "award"
    if any(each.element == element and each.severity is Severity.ERROR and each.code != "missing" for each in found):
        return "wrong"
    there = course.title != UNTITLED if element == "M2" else bool(rules.COURSE_HAS[element](course))
    lacks = any(each.element == element and each.code == "missing" for each in found)
    if there and not lacks:
        return "present"
    return "missing" if element in findings.MANDATORY or lacks else "absent"
