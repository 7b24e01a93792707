"""Parents and mergers: whose reports speak for a provider, and from which day on."""

from datetime import date

import pytest

from tests.trust.quality.exports import AGENCY, PROVIDER, REPORT, ask, body_with, files, index
from trust.quality import importing
from trust.quality.answer import Quality, QualityVerdict, Remark
from trust.quality.index import QualityIndex

FACULTY = PROVIDER | {
    "deqar_id": "DEQARINST0017", "eter_id": "", "name_primary": "Faculty of Seven", "name_official": "",
    "identifiers_all": "", "parent_institution": "DEQARINST0007 University of Seven",
}  # fmt: skip
OF_FACULTY = body_with(("deqar", "DEQARINST0017"))
MERGED = "2024-09-01"
DAY = date(2025, 6, 15)
EVE = date(2024, 8, 31)


def related(told: str, *, by: str = "DEQARINST0017") -> Quality:
    """The answer for another provider that says `told` of the one with the report, on both sides of the merger."""
    other = FACULTY | {"parent_institution": "", "historic_relationships": f"{MERGED}: {told} DEQARINST0007 Seven"}
    return ask(index(providers=[PROVIDER, other]), body=body_with(("deqar", by)), day=DAY)


def test_a_report_on_the_university_counts_for_its_faculty_as_institutional() -> None:
    answer = ask(index(providers=[PROVIDER, FACULTY]), body=OF_FACULTY)

    assert answer.verdict is QualityVerdict.INSTITUTION
    assert (answer.provider_id, set(answer.remarks)) == ("DEQARINST0017", {Remark.BY_PARENT})


def test_a_report_on_the_faculty_says_nothing_of_the_university() -> None:
    on = index(providers=[PROVIDER, FACULTY], reports=[REPORT | {"hei_deqar_id": "DEQARINST0017"}])

    assert ask(on).verdict is QualityVerdict.UNKNOWN


def test_a_faculty_with_its_own_report_is_told_by_that() -> None:
    own = REPORT | {"report_id": "80", "hei_deqar_id": "DEQARINST0017", "report_valid_to": "2025-12-31"}

    answer = ask(index(providers=[PROVIDER, FACULTY], reports=[REPORT, own]), body=OF_FACULTY)

    assert (answer.valid_to, answer.remarks) == (date(2025, 12, 31), frozenset())
    assert answer.report_ids == ("70", "80")


@pytest.mark.parametrize(
    ("kind", "since", "until", "verdict"),
    [
        ("faculty", None, None, QualityVerdict.INSTITUTION),
        ("independent faculty or school", "2025-06-15", "2025-06-15", QualityVerdict.INSTITUTION),
        ("faculty", "2025-06-16", None, QualityVerdict.UNKNOWN),
        ("faculty", None, "2025-06-14", QualityVerdict.UNKNOWN),
        ("consortium", None, None, QualityVerdict.UNKNOWN),
        ("European Universities alliance", None, None, QualityVerdict.UNKNOWN),
        ("educational platform", None, None, QualityVerdict.UNKNOWN),
        ("franchise or validation partnership", None, None, QualityVerdict.UNKNOWN),
    ],
)
def test_only_being_part_of_it_on_that_day_is_covered(
    kind: str, since: str | None, until: str | None, verdict: QualityVerdict
) -> None:
    def quoted(day: str | None) -> str:
        return "null" if day is None else f'"{day}"'

    told = f"""{{"id": 17, "deqar_id": "DEQARINST0017", "names": [{{"name_english": "Part"}}], "identifiers": [],
        "hierarchical_relationships": {{"includes": [], "part_of": [{{"institution": {{"id": 7}},
        "relationship_type": "{kind}", "valid_from": {quoted(since)}, "valid_to": {quoted(until)}}}]}}}}"""
    on = QualityIndex.of(importing.read({**files(), "part.json": told.encode()}, data_as_of=DAY))

    assert ask(on, body=OF_FACULTY).verdict is verdict


@pytest.mark.parametrize(
    ("told", "remark"),
    [
        ("succeeded", Remark.BY_PREDECESSOR),
        ("absorbed", Remark.BY_PREDECESSOR),
        ("was spun off from", Remark.BY_PREDECESSOR),
        ("succeeded by", Remark.BY_SUCCESSOR),
        ("was absorbed by", Remark.BY_SUCCESSOR),
    ],
)
def test_the_one_before_and_the_one_after_a_merger_speak_for_each_other(told: str, remark: Remark) -> None:
    answer = related(told)

    assert (answer.verdict, set(answer.remarks)) == (QualityVerdict.INSTITUTION, {remark})


