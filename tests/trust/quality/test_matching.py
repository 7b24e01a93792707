"""Which provider a body is: by the identifiers of domain registers, the strongest first, and never by its name."""

from dataclasses import replace
from datetime import date

import pytest

from credentials.learning.text import Text
from tests.trust.quality.exports import AWARDED, BODY, PROVIDER, ask, body_with, files, index
from trust.organisations import Identifier
from trust.quality import identifiers, importing
from trust.quality.answer import QualityVerdict
from trust.quality.index import QualityIndex
from trust.quality.matching import match

NUMBERS = [
    ("deqar", "DEQARINST0007"),
    ("did-ebsi", "did:ebsi:zSeven1111111111111111"),
    ("eter", "IT0007"),
    ("schac", "seven.example"),
    ("pic", "999900007"),
    ("vat", "IT00000000007"),
    ("erasmus", "I SETTE07"),
    ("whed", "IAU-000007"),
]
OTHER = PROVIDER | {
    "deqar_id": "DEQARINST0008", "eter_id": "IT0008", "name_primary": "University of Eight", "name_official": "",
    "identifiers_all": "SCHAC: eight.example",
}  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_each_of_the_registers_is_enough_to_match(number: tuple[str, str]) -> None:
    answer = ask(index(), body=body_with(number))

    assert answer.verdict is QualityVerdict.INSTITUTION
    assert answer.matched_by == ":".join(number)


@pytest.mark.parametrize("place", range(len(NUMBERS)))
def test_a_match_is_told_by_the_strongest_of_them(place: int) -> None:
    told = body_with(*reversed(NUMBERS[place:]))

    assert ask(index(), body=told).matched_by == ":".join(NUMBERS[place])


@pytest.mark.parametrize("number", NUMBERS)
def test_the_same_number_in_another_place_matches_nobody(number: tuple[str, str]) -> None:
    scheme, value = number
    wrong = value.replace("7", "6") if "7" in value else value.replace("even", "ix").replace("ETTE", "EI")

    answer = ask(index(), body=body_with((scheme, wrong), name=Text.of({"en": "Somebody"})))

    assert answer.verdict is QualityVerdict.UNKNOWN


@pytest.mark.parametrize("first", [("deqar", "DEQARINST0007"), ("eter", "IT0007"), ("pic", "999900007")])
@pytest.mark.parametrize("second", [("deqar", "DEQARINST0008"), ("eter", "IT0008"), ("schac", "eight.example")])
def test_identifiers_of_two_providers_are_a_conflict(first: tuple[str, str], second: tuple[str, str]) -> None:
    answer = ask(index(providers=[PROVIDER, OTHER]), body=body_with(first, second))

    assert answer.verdict is QualityVerdict.CONFLICT
    assert answer.provider_id is None


def test_a_deqar_number_that_the_export_lacks_still_is_another_providers() -> None:
    answer = ask(index(), body=body_with(("deqar", "DEQARINST0099"), ("eter", "IT0007")))

    assert answer.verdict is QualityVerdict.CONFLICT


def test_a_number_that_two_providers_share_needs_another_that_tells_them_apart() -> None:
    shared = OTHER | {"identifiers_all": "EU-VAT: IT00000000007"}
    on = index(providers=[PROVIDER, shared])

    assert ask(on, body=body_with(("vat", "IT00000000007"))).verdict is QualityVerdict.CONFLICT
    assert ask(on, body=body_with(("vat", "IT00000000007"), ("eter", "IT0007"))).assured


@pytest.mark.parametrize(("name", "score"), [("University of Seven", 1.0), ("Seven University", 0.9)])
def test_a_name_alone_is_a_candidate_and_never_a_match(name: str, score: float) -> None:
    answer = ask(index(), body=body_with(name=Text.of({"en": name})))

    assert answer.verdict is QualityVerdict.CANDIDATE
    assert [(each.provider_id, each.score) for each in answer.candidates] == [("DEQARINST0007", score)]
    assert (answer.provider_id, answer.report_ids, answer.assured) == (None, (), False)


def test_a_name_changes_nothing_where_a_number_matches() -> None:
    renamed = replace(BODY, name=Text.of({"en": "University of Eight"}))

    assert ask(index(providers=[PROVIDER, OTHER]), body=renamed).provider_id == "DEQARINST0007"


@pytest.mark.parametrize("address", ["did:ebsi:zSeven1111111111111111", "https://data.deqar.eu/institution/7"])
def test_a_body_may_go_by_an_address_that_is_such_a_number(address: str) -> None:
    assert ask(index(), body=body_with(id=address)).assured


