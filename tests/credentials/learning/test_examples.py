import json
from pathlib import Path
from typing import Any

import pytest

from credentials.learning import elm, micro_credential, profiles
from tests.credentials.learning.conftest import EXAMPLES

SAMPLES = {
    "annex1": "edc-official/Sample-MC-Annex1-unsigned.jsonld",
    "dc4eu": "dc4eu-eaa/euhe-microcredential-example-john-doe.json",
}
ADDED = {
    "annex1": {"quality_assurance"},
    "dc4eu": {"learning_outcomes", "assessment_types", "quality_assurance"},
}
"""What Annex I asks for and a sample does not say: our own words, so that it can be awarded."""
RENAMED = {"annex1": {}, "dc4eu": {"University of Example": "Escuela Ejemplo"}}
"""What is called otherwise, since two organisations of the demo would have one name."""


def example(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("profile", [profiles.DEQAR, profiles.DC4EU_HE], ids=lambda profile: profile.id)
def test_a_course_and_award_made_from_a_real_document_can_be_awarded(sample: str, profile: profiles.Profile) -> None:
    raw = {"course": example(f"course_{sample}"), "award": example(f"award_{sample}")}
    record, findings = micro_credential.parse(raw, profile=profile)
    assert record is not None, findings


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_example_says_what_the_document_says_and_only_adds_what_it_lacks(data: Path, sample: str) -> None:
    record, _ = elm.read(json.loads((data / SAMPLES[sample]).read_text("utf-8")))
    assert record is not None
    ours, theirs = example(f"course_{sample}"), record.course.to_json()
    for body in theirs["awarding_bodies"]:
        body["name"] = {tag: RENAMED[sample].get(name, name) for tag, name in body["name"].items()}

    assert {name: value for name, value in ours.items() if name not in ADDED[sample]} == theirs
    assert ADDED[sample] & theirs.keys() == set()


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_example_award_is_the_documents_but_for_the_address(data: Path, sample: str) -> None:
    record, _ = elm.read(json.loads((data / SAMPLES[sample]).read_text("utf-8")))
    assert record is not None
    ours, theirs = example(f"award_{sample}"), record.award.to_json()

    assert ours.pop("learner") | {"email": None} == theirs.pop("learner") | {"email": None}
    assert ours == theirs


def test_the_plain_example_passes_every_profile() -> None:
    raw = {"course": example("course"), "award": example("award")}
    for profile in profiles.PROFILES.values():
        assert micro_credential.parse(raw, profile=profile)[1] == ()
