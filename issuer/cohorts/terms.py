"""On what terms a cohort is sent: which course, what holds for every row, what is to happen where rows are faulty."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from issuer.delivery import outbox
from service.errors import InvalidInput, Problem
from service.routes import Parameter

FLAGS: Mapping[str, bool] = {"true": True, "false": False}
SWITCHES = ("pin", "partial", "dry_run", "allow_again", "email")
FLAG = {"type": "boolean", "default": False}
PARAMETERS = (
    Parameter(name="Idempotency-Key", place="header", meaning="The same file sent with it again is awarded once."),
    Parameter(name="course", meaning="The short name of a course of the catalogue.", required=True),
    Parameter(name="award_date", meaning="For rows that have none.", schema={"type": "string", "format": "date"}),
    Parameter(name="release_at", meaning="Claimed from then on.", schema={"type": "string", "format": "date-time"}),
    Parameter(name="pin", meaning="Whether a PIN guards each claim; see pins.csv.", schema=FLAG),
    Parameter(name="dry_run", meaning="Check the file and award nothing.", schema=FLAG),
    Parameter(name="partial", meaning="Award the rows without faults, even if others have some.", schema=FLAG),
    Parameter(name="email", meaning="Send each learner the claim link by e-mail.", schema=FLAG),
    Parameter(name="language", meaning="The language of those mails."),
    Parameter(name="allow_again", meaning="Award also to learners who have this award.", schema=FLAG),
)
KNOWN = frozenset({"course", "award_date", "release_at", "language", *SWITCHES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one cohort."""

    course: str
    award_date: date | None = None  # for rows that have none
    release_at: datetime | None = None
    pin: bool = False
    partial: bool = False  # award the rows without faults, even if others have some
    dry_run: bool = False
    allow_again: bool = False  # also to learners who have an award of the course that stands
    email: bool = False  # the links go out by mail, so that each row needs an address
    language: str = ""  # of those mails

    @classmethod
    def parse(cls, raw: Mapping[str, str]) -> Self:
        """Reads the query of a request; raises InvalidInput with every problem."""
        problems = [
            Problem(path=f"/{name[:80]}", code="unknown_parameter", message="This is not known here.")
            for name in sorted(raw.keys() - KNOWN)
        ]
        if not raw.get("course"):
            problems.append(Problem(path="/course", code="missing", message="Name the course by its short name."))
        flags = {name: _flag(raw, name=name, problems=problems) for name in SWITCHES}
        language = raw.get("language", "")
        if not outbox.is_tag(language):
            problems.append(Problem(path="/language", message="Name a language by its tag: en, it, de."))
        award_date = _day(raw, problems=problems)
        release_at = _moment(raw, problems=problems)
        if problems:
            raise InvalidInput("The request needs correcting.", problems=problems)
        return cls(course=raw["course"], award_date=award_date, release_at=release_at, language=language, **flags)

    @property
    def shared(self) -> dict[str, str]:
        """What stands for every row that has no cell of its own."""
        return {} if self.award_date is None else {"award_date": self.award_date.isoformat()}


def _flag(raw: Mapping[str, str], *, name: str, problems: list[Problem]) -> bool:
    value = FLAGS.get(raw.get(name, "false"))
    if value is None:
        problems.append(Problem(path=f"/{name}", message=f"{name} is true or false."))
    return bool(value)


def _day(raw: Mapping[str, str], *, problems: list[Problem]) -> date | None:
    if "award_date" not in raw:
        return None
    try:
        return date.fromisoformat(raw["award_date"])
    except ValueError:
        problems.append(Problem(path="/award_date", code="not_a_date", message="Write the date as YYYY-MM-DD."))
        return None


def _moment(raw: Mapping[str, str], *, problems: list[Problem]) -> datetime | None:
    if "release_at" not in raw:
        return None
    try:
        moment = datetime.fromisoformat(raw["release_at"].replace(" ", "+"))  # a plus sign in a query is a blank
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the last is the first or last day of the calendar, in some zone
        pass
    problems.append(Problem(path="/release_at", message="Give a moment with its zone: 2026-07-01T09:00:00+02:00."))
    return None
