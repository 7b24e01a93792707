"""A course as the fields of a form: each field is named by its place in the JSON of a course, its steps joined by dots.

`title.en`, `learning_outcomes.0.text.en`, `quality_assurance.type`. A list of codes is a group of boxes, each named by
its code: `assessment_types.project-work`. What a form leaves empty is not there; what it does not show goes along.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from credentials.learning.course import ELEMENTS, Course
from credentials.learning.findings import Finding

FORMATS = "formats"  # beside the course: the configurations in which it is awarded
BOXES = frozenset({"assessment_types", "assessment_modes", "participation_modes", FORMATS})
DERIVED = frozenset({"identity_verified"})
INDEX = re.compile(r"\d{1,3}")
MOST_STEPS = 8

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseForm:
    """The fields of a form, and what they say as the JSON of a course."""

    values: Mapping[str, str]
    raw: Mapping[str, Any]
    places: Mapping[str, tuple[str, ...]]  # of a list: the steps in the form that its items came from

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Self:
        """Reads the fields of a course among those of a form."""
        values = {name: value for name, value in form.items() if _is_ours(name)}
        tree: Tree = {}
        for name, value in values.items():
            if value.strip():
                _plant(tree, steps=name.split("."), value=value.strip())
        places: dict[str, tuple[str, ...]] = {}
        raw = {name: _grown(node, path=name, places=places) for name, node in tree.items()}
        return cls(values=values, raw=raw, places=places)

    @classmethod
    def of(cls, course: Course, *, formats: Iterable[str]) -> Self:
        """The form that says what `course` says, and in which formats it is awarded."""
        return cls.parse(dict(fields({**course.to_json(), FORMATS: list(formats)})))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the course is described in, English first."""
        found = {tag for name in self.values if (tag := _language(name)) is not None}
        return tuple(sorted(found, key=lambda tag: (tag != "en", tag)))

    def count(self, name: str, *, filled: bool = False) -> int:
        """How many items the form has of a list, or up to the last one that is filled."""
        there = (field for field, value in self.values.items() if value.strip() or not filled)
        steps = (field.split(".") for field in there if field.startswith(f"{name}."))
        depth = name.count(".") + 1
        found = [int(step[depth]) for step in steps if len(step) > depth and INDEX.fullmatch(step[depth])]
        return max(found, default=-1) + 1

    def chosen(self, name: str) -> frozenset[str]:
        """The codes of the boxes that are ticked."""
        return frozenset(value for field, value in self.values.items() if field.startswith(f"{name}.") and value)

    def field_of(self, finding: Finding) -> str:
        """The field that a finding is about: its pointer, with the places that the form gave."""
        path = ""
        for step in finding.path.removeprefix("/").split("/"):
            held = self.places.get(path)
            known = held is not None and INDEX.fullmatch(step) and int(step) < len(held)
            path = f"{path}.{held[int(step)] if held and known else step}".removeprefix(".")
        return path


def errors_of(form: CourseForm, *, findings: Iterable[Finding]) -> dict[str, str]:
    """What is wrong, by field; what is wrong with a field twice is said in two sentences."""
    told: dict[str, list[str]] = {}
    for finding in findings:
        told.setdefault(form.field_of(finding), []).append(finding.message)
    return {field: " ".join(dict.fromkeys(messages)) for field, messages in told.items()}


def _is_ours(name: str) -> bool:
    steps = name.split(".")
    return (
        (steps[0] in ELEMENTS or steps[0] == FORMATS)
        and steps[0] not in DERIVED
        and len(steps) <= MOST_STEPS
        and all(steps)
    )


def _plant(tree: Tree, *, steps: list[str], value: str) -> None:
    """Puts a value to its place; where the form contradicts itself, what came first stays."""
    for step in steps[:-1]:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree.setdefault(steps[-1], value)


def _grown(node: Any, *, path: str, places: dict[str, tuple[str, ...]]) -> Any:
    """The JSON of a branch: what is numbered is a list, boxes are the list of their codes."""
    if not isinstance(node, dict):
        return node
    if path in BOXES:
        places[path] = tuple(node)
        return list(node.values())
    if not all(INDEX.fullmatch(step) for step in node):
        return {step: _grown(below, path=f"{path}.{step}", places=places) for step, below in node.items()}
    order = sorted(node, key=int)
    places[path] = tuple(order)
    return [_grown(node[step], path=f"{path}.{step}", places=places) for step in order]


def fields(node: Any, *, path: str = "") -> Iterator[tuple[str, str]]:
    """The fields that say what the JSON `node` says."""
    if isinstance(node, Mapping):
        for name, below in node.items():
            yield from fields(below, path=f"{path}.{name}".removeprefix("."))
    elif path in BOXES:
        yield from ((f"{path}.{code}", code) for code in node)
    elif isinstance(node, list):
        for index, below in enumerate(node):
            yield from fields(below, path=f"{path}.{index}")
    else:
        yield path, str(node)


TEXTS = frozenset(
    {
        "title", "alternative_title", "description", "learning_outcome_summary", "assessment_description",
        "prerequisites", "further_information", "text", "name",
    }
)  # fmt: skip
"""Members that are texts in several languages; beneath them a step is a language."""


def _language(name: str) -> str | None:
    *_, member, tag = ["", *name.split(".")]
    return tag if member in TEXTS else None
