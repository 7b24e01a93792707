"""The accreditation that a document brings: what does not fit is told; what fits is still only the document's word."""

import copy
from typing import Any

import pytest

from trust.trusted_lists import accreditation_evidence

SNB = "http://data.europa.eu/snb"
MICRO = f"{SNB}/credential/e34929035b"
NUMBER = {"schemeName": "VAT", "notation": "IT00000000000"}


def concept(uri: str) -> dict[str, str]:
    return {"id": uri, "type": "Concept"}


def document() -> dict[str, Any]:
    return {
        "issuanceDate": "2026-03-01T00:00:00Z",
        "credentialProfiles": [concept(MICRO)],
        "issuer": {"id": "https://uni.example/"},
        "credentialSubject": {
            "hasClaim": {
                "awardedBy": {"awardingBody": [{"vatIdentifier": NUMBER, "legalName": {"en": "University"}}]},
                "specifiedBy": {
                    "ISCEDFCode": concept(f"{SNB}/isced-f/0613"),
                    "eqfLevel": concept(f"{SNB}/eqf/6"),
                },
            }
        },
        "evidence": {
            "accreditation": {
                "accreditingAgent": {"id": "https://agency.example/"},
                "organisation": {"vatIdentifier": NUMBER, "legalName": {"en": "University"}},
                "dateIssued": "2025-01-01",
                "expiryDate": "2027-01-01",
                "limitCredentialType": [concept(MICRO)],
                "limitField": concept(f"{SNB}/isced-f/06"),
                "limitEQFLevel": [concept(f"{SNB}/eqf/6"), concept(f"{SNB}/eqf/7")],
            }
        },
    }


def changed(*path: str, value: object) -> dict[str, Any]:
    made = copy.deepcopy(document())
    node = made
    for name in path[:-1]:
        node = node[name]
    if value is None:
        node.pop(path[-1], None)
    else:
        node[path[-1]] = value
    return made


def test_an_accreditation_that_fits_has_nothing_against_it() -> None:
    assert accreditation_evidence.problem(document()) == ""


def test_a_document_may_bring_none() -> None:
    assert accreditation_evidence.problem(changed("evidence", value=None)) is None
    assert accreditation_evidence.problem(changed("evidence", value=[{"type": "Evidence"}, "odd"])) is None


SAID = ("evidence", "accreditation")
CLAIM = ("credentialSubject", "hasClaim", "specifiedBy")


@pytest.mark.parametrize(
    "wrong",
    [
        changed(*SAID, "accreditingAgent", value=None),
        changed(*SAID, "organisation", value={"legalName": {"en": "University"}}),
        changed(*SAID, "organisation", value={"vatIdentifier": {**NUMBER, "notation": "IT1"}}),
        changed(*SAID, "organisation", value={"taxIdentifier": NUMBER}),
        changed(*SAID, "dateIssued", value="2026-03-02"),
        changed(*SAID, "dateIssued", value=None),
        changed(*SAID, "expiryDate", value="2026-02-28"),
        changed("issuanceDate", value=None),
        changed(*SAID, "limitCredentialType", value=concept(f"{SNB}/credential/other")),
        changed("credentialProfiles", value=None),
        changed(*SAID, "limitField", value=concept(f"{SNB}/isced-f/07")),
        changed(*CLAIM, "ISCEDFCode", value=None),
        changed(*SAID, "limitEQFLevel", value=concept(f"{SNB}/eqf/5")),
        changed(*CLAIM, "eqfLevel", value=None),
    ],
)
def test_an_accreditation_with_one_thing_other_is_told(wrong: dict[str, Any]) -> None:
    assert accreditation_evidence.problem(wrong)


@pytest.mark.parametrize("name", ["limitField", "limitEQFLevel", "limitCredentialType", "expiryDate"])
def test_what_is_not_limited_is_within(name: str) -> None:
    assert accreditation_evidence.problem(changed(*SAID, name, value=None)) == ""


def test_of_several_one_that_fits_is_enough() -> None:
    right = document()["evidence"]
    wrong = {"accreditation": {**right["accreditation"], "expiryDate": "2026-01-01"}}

    assert accreditation_evidence.problem(changed("evidence", value=[wrong, right])) == ""
