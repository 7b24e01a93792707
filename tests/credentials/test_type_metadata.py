"""SD-JWT VC type metadata, on the examples of its text (draft -19, sections 5.6.5 and Appendix A)."""

import base64
import hashlib
import json
from typing import Any

import pytest

from credentials import type_metadata
from credentials.errors import InvalidTypeMetadata
from credentials.type_metadata import Disclosability
from tests.credentials.builders import CLAIMS, VCT, vectors

TEXT: Any = vectors("type_metadata.json")
CREDENTIAL, EDUCATION = TEXT["documents"]


def metadata(*claims: dict[str, Any], **members: Any) -> type_metadata.TypeMetadata:
    return type_metadata.parse({"vct": VCT, "claims": list(claims), **members})


def test_the_document_of_the_text_is_read() -> None:
    parsed = type_metadata.parse(json.dumps(EDUCATION).encode())

    assert parsed.vct == "https://betelgeuse.example.com/education_credential/v42"
    assert parsed.extends == EDUCATION["extends"]
    assert [claim.path for claim in parsed.claims] == [tuple(claim["path"]) for claim in EDUCATION["claims"]]
    assert {display.locale for display in parsed.display} == {display["locale"] for display in EDUCATION["display"]}


def test_the_credential_of_the_text_follows_its_type() -> None:
    type_metadata.check(CREDENTIAL, type_metadata.parse(EDUCATION), complete=True)


@pytest.mark.parametrize("document", [TEXT["base"], TEXT["child"]])
def test_what_is_read_is_written_again(document: dict[str, Any]) -> None:
    assert type_metadata.parse(document).to_json() == document


def test_a_type_inherits_the_claims_of_the_type_it_extends() -> None:
    child = type_metadata.parse({**TEXT["child"]})

    extended = type_metadata.extend(child, base=type_metadata.parse(TEXT["base"]))

    assert extended.to_json()["claims"] == TEXT["effective"]["claims"]


def test_display_is_inherited_unless_there_is_an_own_one() -> None:
    base = metadata(display=[{"locale": "en", "name": "Base"}])
    child = type_metadata.parse({"vct": "urn:child", "extends": VCT})
    own = type_metadata.parse({"vct": "urn:child", "extends": VCT, "display": [{"locale": "it", "name": "Figlio"}]})

    assert type_metadata.extend(child, base=base).display == base.display
    assert type_metadata.extend(own, base=base).display == own.display


def test_a_type_cannot_loosen_what_it_inherits() -> None:
    base = metadata({"path": ["name"], "sd": "always", "mandatory": True})

    for sd in ("never", "allowed"):
        child = type_metadata.parse(
            {"vct": "urn:child", "extends": VCT, "claims": [{"path": ["name"], "sd": sd, "mandatory": False}]}
        )
        if sd == "never":
            with pytest.raises(InvalidTypeMetadata):
                type_metadata.extend(child, base=base)
        else:
            (claim,) = type_metadata.extend(child, base=base).claims
            assert (claim.sd, claim.mandatory) == (Disclosability.ALWAYS, True)


