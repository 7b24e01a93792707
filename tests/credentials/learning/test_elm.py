import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from credentials.learning import elm
from credentials.learning.elm import nodes
from credentials.learning.findings import Severity
from credentials.learning.micro_credential import Identifier
from tests.credentials.learning import losses

Json = dict[str, Any]

OFFICIAL = "edc-official/Sample-MC-Annex1-unsigned.jsonld"
DC4EU = "dc4eu-eaa/euhe-microcredential-example-john-doe.json"
LEFT: Json = {
    "annex1": {
        "award": {"learner": {"learner_id_scheme": "national id", "email": "ana.andromeda@email.com"}},
        "course": {"identity_verified": False},
    },
    "dc4eu": {"course": {"participation_modes": ["online"]}},
}
"""What the record holds beyond the lists: what follows from a listed element, and an address."""

VECTORS = Path(__file__).parents[2] / "vectors" / "learning"


def load(data: Path, name: str) -> Json:
    loaded: Json = json.loads((data / name).read_text("utf-8"))
    return loaded


def elements(name: str) -> list[Json]:
    """Each element of a sample: where it stands there and what it says, where it stands here and what that says."""
    rows: list[Json] = json.loads((VECTORS / f"{name}_elements.json").read_text("utf-8"))
    return rows


@pytest.mark.parametrize(
    ("sample", "row"),
    [(OFFICIAL, row) for row in elements("annex1")] + [(DC4EU, row) for row in elements("dc4eu")],
    ids=lambda value: value["there"] if isinstance(value, dict) else value[:5],
)
def test_an_element_of_a_real_document_arrives(data: Path, sample: str, row: Json) -> None:
    document = load(data, sample)

    record, _ = elm.read(document)

    assert record is not None
    assert row["theirs"] in losses.at(document, row["there"])
    assert row["ours"] in losses.at(record.to_json(), row["here"])


@pytest.mark.parametrize("sample", ["annex1", "dc4eu"])
def test_the_list_of_elements_names_every_fact_of_the_record(data: Path, sample: str) -> None:
    record, _ = elm.read(load(data, {"annex1": OFFICIAL, "dc4eu": DC4EU}[sample]))
    assert record is not None

    left = losses.without(record.to_json(), lost=[row["here"].removesuffix("/*") for row in elements(sample)])

    assert left == LEFT[sample]


def test_the_oddities_of_the_official_sample_are_told(data: Path) -> None:
    _, findings = elm.read(load(data, OFFICIAL))

    assert {(finding.element, finding.code) for finding in findings} == {
        ("M1", "time_zone_shift"),
        ("M5", "time_zone_shift"),
        ("M5", "assumed"),
        ("M7", "not_a_workload"),
    }
    assert {finding.severity for finding in findings} == {Severity.WARNING}


def test_the_oddities_of_the_dc4eu_sample_are_told(data: Path) -> None:
    _, findings = elm.read(load(data, DC4EU))

    assert {(finding.element, finding.code) for finding in findings} == {
        ("M2", "titles_differ"),
        ("M10", "assumed"),
        ("+", "label_disagrees"),
    }


def test_a_document_that_passes_the_official_shapes_is_complete(data: Path) -> None:
    record, findings = elm.read(load(data, "examples/edc-mc-v1.json"))

    assert record is not None
    assert findings == ()
    assert record.course.awarding_bodies[0].identifiers[0] == Identifier(scheme="deqar", value="DEQARINST9999")
    assert record.course.quality_assurance is not None
    assert record.course.quality_assurance.report_uri == "https://data.deqar.eu/report/999999"


def listed(node: Json) -> Json:
    """The same node with a list wherever ELM allows one."""

    def many(value: Any) -> list[Any]:
        items = value if isinstance(value, list) else [value]
        return [listed(item) if isinstance(item, dict) else item for item in items]

    return {name: value if name in {"id", "type"} else many(value) for name, value in node.items()}


def test_lists_and_single_values_are_read_alike(data: Path) -> None:
    document = load(data, OFFICIAL)
    assert elm.read(listed(document))[0] == elm.read(document)[0]


@pytest.mark.parametrize(
    "folder", ["edc-ebsi-vcdm2", "edci-tests", "edc-official", "dc4eu-eaa", "ebsi-diploma", "edci-jades"]
)
def test_every_document_of_others_is_read_without_an_exception(data: Path, folder: str) -> None:
    documents = [path for path in (data / folder).rglob("*.json*") if "schema" not in path.name]
    assert documents
    for path in documents:
        record, findings = elm.read(json.loads(path.read_text("utf-8-sig")))
        assert record is not None or findings


def test_a_published_vcdm_2_example_is_read(data: Path) -> None:
    (path,) = (data / "edc-ebsi-vcdm2").glob("Microcredential*.json")
    record, _ = elm.read(json.loads(path.read_text("utf-8")))
    assert record is not None
    assert record.award.learner.name == "David Smith"
    assert record.award.learner.learner_id == "557552654"


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("PT60H", "60"),
        ("PT7H30M", "7.5"),
        ("PT90M", "1.5"),
        ("PT36S", "0.01"),
        ("P60M", None),
        ("P1D", None),
        ("PT", None),
        (60, None),
    ],
)
def test_a_workload_is_a_duration_in_hours(written: Any, hours: str | None) -> None:
    assert nodes.hours(written) == (None if hours is None else Decimal(hours))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1999-10-01T22:00:00Z", ("1999-10-02", True)),
        ("2022-12-31T23:00:00Z", ("2023-01-01", True)),
        ("1999-10-01T22:00:00+02:00", ("1999-10-01", False)),
        ("1999-10-01T22:15:00Z", ("1999-10-01", False)),
        ("1999-10-01", ("1999-10-01", False)),
        ("yesterday", ("None", False)),
        (19991001, ("None", False)),
    ],
)
def test_midnight_in_central_europe_written_in_utc_is_the_next_day(written: Any, expected: tuple[str, bool]) -> None:
    found, odd = nodes.day(written)
    assert (str(found), odd) == expected
