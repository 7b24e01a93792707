from typing import Any

from hypothesis import given, settings

from credentials.learning import flat_claims, micro_credential, summary, view, w3c_claims
from credentials.learning.findings import ANNEX_I
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.summary import Fact
from credentials.learning.view import State
from tests.credentials.learning.strategies import MICRO_CREDENTIALS


def by_key(facts: tuple[Fact, ...]) -> dict[str, Fact]:
    return {fact.label_key: fact for fact in facts}


def test_a_card_says_everything_in_plain_words(record: MicroCredential) -> None:
    facts = by_key(summary.facts(view.of_record(record)))

    assert {key: facts[key].value for key in ("awarding_body", "country", "learner", "birth_date", "award_date")} == {
        "awarding_body": "University of Example",
        "country": "Italy; Toscana",
        "learner": "Ana Andromeda",
        "birth_date": "2 October 1999",
        "award_date": "30 June 2026",
    }
    assert facts["workload"].value == "3 ECTS · 75 hours"
    assert facts["level"].value == "EQF 7 · master level · second cycle"
    assert facts["assessment_type"].items == ("project work", "oral examination")
    assert facts["supervision"].value == "supervised with ID verification"
    assert facts["learner_id"].value == "20260117 (student number)"
    assert facts["quality_assurance"].value.endswith("from 1 January 2024 until 31 December 2029")
    assert len(facts["learning_outcomes"].items) == 3
    assert facts["workload"].label == "Workload"


def test_a_card_speaks_the_language_that_is_asked_for(record: MicroCredential) -> None:
    facts = by_key(summary.facts(view.of_record(record), language="it"))
    assert facts["title"].value == "Protezione dei dati applicata alla ricerca"
    assert facts["awarding_body"].value == "Università di Esempio"


def test_what_is_withheld_or_absent_is_said_once_and_without_a_value(course: Any, award: Any) -> None:
    del course["stackability"]
    record, _ = micro_credential.parse({"course": course, "award": award})
    assert record is not None
    claims = flat_claims.to_claims(record)
    for name in ("given_name", "family_name", "birth_date", "learner_id", "learner_id_scheme", "grade"):
        del claims[name]
    claims["learning_outcomes"] = []

    facts = by_key(summary.facts(flat_claims.from_claims(claims)))

    assert (facts["learner"].state, facts["learner"].value) == (State.WITHHELD, "")
    assert (facts["grade"].state, facts["grade"].value) == (State.WITHHELD, "")
    assert (facts["stackability"].state, facts["stackability"].value) == (State.ABSENT, "")
    assert facts["learning_outcomes"].state is State.WITHHELD
    assert facts["esco_skills"].value == "respect data protection principles"


def test_a_course_is_summed_up_without_a_learner(record: MicroCredential) -> None:
    facts = by_key(summary.course_facts(record.course))
    assert facts["title"].value == "Applied Data Protection for Research"
    assert {"learner", "grade", "award_date"} & facts.keys() == set()


def test_a_credential_nobody_can_read_has_only_absent_elements() -> None:
    facts = summary.facts(w3c_claims.from_claims({}))
    assert {fact.element for fact in facts} == set(ANNEX_I)
    assert {fact.state for fact in facts} == {State.ABSENT}


@given(MICRO_CREDENTIALS)
@settings(max_examples=60, deadline=None)
def test_every_element_has_a_fact_and_every_present_fact_says_something(record: MicroCredential) -> None:
    facts = summary.facts(view.of_record(record))

    assert {fact.element for fact in facts} >= set(ANNEX_I)
    assert all(bool(fact.value) == (fact.state is State.PRESENT) for fact in facts)
    assert all(fact.to_json()["value"] == fact.value for fact in facts)


def test_a_card_has_room_for_level_and_credits_only() -> None:
    told = [
        Fact(label_key="workload", label="Workload", element="M7", items=("3 ECTS · 75 hours",)),
        Fact(label_key="level", label="Level", element="M8", items=("EQF 7 · master level · second cycle",)),
    ]
    assert summary.in_short(told) == "EQF 7 · master level · 3 ECTS"
    assert summary.in_short(told[:1]) == "3 ECTS"
    assert summary.in_short([]) == ""