@pytest.mark.parametrize("extends", [None, "urn:another", VCT])
def test_only_the_type_that_is_named_is_inherited_from(extends: str | None) -> None:
    child = metadata(extends=extends) if extends == VCT else type_metadata.parse({"vct": "urn:c", "extends": extends})

    with pytest.raises(InvalidTypeMetadata):
        type_metadata.extend(child, base=metadata())


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b'{"vct": 1}',
        {},
        {"vct": ""},
        {"vct": VCT, "name": 1},
        {"vct": VCT, "display": {}},
        {"vct": VCT, "display": ["en"]},
        {"vct": VCT, "display": [{"locale": "en"}]},
        {"vct": VCT, "display": [{"name": "x"}]},
        {"vct": VCT, "claims": ["name"]},
        {"vct": VCT, "claims": [{}]},
        {"vct": VCT, "claims": [{"path": []}]},
        {"vct": VCT, "claims": [{"path": ["a"], "sd": "sometimes"}]},
        {"vct": VCT, "claims": [{"path": ["a"], "mandatory": "yes"}]},
        {"vct": VCT, "claims": [{"path": ["a"], "svg_id": "1a"}]},
        {"vct": VCT, "claims": [{"path": ["a"], "display": [{"locale": "en", "name": "x"}]}]},
        {"vct": VCT, "claims": [{"path": ["a"]}, {"path": ["a"]}]},
        {"vct": VCT, "claims": [{"path": [f"a{number}"]} for number in range(501)]},
    ],
    ids=lambda raw: json.dumps(raw)[:60] if isinstance(raw, dict) else raw.decode(),
)
def test_what_is_no_type_metadata_is_refused(raw: Any) -> None:
    with pytest.raises(InvalidTypeMetadata):
        type_metadata.parse(raw)


def test_members_that_are_not_understood_are_ignored() -> None:
    assert metadata(novelty=1).to_json() == {"vct": VCT}


def test_a_mandatory_claim_is_missed_only_by_one_who_has_everything() -> None:
    kind = metadata({"path": ["birth_date"], "mandatory": True})

    type_metadata.check(CLAIMS, kind)
    with pytest.raises(InvalidTypeMetadata):
        type_metadata.check(CLAIMS, kind, complete=True)


@pytest.mark.parametrize(
    ("sd", "disclosed", "follows"),
    [
        ("always", [("given_name",)], True),
        ("always", [], False),
        ("never", [], True),
        ("never", [("given_name",)], False),
        ("allowed", [], True),
        ("allowed", [("given_name",)], True),
    ],
)
def test_a_claim_is_disclosable_as_its_type_says(*, sd: str, disclosed: list[Any], follows: bool) -> None:
    kind = metadata({"path": ["given_name"], "sd": sd})

    type_metadata.check(CLAIMS, kind)
    if follows:
        type_metadata.check(CLAIMS, kind, disclosed=disclosed)
    else:
        with pytest.raises(InvalidTypeMetadata):
            type_metadata.check(CLAIMS, kind, disclosed=disclosed)


def test_every_element_is_disclosable_as_its_type_says() -> None:
    kind = metadata({"path": ["outcomes", None], "sd": "always"})

    type_metadata.check(CLAIMS, kind, disclosed=[("outcomes", 0), ("outcomes", 1), ("outcomes", 2)])
    with pytest.raises(InvalidTypeMetadata):
        type_metadata.check(CLAIMS, kind, disclosed=[("outcomes", 0), ("outcomes", 1)])


def test_a_claim_of_another_shape_than_its_type_says_is_refused() -> None:
    with pytest.raises(InvalidTypeMetadata):
        type_metadata.check(CLAIMS, metadata({"path": ["given_name", "first"]}))


DOCUMENT = b'{"vct": "urn:x"}'
SHA384 = "sha384-" + base64.b64encode(hashlib.sha384(DOCUMENT).digest()).decode()


@pytest.mark.parametrize(
    "promised",
    [
        type_metadata.integrity(DOCUMENT),
        SHA384,
        f"sha256-AAAA {SHA384}",
        f"{SHA384}?option sha384-AAAA",
        f"md5-AAAA {type_metadata.integrity(DOCUMENT)}",
    ],
)
def test_the_document_whose_hash_was_promised_is_taken(promised: str) -> None:
    type_metadata.check_integrity(DOCUMENT, promised=promised)


@pytest.mark.parametrize(
    "promised",
    [
        "",
        "md5-AAAA",
        "sha256",
        type_metadata.integrity(b"{}"),
        f"{type_metadata.integrity(DOCUMENT)} sha512-AAAA",
        "sha256-%",
    ],
)
def test_another_document_is_refused(promised: str) -> None:
    with pytest.raises(InvalidTypeMetadata):
        type_metadata.check_integrity(DOCUMENT, promised=promised)