def test_a_web_address_is_no_number() -> None:
    assert ask(index(), body=body_with(id="https://seven.example")).verdict is QualityVerdict.CANDIDATE


def test_a_number_counts_for_the_one_who_held_it_on_the_day() -> None:
    held = b"""[{"id": 1, "names": [{"name_english": "Old"}], "identifiers": [{"resource": "SCHAC",
        "identifier": "x.example", "identifier_valid_from": "2000-01-01", "identifier_valid_to": "2019-12-31"}]},
        {"id": 2, "names": [{"name_english": "New"}], "identifiers": [{"resource": "SCHAC",
        "identifier": "x.example", "identifier_valid_from": "2020-01-01", "identifier_valid_to": null}]}]"""
    on = QualityIndex.of(importing.read({**files(), "more.json": held}, data_as_of=AWARDED))
    told = body_with(("schac", "x.example"))

    assert match(told, on=on, day=date(2019, 12, 31)).provider == "DEQARINST0001"
    assert match(told, on=on, day=date(2020, 1, 1)).provider == "DEQARINST0002"
    assert match(told, on=on, day=date(1999, 12, 31)).conflict


def test_a_number_that_was_given_up_still_tells_whose_it_was() -> None:
    held = b"""{"id": 1, "names": [{"name_english": "Old"}], "identifiers": [{"resource": "SCHAC",
        "identifier": "x.example", "identifier_valid_from": "2000-01-01", "identifier_valid_to": "2019-12-31"}]}"""
    on = QualityIndex.of(importing.read({**files(), "more.json": held}, data_as_of=AWARDED))

    assert match(body_with(("schac", "x.example")), on=on, day=AWARDED).provider == "DEQARINST0001"


@pytest.mark.parametrize(
    ("scheme", "value", "normal"),
    [
        ("DEQARINST", "7", "deqar:DEQARINST0007"),
        ("deqar", "https://data.deqar.eu/institution/382", "deqar:DEQARINST0382"),
        ("deqar", "deqarinst12345", "deqar:DEQARINST12345"),
        ("deqar", "DEQARINSTAP0010", "deqar:DEQARINSTAP0010"),
        ("DID-EBSI", "did:ebsi:ziBBPgHRMxmPaKmW1TCm9Cj#key-1", "did-ebsi:did:ebsi:ziBBPgHRMxmPaKmW1TCm9Cj"),
        ("ETER", "ES0022 - Universitat Rovira i Virgili", "eter:ES0022"),
        ("SCHAC", "URV.cat", "schac:urv.cat"),
        ("schac", "urn:schac:homeOrganization:eu:urv.cat", "schac:urv.cat"),
        ("EU-PIC", "999880560", "pic:999880560"),
        ("EU-VAT", "ESQ9350003A", "vat:ESQ9350003A"),
        ("vat", "es q9350003a", "vat:ESQ9350003A"),
        ("vat", "GR123456789", "vat:EL123456789"),
        ("eidas", "VATES-Q9350003A", "vat:ESQ9350003A"),
        ("Erasmus", "E  TARRAGO01", "erasmus:E TARRAGO01"),
        ("WHED", "iau-020837", "whed:IAU-020837"),
    ],
)
def test_the_spellings_of_a_number_are_one(scheme: str, value: str, normal: str) -> None:
    found = identifiers.normal(Identifier(scheme=scheme, value=value))

    assert found is not None
    assert ":".join(found) == normal


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("deqar", "DEQARINST"), ("did-ebsi", "did:web:seven.example"), ("eter", "7"), ("schac", "seven"),
        ("pic", "12345"), ("vat", "654321"), ("eidas", "NTRIT-0007"), ("eidas", "LEIXG-254900OPPU84GM83MG36"),
        ("eidas", "EX-UNI-123"), ("erasmus", "SETTE"), ("whed", "IAU"), ("ror", "02abcde00"), ("", "7"),
        ("eter", "IT0007" * 100),
    ],
)  # fmt: skip
def test_what_is_no_number_of_such_a_register_points_to_nobody(scheme: str, value: str) -> None:
    assert identifiers.normal(Identifier(scheme=scheme, value=value)) is None


def test_a_vat_number_without_a_country_is_of_the_country_of_its_body() -> None:
    assert ask(index(), body=body_with(("vat", "00000000007"))).matched_by == "vat:IT00000000007"
    assert not ask(index(), body=body_with(("vat", "00000000007"), country="FR")).assured
    greek = PROVIDER | {"identifiers_all": "EU-VAT: EL123456789"}
    assert ask(index(providers=[greek]), body=body_with(("vat", "123456789"), country="GR")).assured
