"""A question in words: what it must have and what it would like, and which facts of a card answer it."""

from typing import Any

from exchange.dcql import Query
from verifier.templates import ADMISSION, EMPLOYER
from verifier.web import asked

OF_ONE = {"id": "one", "format": "dc+sd-jwt", "meta": {"vct_values": ["https://uni.example/vct/1"]}}


def query_of(*credentials: dict[str, Any]) -> Query:
    return Query.parse({"credentials": [{**OF_ONE, **each} for each in credentials]})


def test_a_question_without_choices_is_one_row() -> None:
    assert asked.rows(EMPLOYER.query(types=())) == (
        ("You ask for", ("Title · Awarded by · Awarded on · Given name · Family name",)),
    )


def test_what_an_answer_may_leave_out_stands_in_a_row_of_its_own() -> None:
    needed, wished = asked.rows(ADMISSION.query(types=()))

    assert needed[1][0].endswith("Family name · Learning outcomes")
    assert wished == (
        "And, if it is there and they want to", ("Date of birth · Grade · Certificate number · Learner number",),
    )  # fmt: skip


def test_a_question_for_no_claim_says_what_it_is_for() -> None:
    assert asked.rows(query_of({})) == (("You ask for", (asked.NOTHING,)),)


def test_a_value_that_alone_will_do_is_told() -> None:
    query = query_of({"claims": [{"path": ["grade"]}, {"path": ["eqf_level"], "values": [6, 7]}]})

    ((_, said),) = asked.rows(query)

    assert said == ("Grade · EQF level (only EQF 6 · bachelor level or EQF 7 · master level)",)


def test_of_several_certificates_each_has_its_row() -> None:
    query = query_of({"claims": [{"path": ["grade"]}]}, {"id": "two", "claims": [{"path": [None]}]})

    assert asked.rows(query) == (
        ("You ask for (certificate one)", ("Grade",)),
        ("You ask for (certificate two)", ("a claim without a name",)),
    )


def test_the_facts_of_a_card_answer_the_claims_they_are_made_of() -> None:
    query = query_of({"claims": [{"path": [name]} for name in ("given_name", "ects", "title#it", "learning_outcomes")]})

    assert asked.facts(query, id_="one") == {"learner", "workload", "title", "learning_outcomes"}
    assert asked.facts(query, id_="another") == frozenset()


def test_a_claim_of_a_w3c_credential_goes_by_the_last_name_of_its_path() -> None:
    claim = {"path": ["credentialSubject", "hasClaim", None, "title"]}
    query = query_of({"format": "jwt_vc_json", "meta": {"type_values": [["Diploma"]]}, "claims": [claim]})

    assert asked.facts(query, id_="one") == {"title"}
