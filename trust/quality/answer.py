"""What can be said of an awarding body's quality assurance on the day of an award, and how old the data is.

It stands beside the signature and the accreditation and is never merged with them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

FRESH: Final = timedelta(days=90)


class QualityVerdict(StrEnum):
    """The answers, the best of those that a report gives first."""

    PROGRAMME = "programme"
    PART_OF_PROGRAMME = "part-of-programme"
    INSTITUTION = "institution"
    VOLUNTARY = "voluntary"
    OTHER_PROVIDER = "other-provider"
    EXPIRED = "expired"
    NEGATIVE = "negative"
    UNKNOWN = "unknown"
    CANDIDATE = "candidate"
    CONFLICT = "conflict"


ASSURED: Final = frozenset(
    {QualityVerdict.PROGRAMME, QualityVerdict.PART_OF_PROGRAMME, QualityVerdict.INSTITUTION}
)  # fmt: skip
"""The verdicts that rest on a report of a country's own system of quality assurance."""


class Remark(StrEnum):
    """What a reader of the answer should know besides."""

    BY_PARENT = "by-parent"
    BY_PREDECESSOR = "by-predecessor"
    BY_SUCCESSOR = "by-successor"
    LEVEL_NOT_COMPARED = "level-not-compared"
    LEVEL_NOT_OFFERED = "level-not-offered"
    AGENCY_LEFT = "agency-left"
    AGENCY_NOT_REGISTERED = "agency-not-registered"
    FLAGGED = "flagged"
    NEGATIVE_SINCE = "negative-since"
    ONLY_LATER = "only-later"
    ONLY_OTHER_PROGRAMMES = "only-other-programmes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A provider of the same or nearly the same name: a place to look, and never a match."""

    provider_id: str
    name: str
    score: float

    def to_json(self) -> dict[str, object]:
        """The candidate as the API shows it."""
        return {"provider_id": self.provider_id, "name": self.name, "score": self.score}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The answer for one body, micro-credential and day. The names are DEQAR's; `matched_by` is scheme and number."""

    verdict: QualityVerdict
    data_as_of: date
    award_date: date
    provider_id: str | None = None
    provider_name: str = ""
    matched_by: str | None = None
    report_ids: tuple[str, ...] = ()
    agency_id: str | None = None
    agency_name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    remarks: frozenset[Remark] = frozenset()
    candidates: tuple[Candidate, ...] = ()
    synthetic: bool = False
    confirmed: bool = True  # False: only the credential itself says that its signer has these identifiers

    @property
    def assured(self) -> bool:
        """Whether a report of a country's own system covered the award of a body that is known to be that provider."""
        return self.verdict in ASSURED and self.confirmed

    def is_old(self, *, today: date) -> bool:
        """Whether the data is older than it should be for an answer of `today`."""
        return today - self.data_as_of > FRESH

    def to_json(self) -> dict[str, object]:
        """The answer as the API shows it."""
        return {
            "verdict": self.verdict.value,
            "award_date": self.award_date.isoformat(),
            "provider_id": self.provider_id,
            "provider_name": self.provider_name,
            "matched_by": self.matched_by,
            "report_ids": list(self.report_ids),
            "agency_id": self.agency_id,
            "agency_name": self.agency_name,
            "valid_from": self.valid_from and self.valid_from.isoformat(),
            "valid_to": self.valid_to and self.valid_to.isoformat(),
            "remarks": sorted(remark.value for remark in self.remarks),
            "candidates": [candidate.to_json() for candidate in self.candidates],
            "data_as_of": self.data_as_of.isoformat(),
            "synthetic": self.synthetic,
            "confirmed": self.confirmed,
        }
