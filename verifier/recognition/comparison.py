"""The certificate beside a course of one's own: credits, level, outcomes, and candidates of substantial difference.

Candidates only (Explanatory Report to the Lisbon Recognition Convention): whether a difference is substantial depends
on what the recognition is for, and is never decided here. Differences in name, admission and length are not listed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from credentials.learning import summary, vocabularies
from credentials.learning.course import Course
from credentials.learning.outcomes import likeness
from credentials.learning.vocabularies import fields_of_study
from verifier.recognition import facts
from verifier.recognition.errors import InvalidCourse
from verifier.recognition.evidence import Evidence

ALIKE, RELATED = Decimal("0.50"), Decimal("0.25")
"""From where on two outcomes are shown as alike, and as possibly related: this project's reading."""
MOST_OUTCOMES = 60
LONGEST = 1000
MOST_CREDITS = Decimal(400)
MEMBERS = frozenset({"title", "ects", "eqf_level", "learning_outcomes", "isced_f"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCourse:
    """The course to compare with, as far as the evaluator tells it."""

    title: str = ""
    ects: Decimal | None = None
    eqf_level: int | None = None
    outcomes: tuple[str, ...] = ()
    isced_f: str | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The course that {title, ects, eqf_level, learning_outcomes, isced_f} describes; raises InvalidCourse."""
        if not isinstance(raw, Mapping) or not raw.keys() <= MEMBERS:
            raise InvalidCourse(f"A course to compare with is told by {', '.join(sorted(MEMBERS))}.")
        outcomes = raw.get("learning_outcomes") or ()
        lines = outcomes.splitlines() if isinstance(outcomes, str) else outcomes
        if not isinstance(lines, list | tuple) or not all(isinstance(line, str) for line in lines):
            raise InvalidCourse("Learning outcomes are texts, one a line.")
        said = tuple(" ".join(line.split())[:LONGEST] for line in lines if line.strip())
        if len(said) > MOST_OUTCOMES:
            raise InvalidCourse(f"A course to compare with has at most {MOST_OUTCOMES} learning outcomes.")
        return cls(
            title=" ".join(str(raw.get("title") or "").split())[:300], ects=_credits(raw.get("ects")),
            eqf_level=_level(raw.get("eqf_level")), outcomes=said, isced_f=_field(raw.get("isced_f")),
        )  # fmt: skip

    @property
    def empty(self) -> bool:
        """Whether nothing is told of it that could be compared."""
        return self.ects is None and self.eqf_level is None and not self.outcomes and self.isced_f is None


def compare(evidence: Evidence, *, home: HomeCourse) -> dict[str, Any]:
    """The two beside one another; what either does not say is not compared, and is said not to be."""
    course = evidence.view.record.course if evidence.view.record else None
    covered = tuple(_coverage(home, course))
    return {
        "home_title": home.title,
        "rows": [dict(row) for row in _rows(home, course)],
        "outcomes": [dict(row) for row in covered],
        "coverage": _counted(covered),
        "candidates": [dict(row) for row in _candidates(home, course, covered=covered)],
        "thresholds": {"alike": str(ALIKE), "related": str(RELATED)},
        "decides": False,
    }


Row = Mapping[str, str | None]


def _rows(home: HomeCourse, course: Course | None) -> Iterator[Row]:
    level, field = facts.level_of(course) if course else None, course.isced_f if course else ()
    yield _row("Credits", _ects(home.ects), _ects(course.ects if course else None))
    yield _row("Level", _eqf(home.eqf_level), _eqf(level))
    yield _row("Field of study", _named(home.isced_f), "; ".join(map(fields_of_study.label, field)) or None)


def _row(name: str, home: str | None, here: str | None) -> Row:
    return {"element": name, "home": home, "certificate": here}


def _coverage(home: HomeCourse, course: Course | None) -> Iterator[Row]:
    shown = [outcome.text.best("en") for outcome in course.learning_outcomes] if course else []
    for wanted, pair in zip(home.outcomes, likeness.best(home.outcomes, among=shown), strict=True):
        match = "alike" if pair.score >= ALIKE else "related" if pair.score >= RELATED else "none"
        nearest = shown[pair.place] if pair.place is not None else None
        yield {"home": wanted, "match": match, "nearest": nearest, "score": str(pair.score)}


def _counted(covered: Sequence[Row]) -> dict[str, int]:
    matches = [row["match"] for row in covered]
    return {kind: matches.count(kind) for kind in ("alike", "related", "none")}


def _candidates(home: HomeCourse, course: Course | None, *, covered: Sequence[Row]) -> Iterator[Row]:
    here = course.ects if course else None
    if home.ects is not None and here is not None and here < home.ects:
        yield _difference("Workload", _ects(home.ects), _ects(here), f"{summary.plain(home.ects - here)} ECTS less")
    level = facts.level_of(course) if course else None
    if home.eqf_level and level and level < home.eqf_level:
        yield _difference("Level", _eqf(home.eqf_level), _eqf(level), f"{home.eqf_level - level} level(s) lower")
    broad = {code[:2] for code in course.isced_f} if course else set()
    if home.isced_f and broad and home.isced_f[:2] not in broad:
        told = "; ".join(map(fields_of_study.label, course.isced_f if course else ()))
        yield _difference("Profile", _named(home.isced_f), told, "another broad field of study")
    for row in covered:
        if row["match"] == "none":
            yield _difference("Learning outcome", row["home"], None, "nothing alike in the words of the certificate")


def _difference(element: str, home: str | None, here: str | None, delta: str) -> Row:
    return {"element": element, "home": home, "certificate": here, "delta": delta}


def _ects(value: Decimal | None) -> str | None:
    return None if value is None else f"{summary.plain(value)} ECTS"


def _eqf(level: int | None) -> str | None:
    return None if level is None else vocabularies.eqf_label(level)


def _named(code: str | None) -> str | None:
    return None if code is None else fields_of_study.label(code)


def _credits(raw: object) -> Decimal | None:
    text = str(raw if raw is not None else "").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise InvalidCourse("Credits are a number, such as 5 or 2.5.") from error
    if not value.is_finite() or not 0 < value <= MOST_CREDITS:
        raise InvalidCourse(f"Credits are a number from 0 to {MOST_CREDITS}.")
    return value


def _level(raw: object) -> int | None:
    text = str(raw if raw is not None else "").strip()
    if not text:
        return None
    if re.fullmatch("[1-8]", text) is None:
        raise InvalidCourse("An EQF level is a whole number from 1 to 8.")
    return int(text)


def _field(raw: object) -> str | None:
    text = str(raw if raw is not None else "").strip()
    if not text:
        return None
    found = fields_of_study.find(text)
    if found is None:
        raise InvalidCourse("A field of study is a code of ISCED-F 2013, such as 0613.")
    return found
