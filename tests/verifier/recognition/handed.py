"""Certificates as the verifier keeps them, for dossiers: the micro-credential, shown in whole or in part."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.verifier import records
from trust.quality import source
from verifier.recognition import record
from verifier.recognition.comparison import HomeCourse
from verifier.recognition.evidence import Evidence

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TABLES = record.Tables.packaged()
SAMPLE = "edc-official/Sample-MC-Annex1-unsigned.jsonld"
RUNGS = ("parse", "algorithm", "issuer", "signature", "time", "holder", "claims", "status", "policy")
ISSUER: Mapping[str, Any] = {
    "id": "https://alma.example", "name": "Alma University", "kind": "certificate", "anchored": True,
    "certificates": [], "accredited": [], "accredited_now": None,
}  # fmt: skip


def presentation(
    *, without: tuple[str, ...] = (), outcomes: Mapping[str, str] | None = None, **course: Any
) -> dict[str, Any]:  # fmt: skip
    """What is kept of the certificate, without some of its claims; `outcomes` are those of rungs that did not pass."""
    claims = {name: value for name, value in records.claims(**course).items() if name not in without}
    ended = dict.fromkeys(RUNGS, "passed") | dict(outcomes or {})
    bad = set(ended.values()) - {"passed", "not_required"}
    return {
        "format": "dc+sd-jwt", "types": ["https://alma.example/vct"], "claims": claims, "issuer": ISSUER,
        "verdict": "no" if "failed" in bad else "not_sure" if bad else "yes",
        "findings": [{"rung": rung, "outcome": outcome} for rung, outcome in ended.items()], "quality": None,
    }  # fmt: skip


def evidence(**changes: Any) -> Evidence:
    """The evidence of such a certificate."""
    return Evidence.of_presentation(presentation(**changes), as_of=NOON)


def dossier(*, home: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The dossier of such a certificate."""
    return record.make(evidence(**changes), tables=TABLES, home=None if home is None else HomeCourse.parse(home))


def of_sample(samples: Path, *, home: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The dossier of the official sample, which has no signature."""
    raw = (samples / SAMPLE).read_text("utf-8")
    read = Evidence.of_document(raw, quality=source.synthetic(), as_of=NOON)
    return record.make(read, tables=TABLES, home=None if home is None else HomeCourse.parse(home))


def states(made: Mapping[str, Any]) -> dict[str, str]:
    """The state of each element."""
    return {line["id"]: line["state"] for line in made["elements"]}


def grades(made: Mapping[str, Any]) -> dict[str, str]:
    """The grade of each criterion."""
    return {each["id"]: each["grade"] for each in made["criteria"]}
