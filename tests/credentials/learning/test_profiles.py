from typing import Any

import pytest

from credentials.learning import micro_credential, profiles

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("profile", "ects", "codes"),
    [
        ("deqar", "0.5", []),
        ("deqar", "59", []),
        ("deqar", "59.5", ["out_of_range"]),
        ("deqar", "0", ["out_of_range"]),
        ("dc4eu-he", "1", []),
        ("dc4eu-he", "15", []),
        ("dc4eu-he", "16", ["out_of_range"]),
        ("dc4eu-he", "2.5", ["out_of_step"]),
        ("nl-surf", "3", []),
        ("nl-surf", "3.5", []),
        ("nl-surf", "2.5", ["out_of_range"]),
        ("nl-surf", "30", []),
        ("nl-surf", "30.5", ["out_of_range"]),
    ],
)
def test_a_profile_bounds_the_credits(course: Json, profile: str, ects: str, codes: list[str]) -> None:
    course |= {"ects": ects, "workload_hours": None}
    _, findings = micro_credential.parse_course(course, profile=profiles.PROFILES[profile])
    assert [finding.code for finding in findings] == codes


@pytest.mark.parametrize("member", ["eqf_level", "isced_f", "ects"])
def test_dc4eu_asks_for_members_that_others_leave_open(course: Json, member: str) -> None:
    del course[member]

    assert micro_credential.parse_course(course, profile=profiles.DC4EU_HE)[0] is None
    assert micro_credential.parse_course(course, profile=profiles.DEQAR)[0] is not None


def test_dc4eu_asks_for_birth_date_and_grade(award: Json) -> None:
    del award["learner"]["birth_date"], award["grade"]
    _, findings = micro_credential.parse_award(award, profile=profiles.DC4EU_HE)
    assert [finding.path for finding in findings] == ["/learner/birth_date", "/grade"]


def test_surf_asks_how_the_assessment_is_supervised(course: Json) -> None:
    del course["supervision"]
    _, findings = micro_credential.parse_course(course, profile=profiles.NL_SURF)
    assert [(finding.element, finding.code) for finding in findings] == [("O2", "missing")]
