"""Reading a JSON object member by member, with every problem kept and none thrown. The members' names are the API's."""

import difflib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from credentials.learning import findings, text, vocabularies
from credentials.learning.findings import Finding
from credentials.learning.text import Text

T = TypeVar("T")
C = TypeVar("C", bound=vocabularies.Code)

HTTPS = re.compile(r"https://[A-Za-z0-9.\-]{1,253}(:\d{1,5})?(/[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?")
IDENTIFIER = re.compile(r"[a-z][a-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
NUMBER = re.compile(r"-?\d{1,6}([.,]\d{1,4})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NAME, LINE, PAGE, URI, MANY = 200, 500, 2000, 1000, 100
MOST_UNKNOWN = 20
MISSING: tuple[object, ...] = (None, "", [], {})


class Members:
    """The members of the JSON object `raw` at `path`; `elements` says which names are known and what each tells of."""

    def __init__(self, raw: object, *, path: str, elements: Mapping[str, str], into: list[Finding]) -> None:
        self.path = path
        self.elements = elements
        self.into = into
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        self.is_object = isinstance(raw, Mapping)
        if not self.is_object:
            self.refuse("", code="not_an_object", message="This must be a JSON object.")
        if "" in self.raw or not self.raw.keys() <= elements.keys():
            self._refuse_unknown()

    def _refuse_unknown(self) -> None:
        unknown = (name for name in self.raw if not name or name not in self.elements)
        for name in itertools.islice(unknown, MOST_UNKNOWN):
            self.refuse(str(name), code="unknown_member", message=_unknown(str(name)[:80], self.elements))

    def at(self, name: str) -> str:
        """The JSON pointer of a member."""
        return findings.pointer(self.path, step=name) if name else self.path

    def refuse(self, name: str, *, code: str, message: str, index: int | None = None) -> None:
        """Keep an error about a member, or about the item at `index` of it."""
        element = self.elements.get(name, self.elements.get("", findings.BEYOND))
        path = self.at(name) if index is None else findings.pointer(self.at(name), step=index)
        self.into.append(findings.error(code, element=element, path=path, message=message))

    def ask(self, name: str, *, message: str) -> None:
        """Keep an error that a member is missing, unless what is there instead has been refused already."""
        refused = any(f"{finding.path}/".startswith(f"{self.at(name)}/") for finding in self.into)
        if self.is_object and not refused:
            self.refuse(name, code="missing", message=message)

    def value(self, name: str) -> Any:
        """The JSON value of a member; None where there is none, or an empty one."""
        raw = self.raw.get(name)
        return None if raw in MISSING else raw

    def line(self, name: str, *, limit: int = LINE) -> str | None:
        """A short text on one line."""
        raw = self.value(name)
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = str(raw)  # a spreadsheet makes numbers of identifiers and grades
        return None if raw is None else self._clean(raw, name=name, limit=limit, clean=text.line)

    def words(self, name: str, *, limit: int = LINE, least: int = 1) -> Text | None:
        """A text in one or more languages: {"en": "…"}."""
        raw = self.value(name)
        if raw is None:
            return None
        if not isinstance(raw, Mapping):
            self.refuse(
                name, code="not_multilingual", message=f'Give the language of the text, as in {{"en": "…"}}: {name}.'
            )
            return None
        if len(raw) > MANY:
            self.refuse(name, code="too_many", message=f"{name} may be given in at most {MANY} languages.")
            return None
        clean = text.line if limit <= LINE else text.paragraphs
        read = {
            str(tag): self._in(str(tag), words, name=name, limit=limit, least=least, clean=clean)
            for tag, words in raw.items()
        }
        kept = {tag: words for tag, words in read.items() if words}
        return Text.of(kept) if kept else None

    def whole(self, name: str, *, least: int, most: int) -> int | None:
        """A whole number from `least` to `most`."""
        number = self.number(name)
        if number is None:
            return None
        if number != number.to_integral_value() or not least <= number <= most:
            self.refuse(name, code="out_of_range", message=f"{name} must be a whole number from {least} to {most}.")
            return None
        return int(number)

    def number(self, name: str) -> Decimal | None:
        """A number, as a JSON number or as text with a decimal point or comma."""
        raw = self.value(name)
        if raw is None:
            return None
        written = str(raw).strip() if isinstance(raw, str | int | float | Decimal) and not isinstance(raw, bool) else ""
        if not NUMBER.fullmatch(written):
            self.refuse(name, code="not_a_number", message=f"{name} must be a number such as 3 or 2.5.")
            return None
        number = Decimal(written.replace(",", "."))
        return number.to_integral_value() if number == number.to_integral_value() else number.normalize()

    def day(self, name: str) -> date | None:
        """A calendar day, YYYY-MM-DD."""
        raw = self.value(name)
        if raw is None:
            return None
        try:
            if isinstance(raw, str) and DAY.fullmatch(raw.strip()):
                return date.fromisoformat(raw.strip())
        except ValueError:
            pass
        self.refuse(name, code="not_a_date", message=f"{name} must be a date written YYYY-MM-DD, such as 2026-06-30.")
        return None

    def link(self, name: str, *, https: bool = True) -> str | None:
        """A URI; a web address must be https."""
        raw = self.line(name, limit=URI)
        form, wanted = (HTTPS, "a web address that begins with https://") if https else (IDENTIFIER, "a URI")
        if raw is not None and not form.fullmatch(raw):
            self.refuse(name, code="not_a_uri", message=f"{name} must be {wanted}.")
            return None
        return raw

    def code(self, name: str, *, of: type[C]) -> C | None:
        """An entry of a code list."""
        raw = self.value(name)
        return None if raw is None else self._entry(raw, name=name, recognise=of.recognise, among=_among(of))

    def codes(self, name: str, *, of: type[C]) -> tuple[C, ...]:
        """Entries of a code list, each once."""
        return self.each(name, recognise=of.recognise, among=_among(of))

    def one(self, name: str, *, recognise: Callable[[str], T | None], among: str) -> T | None:
        """What `recognise` makes of a short text."""
        raw = self.value(name)
        return None if raw is None else self._entry(raw, name=name, recognise=recognise, among=among)

    def each(self, name: str, *, recognise: Callable[[str], T | None], among: str) -> tuple[T, ...]:
        """What `recognise` makes of every text in a list, each once."""
        found = (
            self._entry(raw, name=name, recognise=recognise, among=among, index=index)
            for index, raw in enumerate(self.items(name))
        )
        return tuple(dict.fromkeys(entry for entry in found if entry is not None))

    def items(self, name: str) -> list[Any]:
        """The items of a list; a single item may stand without one."""
        raw = self.value(name)
        if raw is None:
            return []
        listed = raw if isinstance(raw, list | tuple) else [raw]
        if len(listed) > MANY:
            self.refuse(name, code="too_many", message=f"{name} may have at most {MANY} entries.")
            return []
        return list(listed)

    def inside(self, name: str, *, known: tuple[str, ...]) -> "Members | None":
        """The members of the object that a member is."""
        raw = self.value(name)
        return None if raw is None else self._below(raw, path=self.at(name), name=name, known=known)

    def within(self, name: str, *, known: tuple[str, ...]) -> Iterator["Members"]:
        """The members of each object in the list that a member is."""
        for index, raw in enumerate(self.items(name)):
            yield self.item(name, raw=raw, index=index, known=known)

    def item(self, name: str, *, raw: object, index: int, known: tuple[str, ...]) -> "Members":
        """The members of `raw`, the item at `index` of the list that a member is."""
        return self._below(raw, path=findings.pointer(self.at(name), step=index), name=name, known=known)

    def _below(self, raw: object, *, path: str, name: str, known: tuple[str, ...]) -> "Members":
        element = self.elements.get(name, findings.BEYOND)
        return Members(raw, path=path, elements=dict.fromkeys(("", *known), element), into=self.into)

    def _entry(
        self, raw: object, *, name: str, recognise: Callable[[str], T | None], among: str, index: int | None = None
    ) -> T | None:
        entry = recognise(raw) if isinstance(raw, str) and len(raw) <= URI else None
        if entry is None:
            message = f"{name}: “{str(raw)[:60]}” is not one of {among}."
            self.refuse(name, code="unknown_code", message=message, index=index)
        return entry

    def _in(
        self, tag: str, raw: object, *, name: str, limit: int, least: int, clean: Callable[[str], str]
    ) -> str | None:
        if not text.TAG.fullmatch(tag) or vocabularies.languages.find(tag) is None:
            self.refuse(name, code="unknown_language", message=f"“{tag[:20]}” is not a language code such as en or it.")
            return None
        words = self._clean(raw, name=name, limit=limit, clean=clean)
        if words is not None and len(words) < least:
            self.refuse(name, code="too_short", message=f"{name} ({tag}) needs at least {least} characters.")
            return None
        return words

    def _clean(self, raw: object, *, name: str, limit: int, clean: Callable[[str], str]) -> str | None:
        if not isinstance(raw, str):
            self.refuse(name, code="not_text", message=f"{name} must be text.")
            return None
        words = clean(raw)
        if len(words) > limit:
            self.refuse(name, code="too_long", message=f"{name} may have at most {limit} characters, not {len(words)}.")
            return None
        if wrong := text.fault(words):
            self.refuse(name, code=wrong[0], message=f"{name}: {wrong[1]}")
            return None
        return words or None


def _among(codes: type[vocabularies.Code]) -> str:
    return ", ".join(entry.value for entry in codes)


def _unknown(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, [word for word in known if word], n=1, cutoff=0.5)
    return f"“{name[:60]}” is not known here" + (f"; did you mean {near[0]}?" if near else ".")
