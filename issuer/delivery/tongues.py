"""Our own words in a language, for what leaves the pages: paper and mail. The seam is that of the pages: `t()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from service.languages import facts
from service.pages import Pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language that the service speaks, its translator, and how it tells the items of facts."""

    language: str
    t: Callable[..., str]
    item: Callable[[str], str]

    @classmethod
    def of(cls, pages: Pages, *, language: str) -> Self:
        """The words of `language`; English where the service does not speak it."""
        spoken = pages.language(language)
        return cls(language=spoken.tag, t=spoken.t, item=lambda told: facts.item_of(told, language=spoken))
