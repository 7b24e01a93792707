"""The seven criteria, graded by an editable table: criteria.json, or the file that the operator names.

The criteria and the scales of the first two are the source's; what each grade takes is this project's reading, and the
table says so column by column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Self

from keys import strict_json
from keys.errors import KeysError
from verifier.recognition.errors import InvalidCriteria
from verifier.recognition.facts import FACTS, Told

PACKAGED = "criteria.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A grade, and the facts that all have to hold for it."""

    grade: str
    when: tuple[str, ...]

    def holds(self, told: Told) -> bool:
        """Whether all of its facts hold."""
        return all(told[name] is True for name in self.when)

    def may_hold(self, told: Told) -> bool:
        """Whether none of its facts is known not to hold."""
        return all(told[name] is not False for name in self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A question and its grades, the best first; the last one takes nothing."""

    id: str
    title: str
    asks: str
    elements: tuple[str, ...]
    scale: str
    grades: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A criterion with its grade; `possible` is the better grade it may reach once the withheld is shown."""

    criterion: Criterion
    grade: str
    place: int
    possible: str | None
    reasons: tuple[str, ...]
    against: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The grade as the dossier has it."""
        return {
            "id": self.criterion.id, "title": self.criterion.title, "asks": self.criterion.asks, "grade": self.grade,
            "scale": [step.grade for step in self.criterion.grades], "place": self.place,
            "scale_by": self.criterion.scale, "possible_grade": self.possible, "reasons": list(self.reasons),
            "not_higher_because": list(self.against), "elements": list(self.criterion.elements),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The whole table, its version, and whose reading each column is."""

    version: str
    source: str
    columns: Mapping[str, str]
    criteria: tuple[Criterion, ...]

    @classmethod
    def packaged(cls) -> Self:
        """The table of this package."""
        return cls.parse((resources.files("verifier.recognition") / PACKAGED).read_bytes())

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The table that the JSON text `data` is; raises InvalidCriteria, naming the first fault."""
        try:
            raw = strict_json.parse_object(data)
            return cls(
                version=_words(raw["version"]), source=_words(raw["source"]),
                columns={_words(name): _words(whose) for name, whose in raw["columns"].items()},
                criteria=tuple(_criterion(each) for each in raw["criteria"]),
            )  # fmt: skip
        except (KeysError, KeyError, TypeError, AttributeError) as error:
            raise InvalidCriteria(
                f"The table of criteria lacks a member, or one is not what it should be: {error}."
            ) from error

    def grade(self, told: Told) -> tuple[Graded, ...]:
        """The criteria graded by what is told."""
        return tuple(_graded(criterion, told) for criterion in self.criteria)


def _graded(criterion: Criterion, told: Told) -> Graded:
    place, reached = next((at, step) for at, step in enumerate(criterion.grades) if step.holds(told))
    better = criterion.grades[:place]
    return Graded(
        criterion=criterion, grade=reached.grade, place=place,
        possible=next((step.grade for step in better if step.may_hold(told)), None),
        reasons=tuple(FACTS[name].holds for name in reached.when),
        against=tuple(FACTS[name].fails for name in better[-1].when if told[name] is False) if better else (),
    )  # fmt: skip


def _criterion(raw: Mapping[str, Any]) -> Criterion:
    steps = tuple(_step(each) for each in raw["grades"])
    if not steps or steps[-1].when:
        raise InvalidCriteria(
            f"The last grade of the criterion {raw['id']} must take nothing: it is for whatever is left."
        )
    return Criterion(
        id=_words(raw["id"]), title=_words(raw["title"]), asks=_words(raw["asks"]),
        elements=tuple(map(_words, raw["elements"])), scale=_words(raw["scale"]), grades=steps,
    )  # fmt: skip


def _step(raw: Mapping[str, Any]) -> Step:
    unknown = sorted(set(raw["when"]) - FACTS.keys())
    if unknown:
        raise InvalidCriteria(f"The table of criteria asks for a fact that is not known: {unknown[0]}.")
    return Step(grade=_words(raw["grade"]), when=tuple(raw["when"]))


def _words(raw: object) -> str:
    if not isinstance(raw, str) or not raw:
        raise TypeError("a word is missing")
    return raw


def by_place(graded: Sequence[Graded]) -> Mapping[str, Graded]:
    """The graded criteria by their id."""
    return {each.criterion.id: each for each in graded}
