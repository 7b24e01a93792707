import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from credentials.learning import elm
from credentials.learning.elm import framing
from credentials.learning.elm.framing import FAMILIES
from tests.credentials.learning import elm_shapes
from tests.credentials.learning.strategies import JSON

EXAMPLE = "examples/edc-mc-v1.json"
OFFICIAL = "edc-official/Sample-MC-Annex1-unsigned.jsonld"
OLD, NEW = FAMILIES["elm"][:2]


@pytest.fixture
def document(data: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((data / EXAMPLE).read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("name", [EXAMPLE, OFFICIAL])
@pytest.mark.parametrize("namespace", [OLD, NEW])
def test_a_flat_graph_with_full_names_says_what_the_framed_document_says(data: Path, name: str, namespace: str) -> None:
    framed = json.loads((data / name).read_text("utf-8"))
    flat = json.loads(json.dumps(elm_shapes.expanded(framed, data=data)).replace(OLD, namespace))

    assert all("hasClaim" not in node for node in flat)
    expected = elm.read(framed)
    assert expected[0] is not None
    for shape in (flat, {"@graph": flat}):
        assert elm.read(shape) == expected


def with_prefixes(value: Any) -> Any:
    """The document with a prefix before names whose vocabulary is ELM's own, as some tools write them."""
    if isinstance(value, list):
        return [with_prefixes(item) for item in value]
    if not isinstance(value, dict):
        return value
    own = {"hasClaim", "awardedBy", "provenBy", "specifiedBy", "learningOutcome", "grade", "creditPoint", "point"}
    other = {"title": "dc:title", "dcType": "dct:type", "legalName": "rov:legalName", "eqfLevel": "elm:EQFLevel"}
    return {
        f"elm:{name}" if name in own else other.get(name, name): with_prefixes(inner) for name, inner in value.items()
    }


def test_names_with_a_prefix_are_read_like_names_without(document: dict[str, Any]) -> None:
    prefixed = with_prefixes(document)

    assert "hasClaim" not in prefixed["credentialSubject"]
    assert elm.read(prefixed) == elm.read(document)


@pytest.mark.parametrize("member", ["vc", "credential", "elm", "verifiableCredential"])
def test_a_credential_inside_something_else_is_found(document: dict[str, Any], member: str) -> None:
    expected = elm.read(document)

    for wrapped in ({member: document}, {member: [document]}, [document], {"iss": "x", member: {"vc": document}}):
        assert elm.read(wrapped) == expected


def test_a_credential_is_not_looked_for_inside_a_credential(document: dict[str, Any]) -> None:
    another = {**document, "identifier": [{"type": "Identifier", "notation": "another"}]}

    assert elm.read({**document, "vc": another}) == elm.read(document)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (f"{OLD}hasClaim", "hasClaim"),
        (f"{NEW}hasClaim", "hasClaim"),
        ("http://purl.org/dc/terms/type", "dcType"),
        (f"{NEW}ISCEDFCode", "thematicArea"),
        ("elm:eidasLegalIdentifier", "eIDASIdentifier"),
        ("eIDAS\u0399dentifier", "eIDASIdentifier"),
        ("http://xmlns.com/foaf/0.1/givenName", "givenName"),
        ("https://www.w3.org/2018/credentials#issued", "issued"),
        ("@id", "id"),
        ("title", "title"),
        ("other:title", "other:title"),
        ("https://evil.example/hasClaim", "https://evil.example/hasClaim"),
        (OLD, OLD),
    ],
)
def test_a_property_has_one_short_name(name: str, short: str) -> None:
    assert framing.term(name) == short


def test_a_graph_that_goes_round_in_a_circle_is_read() -> None:
    round_and_round = [
        {"@id": "urn:a", "@type": "VerifiableCredential", "credentialSubject": {"@id": "urn:b"}},
        {"@id": "urn:b", "hasClaim": [{"@id": "urn:a"}, {"@id": "urn:b"}, {"@id": "urn:nowhere"}]},
    ]
    subject = framing.framed(round_and_round)["credentialSubject"]

    assert subject["hasClaim"] == [{"id": "urn:a"}, {"id": "urn:b"}, {"id": "urn:nowhere"}]
    assert elm.read(round_and_round)[0] is None


def test_a_graph_that_would_grow_without_end_is_read_in_bounds() -> None:
    nodes = [
        {"@id": f"urn:{n}", "@type": "EuropeanDigitalCredential", "hasClaim": [{"@id": f"urn:{n + 1}"}] * 4}
        for n in range(60)
    ]
    began = time.monotonic()

    assert elm.read(nodes)[0] is None
    assert time.monotonic() - began < 5


def test_a_tree_that_is_too_deep_is_read_in_bounds() -> None:
    deep: Any = {}
    for _ in range(500):
        deep = {"credentialSubject": [deep]}
    assert elm.read(deep)[0] is None


def test_a_document_inside_a_seal_is_not_read_past_the_seal(data: Path) -> None:
    sealed = json.loads((data / "edc-official/Sample-CertOfPart-signed.jsonld").read_text("utf-8"))

    record, findings = elm.read(sealed)

    assert record is None
    assert findings[0].code == "sealed"


@given(JSON)
@settings(max_examples=150, deadline=None)
def test_garbage_is_read_without_an_exception(garbage: Any) -> None:
    for raw in (garbage, [garbage], {"@graph": garbage}, {"vc": garbage}, {"credentialSubject": garbage}):
        assert elm.read(raw)[0] is None
