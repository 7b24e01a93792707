"""Who accredited the signer, for what, on the day of the award and now: the second of the three sources.

A list of accredited issuers and a registry of EBSI's kind answer each for itself; the first that held on the day of the
award is the one whose path is shown. Names are those of list and registry.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from trust.identity import EBSI, Held, Link, SignerIdentity, Source, SourceAnswer, Step
from trust.report import Outcome, Report, Rung

LEVEL: Final = re.compile(r"(?:EQF ?(?:level)? ?)?([1-8])", re.IGNORECASE | re.ASCII)
SPEAK: Final = frozenset({Source.LIST, Source.CHAIN})
ORDER: Final = (Held.YES, Held.COULD_NOT_CHECK, Held.NO)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditationAnswer:
    """Both answers, None where nobody was asked; `path` is nearest first, `sources` what each source says."""

    when_awarded: Held | None
    now: Held | None
    as_of: datetime
    awarded_at: datetime | None
    source: Source | None = None
    message: str = ""
    path: tuple[dict[str, Any], ...] = ()
    sources: tuple[SourceAnswer, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The wire form."""
        return {
            "when_awarded": self.when_awarded and self.when_awarded.value,
            "now": self.now and self.now.value,
            "awarded_at": self.awarded_at and self.awarded_at.isoformat(timespec="seconds"),
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "source": self.source and self.source.value,
            "message": self.message,
            "path": list(self.path),
            "sources": [_source(each) for each in self.sources],
        }


def of(report: Report, *, awarded_at: datetime | None, now: datetime) -> AccreditationAnswer:
    """The answer about whoever signed what `report` is about."""
    signer = report.identity
    if signer is None:
        found = report.finding(Rung.ISSUER)
        held = Held.NO if _refused_by_registry(report) else None
        why = "" if found is None else found.evidence.get("detail", "")
        return AccreditationAnswer(when_awarded=held, now=None, as_of=now, awarded_at=awarded_at, message=why)
    told = tuple(each for each in signer.testimonies if each.source in SPEAK)
    if not told:
        return AccreditationAnswer(when_awarded=None, now=None, as_of=now, awarded_at=awarded_at)
    first = min(told, key=lambda each: (ORDER.index(each.when_awarded), each.source is Source.LIST))
    return AccreditationAnswer(
        when_awarded=first.when_awarded, now=first.now, as_of=now, awarded_at=awarded_at, source=first.source,
        message=first.message, path=tuple(_path(signer, source=first.source, now=now)), sources=told,
    )  # fmt: skip


def expected(path: tuple[Step, ...], *, now: datetime) -> AccreditationAnswer:
    """The answer about an issuer that has signed nothing yet, and is told by its address on the list alone."""
    return AccreditationAnswer(
        when_awarded=None, now=Held.YES if path else Held.NO, as_of=now, awarded_at=None,
        source=Source.LIST, path=tuple(_step(each, now=now) for each in path),
    )  # fmt: skip


def levels_in(texts: Iterable[str]) -> tuple[int, ...]:
    """The EQF levels that an accreditation names, in the spellings that occur."""
    return tuple(sorted({int(found[1]) for each in texts if (found := LEVEL.fullmatch(each))}))


def _refused_by_registry(report: Report) -> bool:
    """Whether a registry was asked about the very issuer and said no: of a stranger's certificate nobody was asked."""
    found, credential = report.finding(Rung.ISSUER), report.credential
    asked = credential is not None and credential.issuer.startswith(EBSI)
    return asked and found is not None and found.outcome is Outcome.FAILED


def _path(signer: SignerIdentity, *, source: Source, now: datetime) -> Iterable[dict[str, Any]]:
    if source is Source.CHAIN:
        return [_link(each) for each in signer.chain]
    return [_step(each, now=now) for each in signer.accredited]


def _step(step: Step, *, now: datetime) -> dict[str, Any]:
    until = step.until
    return {
        "id": step.organisation,
        "name": step.name,
        "accredited_by": step.accredited_by_name,
        "accredited_by_id": step.accredited_by,
        "from": step.since.isoformat(),
        "until": until and until.isoformat(),
        "types": list(step.types),
        "levels": list(levels_in(step.levels)),
        "status": "ended" if until is not None and until < now.date() else "holds",
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "id": link.did,
        "name": link.name,
        "accredited_by": link.granted_by_name,
        "accredited_by_id": link.granted_by,
        "from": link.since.date().isoformat(),
        "until": link.until and link.until.date().isoformat(),
        "types": list(link.types),
        "levels": list(link.levels),
        "places": list(link.places),
        "status": link.status,
        "accreditation": link.attribute,
    }


def _source(told: SourceAnswer) -> dict[str, object]:
    return {
        "source": told.source.value,
        "when_awarded": told.when_awarded.value,
        "now": told.now and told.now.value,
        "message": told.message,
    }
