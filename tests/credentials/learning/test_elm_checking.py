import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from credentials.learning.elm import checking
from credentials.learning.findings import Severity
from credentials.learning.micro_credential import MicroCredential
from tests.credentials.learning import elm_shapes
from tests.credentials.learning.strategies import JSON
from tests.credentials.learning.test_elm_documents import SAMPLES, written

Json = dict[str, Any]
SMALL = ("edci-tests/credential-jws-invalid.jsonld", "edci-tests/test-data-json.jsonld")
"""Documents with so little in them that their graph is not asked about."""


def content(data: Path, name: str) -> Json:
    """A document, out of its seal where it has one, with the contexts that are known here."""
    loaded: Json = json.loads((data / name).read_text("utf-8"))
    loaded = json.loads(loaded["payload"]) if "signatures" in loaded else loaded
    return {**loaded, "@context": list(elm_shapes.CONTEXTS)}


@pytest.mark.parametrize(
    "name", [*SAMPLES, "edc-official/Sample-CertOfPart-signed.jsonld", "edci-tests/credential-signed.jsonld"]
)
def test_we_and_the_official_shapes_agree_which_documents_lack_something(data: Path, name: str) -> None:
    document = content(data, name)

    assert (checking.check(document) == ()) is elm_shapes.conforms(document, data=data)


@pytest.mark.parametrize("name", SMALL)
def test_a_document_with_little_in_it_lacks_much(data: Path, name: str) -> None:
    assert len(checking.check(content(data, name))) > 3


def test_a_document_of_ours_lacks_nothing(record: MicroCredential) -> None:
    assert checking.check(written(record)) == ()


def drop(*path: str) -> Callable[[Json], str]:
    def change(document: Json) -> str:
        holder: Any = document
        for step in path[:-1]:
            holder = holder[int(step) if isinstance(holder, list) else step]
        del holder[path[-1]]
        return "/".join(("", *path))

    return change


def of_no_list(document: Json) -> str:
    document["credentialSubject"]["hasClaim"][0]["specifiedBy"]["eqfLevel"]["inScheme"]["id"] = "https://levels.example"
    return "/credentialSubject/hasClaim/0/specifiedBy/eqfLevel"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (drop("issued"), "edc_missing"),
        (drop("issuer", "eIDASIdentifier"), "edc_missing"),
        (drop("displayParameter", "individualDisplay", "0", "displayDetail", "0", "image"), "edc_missing"),
        (drop("credentialSubject", "hasClaim", "0", "awardedBy"), "edc_missing"),
        (drop("credentialSubject", "hasClaim", "0", "provenBy", "0", "grade"), "edc_missing"),
        (of_no_list, "edc_list"),
    ],
)
def test_what_is_missing_is_named_at_its_place(
    data: Path, record: MicroCredential, change: Callable[[Json], str], code: str
) -> None:
    document = written(record)
    path = change(document)

    (finding,) = checking.check(document)

    assert (finding.path, finding.code, finding.severity) == (path, code, Severity.WARNING)
    assert not elm_shapes.conforms(document, data=data)


def test_another_kind_of_document_is_told_as_one() -> None:
    (finding,) = checking.check({"type": ["VerifiableCredential", "OpenBadgeCredential"]})
    assert finding.code == "edc_type"


def test_there_is_an_end_to_what_is_told() -> None:
    many = [{"type": "Organisation"}] * 150
    assert len(checking.check({"type": "EuropeanDigitalCredential", "issuer": many})) == checking.MOST


@given(JSON)
@settings(max_examples=80, deadline=None)
def test_garbage_is_checked_without_an_exception(garbage: Any) -> None:
    assert checking.check(garbage)
    assert checking.check({"type": "EuropeanDigitalCredential", "issuer": garbage})
