"""An institution awards what it is accredited for: in production nothing else, in development with a warning."""

import logging
import re
from typing import Any

import pytest

from issuer.configurations.table import EBSI, SD_JWT, W3C_JWT
from tests.issuer.accreditation.conftest import ITALY, Accredited
from tests.issuer.universities import ANA, COURSE

HTML = {"Accept": "text/html"}
AWARD = {"course": "adp", "learners": [dict(ANA)]}


@pytest.fixture
def profile() -> str:
    return "production"


async def test_what_is_covered_is_awarded(accredited: Accredited) -> None:
    answer = await accredited.university.api("POST", "/awards", json=AWARD)
    assert answer.status == 201, await answer.text()


@pytest.mark.parametrize(
    "change",
    [
        {"types": ("VerifiableCredential", "VerifiableAttestation", "EuropeanDigitalCredential", "EQFlevel7")},
        {"places": (ITALY.replace("ITA", "SWE"),)},
        {"types": ("VerifiableCredential", "VerifiableAttestation", "EuropeanDigitalCredential", "EQFlevel6")},
        {"kind": "Revoked"},
    ],
    ids=["type", "place", "level", "withdrawn"],
)
async def test_an_accreditation_with_one_thing_missing_lets_nobody_award(
    accredited: Accredited, change: dict[str, Any]
) -> None:
    for name, value in change.items():
        setattr(accredited.registry, name, value)
    accredited.pass_by()

    answer = await accredited.university.api("POST", "/awards", json=AWARD)

    told = await answer.json()
    assert (answer.status, told["code"], told["act"]) == (403, "not_accredited", "other_party")
    assert "Micro-credential" in told["detail"]
    assert (await (await accredited.university.api("GET", "/awards")).json())["awards"] == []


async def test_an_accreditation_that_is_over_counts_no_more(accredited: Accredited) -> None:
    accredited.registry.until = accredited.university.clock()
    accredited.pass_by()
    answer = await accredited.university.api("POST", "/awards", json=AWARD)
    assert (answer.status, (await answer.json())["code"]) == (403, "not_accredited")


async def test_a_cohort_and_a_correction_are_held_against_it_too(accredited: Accredited) -> None:
    (award,) = await accredited.university.award()
    accredited.registry.kind = "Revoked"
    accredited.pass_by()

    rows = "given_name,family_name,birth_date,award_date\nAna,Example,1999-10-02,2026-06-30\n"
    cohort = await accredited.university.api(
        "POST", "/award-batches?course=adp", data=rows, headers={"Content-Type": "text/csv"}
    )
    correction = await accredited.university.api(
        "POST", f"/awards/{award['id']}/supersede", json={"learner": dict(ANA), "reason": "a slip"}
    )

    assert [(await each.json())["code"] for each in (cohort, correction)] == ["not_accredited"] * 2


async def test_every_format_of_a_course_needs_its_own(accredited: Accredited) -> None:
    accredited.registry.types = tuple(name for name in accredited.registry.types if not name.startswith("http"))
    accredited.pass_by()
    body = {**COURSE, "formats": [W3C_JWT, EBSI]}
    assert (await accredited.university.api("PUT", "/courses/adp", json=body)).status == 200
    assert (await accredited.university.api("POST", "/awards", json=AWARD)).status == 201

    body = {**COURSE, "formats": [SD_JWT, EBSI]}
    assert (await accredited.university.api("PUT", "/courses/adp", json=body)).status == 200
    refused = await accredited.university.api("POST", "/awards", json=AWARD)
    assert (await refused.json())["detail"].startswith("Nothing was awarded as Micro-credential:")


async def test_a_registry_that_is_away_is_remembered_for_an_hour_and_then_waited_for(accredited: Accredited) -> None:
    assert (await accredited.university.api("POST", "/awards", json=AWARD)).status == 201
    accredited.registry.away = True
    accredited.pass_by()
    assert (await accredited.university.api("POST", "/awards", json=AWARD)).status == 201

    for _ in range(601):
        accredited.pass_by()
    answer = await accredited.university.api("POST", "/awards", json=AWARD)
    assert (answer.status, (await answer.json())["code"]) == (503, "accreditation_unknown")


async def test_the_console_says_beforehand_what_cannot_be_awarded(accredited: Accredited) -> None:
    assert "be awarded as Micro-credential" not in await course_page(accredited)
    accredited.registry.kind = "Revoked"
    accredited.pass_by()
    assert "Nothing can be awarded as Micro-credential: " in await course_page(accredited)


async def test_the_console_says_so_where_the_registry_is_away(accredited: Accredited) -> None:
    accredited.registry.away = True
    assert "The registry of accreditations did not answer" in await course_page(accredited)


async def course_page(accredited: Accredited) -> str:
    """What the console shows of the course, to one who signed in there."""
    client = accredited.university.client
    door = await (await client.get("/console/sign-in", headers=HTML)).text()
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', door)
    if found is not None:
        sent = {"csrf": found[1], "api_key": accredited.university.key}
        assert (await client.post("/console/sign-in", data=sent, headers=HTML, allow_redirects=False)).status == 303
    answer = await client.get("/console/courses/adp", headers=HTML)
    assert answer.status == 200
    return await answer.text()


class TestDevelopment:
    @pytest.fixture
    def profile(self) -> str:
        return "development"

    async def test_a_warning_is_left_and_the_award_made(
        self, accredited: Accredited, caplog: pytest.LogCaptureFixture
    ) -> None:
        accredited.registry.kind = "Revoked"
        accredited.pass_by()
        with caplog.at_level(logging.WARNING):
            answer = await accredited.university.api("POST", "/awards", json=AWARD)
        assert answer.status == 201
        assert "not_accredited" in caplog.messages

    async def test_the_console_shows_the_warning_on_the_page_of_the_course(self, accredited: Accredited) -> None:
        assert "development profile" not in await course_page(accredited)
        accredited.registry.kind = "Revoked"
        accredited.pass_by()
        assert "so awards as Micro-credential are made all the same: " in await course_page(accredited)
