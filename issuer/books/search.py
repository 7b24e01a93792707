"""What awards are looked for by: the beginnings of words of the learner's name or number, the course, the state.

Words are compared as people type them: without accents, in small letters, in any alphabet, in any order.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from keys import strict_json

WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 6
LONGEST = 200
MEMBERS = ("given_name", "family_name", "learner_id")  # the e-mail address is for delivery alone


class State(StrEnum):
    """Where an award is, in one word."""

    PENDING = "pending"
    WAITING = "waiting"
    CLAIMED = "claimed"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Awards that have all of `words`, of this course and cohort, in this state; what is empty does not narrow."""

    words: tuple[str, ...] = ()
    course: str = ""
    state: State | None = None
    batch: str = ""  # the cohort

    @classmethod
    def of(cls, *, text: str = "", course: str = "", state: str = "", batch: str = "") -> "Search":
        """The search that a person's words mean; a state that there is not narrows nothing."""
        known = State(state) if state in set(State) else None
        return cls(words=words(text[:LONGEST])[:MOST_WORDS], course=course, state=known, batch=batch)

    @property
    def narrows(self) -> bool:
        """Whether anything is looked for."""
        return self != Search()


def words(text: str) -> tuple[str, ...]:
    """The words of a text, as they are compared: letters and digits alone."""
    if text.isascii():
        return tuple(WORD.findall(text.lower()))
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return tuple(WORD.findall(plain.casefold()))


def found_by(award: str) -> str:
    """What an award is found by, from its JSON: the words about its learner, each with a blank before it."""
    return found_by_learner(strict_json.parse_object(award).get("learner", {}))


def found_by_learner(learner: Mapping[str, Any]) -> str:
    """The same, where the learner is at hand."""
    said = [learner[name] for name in MEMBERS if isinstance(learner.get(name), str)]
    return "".join(f" {word}" for word in words(" ".join(said)))


def same_learner(learner: Mapping[str, Any]) -> str:
    """What two awards to one learner have in common: the number, or else names, birth date and e-mail address."""
    number = str(learner.get("learner_id", "")).casefold()
    if number:
        told = ["number", number, *(str(learner.get(f"learner_id_{name}", "")) for name in ("scheme", "country"))]
    else:
        names = words(f"{learner.get('given_name', '')} {learner.get('family_name', '')}")
        told = ["name", *names, str(learner.get("birth_date", "")), str(learner.get("email", "")).casefold()]
    return hashlib.blake2b("\n".join(told).encode(), digest_size=16).hexdigest()


def same_learner_of(award: str) -> str:
    """The same from an award's JSON."""
    return same_learner(strict_json.parse_object(award).get("learner", {}))
