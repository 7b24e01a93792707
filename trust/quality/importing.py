"""Files of DEQAR's data as one export: every row that cannot be used is reported, and the order of rows says nothing.

What the rows of one provider tell is put together; a report or an agency of which rows tell different things is not
believed in either version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeVar

from trust.errors import InvalidQualityData
from trust.quality import deqar_csv, deqar_json
from trust.quality.records import Agency, Export, Fault, Provider, QaReport

FILE_LIMIT: Final = 128 << 20
MOST_FILES: Final = 200
MOST_FAULTS: Final = 1_000

T = TypeVar("T", Agency, QaReport)


def read(files: Mapping[str, bytes], *, data_as_of: date, synthetic: bool = False) -> Export:
    """The export that lies in `files` by name; raises InvalidQualityData where one of them is no data set at all."""
    if not files or len(files) > MOST_FILES:
        raise InvalidQualityData(f"an export of DEQAR's data is 1 to {MOST_FILES} files, not {len(files)}")
    intake = _Intake()
    for file, body in sorted(files.items()):
        if len(body) > FILE_LIMIT:
            raise InvalidQualityData(f"{file} is larger than {FILE_LIMIT} bytes")
        reader = deqar_json if file.lower().endswith(".json") else deqar_csv
        for line, piece in reader.read(body, file=file):
            intake.take(piece, file=file, line=line)
    return intake.export(data_as_of=data_as_of, synthetic=synthetic)


@dataclass
class _Intake:
    """What was read so far, by identifier."""

    providers: dict[str, list[Provider]] = field(default_factory=dict)
    agencies: dict[str, list[tuple[Agency, str, int]]] = field(default_factory=dict)
    reports: dict[str, list[tuple[QaReport, str, int]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    refused: int = 0

    def take(self, piece: Provider | Agency | QaReport | Fault, *, file: str, line: int) -> None:
        match piece:
            case Provider():
                self.providers.setdefault(piece.id, []).append(piece)
            case Agency():
                self.agencies.setdefault(piece.id, []).append((piece, file, line))
            case QaReport():
                self.reports.setdefault(piece.id, []).append((piece, file, line))
            case Fault():
                self.refuse(piece)

    def refuse(self, fault: Fault) -> None:
        self.refused += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)

    def export(self, *, data_as_of: date, synthetic: bool) -> Export:
        providers = tuple(_one_provider(told) for _, told in sorted(self.providers.items()))
        agencies = tuple(self._agreed(self.agencies, what="agency"))
        reports = tuple(self._agreed(self.reports, what="report"))
        return Export(
            data_as_of=data_as_of,
            providers=providers,
            agencies=agencies,
            reports=reports,
            faults=tuple(sorted(self.faults, key=lambda fault: (fault.file, fault.line, fault.message))),
            refused=self.refused,
            synthetic=synthetic,
        )

    def _agreed(self, told: Mapping[str, list[tuple[T, str, int]]], *, what: str) -> Iterable[T]:
        for own, versions in sorted(told.items()):
            if len({_facts(version) for version, _, _ in versions}) == 1:
                yield _one(version for version, _, _ in versions)
                continue
            for _, file, line in versions:
                self.refuse(Fault(file=file, line=line, message=f"rows tell different things of the {what} {own}"))


def _one_provider(told: list[Provider]) -> Provider:
    return Provider(
        id=told[0].id,
        name=min(each.name for each in told),
        names=frozenset().union(*(each.names for each in told)),
        countries=frozenset().union(*(each.countries for each in told)),
        other=any(each.other for each in told),
        numbers=frozenset().union(*(each.numbers for each in told)),
        levels=frozenset().union(*(each.levels for each in told)),
        parents=frozenset().union(*(each.parents for each in told)),
        successions=frozenset().union(*(each.successions for each in told)),
    )


def _facts(version: Agency | QaReport) -> Agency | QaReport:
    """What all rows of one thing must agree on; a report has a row for each provider and programme."""
    if isinstance(version, QaReport):
        return replace(version, providers=frozenset(), programmes=frozenset())
    return version


def _one(versions: Iterable[T]) -> T:
    first, *more = versions
    if not isinstance(first, QaReport):
        return first
    alike = [first, *(each for each in more if isinstance(each, QaReport))]
    return replace(
        first,
        providers=frozenset().union(*(each.providers for each in alike)),
        programmes=frozenset().union(*(each.programmes for each in alike)),
    )
