"""The members of a JSON object, read one by one with their type. RFC 8259; the limits are those of security.md (0).

A reader is made once per message with the refusal that the message's specification names, so that every missing or
mistyped member becomes exactly that error and a sentence that names the member.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from exchange.errors import ExchangeError
from keys import strict_json
from keys.errors import KeysError

LONGEST_TEXT = 8_192
MOST_ENTRIES = 256

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """One JSON object with the name it goes by in sentences and the error that any fault in it raises."""

    raw: Mapping[str, Any]
    what: str
    refusal: type[ExchangeError]

    @classmethod
    def parse(cls, raw: object, *, what: str, refusal: type[ExchangeError]) -> Self:
        """A reader over `raw`, which must be a JSON object already decoded."""
        if isinstance(raw, Mapping) and all(isinstance(name, str) for name in raw):
            return cls(raw=raw, what=what, refusal=refusal)
        raise refusal(f"{what} must be a JSON object.")

    @classmethod
    def read(cls, message: object, *, what: str, refusal: type[ExchangeError], limit: int = 200_000) -> Self:
        """A reader over a whole message: JSON text, strictly decoded here, or an object already decoded."""
        if not isinstance(message, bytes | str):
            return cls.parse(message, what=what, refusal=refusal)
        try:
            return cls.parse(strict_json.parse(message, limit=limit), what=what, refusal=refusal)
        except KeysError as error:
            raise refusal(f"{what} is not acceptable JSON: {error}") from error

    def refuse(self, name: str, must: str) -> ExchangeError:
        """The error that says what member `name` must be."""
        return self.refusal(f"{self.what}: {name} must be {must}.")

    def has(self, name: str) -> bool:
        """Whether the member is there at all."""
        return name in self.raw

    def optional_text(self, name: str, *, longest: int = LONGEST_TEXT) -> str | None:
        """A non-empty string, or None where the member is absent."""
        match self.raw.get(name):
            case None if name not in self.raw:
                return None
            case str(text) if 0 < len(text) <= longest:
                return text
        raise self.refuse(name, f"a string of 1 to {longest} characters")

    def text(self, name: str, *, longest: int = LONGEST_TEXT) -> str:
        """A non-empty string that must be there."""
        found = self.optional_text(name, longest=longest)
        if found is None:
            raise self.refuse(name, "present")
        return found

    def optional_texts(self, name: str) -> tuple[str, ...]:
        """A non-empty array of distinct non-empty strings, or () where the member is absent."""
        if name not in self.raw:
            return ()
        return self.texts(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A non-empty array of distinct non-empty strings that must be there."""
        match self.raw.get(name):
            case [*items] if (
                0 < len(items) <= MOST_ENTRIES
                and all(isinstance(item, str) and 0 < len(item) <= LONGEST_TEXT for item in items)
                and len(set(items)) == len(items)
            ):
                return tuple(items)
        raise self.refuse(name, "a non-empty array of distinct strings")

    def optional_number(self, name: str, *, least: int, most: int = 2**53) -> int | None:
        """A whole number within bounds, or None where the member is absent."""
        match self.raw.get(name):
            case None if name not in self.raw:
                return None
            case int(number) if not isinstance(number, bool) and least <= number <= most:
                return number
        raise self.refuse(name, f"a whole number from {least} to {most}")

    def number(self, name: str, *, least: int, most: int = 2**53) -> int:
        """A whole number within bounds that must be there."""
        found = self.optional_number(name, least=least, most=most)
        if found is None:
            raise self.refuse(name, "present")
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        """A boolean, or the specification's default where the member is absent."""
        match self.raw.get(name, default):
            case bool(value):
                return value
        raise self.refuse(name, "true or false")

    def optional_child(self, name: str) -> "Members | None":
        """A reader over an object inside this one, or None where the member is absent."""
        if name not in self.raw:
            return None
        return Members.parse(self.raw[name], what=f"{self.what}: {name}", refusal=self.refusal)

    def child(self, name: str) -> "Members":
        """A reader over an object inside this one that must be there."""
        return Members.parse(self.raw.get(name), what=f"{self.what}: {name}", refusal=self.refusal)

    def children(self, name: str, read: Callable[["Members"], Read]) -> tuple[Read, ...]:
        """Every object of a non-empty array, read by `read`; () where the member is absent."""
        if name not in self.raw:
            return ()
        items = self.raw[name]
        if not isinstance(items, list) or not 0 < len(items) <= MOST_ENTRIES:
            raise self.refuse(name, f"a non-empty array of at most {MOST_ENTRIES} objects")
        return tuple(
            read(Members.parse(item, what=f"{self.what}: {name}[{index}]", refusal=self.refusal))
            for index, item in enumerate(items)
        )
