"""Every collected document of others that describes a micro-credential, however it comes: plain, sealed, as a badge.

Each is read, awarded again in each format and read back: nothing is lost but what the table of that format declares.
A file that is not read stands in APART with what it is instead, so that a new sample is noticed.
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from credentials.learning import elm
from credentials.learning.mappings import dc4eu, open_badge
from credentials.learning.micro_credential import MicroCredential
from tests.credentials.learning.mappings.test_losses import FORMATS, undeclared
from tests.credentials.learning.mappings.test_open_badge import examples

KINDS = (".json", ".jsonld", ".golden")
LEAST = {
    "edc-official/Sample-MC-Annex1-unsigned.jsonld",
    "edc-official/Sample-CertOfPart-signed.jsonld",
    "dc4eu-eaa/euhe-microcredential-example-john-doe.json",
    "dc4eu-vc/elm_3_2.json",
    "edc-ebsi-vcdm2/Microcredential_-_Data_and_software_business.json",
    "edci-tests/credential-signed.jsonld",
    "examples/edc-mc-v1.json",
    "ebsi-diploma/OpenBadgeCredential.json",
    "fullOpenBadge",
}
APART = {
    "contexts/*": "JSON-LD contexts",
    "*chema.json": "schemas",
    "dc4eu-vc/vctm_*": "type metadata",
    "dc4eu-vc/issuer_metadata.json": "the metadata of an issuer",
    "dc4eu-vc/microcredential.golden": "words that stand for values, such as test-title: see below",
    "dc4eu-eaa/MyAcademicID.json": "an identity",
    "dc4eu-eaa/educationalID.json": "an identity",
    "dc4eu-eaa/pid.json": "an identity",
    "ebsi-diploma/Verifiable*.json": "an identity, a bare attestation, and a diploma in EBSI's words of 2022",
    "ebsi-diploma/Europass.json": "a diploma supplement in the EDCI's words of before ELM",
    "edc-ebsi-vcdm2/mapping_*": "tables of a mapping tool",
    "edci-jades/*": "what was sealed holds no achievement",
    "edci-tests/*Accreditation*.json": "accreditations",
    "edci-tests/acc.json": "an accreditation",
    "edci-tests/Sample.jsonld": "qualifications, awarded to nobody",
    "deqar/*": "reports of quality assurance",
    "digcomp3/*": "a framework of competences",
    "elm-codelists/*": "a code list",
    "oeapi/*": "the description of an API",
}


def opened(document: Any) -> Any:
    """What was sealed, where it is sealed; whether the seal is good is asked elsewhere."""
    return json.loads(document["payload"]) if isinstance(document, dict) and "payload" in document else document


def read(document: Any) -> MicroCredential | None:
    """The record in a document of others."""
    record, _ = elm.read(opened(document))
    if record is None and isinstance(document, dict) and "OpenBadgeCredential" in document.get("type", ()):
        record, _ = open_badge.read(document)
    return record


def files(data: Path) -> Iterator[tuple[str, Any]]:
    """Every file that may be a credential."""
    for file in sorted(path for path in data.rglob("*") if path.suffix in KINDS):
        try:
            yield file.relative_to(data).as_posix(), json.loads(file.read_text("utf-8-sig"))
        except ValueError:  # broken as it was collected
            yield file.relative_to(data).as_posix(), None


@pytest.fixture(scope="module")
def found(samples: Path) -> dict[str, MicroCredential | None]:
    """What is read in each file, and in each example of Open Badges."""
    return {name: read(document) for name, document in [*files(samples), *examples(samples).items()]}


def test_whatever_is_not_read_is_something_else(found: dict[str, MicroCredential | None]) -> None:
    unread = [name for name, record in found.items() if record is None]

    assert found.keys() >= LEAST
    assert [name for name in unread if not any(fnmatch(name, other) for other in APART)] == []
    assert [other for other in APART if not any(fnmatch(name, other) for name in unread)] == []
    assert LEAST.isdisjoint(unread)


@pytest.mark.parametrize("form", FORMATS)
def test_every_sample_is_awarded_again_and_read_back(found: dict[str, MicroCredential | None], form: str) -> None:
    lost = {name: undeclared(record, form=form) for name, record in found.items() if record is not None}

    assert {name: told for name, told in lost.items() if told} == {}


def test_a_golden_file_of_placeholders_is_told_for_what_it_is(samples: Path) -> None:
    golden = json.loads((samples / "dc4eu-vc" / "microcredential.golden").read_text("utf-8"))

    seen = dc4eu.from_claims(golden)

    assert seen.record is None
    assert ("M5", "missing") in {(finding.element, finding.code) for finding in seen.findings}
