"""Our own words in a language, for what leaves the pages: paper and mail. The seam is that of the pages: `t()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from service.pages import Pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language that the service speaks, and its translator."""

    language: str
    t: Callable[..., str]

    @classmethod
    def of(cls, pages: Pages, *, language: str) -> Self:
        """The words of `language`; English where the service does not speak it."""
        spoken = pages.language(language)
        return cls(language=spoken.tag, t=spoken.t)
