"""One cell of a data set as a value: a day, a word of a closed list, a level. What cannot be read raises BadCell."""

import re
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from credentials.learning.vocabularies.levels import Cycle
from trust.organisations import Identifier
from trust.quality import identifiers
from trust.quality.records import CYCLES, Decision, Flag, Official, Scope, Succession, Turn

E = TypeVar("E", bound=StrEnum)
LONGEST: Final = 2_000
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?")
TRUE, FALSE = frozenset({"true", "t", "yes", "1"}), frozenset({"false", "f", "no", "0", "", "n/a"})
DECISIONS = {"1": Decision.POSITIVE, "2": Decision.CONDITIONAL, "3": Decision.NEGATIVE, "4": Decision.NOT_APPLICABLE,
             "negative or refused": Decision.NEGATIVE}  # fmt: skip
OFFICIAL = {"1": Official.OBLIGATORY, "2": Official.VOLUNTARY}
FLAGS = {"1": Flag.NONE, "2": Flag.LOW, "3": Flag.HIGH, "": Flag.NONE}


class BadCell(ValueError):  # named by what is wrong; caught where the row is read
    """A cell that does not say what its column is for; the message is a sentence about it."""


def word(raw: object, *, name: str) -> str:
    """A text or number on one line, empty where nothing is said."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int) or (isinstance(raw, str) and len(raw) > LONGEST):
        raise BadCell(f"{name} is not a text of bearable length")
    return " ".join(str(raw).split())


def day(raw: object, *, name: str) -> date | None:
    """A day, with or without a time of day; None where nothing is said."""
    said = word(raw, name=name)
    if not said or said.upper() == "N/A":
        return None
    found = DAY.fullmatch(said)
    try:
        return date.fromisoformat(found[1] if found else said)
    except ValueError as error:
        raise BadCell(f"{name} is no day: {said[:40]}") from error


def truth(raw: object, *, name: str) -> bool:
    """Yes or no; no where nothing is said."""
    if isinstance(raw, bool):
        return raw
    said = word(raw, name=name).lower()
    if said not in TRUE | FALSE:
        raise BadCell(f"{name} is neither yes nor no: {said[:40]}")
    return said in TRUE


def decision(raw: object) -> Decision:
    """What was decided."""
    return _of(Decision, raw, name="the decision", numbers=DECISIONS)


def official(raw: object) -> Official:
    """Whether the report is part of the obligatory system."""
    return _of(Official, raw, name="the status", numbers=OFFICIAL)


def flag(raw: object) -> Flag:
    """The flag; none where nothing is said."""
    return _of(Flag, raw, name="the flag", numbers=FLAGS)


def scope(raw: object) -> Scope:
    """What the report is about."""
    return _of(Scope, raw, name="the type of the report", numbers={})


def level(raw: object) -> Cycle | None:
    """A level of the QF-EHEA in words or as 0 to 3; None where nothing is said."""
    said = word(raw, name="the level").lower()
    if not said or said == "n/a":
        return None
    known = {**CYCLES, **{str(number): cycle for number, cycle in enumerate(Cycle)}}
    if said not in known:
        raise BadCell(f"the level is not one of the QF-EHEA: {said[:40]}")
    return known[said]


def provider(raw: object, *, other: bool = False) -> str:
    """The DEQAR identifier of a provider; `other` where a bare number is one of the other providers."""
    said = word(raw, name="the identifier of the provider")
    bare = f"AP{said}" if other and said.isdigit() else said
    found = identifiers.normal(Identifier(scheme="deqar", value=bare))
    if found is None:
        raise BadCell(f"this is no DEQAR identifier of a provider: {said[:40]}")
    return found[1]


def number(scheme: str, value: str, *, country: str | None = None) -> Identifier | None:
    """An identifier in its one spelling; None where it is of a register that does not count here."""
    found = identifiers.normal(Identifier(scheme=scheme, value=value), country=country)
    return None if found is None else Identifier(scheme=found[0].value, value=found[1])


def succession(own: str, other: str, *, told: str, on: date | None) -> Succession:
    """What `told` ("was absorbed by", …), a relationship in the words that DEQAR has for `own`, says of both."""
    turns = {
        "succeeded by": (own, other, Turn.SUCCEEDED),
        "succeeded": (other, own, Turn.SUCCEEDED),
        "was absorbed by": (own, other, Turn.ABSORBED),
        "absorbed": (other, own, Turn.ABSORBED),
        "spun off": (own, other, Turn.SPUN_OFF),
        "was spun off from": (other, own, Turn.SPUN_OFF),
    }
    if told not in turns:
        raise BadCell(f"this is no relationship in time: {told[:40]}")
    before, after, turn = turns[told]
    return Succession(before=before, after=after, turn=turn, day=on)


def _of(kind: type[E], raw: object, *, name: str, numbers: dict[str, E]) -> E:
    said = word(raw, name=name).lower()
    known = {**{member.value.lower(): member for member in kind}, **numbers}
    if said not in known:
        raise BadCell(f"{name} is not one that DEQAR has: {said[:40]}")
    return known[said]
