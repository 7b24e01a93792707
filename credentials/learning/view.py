"""What a reader sees of a micro-credential: each Annex I element present, withheld by the holder, or absent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from credentials.learning import award, course, rules
from credentials.learning.award import Award, Learner
from credentials.learning.findings import ANNEX_I, MANDATORY, Finding
from credentials.learning.micro_credential import MicroCredential


class State(StrEnum):
    """Whether an element is there to read. Withheld is not absent: it was awarded, and the holder keeps it back."""

    PRESENT = "present"
    WITHHELD = "withheld"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of Annex I: what it is called, its state, and its value by claim or member name."""

    id: str
    title: str
    state: State
    value: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The element as the API shows it."""
        return {"id": self.id, "title": self.title, "state": self.state.value, "value": dict(self.value)}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A micro-credential as one reader sees it; `record` is None where not even title and date can be read."""

    record: MicroCredential | None
    elements: Mapping[str, Element]
    findings: tuple[Finding, ...] = ()

    def state(self, element: str) -> State:
        """The state of an element of Annex I."""
        return self.elements[element].state

    @property
    def completeness(self) -> tuple[int, int, int]:
        """How many of the mandatory elements are present, withheld and absent."""
        states = [self.elements[element].state for element in MANDATORY]
        return states.count(State.PRESENT), states.count(State.WITHHELD), states.count(State.ABSENT)


AWARD_HAS: Mapping[str, Callable[[Award], object]] = {
    "M1": lambda held: replace(held.learner, email=None) != Learner(),
    "M5": lambda held: held.award_date,
    "O3": lambda held: held.grade,
}
"""Where an element stands in an award; the others stand in the course."""


def elements_of(record: MicroCredential) -> tuple[str, ...]:
    """The elements of Annex I that `record` holds."""
    return tuple(element for element in ANNEX_I if _has(record, element))


def of_record(record: MicroCredential, *, findings: tuple[Finding, ...] = ()) -> View:
    """The view of one who sees everything."""
    held = set(elements_of(record))
    json = record.to_json()
    members = _by_element(json["course"], course.ELEMENTS) | _by_element(json["award"], award.ELEMENTS)
    return View(
        record=record,
        findings=findings,
        elements={
            element: Element(
                id=element,
                title=title,
                state=State.PRESENT if element in held else State.ABSENT,
                value=members.get(element, {}) if element != "M3" else {"country": list(record.course.countries)},
            )
            for element, title in ANNEX_I.items()
        },
    )


def unread(*, findings: tuple[Finding, ...] = ()) -> View:
    """The view of one who can read nothing."""
    absent = {id_: Element(id=id_, title=title, state=State.ABSENT, value={}) for id_, title in ANNEX_I.items()}
    return View(record=None, elements=absent, findings=findings)


def _has(record: MicroCredential, element: str) -> bool:
    if element in AWARD_HAS:
        return bool(AWARD_HAS[element](record.award))
    return bool(rules.COURSE_HAS[element](record.course))


def _by_element(members: Mapping[str, Any], elements: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    sorted_out: dict[str, dict[str, Any]] = {}
    for name, value in members.items():
        sorted_out.setdefault(elements[name], {})[name] = value
    return sorted_out
