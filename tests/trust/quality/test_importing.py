"""Files of DEQAR's data: its nightly CSV, its web API's JSON; bounded, and every row that cannot be used is told."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trust.quality.exports import AGENCY, AS_OF, PROGRAMME, PROVIDER, REPORT, Row, ask, body_with, files, table
from trust.errors import InvalidQualityData
from trust.organisations import Identifier
from trust.quality import importing
from trust.quality.answer import QualityVerdict
from trust.quality.index import QualityIndex
from trust.quality.records import Flag, Official, Scope, Turn

SAMPLE = "deqar/docs_web_api_examples.md"


def read(told: dict[str, bytes]) -> Any:
    return importing.read(told, data_as_of=AS_OF)


def test_rows_of_one_report_are_one_report() -> None:
    second = PROGRAMME | {"programme_name": "Ethics"}
    joint = PROGRAMME | {"hei_deqar_id": "DEQARINST0008"}

    (report,) = read(files(reports=[PROGRAMME, second, joint])).reports

    assert {name for programme in report.programmes for name in programme.names} == {"Data Protection", "Ethics"}
    assert report.providers == {"DEQARINST0007", "DEQARINST0008"}


def test_rows_of_one_provider_are_one_provider() -> None:
    elsewhere = PROVIDER | {"country": "Malta", "identifiers_all": "SCHAC: seven.mt"}

    (provider,) = read(files(providers=[PROVIDER, elsewhere])).providers

    assert provider.countries == {"Italy", "Malta"}
    assert Identifier(scheme="schac", value="seven.mt") in {number.identifier for number in provider.numbers}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"report_decision": "maybe"}, "the decision is not one that DEQAR has: maybe"),
        ({"report_status": ""}, "the status is not one that DEQAR has: "),
        ({"report_type": "other"}, "the type of the report is not one that DEQAR has: other"),
        ({"report_flag": "red"}, "the flag is not one that DEQAR has: red"),
        ({"report_valid_from": "2023-13-01"}, "report_valid_from is no day: 2023-13-01"),
        ({"report_valid_from": ""}, "the report lacks its number, its agency or its first day"),
        ({"report_id": ""}, "the report lacks its number, its agency or its first day"),
        ({"report_valid_to": "2022-12-31"}, "the report ends before it begins"),
        ({"hei_deqar_id": "seven"}, "this is no DEQAR identifier of a provider: seven"),
        ({"programme_name": "X", "programme_qf_ehea_level": "fourth"}, "the level is not one of the QF-EHEA: fourth"),
        ({"programme_name": "x" * 2_001}, "the programme is not a text of bearable length"),
        ({"programme_name": "X", "mc_as_part_of_accreditation": "perhaps"},
         "mc_as_part_of_accreditation is neither yes nor no: perhaps"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_told_and_the_rest_is_read(change: Row, words: str) -> None:
    made = read(files(reports=[REPORT | {"report_id": "1"} | change, REPORT]))

    assert [(fault.file, fault.line, fault.message) for fault in made.faults] == [("deqar-reports.csv", 2, words)]
    assert [report.id for report in made.reports] == ["70"]


@pytest.mark.parametrize("line", [b"1,2\n", b",".join([b"x"] * 40) + b"\n"])
def test_a_row_of_another_width_is_told(line: bytes) -> None:
    whole = files()
    made = read({**whole, "deqar-reports.csv": whole["deqar-reports.csv"] + line})

    assert [fault.message for fault in made.faults] == ["the row has more or fewer cells than there are columns"]
    assert len(made.reports) == 1


def test_a_report_of_which_rows_tell_different_things_is_not_believed() -> None:
    made = read(files(reports=[REPORT, REPORT | {"report_decision": "negative"}]))

    assert made.reports == ()
    assert [fault.line for fault in made.faults] == [2, 3]
    assert made.refused == 2


def test_an_agency_of_which_rows_tell_different_things_is_not_believed() -> None:
    made = read(files(agencies=[AGENCY, AGENCY | {"registration_valid_to": "2040-01-01"}]))

    assert made.agencies == ()


def test_of_very_many_faults_the_first_are_kept_and_all_are_counted() -> None:
    made = read(files(reports=[REPORT | {"report_id": ""}] * 1_200))

    assert (len(made.faults), made.refused) == (1_000, 1_200)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"a.csv": b""},
        {"a.csv": b"name,country\nSeven,Italy\n"},
        {"a.csv": b"\xff\xfe"},
        {"a.csv": b"deqar_id,deqar_id,name_primary\n"},
        {"a.json": b"7"},
        {"a.json": b"["},
        {"a.json": b'{"id": 1, "id": 2'},
        {f"{number}.csv": b"" for number in range(201)},
    ],
)
def test_what_is_no_export_is_refused(told: dict[str, bytes]) -> None:
    with pytest.raises(InvalidQualityData):
        read(told)


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "FILE_LIMIT", 10)
    with pytest.raises(InvalidQualityData):
        read(files())


@given(body=st.binary(max_size=300), name=st.sampled_from(["a.csv", "a.json"]))
def test_garbage_is_refused_or_told_and_nothing_else(body: bytes, name: str) -> None:
    try:
        made = read({name: body})
    except InvalidQualityData:
        return
    assert (made.providers, made.agencies, made.reports) == ((), (), ())


@given(line=st.text(max_size=200))
def test_a_garbled_row_spoils_no_other(line: str) -> None:
    whole = files()
    row = " ".join(line.split()).replace('"', "")
    made = read({**whole, "deqar-reports.csv": whole["deqar-reports.csv"] + f"{row}\r\n".encode(errors="ignore")})

    assert [report.id for report in made.reports] == ["70"]


INSTITUTION = {
    "id": 7, "identifiers": [{"resource": "SCHAC", "identifier": "seven.example", "identifier_valid_from": "1992-01-01",
                              "identifier_valid_to": None}],
    "names": [{"name_english": "University of Seven", "name_official": "Sette", "name_official_transliterated": ""}],
    "countries": [{"country": {"name_english": "Italy"}}], "eter": "IT0007 - Sette",
    "qf_ehea_levels": [{"qf_ehea_level": "second cycle", "qf_ehea_level_valid_from": "2014-01-01",
                        "qf_ehea_level_valid_to": None}],
    "hierarchical_relationships": {"includes": [], "part_of": []},
    "historical_relationships": [{"institution": {"id": 8}, "relationship_type": "absorbed",
                                  "relationship_date": "2020-01-01"}],
}  # fmt: skip
OF_AGENCY = {"id": 3, "name_primary": "Agency of Quality", "acronym_primary": "AQ", "is_registered": True,
             "registration_start": "2010-01-01", "registration_valid_to": None}  # fmt: skip
OF_REPORT: dict[str, Any] = {
    "id": 70, "agency_name": "Agency of Quality", "agency_acronym": "AQ", "agency_id": 3,
    "agency_esg_activity_type": "institutional", "institutions": [{"id": 7, "deqar_id": "DEQARINST0007"}],
    "programmes": [], "valid_from": "2023-01-01", "valid_to": None, "status": "part of obligatory EQA system",
    "decision": "positive", "flag": "none",
}  # fmt: skip


def saved(*answers: Any) -> dict[str, bytes]:
    return {f"{place}.json": json.dumps(each).encode() for place, each in enumerate(answers)}


def test_answers_of_the_web_api_give_the_same_as_its_files() -> None:
    made = read(saved(INSTITUTION, {"count": 1, "results": [OF_AGENCY]}, [OF_REPORT]))

    assert made.faults == ()
    assert ask(QualityIndex.of(made), body=body_with(("schac", "seven.example"))).verdict is QualityVerdict.INSTITUTION
    (succession,) = made.providers[0].successions
    assert (succession.before, succession.after, succession.turn) == ("DEQARINST0008", "DEQARINST0007", Turn.ABSORBED)


def test_what_a_search_answers_is_read_too() -> None:
    found = {
        "id": "7", "deqar_id": "DEQARINST0007", "eter_id": "IT0007", "name_primary": "Seven", "country": ["Italy"],
        "qf_ehea_level": ["second cycle"],
        "hierarchical_relationships": {"includes": [], "part_of": [{"id": 9, "relationship_type": "faculty"}]},
    }  # fmt: skip
    report = {name: value for name, value in OF_REPORT.items() if name not in {"valid_to", "flag", "agency_id"}} | {
        "id": "70", "valid_from": "2023-01-01T00:00:00Z", "flag_level": "none",
    }  # fmt: skip
    made = read(saved({"count": 1, "results": [found]}, OF_AGENCY, {"results": [report]}))

    assert made.faults == ()
    assert ask(QualityIndex.of(made)).verdict is QualityVerdict.INSTITUTION
    assert {parent.provider for parent in made.providers[0].parents} == {"DEQARINST0009"}


def test_a_level_counts_for_the_days_of_which_it_is_told() -> None:
    taught = {**INSTITUTION["qf_ehea_levels"][0], "qf_ehea_level_valid_to": "2025-06-14"}  # type: ignore[index]
    made = read(saved(INSTITUTION | {"qf_ehea_levels": [taught]}, OF_AGENCY, OF_REPORT))
    told = body_with(("eter", "IT0007"))

    assert ask(QualityIndex.of(made), body=told, day=date(2025, 6, 14)).verdict is QualityVerdict.INSTITUTION
    assert ask(QualityIndex.of(made), body=told, day=date(2025, 6, 15)).verdict is QualityVerdict.UNKNOWN


@pytest.mark.parametrize(
    "change",
    [
        {"decision": "perhaps"}, {"valid_from": None}, {"institutions": []}, {"institutions": [7]}, {"id": None},
        {"programmes": "none"}, {"agency_id": None, "agency_name": "", "agency_acronym": None}, {"flag": True},
        {"valid_to": "2022-01-01"}, {"programmes": [{"name_primary": ["x"]}]},
    ],
)  # fmt: skip
def test_an_object_that_cannot_be_used_is_told(change: dict[str, Any]) -> None:
    made = read(saved([OF_REPORT | change, OF_REPORT]))

    assert [(fault.file, fault.line) for fault in made.faults] == [("0.json", 1)]
    assert [report.id for report in made.reports] == ["70"]


@pytest.mark.parametrize("odd", [{}, {"name": "x"}, 7, {"identifiers": [], "id": "x"}, {"identifiers": [], "id": 1}])
def test_an_object_of_no_known_kind_is_told(odd: Any) -> None:
    made = read({"0.json": json.dumps({"results": [odd]}).encode()})

    assert len(made.faults) == 1


def test_the_examples_of_deqars_own_documentation_are_read(samples: Any) -> None:
    text = (samples / SAMPLE).read_text("utf-8")
    blocks = [block.split("```")[0] for block in text.split("```json")[1:]]
    whole = [block for block in blocks if "((...))" not in block and '"..."' not in block and block.strip()[0] == "{"]
    reports = read({f"{place}.json": block.encode() for place, block in enumerate(whole)})

    facts = [(report.id, report.scope, report.official, report.flag) for report in reports.reports]
    assert facts == [
        ("3929", Scope.INSTITUTIONAL, Official.VOLUNTARY, Flag.NONE),
        ("47914", Scope.INSTITUTIONAL, Official.OBLIGATORY, Flag.NONE),
    ]
    assert reports.faults == ()


def test_a_table_may_begin_with_a_byte_order_mark() -> None:
    made = read({"deqar-reports.csv": b"\xef\xbb\xbf" + table([REPORT])})

    assert [report.id for report in made.reports] == ["70"]
