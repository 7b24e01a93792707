"""A small export in the columns of DEQAR's files, and a body, a course and a day that it covers; all invented."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from credentials.learning.course import AwardingBody, Course, Identifier
from credentials.learning.text import Text
from trust.quality import importing
from trust.quality.answer import Quality
from trust.quality.assurance import quality_of
from trust.quality.index import QualityIndex
from trust.quality.records import Export

AS_OF = date(2026, 11, 1)
AWARDED = date(2025, 6, 15)
Row = dict[str, str]

PROVIDER: Row = {
    "deqar_id": "DEQARINST0007", "eter_id": "IT0007", "name_primary": "University of Seven",
    "name_official": "Università di Sette", "name_versions": "", "country": "Italy", "parent_institution": "",
    "historic_relationships": "", "qf_ehea_levels": "first cycle, second cycle", "is_other_provider": "False",
    "identifiers_all": "SCHAC: seven.example, Erasmus: I  SETTE07, EU-PIC: 999900007, EU-VAT: IT00000000007, "
    "DID-EBSI: did:ebsi:zSeven1111111111111111, WHED: IAU-000007",
}  # fmt: skip
AGENCY: Row = {
    "agency_id": "3", "acronym_primary": "AQ", "name_primary": "Agency of Quality", "is_registered": "True",
    "registration_start": "2010-01-01", "registration_valid_to": "2030-12-31",
}  # fmt: skip
REPORT: Row = {
    "report_id": "70", "report_agency": "AQ", "report_type": "institutional",
    "report_status": "part of obligatory EQA system", "report_decision": "positive",
    "report_valid_from": "2023-01-01", "report_valid_to": "2027-12-31", "report_flag": "none",
    "hei_deqar_id": "DEQARINST0007", "programme_name": "", "programme_qf_ehea_level": "",
    "programme_identifiers": "", "mc_as_part_of_accreditation": "",
}  # fmt: skip
PROGRAMME: Row = REPORT | {
    "report_id": "71", "report_type": "programme", "programme_name": "Data Protection",
    "programme_qf_ehea_level": "second cycle",
}  # fmt: skip

BODY = AwardingBody(
    name=Text.of({"en": "University of Seven"}),
    country="IT",
    identifiers=(Identifier(scheme="deqar", value="DEQARINST0007"), Identifier(scheme="eter", value="IT0007")),
)
COURSE = Course(title=Text.of({"en": "Data Protection", "it": "Protezione dei dati"}), ects=Decimal(3), eqf_level=7)


def table(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows as the bytes of a CSV file."""
    listed = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(listed[0]))
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode()


def files(
    *, providers: Iterable[Row] = (PROVIDER,), agencies: Iterable[Row] = (AGENCY,), reports: Iterable[Row] = (REPORT,)
) -> dict[str, bytes]:
    """The three files of an export; one without rows is left out."""
    told = {"deqar-institutions.csv": providers, "deqar-agencies.csv": agencies, "deqar-reports.csv": reports}
    return {name: table(rows) for name, rows in ((name, list(rows)) for name, rows in told.items()) if rows}


def export(**told: Any) -> Export:
    """What an export of these rows tells."""
    return importing.read(files(**told), data_as_of=AS_OF)


def index(**told: Any) -> QualityIndex:
    """The index of an export in which every row can be used."""
    made = export(**told)
    assert made.faults == ()
    return QualityIndex.of(made)


def ask(
    on: QualityIndex, *, body: AwardingBody = BODY, course: Course = COURSE, day: date = AWARDED
) -> Quality:  # fmt: skip
    """The answer for the body, the course and the day, one of them changed."""
    return quality_of(body, micro_credential=course, award_date=day, on=on)


def body_with(*numbers: tuple[str, str], **changed: Any) -> AwardingBody:
    """The body with other identifiers."""
    told = tuple(Identifier(scheme=scheme, value=value) for scheme, value in numbers)
    return replace(BODY, identifiers=told, **changed)
