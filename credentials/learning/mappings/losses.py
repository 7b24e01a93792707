"""What each format loses of a micro-credential (2022/C 243/02, Annex I): the tables of the mappings as one report.

A loss is named by its place in the canonical JSON: `*` is every entry of a list, `+` every entry after the first, and a
last step `#` every language of a text but one (that of the title; a text that lacks it gives another, without its tag).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentials.learning import award, course, flat_claims, w3c_claims
from credentials.learning.elm import documents
from credentials.learning.findings import BEYOND
from credentials.learning.mappings import dc4eu, ebsi_attestation, eudi_learning, open_badge

EVERY, LATER, OTHER_LANGUAGES = "*", "+", "#"

TABLES: Mapping[str, Mapping[str, str]] = {
    "sd_jwt_vc": flat_claims.LOST,
    "w3c_elm": w3c_claims.LOST,
    "eudi_learning": eudi_learning.LOST,
    "dc4eu": dc4eu.LOST,
    "ebsi_attestation": ebsi_attestation.LOST,
    "open_badge": open_badge.LOST,
    "edc": documents.LOST,
}
"""The table of losses of each format. A format is added by adding its line, here and in the test of the tables."""

PLACES: Mapping[str, str] = {"country": "M3", "regions": "M3"}
"""The members of an awarding body that tell of another element than the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that a format does not carry: where it stands in the canonical JSON, its element, and why."""

    format: str
    element: str
    path: str
    why: str

    def to_json(self) -> dict[str, str]:
        """The loss as the API shows it."""
        return {"format": self.format, "element": self.element, "path": self.path, "why": self.why}


def report() -> tuple[Loss, ...]:
    """Every loss of every format."""
    return tuple(
        Loss(format=name, element=element(path), path=path, why=why)
        for name, table in TABLES.items()
        for path, why in table.items()
    )


def of(record_json: Mapping[str, Any], *, format: str) -> tuple[Loss, ...]:  # noqa: A002  # the word of the API
    """What `format` loses of this one micro-credential."""
    return tuple(loss for loss in report() if loss.format == format and found(record_json, path=loss.path))


def element(path: str) -> str:
    """The element of Annex I that the place `path` tells of."""
    _, side, member, *inner = path.split("/")
    elements = course.ELEMENTS if side == "course" else award.ELEMENTS
    return next((PLACES[step] for step in inner if step in PLACES), elements.get(member, BEYOND))


def found(record_json: Mapping[str, Any], *, path: str) -> list[Any]:
    """What stands at the place `path` of the canonical JSON."""
    values: list[Any] = [record_json]
    for step in path.strip("/").split("/"):
        values = [inner for value in values for inner in _below(value, step)]
    return values


def _below(value: Any, step: str) -> list[Any]:
    match value:
        case list() if step in {EVERY, LATER}:
            return value[0 if step == EVERY else 1 :]
        case dict() if step == OTHER_LANGUAGES:
            return list(value.values())[1:]
        case dict() if step in value:
            return [value[step]]
    return []
