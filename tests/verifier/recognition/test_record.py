"""The dossier: what is there, what is kept back, what is missing and of whom it is asked."""

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keys import strict_json
from tests.verifier.recognition import handed
from verifier.recognition import record
from verifier.recognition.criteria import Table
from verifier.recognition.errors import InvalidCriteria, NothingShown, NotReadable
from verifier.recognition.evidence import Evidence

LEARNER = ("given_name", "family_name", "birth_date")


def test_the_official_sample_lacks_its_quality_assurance_and_says_whom_to_ask(samples: Path) -> None:
    made = handed.of_sample(samples)

    assert made["completeness"]["mandatory"] == {"present": 10, "withheld": 0, "absent": 1}
    assert [name for name, state in handed.states(made).items() if state == "absent"] == ["M11", "O5"]
    decisive = [(each["about"], each["kind"], each["name"]) for each in made["to_ask"] if each["mandatory"]]
    assert decisive == [
        ("Authenticity", "unchecked", "University of Zed"),
        ("Type of quality assurance", "absent", "University of Zed"),
    ]
    assert made["track"]["suggested"] == "RPL"
    assert handed.grades(made) == {
        "quality": "none", "verification": "none", "level": "substantial", "outcomes": "substantial",
        "workload": "strong", "testing": "strong", "identification": "weak",
    }  # fmt: skip


def test_every_element_of_the_sample_says_where_it_stands(samples: Path) -> None:
    made = handed.of_sample(samples)

    assert all(line["source_path"] for line in made["elements"] if line["state"] == "present")
    paths = {line["id"]: line["source_path"] for line in made["elements"]}
    assert paths["M8"] == [
        "credentialSubject.hasClaim.specifiedBy.eqfLevel", "credentialSubject.hasClaim.specifiedBy.nqfLevel",
    ]  # fmt: skip
    assert paths["M11"] == []


def test_a_document_without_a_signature_is_never_told_to_be_checked(samples: Path) -> None:
    made = handed.of_sample(samples)

    assert {name for name, state in made["checks"].items() if state == "ok"} == {"format"}
    assert made["track"]["before"]
    assert "no signature" in made["limits"][0]


def test_what_the_holder_keeps_back_is_withheld_and_asked_of_the_holder() -> None:
    made = handed.dossier(without=(*LEARNER, "grade", "learning_outcomes"))

    states = handed.states(made)
    assert {states[element] for element in ("M1", "M6", "O3")} == {"withheld"}
    asked = [each for each in made["to_ask"] if each["kind"] == "withheld"]
    assert {each["whom"] for each in asked} == {"holder"}
    assert not [each for each in made["to_ask"] if each["kind"] == "absent" and each["about"] == "Learning outcomes"]
    assert (made["track"]["suggested"], made["track"]["provisional"]) == ("LRC", True)


def test_a_grade_that_rests_on_what_is_withheld_says_what_it_may_become() -> None:
    (outcomes,) = [
        each for each in handed.dossier(without=("learning_outcomes",))["criteria"] if each["id"] == "outcomes"
    ]

    assert (outcomes["grade"], outcomes["possible_grade"]) == ("none", "strong")


def test_with_all_constitutive_elements_the_convention_is_the_way() -> None:
    made = handed.dossier()

    assert (made["track"]["suggested"], made["track"]["provisional"], made["track"]["before"]) == ("LRC", False, [])


@pytest.mark.parametrize("rung", ["signature", "status", "time"])
def test_a_check_that_failed_comes_before_either_way(rung: str) -> None:
    made = handed.dossier(outcomes={rung: "failed"})

    assert made["track"]["before"]
    assert made["to_ask"][0]["kind"] == "unchecked"
    assert {each["id"]: each["state"] for each in made["automatic_recognition"]}["genuine"] == "not_met"


