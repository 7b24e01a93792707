"""A part of a stack: one micro-credential with what a rule asks of it, once it has been verified elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from credentials.learning.course import Course
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.text import Text


class Standing(StrEnum):
    """What verification found: whether the part can be counted at all."""

    GOOD = "good"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SIGNATURE = "signature"
    UNCHECKED = "unchecked"


class Sameness(StrEnum):
    """Whether two parts are of one person, and on what that rests."""

    SAME = "same"
    BY_NAME = "by_name"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose a part is, by what is shown: the holder's key, a number, name and birth date."""

    key: str | None = None  # RFC 7638 thumbprint
    number: str | None = None
    name: str | None = None
    birth_date: date | None = None

    def is_the_same(self, other: "Subject") -> Sameness:
        """Whether `other` is the same person. A number that differs outweighs a name; a name alone needs the day."""
        if self.key is not None and self.key == other.key:
            return Sameness.SAME
        if self.number is not None and other.number is not None:
            return Sameness.SAME if self.number == other.number else Sameness.OTHER
        named = self.name is not None and self.birth_date is not None
        if named and (self.name, self.birth_date) == (other.name, other.birth_date):
            return Sameness.BY_NAME
        return Sameness.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One micro-credential. `id` tells it from all others; two with the same `spec` are editions of one course."""

    id: str
    title: str
    subject: Subject
    issuers: frozenset[str]  # every identifier that the awarding body is known by
    award_date: date
    spec: str | None = None
    ects: Decimal | None = None
    level: int | None = None
    esco: frozenset[str] = frozenset()
    outcomes: tuple[str, ...] = ()
    grade: Decimal | None = None  # as a share of its scheme, from 0 (the least that passes) to 1
    prior_learning: bool = False
    quality_assured: bool = False
    standing: Standing = Standing.GOOD

    @classmethod
    def of(cls, record: MicroCredential, *, id_: str, key: str | None, issuers: Iterable[str]) -> "Part":
        """The part that `record` is; `id_`, `key` and `issuers` come from who verified the credential around it.

        The numbers that a record gives for its awarding body are not taken: anybody can write another's.
        """
        course, award = record.course, record.award
        learner = award.learner
        number = learner.learner_id and f"{learner.learner_id_scheme}:{learner.learner_id_country}:{learner.learner_id}"
        name = " ".join(learner.name.casefold().split()) or None
        return cls(
            id=id_, title=course.title.best("en"),
            subject=Subject(key=key, number=number or None, name=name, birth_date=learner.birth_date),
            issuers=frozenset(issuers), award_date=award.award_date, spec=course.catalogue_uri,
            ects=course.ects, level=_level(course),
            esco=frozenset(skill.uri for each in course.learning_outcomes for skill in each.esco_skills if skill.uri),
            outcomes=tuple(map(_english, (each.text for each in course.learning_outcomes))),
            grade=_share(record),
        )  # fmt: skip

    def found(self, standing: Standing, *, quality_assured: bool) -> "Part":
        """The part with what verification found."""
        return replace(self, standing=standing, quality_assured=quality_assured)


def _level(course: Course) -> int | None:
    return course.eqf_level or (course.qf_ehea_cycle.eqf_level if course.qf_ehea_cycle else None)


def _english(text: Text) -> str:
    return text.best("en")


def _share(record: MicroCredential) -> Decimal | None:
    """The grade as a share of the span from the least mark that passes to the highest; None where that is not told."""
    scheme, words = record.course.grading_scheme, (record.award.grade or "").replace(",", ".")
    if scheme is None or scheme.highest is None:
        return None
    least = scheme.passing if scheme.passing is not None else scheme.lowest
    digits = words.partition("/")[0].strip()
    if least is None or not digits.replace(".", "", 1).isdecimal():
        return None
    if scheme.highest <= least:
        return None
    share = (Decimal(digits) - least) / (scheme.highest - least)
    return share.quantize(Decimal("0.0001")) if 0 <= share <= 1 else None
