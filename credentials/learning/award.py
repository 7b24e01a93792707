"""An award: who earned the micro-credential, when, and how well. 2022/C 243/02, Annex I, M1, M5 and O3."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from credentials.learning.course import present

ELEMENTS: Mapping[str, str] = {
    "learner": "M1",
    "award_date": "M5",
    "valid_until": "M5",
    "grade": "O3",
    "certificate_number": "+",
    "learning_period": "+",
}
"""The members of an award in the API, and the element of Annex I that each tells of."""

UNDATED = date.min
"""The award date of an award that is being read and has none; such an award never leaves the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """The learner (M1). The e-mail address is for delivery and never part of a credential."""

    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    learner_id: str | None = None
    learner_id_scheme: str | None = None
    learner_id_country: str | None = None
    email: str | None = None

    @property
    def name(self) -> str:
        """The name as one says it; empty where there is none."""
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    def to_json(self) -> dict[str, Any]:
        """The learner as the API shows it."""
        return present(
            {
                "given_name": self.given_name,
                "family_name": self.family_name,
                "birth_date": self.birth_date.isoformat() if self.birth_date else None,
                "learner_id": self.learner_id,
                "learner_id_scheme": self.learner_id_scheme,
                "learner_id_country": self.learner_id_country,
                "email": self.email,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From when until when the learner learned."""

    start: date | None = None
    end: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The period as the API shows it."""
        return present(
            {
                "start": self.start.isoformat() if self.start else None,
                "end": self.end.isoformat() if self.end else None,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """The learner's side of a micro-credential."""

    learner: Learner
    award_date: date
    valid_until: date | None = None
    grade: str | None = None
    certificate_number: str | None = None
    learning_period: Period | None = None

    @property
    def expires(self) -> datetime | None:
        """The last second, in UTC, of the last day the credential is valid: its `exp`. None: for ever."""
        return None if self.valid_until is None else datetime.combine(self.valid_until, time(23, 59, 59), tzinfo=UTC)

    def to_json(self) -> dict[str, Any]:
        """The award as the API shows it and reads it back."""
        return present(
            {
                "learner": self.learner.to_json(),
                "award_date": self.award_date.isoformat(),
                "valid_until": self.valid_until.isoformat() if self.valid_until else None,
                "grade": self.grade,
                "certificate_number": self.certificate_number,
                "learning_period": self.learning_period.to_json() if self.learning_period else None,
            }
        )
