"""Texts in a format of one language: written in that of the title, read as what the `locale` beside them says.

`locale` is a language tag (RFC 5646); a credential without it is in English, or in the language its format names.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard

from credentials.learning.text import MAIN, TAG, Text
from credentials.learning.vocabularies import languages

LOCALE = "locale"


def said(words: Text | None, locale: str) -> str | None:
    """The words of a text in the language `locale`, or in its main one where it lacks that."""
    return words.best(locale) if words else None


def locale_claim(locale: str, *, assumed: str = MAIN) -> dict[str, str]:
    """The claim that tells the language of the texts, where a reader would assume another."""
    return {} if locale == assumed else {LOCALE: locale}


def locale_of(claims: Mapping[str, Any], *, assumed: str = MAIN) -> str:
    """The language of the texts in `claims`."""
    told = claims.get(LOCALE)
    return told if is_tag(told) else assumed


def is_tag(told: object) -> TypeGuard[str]:
    """Whether `told` is the tag of a language that is known here."""
    return isinstance(told, str) and TAG.fullmatch(told) is not None and languages.find(told) is not None


def text(words: Any, locale: str) -> dict[str, Any] | None:
    """The text in the API's form; what is no string is left for the reader of the record to refuse."""
    return {locale: words} if words not in (None, "") else None


def strings(raw: Any) -> list[str]:
    """The strings of a list, or the one string that stands without a list."""
    items = raw if isinstance(raw, list | tuple) else [raw]
    return [item for item in items if isinstance(item, str)]
