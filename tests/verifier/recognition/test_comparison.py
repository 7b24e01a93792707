"""Beside a course of one's own: what differs is listed as a candidate, and nothing is decided."""

from typing import Any

import pytest

from tests.verifier.recognition import handed
from verifier.recognition.comparison import HomeCourse
from verifier.recognition.errors import InvalidCourse

HOME: dict[str, Any] = {
    "title": "Data protection law", "ects": 5, "eqf_level": 7,
    "learning_outcomes": "Write an impact assessment on data protection.\nNegotiate contracts with cloud providers.",
}  # fmt: skip


def test_fewer_credits_and_an_outcome_without_a_like_are_candidates() -> None:
    compared = handed.dossier(home=HOME)["comparison"]

    assert [(each["element"], each["delta"]) for each in compared["candidates"]] == [
        ("Workload", "2 ECTS less"),
        ("Learning outcome", "nothing alike in the words of the certificate"),
    ]
    assert compared["outcomes"][0]["nearest"] == "Write a data protection impact assessment."
    assert compared["decides"] is False


@pytest.mark.parametrize("member", ["ects", "eqf_level", "learning_outcomes"])
def test_what_the_home_course_does_not_say_is_not_compared(member: str) -> None:
    compared = handed.dossier(home={**HOME, member: ""})["comparison"]

    element = {"ects": "Workload", "eqf_level": "Level", "learning_outcomes": "Learning outcome"}[member]
    assert element not in {each["element"] for each in compared["candidates"]}


def test_more_credits_and_a_higher_level_are_no_difference() -> None:
    compared = handed.dossier(home={"ects": "2,5", "eqf_level": "6"})["comparison"]

    assert compared["candidates"] == []


def test_a_withheld_list_of_outcomes_is_no_candidate_by_itself() -> None:
    compared = handed.dossier(home={"ects": 3}, without=("learning_outcomes",))["comparison"]

    assert compared["candidates"] == []


def test_without_a_home_course_there_is_no_comparison() -> None:
    assert handed.dossier(home={"title": "Only a name"})["comparison"] is None


@pytest.mark.parametrize(
    "raw",
    [
        [], {"colour": "red"}, {"ects": "many"}, {"ects": -1}, {"ects": "NaN"}, {"ects": "1e9"}, {"eqf_level": 9},
        {"eqf_level": "7a"}, {"learning_outcomes": 7}, {"learning_outcomes": [1]}, {"learning_outcomes": ["a"] * 61},
        {"isced_f": "0000x"},
    ],
)  # fmt: skip
def test_a_home_course_with_one_thing_wrong_is_refused(raw: object) -> None:
    with pytest.raises(InvalidCourse):
        HomeCourse.parse(raw)
