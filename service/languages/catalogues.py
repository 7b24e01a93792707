"""Catalogues of gettext: what each language says for the English of the code, and how it counts.

GNU gettext (PO files, plural forms), read by Babel. A message that a language lacks is said in English, whole; so is
one that is marked fuzzy, since a machine guessed it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Self

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from service.languages import locales
from service.languages.locales import ENGLISH
from service.languages.sentences import Sentences

WIDEST = 3_000
"""Characters of a sentence that is still looked up; what is longer is nobody's sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: its tag, what it says, and sentences that code makes."""

    tag: str
    words: NullTranslations
    sentences: Sentences

    @classmethod
    def english(cls) -> Self:
        """The language that the code is written in."""
        return cls(tag=ENGLISH, words=NullTranslations(), sentences=Sentences({}, language=ENGLISH))

    @classmethod
    def of(cls, catalogue: Catalog, *, tag: str) -> Self:
        """The language of a catalogue."""
        packed = BytesIO()
        write_mo(packed, catalogue)
        packed.seek(0)
        made = {str(message.id): str(message.string) for message in catalogue if _is_made(message)}
        return cls(tag=tag, words=GNUTranslations(packed), sentences=Sentences(made, language=tag))

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return locales.direction(self.tag)

    def t(self, message: str, /, **values: object) -> str:
        """`message` in this language, with its {names} filled in."""
        told = self.words.gettext(message) if message else message
        if values:
            return told.format(**{name: self._in_words(value) for name, value in values.items()})
        return self.sentences.tell(message) if told == message and len(message) < WIDEST else told

    def _in_words(self, value: object) -> object:
        """What is filled in: as it stands, but for days that code has written in English."""
        return locales.retell(value, language=self.tag) if type(value) is str else value

    def tn(self, one: str, many: str, count: int, /, **values: object) -> str:
        """What is said of one or of `count`, which stands in the message as {count}."""
        return self.words.ngettext(one, many, count).format(count=locales.thousands(count, language=self.tag), **values)


class Languages:
    """English and every language that has a catalogue in a folder, each read when it is first asked for."""

    def __init__(self, read: Mapping[str, Callable[[], Language]]) -> None:
        self._read = {ENGLISH: Language.english, **read}
        self._known: dict[str, Language] = {}

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """The languages of a folder; without one, our own."""
        place = folder or Path(str(resources.files("service.languages")))
        files = sorted(place.glob("*.po"))
        return cls({file.stem: _reader(file) for file in sorted(files, key=lambda file: _order(file.stem))})

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __contains__(self, tag: object) -> bool:
        return tag in self._read

    def of(self, tag: str) -> Language:
        """The language of that tag; English where there is none."""
        known = tag if tag in self._read else ENGLISH
        if known not in self._known:
            self._known[known] = self._read[known]()
        return self._known[known]

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Each tag with what that language calls itself."""
        return tuple((tag, locales.OWN_NAMES.get(tag, tag)) for tag in self._read)


def read(file: Path) -> Catalog:
    """The catalogue in a file."""
    with file.open("rb") as opened:
        return read_po(opened, locale=file.stem)


def _reader(file: Path) -> Callable[[], Language]:
    return lambda: Language.of(read(file), tag=file.stem)


def _is_made(message: Message) -> bool:
    """Whether code fills the message in, and this language has it."""
    plain = isinstance(message.id, str) and isinstance(message.string, str)
    in_code = any(place.endswith(".py") for place, _ in message.locations)
    return bool(plain and message.id and message.string and not message.fuzzy and in_code)


def _order(tag: str) -> tuple[int, str]:
    known = list(locales.OWN_NAMES)
    return known.index(tag) if tag in known else len(known), tag
