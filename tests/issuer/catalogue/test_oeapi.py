"""Every answer of the Open Education API is held against the OpenAPI document of OEAPI v6.1; nothing is fetched."""

import json
import uuid
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from yarl import URL

from issuer.catalogue import addresses
from tests.issuer import universities
from tests.issuer.universities import BODY, COURSE, University

NOBODYS = "27b7b2b1-a53e-47df-a307-347223e7cedb"

DOCUMENT = "oeapi-v6.1rc1.json"
ROOT = "/oeapi/v6"


@pytest.fixture(scope="module")
def described(samples: Path) -> dict[str, Any]:
    text = (samples / "oeapi" / DOCUMENT).read_text("utf-8")
    return dict(json.loads(text))


def check(described: dict[str, Any], path: str, told: Any, *, status: str = "200") -> None:
    """Validates an answer by the schema that the document gives for it."""
    answer = described["paths"][path]["get"]["responses"][status]
    while "$ref" in answer:
        answer = described["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    (content,) = answer["content"].values()
    schema = {**content["schema"], "components": described["components"]}
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(told)


async def get(university: University, path: str) -> Any:
    answer = await university.get(f"{ROOT}{path}")
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def fill(university: University) -> None:
    """Two institutions with three courses."""
    await universities.found(university.issuer, slug="beta", clock=university.clock)
    full = {
        **COURSE, "title": {"en": "Zoology"}, "isced_f": ["0511"], "languages": ["de"], "eqf_level": 6,
        "description": {"en": "Animals"}, "participation_modes": ["work-based"],
        "prerequisites": {"en": "None"}, "ects": 2.5, "workload_hours": 70,
    }  # fmt: skip
    for slug, raw in {"zoo": full, "art": {**COURSE, "title": {"en": "Art"}}}.items():
        answer = await university.api("PUT", f"/courses/{slug}", json=raw)
        assert answer.status == 200, await answer.text()


async def test_the_service_says_what_it_can(university: University, described: dict[str, Any]) -> None:
    told = await get(university, "/")

    check(described, "/", told)
    paths = {URL(operation["path"], encoded=True).path for operation in told["supportedOperations"]}
    assert paths <= set(described["paths"])


async def test_courses_are_listed_by_name(university: University, described: dict[str, Any]) -> None:
    await fill(university)

    told = await get(university, "/courses")

    check(described, "/courses", told)
    assert [each["name"][0]["value"] for each in told["items"]] == ["Applied Data Protection", "Art", "Zoology"]
    assert (told["hasNextPage"], told["totalPages"]) == (False, 1)


async def test_a_course_says_its_outcomes_and_its_institution(
    university: University, described: dict[str, Any]
) -> None:
    await fill(university)
    wanted = addresses.course_id("alma", slug="zoo")

    told = await get(university, f"/courses/{wanted}")

    check(described, "/courses/{courseId}", told)
    assert told["studyLoad"] == [{"studyLoadUnit": "ects", "value": 2.5}, {"studyLoadUnit": "hour", "value": 70}]
    assert told["level"] == "bachelor"
    assert told["otherCodes"][0]["code"] == f"{university.identifier}/courses/zoo/versions/1"
    for outcome in told["learningOutcomeIds"]:
        check(
            described, "/learning-outcomes/{learningOutcomeId}", await get(university, f"/learning-outcomes/{outcome}")
        )
    institution = await get(university, f"/organisations/{told['organisationId']}")
    check(described, "/organisations/{organisationId}", institution)
    assert institution["name"][0]["value"] == BODY["name"]["en"]
    theirs = await get(university, f"/organisations/{told['organisationId']}/courses")
    check(described, "/organisations/{organisationId}/courses", theirs)
    assert len(theirs["items"]) == 3


async def test_a_course_has_no_offerings_here(university: University, described: dict[str, Any]) -> None:
    wanted = addresses.course_id("alma", slug="adp")

    told = await get(university, f"/courses/{wanted}/course-offerings")

    check(described, "/courses/{courseId}/course-offerings", told)
    assert told["items"] == []


async def test_the_institutions_are_listed(university: University, described: dict[str, Any]) -> None:
    await fill(university)

    told = await get(university, "/organisations")

    check(described, "/organisations", told)
    assert {each["primaryCode"]["code"] for each in told["items"]} == {"alma", "beta"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("primaryCode=zoo", {"zoo"}),
        ("q=ANIM", {"zoo"}),
        ("q=art", {"art"}),
        ("teachingLanguage=en", {"adp", "art"}),
        ("teachingLanguage=de-AT", {"zoo"}),
        ("level=bachelor", {"zoo"}),
        ("modeOfDelivery=x-work-based", {"zoo"}),
        ("level=bachelor&teachingLanguage=en", set()),
    ],
)
async def test_courses_are_filtered(university: University, query: str, found: set[str]) -> None:
    await fill(university)

    told = await get(university, f"/courses?{query}")

    assert {each["primaryCode"]["code"] for each in told["items"]} == found


async def test_courses_come_in_pages(university: University, described: dict[str, Any]) -> None:
    for number in range(12):
        raw = {**COURSE, "title": {"en": f"Course {number:02}"}}
        assert (await university.api("PUT", f"/courses/c{number:02}", json=raw)).status == 200

    first, second = [await get(university, f"/courses?pageSize=10&pageNumber={number}") for number in (1, 2)]

    check(described, "/courses", second)
    assert (first["hasNextPage"], first["hasPreviousPage"], len(first["items"])) == (True, False, 10)
    assert (second["hasNextPage"], second["hasPreviousPage"], len(second["items"])) == (False, True, 3)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/courses?pageSize=11", 400),
        ("/courses?pageNumber=0", 400),
        ("/courses?pageNumber=two", 400),
        ("/courses?filter_query[name][like]=a*", 400),
        (f"/courses/{NOBODYS}", 404),
        ("/courses/not-a-uuid", 404),
        (f"/courses/{NOBODYS}/course-offerings", 404),
        (f"/organisations/{NOBODYS}", 404),
        (f"/learning-outcomes/{NOBODYS}", 404),
    ],
)
async def test_a_refusal_is_a_problem(
    university: University, described: dict[str, Any], path: str, status: int
) -> None:
    answer = await university.get(f"{ROOT}{path}")

    assert answer.status == status
    assert answer.content_type == "application/problem+json"
    check(described, "/courses/{courseId}", await answer.json(), status=str(status))


def test_a_learning_outcomes_uuid_tells_version_and_place() -> None:
    course = addresses.course_id("alma", slug="adp")
    made = {
        uuid.UUID(addresses.outcome_id(course, number=number, place=place)): (number, place)
        for number in (1, 2, 90_000)
        for place in (0, 1, 99)
    }

    assert len(made) == 9
    assert {each.version for each in made} == {8}
    assert all(addresses.read_outcome_id(each) == told for each, told in made.items())
