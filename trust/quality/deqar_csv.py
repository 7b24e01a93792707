"""DEQAR's nightly CSV files: deqar-institutions, deqar-reports, deqar-agencies (eqar.eu, "Download data sets").

One row is a provider at one place, an agency, or a report with one provider and one programme. Columns that are not
told of here are not read; of several names for a column the first that the file has is read.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from trust.errors import InvalidQualityData
from trust.quality import cells
from trust.quality.cells import BadCell
from trust.quality.records import (
    Agency,
    Fault,
    Level,
    Numbered,
    Parent,
    Programme,
    Provider,
    QaReport,
    Span,
    Succession,
)

MOST_ROWS: Final = 3_000_000
Row = Mapping[str, str]
Piece = Provider | Agency | QaReport

NAMES: Mapping[str, tuple[str, ...]] = {
    "other": ("is_other_provider", "other_provider"),
    "levels": ("qf_ehea_levels", "qf_ehea_level"),
    "agency": ("report_agency_id", "agency_id", "report_agency"),
    "flag": ("report_flag", "flag"),
    "type": ("report_type",),
    "embeds": ("programme_mc_as_part_of_accreditation", "mc_as_part_of_accreditation"),
    "programme_ids": ("programme_identifiers", "programme_identifier"),
    "programme_names": ("programme_name_versions",),
}
"""The names seen for one column; all other columns go by the one name that is used below."""

RELATED = re.compile(r"(?:(\d{4}-\d{2}-\d{2}):\s*)?(?:([a-z][a-z ]{1,40}?)\s+)?(DEQARINST(?:AP)?\d+)\b")
RESOURCE = re.compile(r"(?:^|[,;|\n])\s*(?=[A-Za-z][\w .\-]{0,40}:\s)")
LISTED = re.compile(r"[,;|\n]")


def read(body: bytes, *, file: str) -> Iterator[tuple[int, Piece | Fault]]:
    """Every row of a file by its line, as a value or as a fault; raises InvalidQualityData for what is no such file."""
    try:
        lines = io.StringIO(body.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError as error:
        raise InvalidQualityData(f"{file} is not text in UTF-8") from error
    rows = csv.DictReader(lines, restkey="", restval=None)
    parse = _reader(rows.fieldnames or (), file=file)
    for line, row in _rows(rows, file=file):
        yield line, _piece(row, parse=parse, file=file, line=line)


def _reader(header: Any, *, file: str) -> Callable[[Row], Piece]:
    names = frozenset(header)
    if len(names) != len(tuple(header)):
        raise InvalidQualityData(f"{file} has a column twice")
    for needed, parse in READERS.items():
        if needed <= names:
            return parse
    raise InvalidQualityData(f"{file} is none of DEQAR's data sets: it lacks their columns")


def _rows(rows: "csv.DictReader[str]", *, file: str) -> Iterator[tuple[int, Row | None]]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield rows.line_num, None
            continue
        if rows.line_num > MOST_ROWS:
            raise InvalidQualityData(f"{file} has more than {MOST_ROWS} lines")
        yield rows.line_num, row


def _piece(row: Row | None, *, parse: Callable[[Row], Piece], file: str, line: int) -> Piece | Fault:
    if row is None or "" in row or None in row.values():
        return Fault(file=file, line=line, message="the row has more or fewer cells than there are columns")
    try:
        return parse(row)
    except BadCell as error:
        return Fault(file=file, line=line, message=str(error))


def _provider(row: Row) -> Provider:
    own = cells.provider(_get(row, "deqar_id"))
    name = cells.word(_get(row, "name_primary"), name="the name")
    if not name:
        raise BadCell("the provider has no name")
    country = cells.word(_get(row, "country"), name="the country")
    more = (each for column in ("name_official", "name_english") for each in (_get(row, column),))
    return Provider(
        id=own,
        name=name,
        names=frozenset(filter(None, (name, *more, *_listed(_get(row, "name_versions"), by=r"[;|\n]")))),
        countries=frozenset({country}) if country else frozenset(),
        other=own.startswith("DEQARINSTAP") or cells.truth(_get(row, "other"), name="is_other_provider"),
        numbers=_numbers(row),
        levels=frozenset(
            Level(cycle=cycle, span=Span())
            for cycle in (cells.level(each) for each in _listed(_get(row, "levels")))
            if cycle is not None
        ),
        parents=frozenset(
            Parent(provider=cells.provider(found[3]), kind=found[2] or "", span=Span())
            for found in RELATED.finditer(_get(row, "parent_institution"))
        ),
        successions=_successions(own, _get(row, "historic_relationships")),
    )


def _numbers(row: Row) -> frozenset[Numbered]:
    told = [("eter", _get(row, "eter_id"))]
    for each in RESOURCE.split(_get(row, "identifiers_all")):
        scheme, _, value = each.partition(":")
        told.append((scheme, value))
    found = (cells.number(scheme, value) for scheme, value in told if value.strip())
    return frozenset(Numbered(identifier=each, span=Span()) for each in found if each)


def _successions(own: str, told: str) -> frozenset[Succession]:
    return frozenset(
        cells.succession(own, cells.provider(found[3]), told=found[2] or "", on=cells.day(found[1], name="the day"))
        for found in RELATED.finditer(told)
    )


def _agency(row: Row) -> Agency:
    name = cells.word(_get(row, "name_primary"), name="the name")
    own = cells.word(row["agency_id"], name="agency_id")
    if not name or not own:
        raise BadCell("the agency has no name or no number")
    since = cells.day(row["registration_start"], name="registration_start")
    until = cells.day(row["registration_valid_to"], name="registration_valid_to")
    listed = cells.truth(row["is_registered"], name="is_registered") if "is_registered" in row else until is not None
    return Agency(
        id=own,
        name=name,
        acronym=cells.word(_get(row, "acronym_primary"), name="the acronym"),
        registered=registration(since=since, until=until, listed=listed),
    )


def registration(*, since: Any, until: Any, listed: bool) -> Span | None:
    """The days for which an agency is registered: open only where it is on the register now."""
    if since is None or (until is None and not listed):
        return None
    return Span(since=since, until=until)


def _report(row: Row) -> QaReport:
    own = cells.word(row["report_id"], name="report_id")
    since = cells.day(row["report_valid_from"], name="report_valid_from")
    until = cells.day(row["report_valid_to"], name="report_valid_to")
    agency = cells.word(_get(row, "agency"), name="the agency")
    if not own or since is None or not agency:
        raise BadCell("the report lacks its number, its agency or its first day")
    if until is not None and until < since:
        raise BadCell("the report ends before it begins")
    return QaReport(
        id=own,
        agency=agency,
        scope=cells.scope(_get(row, "type")),
        official=cells.official(_get(row, "report_status")),
        decision=cells.decision(_get(row, "report_decision")),
        flag=cells.flag(_get(row, "flag")),
        since=since,
        until=until,
        providers=frozenset({cells.provider(row["hei_deqar_id"])}),
        programmes=_programmes(row),
    )


def _programmes(row: Row) -> frozenset[Programme]:
    name = cells.word(_get(row, "programme_name"), name="the programme")
    if not name:
        return frozenset()
    return frozenset(
        {
            Programme(
                names=frozenset((name, *_listed(_get(row, "programme_names"), by=r"[;|\n]"))),
                level=cells.level(_get(row, "programme_qf_ehea_level")),
                identifiers=frozenset(_listed(_get(row, "programme_ids"))),
                embeds=cells.truth(_get(row, "embeds"), name="mc_as_part_of_accreditation"),
            )
        }
    )


def _get(row: Row, name: str) -> str:
    return next((row[each].strip() for each in NAMES.get(name, (name,)) if each in row), "")


def _listed(told: str, *, by: str = LISTED.pattern) -> list[str]:
    return [" ".join(each.split()) for each in re.split(by, told) if each.strip()]


READERS: Mapping[frozenset[str], Callable[[Row], Piece]] = {
    frozenset({"report_id", "hei_deqar_id", "report_valid_from", "report_valid_to"}): _report,
    frozenset({"agency_id", "registration_start", "registration_valid_to"}): _agency,
    frozenset({"deqar_id", "name_primary"}): _provider,
}
