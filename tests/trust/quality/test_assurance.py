"""Each rule of the answer: one change to a body that a report covers (DEQAR data model; docs/standards.md)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.learning.course import Identifier
from credentials.learning.text import Text
from tests.trust.quality.exports import (
    AGENCY,
    AWARDED,
    BODY,
    COURSE,
    PROGRAMME,
    PROVIDER,
    REPORT,
    Row,
    ask,
    body_with,
    export,
    index,
)
from trust.quality.answer import QualityVerdict, Remark
from trust.quality.index import QualityIndex

ONE_DAY = timedelta(days=1)
NEGATIVE = REPORT | {"report_id": "72", "report_decision": "negative", "report_valid_from": "2024-01-01"}


def test_a_report_that_covers_the_day_says_by_whom_and_until_when() -> None:
    answer = ask(index())

    assert answer.verdict is QualityVerdict.INSTITUTION
    assert answer.assured
    assert (answer.provider_id, answer.matched_by) == ("DEQARINST0007", "deqar:DEQARINST0007")
    assert (answer.report_ids, answer.agency_id, answer.agency_name) == (("70",), "3", "Agency of Quality")
    assert (answer.valid_from, answer.valid_to) == (date(2023, 1, 1), date(2027, 12, 31))
    assert answer.data_as_of == date(2026, 11, 1)
    assert answer.remarks == frozenset()


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"report_decision": "positive with conditions or restrictions"}, QualityVerdict.INSTITUTION),
        ({"report_decision": "2"}, QualityVerdict.INSTITUTION),
        ({"report_decision": "negative"}, QualityVerdict.NEGATIVE),
        ({"report_decision": "not applicable"}, QualityVerdict.UNKNOWN),
        ({"report_flag": "low level"}, QualityVerdict.INSTITUTION),
        ({"report_flag": "high level"}, QualityVerdict.UNKNOWN),
        ({"report_status": "voluntary"}, QualityVerdict.VOLUNTARY),
        ({"report_type": "institutional/programme"}, QualityVerdict.INSTITUTION),
        ({"report_type": "programme"}, QualityVerdict.UNKNOWN),
        ({"report_agency": "Somebody Else"}, QualityVerdict.UNKNOWN),
        ({"hei_deqar_id": "DEQARINST0008"}, QualityVerdict.UNKNOWN),
    ],
)
def test_one_thing_that_is_otherwise_in_the_report_changes_the_answer(change: Row, verdict: QualityVerdict) -> None:
    assert ask(index(reports=[REPORT | change])).verdict is verdict


@pytest.mark.parametrize(
    ("since", "until", "verdict"),
    [
        ("2025-06-15", "2025-06-15", QualityVerdict.INSTITUTION),
        ("2023-01-01", "2025-06-14", QualityVerdict.EXPIRED),
        ("2025-06-16", "2027-12-31", QualityVerdict.UNKNOWN),
        ("2019-06-15", "", QualityVerdict.INSTITUTION),
        ("2019-06-14", "", QualityVerdict.EXPIRED),
    ],
)
def test_the_days_of_a_report_are_both_included_and_six_years_where_no_end_is_told(
    since: str, until: str, verdict: QualityVerdict
) -> None:
    report = REPORT | {"report_valid_from": since, "report_valid_to": until}

    assert ask(index(reports=[report])).verdict is verdict


def test_a_report_of_a_leap_day_holds_for_six_years_too() -> None:
    report = REPORT | {"report_valid_from": "2020-02-29", "report_valid_to": ""}
    on = index(reports=[report])

    assert ask(on, day=date(2026, 2, 28)).verdict is QualityVerdict.INSTITUTION
    assert ask(on, day=date(2026, 3, 1)).verdict is QualityVerdict.EXPIRED


def test_what_lapsed_after_the_award_does_not_spoil_it() -> None:
    lapsed = index(reports=[REPORT | {"report_valid_to": "2025-06-30"}])

    assert ask(lapsed, day=AWARDED).verdict is QualityVerdict.INSTITUTION
    assert ask(lapsed, day=date(2026, 1, 1)).verdict is QualityVerdict.EXPIRED


def test_what_was_gained_after_the_award_does_not_heal_it() -> None:
    before = REPORT | {"report_id": "69", "report_valid_from": "2018-01-01", "report_valid_to": "2024-12-31"}
    later = REPORT | {"report_valid_from": "2025-12-01"}

    answer = ask(index(reports=[before, later]))

    assert answer.verdict is QualityVerdict.EXPIRED
    assert answer.report_ids == ("69",)
    assert answer.remarks == {Remark.ONLY_LATER}


@pytest.mark.parametrize(
    ("change", "verdict", "remarks"),
    [
        ({"registration_start": "2025-06-15"}, QualityVerdict.INSTITUTION, frozenset()),
        ({"registration_valid_to": "2025-06-14"}, QualityVerdict.INSTITUTION, {Remark.AGENCY_LEFT}),
        ({"registration_valid_to": "2022-12-31"}, QualityVerdict.UNKNOWN, {Remark.AGENCY_NOT_REGISTERED}),
        ({"registration_start": "2025-06-16"}, QualityVerdict.UNKNOWN, {Remark.AGENCY_NOT_REGISTERED}),
        ({"registration_start": ""}, QualityVerdict.UNKNOWN, {Remark.AGENCY_NOT_REGISTERED}),
        ({"registration_valid_to": ""}, QualityVerdict.INSTITUTION, frozenset()),
        ({"registration_valid_to": "", "is_registered": "False"}, QualityVerdict.UNKNOWN,
         {Remark.AGENCY_NOT_REGISTERED}),
    ],
)  # fmt: skip
def test_the_agency_was_registered_at_the_award_or_when_it_wrote(
    change: Row, verdict: QualityVerdict, remarks: frozenset[Remark]
) -> None:
    answer = ask(index(agencies=[AGENCY | change]))

    assert (answer.verdict, answer.remarks) == (verdict, remarks)


def test_two_agencies_of_one_acronym_are_nobody() -> None:
    other = AGENCY | {"agency_id": "4", "name_primary": "Another Agency"}

    assert ask(index(agencies=[AGENCY, other])).verdict is QualityVerdict.UNKNOWN
    assert ask(index(agencies=[AGENCY, other], reports=[REPORT | {"report_agency": "3"}])).assured


def test_a_programme_report_names_the_micro_credential_by_title_and_level() -> None:
    assert ask(index(reports=[PROGRAMME])).verdict is QualityVerdict.PROGRAMME


@pytest.mark.parametrize(
    ("title", "level", "verdict"),
    [
        ("data protection!", "second cycle", QualityVerdict.PROGRAMME),
        ("Protezione dei Dati", "second cycle", QualityVerdict.PROGRAMME),
        ("Data Protection II", "second cycle", QualityVerdict.UNKNOWN),
        ("Data Protection", "first cycle", QualityVerdict.UNKNOWN),
        ("Data Protection", "", QualityVerdict.UNKNOWN),
    ],
)
def test_another_title_or_level_is_another_programme(title: str, level: str, verdict: QualityVerdict) -> None:
    answer = ask(index(reports=[PROGRAMME | {"programme_name": title, "programme_qf_ehea_level": level}]))

    assert answer.verdict is verdict
    assert answer.remarks == (frozenset() if answer.assured else {Remark.ONLY_OTHER_PROGRAMMES})


def test_an_identifier_names_it_whatever_its_title() -> None:
    page = "https://seven.example/catalogue/dp"
    named = PROGRAMME | {"programme_name": "Anything", "programme_identifiers": f"local-1; {page}"}

    assert ask(index(reports=[named]), course=replace(COURSE, catalogue_uri=page)).verdict is QualityVerdict.PROGRAMME
    assert ask(index(reports=[named])).verdict is QualityVerdict.UNKNOWN


def test_a_programme_whose_accreditation_includes_micro_credentials_counts_as_that() -> None:
    embedding = PROGRAMME | {"programme_name": "Law", "mc_as_part_of_accreditation": "True"}

    assert ask(index(reports=[embedding])).verdict is QualityVerdict.PART_OF_PROGRAMME


@pytest.mark.parametrize(
    ("level", "verdict", "remarks"),
    [
        (6, QualityVerdict.INSTITUTION, frozenset()),
        (8, QualityVerdict.UNKNOWN, {Remark.LEVEL_NOT_OFFERED}),
        (None, QualityVerdict.INSTITUTION, {Remark.LEVEL_NOT_COMPARED}),
    ],
)
def test_an_institution_is_assured_for_the_levels_at_which_it_teaches(
    level: int | None, verdict: QualityVerdict, remarks: frozenset[Remark]
) -> None:
    answer = ask(index(), course=replace(COURSE, eqf_level=level))

    assert (answer.verdict, answer.remarks) == (verdict, remarks)


def test_an_export_without_levels_says_that_they_were_not_compared() -> None:
    answer = ask(index(providers=[PROVIDER | {"qf_ehea_levels": ""}]))

    assert (answer.verdict, set(answer.remarks)) == (QualityVerdict.INSTITUTION, {Remark.LEVEL_NOT_COMPARED})


@pytest.mark.parametrize("change", [{"is_other_provider": "True"}, {"deqar_id": "DEQARINSTAP0007"}])
def test_an_other_provider_is_told_as_such(change: Row) -> None:
    provider = PROVIDER | change
    on = index(providers=[provider], reports=[REPORT | {"hei_deqar_id": provider["deqar_id"]}])

    assert ask(on, body=body_with(("deqar", provider["deqar_id"]))).verdict is QualityVerdict.OTHER_PROVIDER


def test_the_best_of_several_is_the_answer() -> None:
    voluntary = REPORT | {"report_id": "73", "report_status": "voluntary"}
    embedding = PROGRAMME | {"report_id": "74", "programme_name": "Law", "mc_as_part_of_accreditation": "yes"}
    ladder = [voluntary, REPORT, embedding, PROGRAMME]

    verdicts = [ask(index(reports=ladder[:count])).verdict for count in (1, 2, 3, 4)]

    assert verdicts == [
        QualityVerdict.VOLUNTARY,
        QualityVerdict.INSTITUTION,
        QualityVerdict.PART_OF_PROGRAMME,
        QualityVerdict.PROGRAMME,
    ]


def test_the_latest_decision_before_the_award_being_negative_is_said() -> None:
    lapsed = REPORT | {"report_valid_to": "2023-12-31"}

    assert ask(index(reports=[lapsed])).verdict is QualityVerdict.EXPIRED
    assert ask(index(reports=[lapsed, NEGATIVE])).verdict is QualityVerdict.NEGATIVE
    assert ask(index(reports=[lapsed, NEGATIVE | {"report_valid_from": "2022-01-01"}])).verdict is (
        QualityVerdict.EXPIRED
    )
    assert ask(index(reports=[lapsed, NEGATIVE | {"report_valid_from": "2025-07-01"}])).verdict is (
        QualityVerdict.EXPIRED
    )


@pytest.mark.parametrize("number", ["1", "99"])
def test_of_two_decisions_of_one_day_the_negative_one_is_said(number: str) -> None:
    lapsed = REPORT | {"report_valid_from": "2024-01-01", "report_valid_to": "2024-12-31"}

    assert ask(index(reports=[lapsed, NEGATIVE | {"report_id": number}])).verdict is QualityVerdict.NEGATIVE


def test_a_negative_decision_after_the_report_that_covers_is_remarked() -> None:
    answer = ask(index(reports=[REPORT, NEGATIVE]))

    assert (answer.verdict, set(answer.remarks)) == (QualityVerdict.INSTITUTION, {Remark.NEGATIVE_SINCE})


def test_a_negative_decision_after_the_award_is_none_of_its_concern() -> None:
    later = NEGATIVE | {"report_valid_from": "2025-06-16"}

    assert ask(index(reports=[REPORT, later])).remarks == frozenset()


def test_a_negative_report_on_another_programme_says_nothing() -> None:
    other = PROGRAMME | {"report_decision": "negative", "programme_name": "Law", "mc_as_part_of_accreditation": "True"}

    assert ask(index(reports=[other])).verdict is QualityVerdict.UNKNOWN
    assert ask(index(reports=[REPORT, other])).remarks == frozenset()


def test_a_body_that_nobody_knows_is_unknown() -> None:
    stranger = body_with(("eter", "IT0099"), name=Text.of({"en": "University of Nowhere"}))

    answer = ask(index(), body=stranger)

    assert (answer.verdict, answer.provider_id, answer.candidates) == (QualityVerdict.UNKNOWN, None, ())


SOME = [REPORT, PROGRAMME, NEGATIVE, REPORT | {"report_id": "75", "report_valid_to": "2024-01-01"},
        REPORT | {"report_id": "76", "report_valid_to": "2029-01-01"}]  # fmt: skip
NUMBERS = [*BODY.identifiers, Identifier(scheme="schac", value="seven.example")]


@given(order=st.permutations(SOME), chosen=st.integers(min_value=1, max_value=5), listed=st.permutations(NUMBERS))
def test_the_order_of_rows_and_identifiers_changes_nothing(
    order: list[Row], chosen: int, listed: list[Identifier]
) -> None:
    sorted_rows = sorted(order[:chosen], key=lambda row: row["report_id"])

    answer = ask(index(reports=order[:chosen]), body=replace(BODY, identifiers=tuple(listed)))

    assert answer == ask(index(reports=sorted_rows))


@given(days=st.integers(min_value=-3_000, max_value=3_000))
def test_one_more_covering_report_never_makes_the_answer_worse(days: int) -> None:
    day = AWARDED + days * ONE_DAY
    order = list(QualityVerdict)
    less = ask(index(reports=[REPORT]), day=day)
    more = ask(QualityIndex.of(export(reports=[REPORT, PROGRAMME])), day=day)

    assert order.index(more.verdict) <= order.index(less.verdict)


def test_the_answer_as_the_api_shows_it() -> None:
    assert ask(index()).to_json() == {
        "verdict": "institution", "award_date": "2025-06-15", "provider_id": "DEQARINST0007",
        "provider_name": "University of Seven", "matched_by": "deqar:DEQARINST0007", "report_ids": ["70"],
        "agency_id": "3", "agency_name": "Agency of Quality", "valid_from": "2023-01-01", "valid_to": "2027-12-31",
        "remarks": [], "candidates": [], "data_as_of": "2026-11-01", "synthetic": False, "confirmed": True,
    }  # fmt: skip


def test_data_older_than_ninety_days_is_old() -> None:
    answer = ask(index())

    assert not answer.is_old(today=date(2027, 1, 30))
    assert answer.is_old(today=date(2027, 1, 31))
