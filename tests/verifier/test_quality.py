"""Quality assurance beside a verdict: told in the API and on the page, with who could help, and changing no answer."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import strict_json, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from service.settings import InvalidSettings
from tests.trust import builders
from tests.trust.quality.exports import PROVIDER, REPORT, Row, files
from tests.verifier import records
from tests.verifier import stage as stages
from tests.verifier.conftest import Keys
from tests.verifier.stage import Stage, problem_of
from tests.verifier.test_settings import GOOD
from trust.errors import InvalidQualityData
from trust.grounds import Grounds
from trust.organisations import Identifier
from trust.organisations import Keys as Listed
from trust.quality import source
from trust.quality.answer import QualityVerdict, Remark
from trust.quality.source import QualitySource
from trust.telling import assurance, assurance_words
from verifier.settings import Settings
from verifier.verdicts import dossier
from verifier.web import shown

NUMBER = {"scheme": "deqar", "value": "DEQARINST0007"}
COVERS = REPORT | {"report_valid_from": "2024-01-01", "report_valid_to": "2029-12-31"}


@asynccontextmanager
async def opened(
    keys: Keys, folder: Path, database_url: str, *, numbers: tuple[Identifier, ...], report: Row = COVERS
) -> AsyncIterator[Stage]:
    """A verifier with an export, that follows a list on which the university has these numbers."""
    data, registry = folder / "deqar", PrivateJwk.generate(Algorithm.ES256)
    data.mkdir()
    for name, body in files(reports=[report], providers=[PROVIDER]).items():
        (data / name).write_bytes(body)
    pinned = folder / "registry.json"
    pinned.write_bytes(strict_json.dump({"keys": [registry.public.to_json()]}))
    stage = await stages.open_stage(
        database_url=database_url, keys=keys[0], root=keys[1], folder=folder,
        VERIFIER_QUALITY_DATA=str(data), VERIFIER_QUALITY_AS_OF="2026-11-01", VERIFIER_TYPES="",
        VERIFIER_REGISTRY_KEYS=str(pinned), VERIFIER_REGISTRY_URL="http://localhost:{port}/list",
    )  # fmt: skip
    marks = Listed(x509_hashes=frozenset({x509.x509_hash(stage.world.university.chain[0])}))
    told = builders.issuers(replace(builders.organisation(keys=marks), identifiers=numbers), at=stage.clock.at)
    stage.world.net.put(
        f"http://localhost:{stage.archive.port}/list", await builders.signed_list(told, key=registry)
    )  # fmt: skip
    try:
        yield stage
    finally:
        await stage.client.close()
        await stage.archive.close()


def claims() -> dict[str, Any]:
    """The claims of a micro-credential whose awarding body gives its number in DEQAR."""
    return records.claims(awarding_bodies=[{**records.BODY, "identifiers": [NUMBER]}])


async def test_a_body_that_the_register_knows_by_its_number_is_told_as_assured(
    employer_keys: Keys, tmp_path: Path, database_url: str
) -> None:
    numbers = (Identifier(scheme="eter", value="IT0007"),)
    async with opened(employer_keys, tmp_path, database_url, numbers=numbers) as stage:
        result = await stage.verdict(stage.issue(claims=claims()))

    (told,) = result["presentations"]
    assert problem_of(result) == ("yes", None)
    assert (told["quality"]["verdict"], told["quality"]["confirmed"]) == ("institution", True)
    assert (told["quality"]["data_as_of"], told["quality"]["data_is_old"]) == ("2026-11-01", False)
    answer = shown.sheet(told).trust[2]
    assert (answer.tone, answer.word) == ("good", "Quality assurance")
    assert answer.sentence.startswith(
        "University of Seven was covered by a report of Agency of Quality (1 January 2024)"
    )
    assert answer.sentence.endswith("Data of 1 November 2026.")


async def test_a_number_that_only_the_certificate_gives_is_not_confirmed(
    employer_keys: Keys, tmp_path: Path, database_url: str
) -> None:
    async with opened(employer_keys, tmp_path, database_url, numbers=()) as stage:
        result = await stage.verdict(stage.issue(claims=claims()))

    (told,) = result["presentations"]
    assert problem_of(result) == ("yes", None)
    assert told["quality"]["confirmed"] is False
    answer = shown.sheet(told).trust[2]
    assert (answer.tone, answer.word) == ("warn", "Quality assurance stated, not confirmed")


async def test_a_refusal_by_an_agency_changes_no_verdict(
    employer_keys: Keys, tmp_path: Path, database_url: str
) -> None:
    report = COVERS | {"report_decision": "negative"}
    numbers = (Identifier(scheme="eter", value="IT0007"),)
    async with opened(employer_keys, tmp_path, database_url, numbers=numbers, report=report) as stage:
        result = await stage.verdict(stage.issue(claims=claims()))

    assert problem_of(result) == ("yes", None)
    assert result["presentations"][0]["quality"]["verdict"] == "negative"


async def test_a_forged_certificate_is_told_nothing_about(
    employer_keys: Keys, tmp_path: Path, database_url: str
) -> None:
    async with opened(employer_keys, tmp_path, database_url, numbers=()) as stage:
        head, payload, signature = stage.issue(claims=claims()).split(".", 2)
        forged = f"{head}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
        answer = await stage.client.post("/api/v1/verifications", json={"credential": forged})
        told = await answer.json()

    assert (told["verdict"], told["quality"]) == ("no", None)


async def test_without_data_nothing_is_said(stage: Stage) -> None:
    result = await stage.verdict(stage.issue())

    (told,) = result["presentations"]
    assert told["quality"] is None
    assert shown.sheet(told).trust[2].word == "Quality assurance stated, not confirmed"


FOUND: Mapping[str, Any] = {
    "verdict": "institution", "award_date": "2025-06-15", "dated_by": "award", "provider_id": "DEQARINST0007",
    "provider_name": "University of Seven", "matched_by": "deqar:DEQARINST0007", "report_ids": ["70"],
    "agency_id": "3", "agency_name": "Agency of Quality", "valid_from": "2023-01-01", "valid_to": "2027-12-31",
    "remarks": [], "candidates": [], "data_as_of": "2026-11-01", "data_is_old": False, "synthetic": False,
    "confirmed": True,
}  # fmt: skip
NOBODY: Mapping[str, Any] = {"provider_id": None, "provider_name": "", "matched_by": None, "report_ids": []}


@pytest.mark.parametrize(
    ("verdict", "change", "tone", "words"),
    [
        ("programme", {}, "good", "The report is on this very programme."),
        ("part-of-programme", {}, "good", "The report is on a programme that includes micro-credentials."),
        ("institution", {}, "good", "when this was awarded (15 June 2025). Data of 1 November 2026."),
        ("institution", {"dated_by": "issue"}, "good", "when this was issued (15 June 2025)."),
        ("voluntary", {}, "unknown", "The report was voluntary"),
        ("other-provider", {}, "unknown", "It is a provider that gives no full degrees."),
        ("expired", {}, "warn", "by Agency of Quality, ended on 31 December 2027, before this was awarded."),
        ("negative", {}, "bad", "was negative. The agency can say what that means."),
        ("unknown", {"report_ids": []}, "unknown", "They can say which agency reviews them."),
        ("unknown", NOBODY, "unknown", "That says nothing against it: ask it which agency reviews it."),
        ("conflict", NOBODY, "warn", "not all of one provider. Ask it which one it is."),
        ("candidate", {**NOBODY, "candidates": [{"provider_id": "DEQARINST0007", "name": "Seven", "score": 1.0}]},
         "unknown", "DEQAR has Seven (DEQARINST0007). A name alone does not show that it is the same"),
        ("institution", {"data_is_old": True}, "good", "older than 90 days: ask whoever runs this service"),
        ("institution", {"synthetic": True}, "good", "Synthetic data of 1 November 2026."),
        ("institution", {"remarks": ["negative-since"]}, "good", "A later report, from before the award, was"),
    ],
)  # fmt: skip
def test_every_answer_is_said_plainly(verdict: str, change: dict[str, Any], tone: str, words: str) -> None:
    told = assurance_words.tell({**FOUND, "verdict": verdict, **change}, signer="University of Zed")

    assert told.tone == tone
    assert words in told.sentence


def test_a_number_that_nobody_confirmed_is_said_so_before_anything_else() -> None:
    told = assurance_words.tell({**FOUND, "confirmed": False}, signer="University of Zed")

    assert (told.tone, told.word) == ("warn", "Quality assurance stated, not confirmed")
    assert told.sentence.startswith(
        "The certificate gives the number of University of Seven. Nobody has confirmed that it is "
        "University of Zed: whoever keeps the register of accredited institutions could. If it is: "
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["en", "ids", "name"]), inner),
    max_leaves=6,
)


@given(odd=st.dictionaries(st.sampled_from(sorted(claims())), JSON, max_size=4), whole=st.booleans())
def test_odd_claims_of_a_genuine_certificate_do_no_harm(odd: dict[str, Any], whole: bool) -> None:  # noqa: FBT001  # drawn
    told = {**(claims() if whole else {}), **odd}
    shown_ = {"claims": told, "format": "dc+sd-jwt", "types": [builders.VCT], "issued_at": "2026-06-30T00:00:00+00:00"}

    signer = builders.signer_by_did("did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA")
    answer = assurance.of(
        dossier.view(shown_), signer=signer, seal=None, issued=datetime(2026, 6, 30, tzinfo=UTC),
        grounds=Grounds(quality=QualitySource.holding(source.synthetic())), now=builders.NOON,
    )  # fmt: skip

    assert answer is None or QualityVerdict(answer.to_json()["verdict"])


def test_there_are_words_for_every_verdict_and_remark() -> None:
    assert set(assurance_words.WORDS) == set(QualityVerdict)
    assert set(assurance_words.REMARKS) == set(Remark)


@pytest.mark.parametrize(
    "change",
    [
        {"QUALITY_DATA": "/nowhere/at/all", "QUALITY_AS_OF": "2026-11-01"},
        {"QUALITY_DATA": "{folder}"},
        {"QUALITY_DATA": "{folder}", "QUALITY_AS_OF": "yesterday"},
        {"QUALITY_DATA": "synthetic", "QUALITY_AS_OF": "2026-11-01"},
        {"QUALITY_DATA": "https://deqar.example/daily", "QUALITY_AS_OF": "2026-11-01"},
        {"QUALITY_DATA": "http://deqar.example/daily"},
    ],
)
def test_settings_that_do_not_say_where_and_when_are_refused(change: dict[str, str], tmp_path: Path) -> None:
    told = {f"VERIFIER_{name}": value.format(folder=tmp_path) for name, value in change.items()}

    with pytest.raises(InvalidSettings, match="VERIFIER_QUALITY_"):
        Settings.parse({**GOOD, **told})


def test_a_folder_is_read_with_its_day(tmp_path: Path) -> None:
    for name, body in files().items():
        (tmp_path / name).write_bytes(body)
    told = {"VERIFIER_QUALITY_DATA": str(tmp_path), "VERIFIER_QUALITY_AS_OF": "2026-11-01"}

    held = Settings.parse({**GOOD, **told}).quality.open().held

    assert held is not None
    assert (held.data_as_of, held.report_count) == (date(2026, 11, 1), 1)


def test_a_folder_without_data_stops_the_start(tmp_path: Path) -> None:
    told = {"VERIFIER_QUALITY_DATA": str(tmp_path), "VERIFIER_QUALITY_AS_OF": "2026-11-01"}

    with pytest.raises(InvalidQualityData):
        Settings.parse({**GOOD, **told}).quality.open()
