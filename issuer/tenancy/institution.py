"""Who awards: an institution, with the short name that its addresses have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from credentials.learning import reading
from credentials.learning.course import AwardingBody, Identifier
from credentials.learning.findings import Finding
from credentials.learning.text import Text
from service.errors import InvalidInput, Problem

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
ANY_TITLE = {"en": "Any"}
RESERVED = frozenset(
    {
        "accessibility", "api", "assets", "catalogue", "console", "help", "livez", "metrics", "oeapi", "privacy",
        "readyz", "vct",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """Who awards: an awarding body with a short name for addresses."""

    slug: str
    body: AwardingBody
    approval: bool = False  # whether another person must approve each award

    @classmethod
    def parse(cls, raw: object, *, slug: str) -> Self:
        """The institution that `raw` describes: an awarding body as courses have them, with `approval`.

        Raises InvalidInput.
        """
        if not SLUG.fullmatch(slug) or slug in RESERVED:
            raise InvalidInput("The short name has lower-case letters, digits and hyphens, and is not one of ours.")
        approval = isinstance(raw, Mapping) and raw.get("approval") is True
        if isinstance(raw, Mapping):
            raw = {name: value for name, value in raw.items() if name != "approval"}
        found: list[Finding] = []
        course = reading.read_course({"title": ANY_TITLE, "awarding_bodies": [raw]}, path="", into=found)
        if found or not course.awarding_bodies:
            problems = [Problem(path=f.path.removeprefix("/awarding_bodies/0"), message=f.message) for f in found]
            raise InvalidInput("The institution needs correcting.", problems=problems)
        return cls(slug=slug, body=course.awarding_bodies[0], approval=approval)

    @property
    def name(self) -> Text:
        """Its legal name, by language."""
        return self.body.name

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """The names that registers give it."""
        return self.body.identifiers

    def to_json(self) -> dict[str, Any]:
        """The institution as it is stored and shown."""
        return {**self.body.to_json(), "approval": True} if self.approval else self.body.to_json()