def test_a_daughter_says_nothing_of_the_one_that_it_was_spun_off_from() -> None:
    assert related("spun off").verdict is QualityVerdict.UNKNOWN


def test_a_report_from_after_a_spin_off_says_nothing_of_the_daughter() -> None:
    daughter = FACULTY | {
        "parent_institution": "", "historic_relationships": f"{MERGED}: was spun off from DEQARINST0007 Seven",
    }  # fmt: skip
    after = REPORT | {"report_valid_from": "2024-09-02"}

    assert ask(index(providers=[PROVIDER, daughter]), body=OF_FACULTY).assured
    assert not ask(index(providers=[PROVIDER, daughter], reports=[after]), body=OF_FACULTY).assured


@pytest.mark.parametrize(("day", "verdict"), [(DAY, QualityVerdict.INSTITUTION), (EVE, QualityVerdict.UNKNOWN)])
def test_a_merger_counts_from_its_day_on(day: date, verdict: QualityVerdict) -> None:
    other = FACULTY | {
        "parent_institution": "", "historic_relationships": f"{MERGED}: was absorbed by DEQARINST0007 Seven",
    }  # fmt: skip

    assert ask(index(providers=[PROVIDER, other]), body=OF_FACULTY, day=day).verdict is verdict


def test_two_that_merged_into_a_third_do_not_speak_for_each_other() -> None:
    merged = "2024-09-01: was absorbed by DEQARINST0027 Third"
    third = PROVIDER | {"deqar_id": "DEQARINST0027", "eter_id": "", "name_primary": "Third", "identifiers_all": ""}
    first = PROVIDER | {"historic_relationships": merged}
    second = FACULTY | {"parent_institution": "", "historic_relationships": merged}

    on = index(providers=[first, second, third])

    assert ask(on, body=body_with(("deqar", "DEQARINST0027"))).remarks == {Remark.BY_PREDECESSOR}
    assert ask(on, body=OF_FACULTY).verdict is QualityVerdict.UNKNOWN


def test_relations_in_a_circle_end() -> None:
    first = PROVIDER | {"parent_institution": "DEQARINST0017 Faculty"}

    on = index(providers=[first, FACULTY], agencies=[AGENCY], reports=[REPORT | {"report_valid_to": "2023-06-30"}])

    assert ask(on, body=OF_FACULTY).verdict is QualityVerdict.EXPIRED


def test_a_programme_of_the_university_is_none_of_the_facultys() -> None:
    programme = REPORT | {
        "report_type": "programme", "programme_name": "Data Protection", "programme_qf_ehea_level": "second cycle",
    }  # fmt: skip

    assert ask(index(providers=[PROVIDER, FACULTY], reports=[programme]), body=OF_FACULTY).verdict is (
        QualityVerdict.UNKNOWN
    )


def test_what_a_predecessor_became_besides_says_nothing() -> None:
    old = FACULTY | {
        "parent_institution": "",
        "historic_relationships": f"{MERGED}: succeeded by DEQARINST0027 New, {MERGED}: was absorbed by DEQARINST0007",
    }  # fmt: skip
    new = PROVIDER | {"deqar_id": "DEQARINST0027", "eter_id": "", "name_primary": "New", "identifiers_all": ""}

    on = index(providers=[PROVIDER, old, new])

    assert ask(on, body=OF_FACULTY).remarks == {Remark.BY_SUCCESSOR}
    assert ask(on, body=body_with(("deqar", "DEQARINST0027"))).verdict is QualityVerdict.UNKNOWN


def test_the_way_is_told_by_its_first_step() -> None:
    new = PROVIDER | {
        "deqar_id": "DEQARINST0027", "eter_id": "", "name_primary": "New", "identifiers_all": "",
        "historic_relationships": f"{MERGED}: succeeded DEQARINST0017 Faculty of Seven",
    }  # fmt: skip

    on = index(providers=[PROVIDER, FACULTY, new])

    assert ask(on, body=body_with(("deqar", "DEQARINST0027"))).remarks == {Remark.BY_PREDECESSOR}
