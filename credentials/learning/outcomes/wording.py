"""How a learning outcome is worded: its first verb, the level of thinking that it stands for, and what weakens it.

Levels are those of Bloom's taxonomy as revised by Anderson and Krathwohl (2001); the lists are this project's, and a
verb may stand for several. English only: of other languages nothing is said. Every flag is a hint for a person.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import Any

from credentials.learning.vocabularies import verbs

MOST_WORDS = 40
HIGH_LEVEL = 7


class Thinking(IntEnum):
    """The six levels, the simplest first."""

    REMEMBER = 1
    UNDERSTAND = 2
    APPLY = 3
    ANALYSE = 4
    EVALUATE = 5
    CREATE = 6


class Flag(StrEnum):
    """What weakens an outcome."""

    VAGUE_VERB = "vague_verb"
    NO_VERB = "no_active_verb"
    NO_OBJECT = "no_object"
    TOO_LONG = "too_long"
    COMPOUND = "compound"
    ASSESSMENT = "assessment_wording"


VERBS: Mapping[Thinking, str] = {
    Thinking.REMEMBER: "cite define identify label list locate match name outline quote recall recognise recognize "
    "record repeat reproduce state tabulate",
    Thinking.UNDERSTAND: "classify compare contrast describe discuss exemplify explain express extend follow "
    "generalise illustrate infer interpret paraphrase report restate review summarise summarize translate",
    Thinking.APPLY: "act adapt apply assemble build calculate carry coach complete compute conduct configure "
    "deliver demonstrate deploy draw employ execute facilitate handle implement install maintain make manage operate "
    "organise organize perform practise practice prepare present run schedule search solve take teach test train use "
    "utilise utilize write",
    Thinking.ANALYSE: "analyse analyze audit break calibrate categorise categorize compare contrast deduce detect "
    "determine diagnose differentiate discover discriminate distinguish examine experiment inspect investigate "
    "measure model observe relate separate structure trace",
    Thinking.EVALUATE: "appraise argue assess challenge check choose critique criticise criticize debate debug decide "
    "defend estimate evaluate judge justify monitor prioritise prioritize rank rate recommend review select validate "
    "verify",
    Thinking.CREATE: "arrange compose conceive construct create design develop devise draft elaborate formulate "
    "generate hypothesise integrate invent modify plan produce program propose revise rewrite synthesise synthesize "
    "transform write",
}
LEVELS: Mapping[str, tuple[Thinking, ...]] = {
    verb: tuple(level for level in Thinking if verb in VERBS[level].split())
    for verb in sorted({verb for words in VERBS.values() for verb in words.split()})
}
"""The levels of each verb."""
TESTED = re.compile(
    r"\b(exam(ination)?s?|pass(es|ed)? the|quiz|grade[ds]?|attend(s|ed|ance)?|mark(s|ed)? of)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One outcome: its verb in its plain form, "" where it begins with none, its levels and its flags."""

    text: str
    verb: str
    levels: tuple[Thinking, ...]
    flags: tuple[Flag, ...]

    def to_json(self) -> dict[str, Any]:
        """The reading as the API shows it."""
        return {
            "text": self.text, "verb": self.verb, "levels": [level.name.casefold() for level in self.levels],
            "flags": [flag.value for flag in self.flags],
        }  # fmt: skip


def read(outcome: str) -> Wording:
    """How an English outcome is worded."""
    bare = _bare(outcome)
    words = re.findall(r"[A-Za-z'’-]+", bare)
    verb = _verb(words[0]) if words else ""
    return Wording(
        text=outcome, verb=verb, levels=LEVELS.get(verb, ()), flags=tuple(dict.fromkeys(_flags(outcome, words, verb)))
    )  # fmt: skip


def too_simple(outcomes: Iterable[Wording], *, eqf_level: int | None) -> bool:
    """Whether a high level is claimed of outcomes whose verbs all stand for remembering or understanding."""
    told = [max(each.levels) for each in outcomes if each.levels]
    return eqf_level is not None and eqf_level >= HIGH_LEVEL and bool(told) and max(told) <= Thinking.UNDERSTAND


def _flags(outcome: str, words: list[str], verb: str) -> Iterator[Flag]:
    weakness = verbs.weakness(outcome)
    if weakness is not None:
        yield Flag(weakness[0])
    if len(words) == 1:
        yield Flag.NO_OBJECT
    if len(words) > MOST_WORDS:
        yield Flag.TOO_LONG
    others = [
        word for before, word in pairwise(words)
        if before.casefold() == "and" and _verb(word) in LEVELS and word.casefold() == _verb(word)
    ]  # fmt: skip
    if verb and others:
        yield Flag.COMPOUND
    if TESTED.search(outcome):
        yield Flag.ASSESSMENT


def _bare(outcome: str) -> str:
    """The outcome without “on completion the learner can …”."""
    words = outcome.strip()
    while (shorter := verbs.LEAD.sub("", words, count=1)) != words:
        words = shorter
    return words


def _verb(word: str) -> str:
    """The plain form of a verb that is known; "" for another word."""
    plain = word.casefold()
    bare = plain.removesuffix("ing") if plain.endswith("ing") else plain.removesuffix("s")
    doubled = bare[:-1] if bare[-2:-1] == bare[-1:] else bare
    forms = (plain, bare, f"{bare}e", doubled, plain.removesuffix("es"))
    return next((form for form in forms if form in LEVELS or form in verbs.ACTIVE), "")