def test_what_could_not_be_checked_is_neither_met_nor_not_met() -> None:
    made = handed.dossier(outcomes={"status": "unknown"})

    assert made["checks"]["revocation"] == "not_checked"
    assert {each["id"]: each["state"] for each in made["automatic_recognition"]}["genuine"] == "unknown"


def test_outcomes_are_read_for_their_verbs_and_held_against_the_level() -> None:
    simple = [{"text": {"en": "List the lawful bases of processing."}}]

    plain, high = handed.dossier(), handed.dossier(learning_outcomes=simple)

    assert [each["verb"] for each in plain["outcomes_wording"]["outcomes"]] == ["assess", "write"]
    assert plain["outcomes_wording"]["too_simple_for_level"] is False
    assert high["outcomes_wording"]["too_simple_for_level"] is True


def test_nothing_in_a_dossier_says_that_anything_is_recognised() -> None:
    made = handed.dossier()

    assert made["decides"] is False
    assert "access" in {each["id"] for each in made["automatic_recognition"] if each["state"] == "unknown"}


def test_the_same_inputs_give_the_same_bytes_and_another_moment_the_same_number() -> None:
    first, second = handed.dossier(), handed.dossier()
    later = record.make(
        Evidence.of_presentation(handed.presentation(), as_of=handed.NOON.replace(hour=13)), tables=handed.TABLES
    )

    assert strict_json.canonical(first) == strict_json.canonical(second)
    assert (first["report_id"], first["digest"] != later["digest"]) == (later["report_id"], True)


def test_the_order_in_which_claims_came_changes_nothing() -> None:
    shown = handed.presentation()
    names = list(shown["claims"])
    random.Random(7).shuffle(names)  # noqa: S311  # an order, not a secret
    turned = {**shown, "claims": {name: shown["claims"][name] for name in names}}

    read = [Evidence.of_presentation(each, as_of=handed.NOON) for each in (shown, turned)]
    made = [record.make(each, tables=handed.TABLES) for each in read]

    assert made[0]["digest"] == made[1]["digest"]


def test_a_kept_answer_without_claims_makes_no_dossier() -> None:
    with pytest.raises(NothingShown):
        Evidence.of_presentation({**handed.presentation(), "claims": {}}, as_of=handed.NOON)


@pytest.mark.parametrize(
    "raw", ["", "hello", "{}", '{"credentialSubject": {}}', "[1]", '{"a": 1', "eyJhbGciOiJub25lIn0.e30."]
)
def test_what_is_no_certificate_makes_no_dossier(raw: str) -> None:
    with pytest.raises(NotReadable):
        Evidence.of_document(raw, quality=None, as_of=handed.NOON)


def test_the_table_of_criteria_can_be_edited() -> None:
    raw = strict_json.parse_object(PACKAGED)
    level = next(each for each in raw["criteria"] if each["id"] == "level")
    level["grades"][0] = {"grade": "excellent", "when": ["eqf_level"]}

    table = Table.parse(strict_json.dump(raw))

    made = record.make(handed.evidence(), tables=record.Tables(criteria=table, frameworks=handed.TABLES.frameworks))
    assert handed.grades(made)["level"] == "excellent"


def unknown_fact(raw: dict[str, Any]) -> None:
    raw["criteria"][0]["grades"][0]["when"] = ["fame"]


def no_last_grade(raw: dict[str, Any]) -> None:
    raw["criteria"][0]["grades"].pop()


def no_title(raw: dict[str, Any]) -> None:
    del raw["criteria"][0]["title"]


@pytest.mark.parametrize("break_one_thing", [unknown_fact, no_last_grade, no_title])
def test_a_table_with_one_thing_wrong_is_refused(break_one_thing: Callable[[dict[str, Any]], None]) -> None:
    raw = copy.deepcopy(strict_json.parse_object(PACKAGED))
    break_one_thing(raw)

    with pytest.raises(InvalidCriteria):
        Table.parse(strict_json.dump(raw))


PACKAGED = (Path(record.__file__).parent / "criteria.json").read_bytes()
