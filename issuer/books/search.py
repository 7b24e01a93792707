"""What awards are looked for by: the beginnings of words of the learner's name or number, the course, the state.

Words are compared as people type them: without accents, in small letters, in any alphabet, in any order. An e-mail
address is one word, recognised by its at sign: who has a letter from it need not take it apart.
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
LONGEST_WORD = 64  # of which anything is compared
ESCAPE = "\\"
LEAD = 12
MEMBERS = ("given_name", "family_name", "learner_id")


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
        return cls(words=asked(text[:LONGEST])[:MOST_WORDS], course=course, state=known, batch=batch)

    @property
    def narrows(self) -> bool:
        """Whether anything is looked for."""
        return self != Search()


def words(text: str) -> tuple[str, ...]:
    """The words of a text, as they are compared: letters and digits alone."""
    return tuple(WORD.findall(_plain(text)))


def asked(text: str) -> tuple[str, ...]:
    """The words that a person looks for, each once; what has an at sign is the beginning of an e-mail address."""
    found: list[str] = []
    for piece in text.split():
        found += _plain(piece).split() if "@" in piece.lstrip("@") else words(piece)
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in found))


def tokens(found_by: str) -> frozenset[str]:
    """The words that an award stands under, from what it is found by: single letters tell nobody apart."""
    return frozenset([word[:LONGEST_WORD] for word in found_by.split() if len(word) > 1])


def escaped(word: str) -> str:
    """The word as LIKE takes it literally."""
    return word.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_")


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).casefold()


def found_by(award: str) -> str:
    """What an award is found by, from its JSON: the words about its learner, each with a blank before it."""
    return found_by_learner(strict_json.parse_object(award).get("learner", {}))


def found_by_learner(learner: Mapping[str, Any]) -> str:
    """The same, where the learner is at hand."""
    said = " ".join([learner[name] for name in MEMBERS if isinstance(learner.get(name), str)])
    found, address = words(said), learner.get("email")
    if isinstance(address, str):
        found += tuple(_plain(address).split())
    return f" {' '.join(found)}" if found else ""


def same_learner(learner: Mapping[str, Any]) -> str:
    """What two awards to one learner have in common: the number, or else names, birth date and e-mail address.

    It begins as the number or the names do, so that the rows of a sorted list lie side by side in an index.
    """
    said = learner.get
    if said("learner_id"):
        lead = str(said("learner_id")).casefold()
        told = f"number\n{lead}\n{said('learner_id_scheme')}\n{said('learner_id_country')}"
    else:
        lead = " ".join(words(f"{said('family_name')} {said('given_name')}"))
        told = f"name\n{lead}\n{said('birth_date')}\n{str(said('email')).casefold()}"
    return lead[:LEAD] + hashlib.blake2b(told.encode(), digest_size=10).hexdigest()


def same_learner_of(award: str) -> str:
    """The same from an award's JSON."""
    return same_learner(strict_json.parse_object(award).get("learner", {}))
