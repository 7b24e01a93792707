"""What is wrong in a cohort's file: which row, which column, why. No fault repeats what a cell holds.

Rows are numbered as a spreadsheet shows them: the header is row 1. A JSON Lines file is numbered by its lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from credentials.learning.findings import Finding, Severity
from issuer.cohorts.columns import COLUMN_AT

HEADER_ROW = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to mend in a file; `column` is empty where the whole row is meant."""

    row: int
    column: str
    code: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """The fault as the API shows it."""
        return {"row": self.row, "column": self.column, "code": self.code, "message": self.message}


VALUE_FREE: Mapping[tuple[str, str], str] = {
    ("learner_id_country", "unknown_code"): "Write the country as in ISO 3166-1: IT or ITA.",
    ("birth_date", "out_of_range"): "This is not the birth date of somebody who gets this award.",
    ("award_date", "in_the_future"): "The award date is in the future.",
    ("grade", "out_of_range"): "The grade is outside the passing range of the course's grading scheme.",
}
"""Said in place of sentences that would repeat what stands in the cell."""
DATE = "Write the date as YYYY-MM-DD, such as 2026-06-30, or as a date of the spreadsheet."


def of_findings(findings: Iterable[Finding], *, row: int) -> list[Fault]:
    """The errors among `findings` as faults of `row`, one for each column and code."""
    found: dict[tuple[str, str], Fault] = {}
    for finding in findings:
        if finding.severity is not Severity.ERROR:
            continue
        column = COLUMN_AT.get(finding.path, "")
        message = VALUE_FREE.get((column, finding.code), finding.message)
        message = DATE if finding.code == "not_a_date" else message
        found.setdefault((column, finding.code), Fault(row=row, column=column, code=finding.code, message=message))
    return list(found.values())
