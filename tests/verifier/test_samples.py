"""Every sample of third parties, brought as a file: the verdict it gets, why, and why that is right."""

from pathlib import Path
from typing import Any

import pytest

from tests.verifier.bringing import bring_file
from tests.verifier.stage import Stage

UNSIGNED = ("no", "signature", "unsigned")
NOTHING = ("no", "unsupported_format", "no_certificate")
TABLE: dict[str, tuple[tuple[str, str, str | None], str]] = {
    "edc-official/Sample-CertOfPart-signed.jsonld": (
        ("not_sure", "issuer_untrusted", "seal_unplaced"), "it holds; the list of Spain is not at hand"),
    "edc-official/Sample-CertOfPart-unsigned.jsonld": (UNSIGNED, "the same before it was sealed"),
    "edc-official/Sample-MC-Annex1-unsigned.jsonld": (UNSIGNED, "the Annex I sample was published without a seal"),
    "edci-jades/json_sealed_advanced.json": (
        ("no", "issuer_untrusted", None), "a seal over something that names no issuer to compare with"),
    "edci-jades/json_sealed_test_output.json": (
        ("no", "issuer_untrusted", None), "the same with another level of seal"),
    "edci-jades/json_to_seal.json": (NOTHING, "a presentation whose credential is not a document"),
    "edci-tests/credential-jws-invalid.jsonld": (
        ("no", "issuer_untrusted", None), "the maker's own negative: sealed by somebody else than it names"),
    "edci-tests/credential-signed.jsonld": (
        ("no", "issuer_untrusted", None), "sealed by another organisation than it names; ended, too"),
    "edci-tests/cred_noLegalName_shouldFail.jsonld": (UNSIGNED, "it lacks a name, and nobody signed it"),
    "edci-tests/credential_shouldValidate.jsonld": (UNSIGNED, "it follows its model, and nobody signed it"),
    "edci-tests/regularCred.jsonld": (UNSIGNED, "the same"),
    "edci-tests/test-data-json.jsonld": (UNSIGNED, "the same"),
    "edci-tests/Sample.jsonld": (NOTHING, "a graph of nodes, none of which is said to be the credential"),
    "edc-ebsi-vcdm2/Bengales_highSchoolDiploma.json": (UNSIGNED, "an example without a proof"),
    "edc-ebsi-vcdm2/DigiComp_Generic.json": (UNSIGNED, "an example without a proof"),
    "edc-ebsi-vcdm2/Diploma_rntuo_credential.json": (UNSIGNED, "an example without a proof"),
    "edc-ebsi-vcdm2/Francisco_Cruz_Argudo_Certificate_of_Completion.json": (UNSIGNED, "an example without a proof"),
    "edc-ebsi-vcdm2/Microcredential_-_Data_and_software_business.json": (UNSIGNED, "an example without a proof"),
    "edc-ebsi-vcdm2/Transcript_of_records_-_generic.json": (UNSIGNED, "an example without a proof"),
    "ebsi-diploma/Europass.json": (UNSIGNED, "the content of the JWT beside it"),
    "ebsi-diploma/Europass.jwt.txt": (("no", "algorithm", None), "signed with secp256k1, which is not accepted"),
    "ebsi-diploma/OpenBadgeCredential.json": (UNSIGNED, "an example without a proof"),
    "ebsi-diploma/VerifiableAttestation.json": (UNSIGNED, "an example without a proof"),
    "ebsi-diploma/VerifiableDiploma.json": (UNSIGNED, "the content of the JWT beside it"),
    "ebsi-diploma/VerifiableDiploma.jwt.txt": (
        ("no", "status_unavailable", None), "it names a registry of withdrawals of a kind that nobody reads any more"),
    "ebsi-diploma/VerifiableId.json": (UNSIGNED, "an example without a proof"),
    "dc4eu-eaa/euhe-microcredential-example-john-doe.json": (UNSIGNED, "an example without a proof"),
    "dc4eu-vc/microcredential.golden": (NOTHING, "attributes alone, in no form of a credential"),
    "dc4eu-vc/vctm_microcredential.json": (NOTHING, "the description of a type, not a credential of it"),
    "dc4eu-vc/vctm_pda1.json": (NOTHING, "the same"),
    "dc4eu-vc/elm_3_2.json": (NOTHING, "a document of the model under a name of its own"),
    "examples/edc-mc-v1.json": (UNSIGNED, "an example without a seal"),
    "ob3-1edtech/ob_v3p0/examples/basicOpenBadgeCredential.html": (
        ("no", "malformed", None), "a page about a badge: the badge in it is an illustration"),
    "edci-tests/MockedSampleAccreditation.json": (NOTHING, "an accreditation, which vouches for others"),
    "edc-ebsi-vcdm2/vcdm2.0-europass-edc.schema.json": (NOTHING, "a schema"),
}  # fmt: skip
SKIPPED = frozenset({"deqar", "elm-shacl", "elm-codelists", "contexts", "digcomp3", "esco", "oeapi"})
"""Folders without anything that somebody would bring."""


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing of this is kept, so one kind of database is enough."""
    return f"sqlite+aiosqlite:///{tmp_path}/verifier.db"


async def test_every_sample_gets_its_verdict_with_the_right_reason(stage: Stage, samples: Path) -> None:
    for name, (expected, why) in TABLE.items():
        result = await bring_file(stage, (samples / name).read_bytes())

        assert answer(result) == expected, (name, why)
        assert result["claims"] == {}, "what nobody trusted signed is not told as a fact"


async def test_no_other_file_among_the_samples_is_taken_for_a_certificate(stage: Stage, samples: Path) -> None:
    others = files(samples)
    assert others
    for file in others:
        result = await bring_file(stage, file.read_bytes())

        assert result["verdict"] == "no", file.name
        assert result["code"] in {"malformed", "unsupported_format", "limits"}, (file.name, answer(result))


def files(samples: Path) -> list[Path]:
    """The samples that the table does not name."""
    there = [file for file in sorted(samples.rglob("*")) if file.is_file()]
    near = {file: file.relative_to(samples) for file in there}
    return [file for file in there if near[file].parts[0] not in SKIPPED and str(near[file]) not in TABLE]


def answer(result: dict[str, Any]) -> tuple[str, str, str | None]:
    return result["verdict"], result["code"], result["explanation"]["case"]
