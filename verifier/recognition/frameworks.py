"""Which countries' frameworks are referenced to the EQF: frameworks.json, with its source and its day."""

from dataclasses import dataclass
from importlib import resources
from typing import Self

from keys import strict_json

PACKAGED = "frameworks.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frameworks:
    """Countries by their two letters. A country that is in neither list is not known here."""

    as_of: str
    source: str
    referenced: frozenset[str]
    area: frozenset[str]

    @classmethod
    def packaged(cls) -> Self:
        """The table of this package."""
        raw = strict_json.parse_object((resources.files("verifier.recognition") / PACKAGED).read_bytes())
        return cls(
            as_of=str(raw["as_of"]), source=str(raw["source"]), referenced=frozenset(raw["referenced"]),
            area=frozenset(raw["higher_education_area"]),
        )  # fmt: skip
