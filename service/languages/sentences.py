"""Sentences that code has put together, told in another language: recognised by the template that they were made of.

A refusal says "Acme at acme.example, certified by Root.": code made it of "{name} at {host}, certified by {root}.",
which is a message of the catalogue. Some such sentences were sealed years before somebody reads them in Greek. What is
filled in goes into the translation as it stands, but for days; a sentence of no known template stays as it is. Only
templates that stand in code are tried (a catalogue says where a message stands), and only those with enough words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from service.languages import locales

FIELD = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
ENOUGH = 8
"""Letters that a template must have in one piece, so that nothing else is taken for a sentence made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A sentence with fields, its longest piece without one, and what it is in the other language."""

    piece: str
    form: re.Pattern[str]
    translation: str

    @classmethod
    def of(cls, message: str, *, translation: str) -> Self:
        """The template of a message of a catalogue."""
        pieces = FIELD.split(message)
        told = "".join(
            re.escape(piece) if place % 2 == 0 else f"(?P<{piece}>.+?)" for place, piece in enumerate(pieces)
        )
        return cls(piece=max(pieces[::2], key=len), form=re.compile(told, re.DOTALL), translation=translation)


class Sentences:
    """The templates of one language, the most particular first."""

    def __init__(self, translations: Mapping[str, str], *, language: str) -> None:
        self._language = language
        found = [
            Template.of(message, translation=translation)
            for message, translation in translations.items()
            if (fields := FIELD.findall(message)) and len(fields) == len(set(fields))
        ]
        able = [each for each in found if len(each.piece.strip()) >= ENOUGH]
        self._templates = sorted(able, key=lambda each: -len(each.piece))

    def tell(self, sentence: str) -> str:
        """The sentence in this language; itself where no template made it."""
        for each in self._templates:
            if each.piece in sentence and (found := each.form.fullmatch(sentence)):
                filled = found.groupdict()
                told = {name: locales.retell(value, language=self._language) for name, value in filled.items()}
                return each.translation.format(**told)
        return sentence
