"""Seals that others made: test files of the European Commission's EDC (sealed with test certificates of ANF, Spain)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from credentials.errors import CredentialsError, InvalidOwner, MalformedCredential
from credentials.formats import jades, jades_owner
from credentials.formats.jades import Sealed
from keys import base64url
from keys.errors import InvalidSignature
from keys.seals import certificate
from tests.credentials.formats.seals import changed

OFFICIAL = "edc-official/Sample-CertOfPart-signed.jsonld"
SIGNED = "edci-tests/credential-signed.jsonld"
CALLED_INVALID = "edci-tests/credential-jws-invalid.jsonld"
PRESENTATIONS = ("edci-jades/json_sealed_advanced.json", "edci-jades/json_sealed_test_output.json")
ALL = (OFFICIAL, SIGNED, CALLED_INVALID, *PRESENTATIONS)


def read(samples: Path, name: str) -> Sealed:
    return jades.parse((samples / name).read_text("utf-8"))


@pytest.mark.parametrize("name", ALL)
def test_the_seal_of_a_real_file_holds(samples: Path, name: str) -> None:
    sealed = read(samples, name)

    jades.verify(sealed)
    jades.check_time(sealed, now=sealed.claimed_at)
    assert sealed.header["alg"] == "RS256"
    assert {"sigTst", "arcTst"} <= set(sealed.time_stamps)
    assert certificate.statements(sealed.certificate).for_seals
    assert not certificate.statements(sealed.certificate).in_device


def test_the_official_sample_is_owned_by_the_organisation_that_sealed_it(samples: Path) -> None:
    jades_owner.check(read(samples, OFFICIAL))


@pytest.mark.parametrize(
    ("name", "why"),
    [(SIGNED, "legal name"), (CALLED_INVALID, "legal name"), *((name, "its issuer") for name in PRESENTATIONS)],
)
def test_a_test_file_that_was_sealed_for_somebody_else_is_refused_as_its_own(
    samples: Path, name: str, why: str
) -> None:
    with pytest.raises(InvalidOwner, match=why):
        jades_owner.check(read(samples, name))


def without_a_space(whole: dict[str, Any]) -> None:
    whole["payload"] = json.dumps(json.loads(whole["payload"]), ensure_ascii=False, separators=(",", ":")) + " "


def another_name(whole: dict[str, Any]) -> None:
    whole["payload"] = whole["payload"].replace("Credential", "credential", 1)


@pytest.mark.parametrize("name", [OFFICIAL, SIGNED, *PRESENTATIONS])
@pytest.mark.parametrize("change", [without_a_space, another_name])
def test_a_real_file_with_one_byte_changed_is_refused(
    samples: Path, name: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    sealed = jades.parse(changed((samples / name).read_text("utf-8"), change))
    with pytest.raises(InvalidSignature):
        jades.verify(sealed)


def test_a_real_seal_on_another_document_is_refused(samples: Path) -> None:
    first, second = (json.loads((samples / name).read_text("utf-8")) for name in (OFFICIAL, SIGNED))

    sealed = jades.parse(json.dumps({**first, "payload": second["payload"]}))

    with pytest.raises(InvalidSignature):
        jades.verify(sealed)


@pytest.mark.parametrize(
    "name",
    ["edci-jades/json_to_seal.json", "edci-tests/regularCred.jsonld", "edc-official/Sample-CertOfPart-unsigned.jsonld"],
)
def test_a_file_without_a_seal_is_not_taken_for_a_sealed_one(samples: Path, name: str) -> None:
    raw = (samples / name).read_text("utf-8")

    assert not jades.is_sealed(raw)
    with pytest.raises(MalformedCredential):
        jades.parse(raw)


def test_the_time_stamps_of_a_real_file_may_be_stripped_and_the_seal_says_so(samples: Path) -> None:
    def strip(whole: dict[str, Any]) -> None:
        del whole["signatures"][0]["header"]

    sealed = jades.parse(changed((samples / PRESENTATIONS[0]).read_text("utf-8"), strip))

    jades.verify(sealed)
    assert sealed.time_stamps == ()


def test_a_real_seal_in_compact_form_is_another_format(samples: Path) -> None:
    sealed = read(samples, OFFICIAL)
    compact = f"{sealed.protected}.{base64url.encode(sealed.payload.encode())}.{base64url.encode(sealed.signature)}"
    with pytest.raises(CredentialsError):
        jades.parse(compact)
