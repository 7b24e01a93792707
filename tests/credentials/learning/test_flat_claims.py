from typing import Any

from hypothesis import given, settings

from credentials.learning import flat_claims, labels, micro_credential, tongues, view
from credentials.learning.findings import ANNEX_I, MANDATORY
from credentials.learning.flat_claims import CLAIMS
from credentials.learning.mappings.claim import Disclosure
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import State
from tests.credentials.learning.strategies import JSON

PERSONAL = {"given_name", "family_name", "birth_date", "learner_id", "learner_id_scheme", "grade", "certificate_number"}


def shown(claims: dict[str, Any], *hidden: str) -> dict[str, Any]:
    """The claims that a verifier gets when the holder keeps back `hidden`."""
    return {name: value for name, value in claims.items() if name.partition("#")[0] not in hidden}


def test_the_expiry_of_the_token_gives_the_last_valid_day_back(record: MicroCredential) -> None:
    assert record.award.expires is not None
    claims = flat_claims.to_claims(record) | {"exp": int(record.award.expires.timestamp())}

    read = flat_claims.from_claims(claims).record

    assert read is not None
    assert read.award.valid_until == record.award.valid_until


def test_the_claims_hold_what_a_card_shows_in_words(record: MicroCredential) -> None:
    claims = flat_claims.to_claims(record)

    assert next(iter(claims)) == "title"
    assert claims["title"] == "Applied Data Protection for Research"
    assert claims["title#it"] == "Protezione dei dati applicata alla ricerca"
    assert claims["awarding_body"][0]["name"] == "University of Example"
    assert claims["awarding_body"][0]["ids"]["deqar"] == "DEQARINST9999"
    assert claims["level"] == "EQF 7 · master level"
    assert claims["field_of_study"] == ["Law"]
    assert (claims["ects"], claims["country"], claims["award_date"]) == (3, ["IT"], "2026-06-30")
    assert claims["esco_skills"][0]["label"] == "respect data protection principles"


def test_no_claim_holds_the_address_of_the_learner(record: MicroCredential) -> None:
    assert "learner.example" not in str(flat_claims.to_claims(record))


def test_what_is_personal_is_always_disclosable_and_the_catalogue_never(record: MicroCredential) -> None:
    claims = flat_claims.to_claims(record)

    paths = flat_claims.disclosable(claims)

    names = {str(path[0]).partition("#")[0] for path in paths}
    assert names >= PERSONAL
    assert names == {name for name in claims if name in CLAIMS and CLAIMS[name].sd is not Disclosure.NEVER}
    assert {path for path in paths if path[0] == "learning_outcomes"} == {("learning_outcomes", n) for n in range(3)}
    assert ("prerequisites#it",) in paths


def test_everything_awarded_is_present_to_one_who_sees_all(record: MicroCredential) -> None:
    seen = flat_claims.from_claims(flat_claims.to_claims(record))

    assert {element.id for element in seen.elements.values() if element.state is State.PRESENT} == set(ANNEX_I)
    assert seen.completeness == (11, 0, 0)
    assert seen.findings == ()


def test_what_the_holder_keeps_back_is_withheld_and_what_was_not_awarded_is_absent(course: Any, award: Any) -> None:
    del course["stackability"], award["grade"]
    record, _ = micro_credential.parse({"course": course, "award": award})
    assert record is not None
    claims = flat_claims.to_claims(record)

    seen = flat_claims.from_claims(
        shown(claims, *PERSONAL, "learning_outcomes", "prerequisites", "grading_scheme"), disclosable=[]
    )

    withheld = {element for element in ANNEX_I if seen.state(element) is State.WITHHELD}
    absent = {element for element in ANNEX_I if seen.state(element) is State.ABSENT}
    assert (withheld, absent) == ({"M1", "M6", "O1"}, {"O3", "O4"})
    assert seen.completeness == (len(MANDATORY) - 2, 2, 0)


