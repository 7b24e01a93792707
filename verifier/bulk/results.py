"""What became of each thing of a job: its verdict, its reason, and what it says it is; as JSON and as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from credentials.learning import summary
from verifier.intake import examining
from verifier.verdicts import dossier

COLUMNS: Final = ("number", "id", "verdict", "code", "title", "issuer", "certificates", "message")
NOT_CHECKED: Final = "not_checked"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"  # Excel takes it for UTF-8 by this mark alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One row. Title and issuer are there only where the signature is genuine; `certificates` is how many it holds."""

    number: int
    id: str
    verdict: str = NOT_CHECKED
    code: str | None = None
    title: str = ""
    issuer: str = ""
    certificates: int = 0
    message: str = ""

    @classmethod
    def of(cls, found: Sequence[dict[str, Any]], *, number: int, name: str) -> "Result":
        """The row for what was found about everything in one thing: of several the one that decides."""
        worst = examining.worst(found)
        said = next((each["message"] for each in worst["findings"] if worst["code"] in {each["code"]} - {None}), "")
        return cls(
            number=number, id=name, verdict=worst["verdict"], code=worst["code"], title=_title(worst),
            issuer=(worst["issuer"] or {}).get("name") or "", certificates=len(found), message=said,
        )  # fmt: skip

    @property
    def said(self) -> tuple[str, str, str]:
        """What it is, who signed it, and why the answer is what it is."""
        return self.title, self.issuer, self.message

    def to_json(self) -> dict[str, Any]:
        """The row as the API shows it."""
        return asdict(self)

    def to_cells(self) -> list[str]:
        """The row as COLUMNS has it."""
        told = asdict(self)
        return [str(told[name] if told[name] is not None else "") for name in COLUMNS]


def to_csv(rows: Iterable[Sequence[str]], *, headed: bool) -> bytes:
    """Rows as CSV, with their columns above them where they are the first; no cell begins as a formula does."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if headed:
        out.write(MARK)
        writer.writerow(COLUMNS)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8")


def _plain(cell: str) -> str:
    """The cell, with a mark before it that makes spreadsheets take it for text where it could be a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _title(found: Mapping[str, Any]) -> str:
    if not found["claims"]:
        return ""
    facts = summary.facts(dossier.view(found))
    return next((fact.value for fact in facts if fact.label_key == "title"), "")
