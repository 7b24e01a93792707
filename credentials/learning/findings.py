"""What is wrong with a micro-credential, said to the person who can mend it; by element of 2022/C 243/02, Annex I."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

ANNEX_I: Mapping[str, str] = {
    "M1": "Identification of the learner",
    "M2": "Title of the micro-credential",
    "M3": "Country and region of the issuer",
    "M4": "Awarding body",
    "M5": "Date of issuing",
    "M6": "Learning outcomes",
    "M7": "Notional workload",
    "M8": "Level of the learning",
    "M9": "Type of assessment",
    "M10": "Form of participation",
    "M11": "Type of quality assurance",
    "O1": "Prerequisites to enrol",
    "O2": "Supervision and identity verification during assessment",
    "O3": "Grade achieved",
    "O4": "Integration and stackability",
    "O5": "Further information",
}
"""The eleven mandatory (M) and five optional (O) elements; "+" stands for what the Annex does not name."""

MANDATORY = tuple(element for element in ANNEX_I if element.startswith("M"))
BEYOND = "+"


class Severity(StrEnum):
    """Whether a finding stops the award."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend: `path` is a JSON pointer (RFC 6901), `code` never changes, `message` may."""

    element: str
    code: str
    severity: Severity
    path: str
    message: str

    def to_json(self) -> dict[str, str]:
        """The finding as the API shows it."""
        return {
            "element": self.element,
            "code": self.code,
            "severity": self.severity.value,
            "path": self.path,
            "message": self.message,
        }


def error(code: str, *, element: str, path: str, message: str) -> Finding:
    """A finding that stops the award."""
    return Finding(element=element, code=code, severity=Severity.ERROR, path=path, message=message)


def warning(code: str, *, element: str, path: str, message: str) -> Finding:
    """A finding that a person should look at."""
    return Finding(element=element, code=code, severity=Severity.WARNING, path=path, message=message)


def stops(findings: Iterable[Finding]) -> bool:
    """Whether one of the findings is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def pointer(base: str, *, step: str | int) -> str:
    """The JSON pointer one step below `base`."""
    return f"{base}/{str(step).replace('~', '~0').replace('/', '~1')}"