def test_a_path_known_to_be_disclosable_counts_as_withheld_without_the_list_of_elements(
    record: MicroCredential,
) -> None:
    claims = shown(flat_claims.to_claims(record), "annex_i", "grade", "grading_scheme", *PERSONAL)

    assert flat_claims.from_claims(claims).state("O3") is State.ABSENT
    assert flat_claims.from_claims(claims, disclosable=[("grade",)]).state("O3") is State.WITHHELD


def test_skills_are_not_tied_to_another_outcome_when_some_outcomes_are_withheld(record: MicroCredential) -> None:
    claims = flat_claims.to_claims(record)
    claims["learning_outcomes"] = claims["learning_outcomes"][1:]

    seen = flat_claims.from_claims(claims).record

    assert seen is not None
    assert [outcome.esco_skills for outcome in seen.course.learning_outcomes] == [(), ()]
    assert seen.course.learning_outcomes[0].text.best("it").startswith("Condurre")


@given(JSON)
@settings(max_examples=100, deadline=None)
def test_garbage_in_every_claim_is_seen_without_an_exception(garbage: Any) -> None:
    claims = dict.fromkeys([*CLAIMS, "title#it", "exp"], garbage)
    assert set(flat_claims.from_claims(claims).elements) == set(ANNEX_I)
    assert set(flat_claims.from_claims({"title": "x", "locale": garbage, "awarding_body": [garbage]}).elements)


def test_type_metadata_tells_each_claim_its_label_and_its_disclosure() -> None:
    metadata = flat_claims.type_metadata("https://issuer.example/vct/micro-credential/1", languages=("en", "xx"))

    described = {tuple(claim["path"]): claim for claim in metadata["claims"]}
    assert metadata["vct"] == "https://issuer.example/vct/micro-credential/1"
    assert [display["locale"] for display in metadata["display"]] == ["en"]
    assert described[("grade",)]["sd"] == "always"
    assert described[("learning_outcomes", None)]["sd"] == "allowed"
    assert described[("learning_outcomes",)]["sd"] == "never"
    assert described[("title",)]["mandatory"] is True
    assert {path[0] for path in described} == set(CLAIMS)
    assert all(display["label"] and display["description"] for c in described.values() for display in c["display"])


def test_type_metadata_names_the_type_and_every_claim_in_each_language() -> None:
    metadata = flat_claims.type_metadata("https://issuer.example/vct/micro-credential/1", languages=labels.NAMES)
    spoken = ["en", "de", "el", "es", "fr", "it", "pl", "pt"]

    assert [display["locale"] for display in metadata["display"]] == spoken
    for claim in metadata["claims"]:
        assert [display["locale"] for display in claim["display"]] == spoken
    assert all(said.keys() == labels.ENGLISH.keys() for said in tongues.CLAIMS.values())
    (title,) = (claim for claim in metadata["claims"] if claim["path"] == ["award_date"])
    assert {display["locale"]: display["label"] for display in title["display"]}["it"] == "Rilasciato il"


def test_every_issued_claim_is_described_and_disclosable_as_described(record: MicroCredential) -> None:
    metadata = flat_claims.type_metadata("https://issuer.example/vct/micro-credential/1")
    sd = {claim["path"][0]: claim["sd"] for claim in metadata["claims"] if len(claim["path"]) == 1}
    claims = flat_claims.to_claims(record)
    paths = flat_claims.disclosable(claims)

    for name in claims:
        assert sd[name.partition("#")[0]] in ({"always", "allowed"} if (name,) in paths else {"never"})


def test_the_view_of_a_record_is_complete(record: MicroCredential) -> None:
    assert view.of_record(record).completeness == (11, 0, 0)


def test_an_impossible_expiry_is_no_last_day(record: MicroCredential) -> None:
    for expires in (10**20, float("inf"), True, "soon"):
        seen = flat_claims.from_claims(flat_claims.to_claims(record) | {"exp": expires}).record
        assert seen is not None
        assert seen.award.valid_until is None
