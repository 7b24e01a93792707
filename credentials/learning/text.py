"""Text in one or more languages, clean: NFC, no markup, no hidden or control characters (Unicode TR 36)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
"""Bidirectional controls and characters nobody sees. Joiners (U+200C, U+200D) stay: Persian and Hindi need them."""
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
MAIN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in one or more languages; `entries` are (language tag, words), sorted by tag."""

    entries: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Self:
        """The text whose words by language tag are `words`."""
        return cls(entries=tuple(sorted(words.items())))

    @property
    def languages(self) -> tuple[str, ...]:
        """The language tags it is written in."""
        return tuple(tag for tag, _ in self.entries)

    @property
    def main(self) -> str:
        """The language tag that stands first: English where there is English."""
        return MAIN if MAIN in self.languages else self.entries[0][0]

    def best(self, *preferred: str) -> str:
        """The words in the first of the `preferred` languages that there is, else in the main one."""
        words = dict(self.entries)
        return next((words[tag] for tag in preferred if tag in words), words[self.main])

    def to_json(self) -> dict[str, str]:
        """The words by language tag."""
        return dict(self.entries)


def line(raw: str) -> str:
    """`raw` on one line: NFC, with every run of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", raw).split())


def paragraphs(raw: str) -> str:
    """`raw` as lines: NFC, white space within a line as one space, no blank line twice."""
    lines = [" ".join(part.split()) for part in unicodedata.normalize("NFC", raw).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def fault(words: str) -> tuple[str, str] | None:
    """The code and sentence of what may not stand in `words`; None where all of it may."""
    if words.isprintable() and "<" not in words:  # printable: no control, no format character, nothing unassigned
        return None
    if MARKUP.search(words):
        return "markup", "Write plain words: HTML tags are not allowed here."
    if HIDDEN.search(words):
        return "hidden_character", "Remove the invisible or text-direction character; it can make words read otherwise."
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} and letter != "\n" for letter in words):
        return "control_character", "Remove the control or unknown character."
    return None
