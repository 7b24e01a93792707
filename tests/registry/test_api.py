from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from keys.jwk import PublicJwk
from registry import app
from registry.office import REGISTRY
from tests.registry.conftest import ROOT, VCT, Clock, enter
from trust import accreditation
from trust.errors import TrustError

SINCE = {"types": [VCT], "from": "2026-01-01"}
FAIR = {**SINCE, "accredited_by": "urn:agency", "until": "2029-01-01"}
WITHDRAWN = {"accreditation": 4, "on": "2026-07-01", "reason": "closed"}
TAKEN = {"name": "X", "keys": {"iss": ["http://localhost:8001/uni"]}}


@pytest.fixture
async def accredited(client: TestClient) -> TestClient:
    """A registry in which the root accredited an agency, and the agency a university."""
    await enter(client, "organisation", "urn:agency", {"name": "Agency"})
    await enter(client, "accreditation", "urn:agency", {**SINCE, "accredited_by": ROOT, "until": "2030-12-31"})
    await enter(
        client, "organisation", "urn:uni", {"name": "University", "keys": {"iss": ["http://localhost:8001/uni"]}}
    )
    granted = {**SINCE, "accredited_by": "urn:agency", "until": "2029-12-31"}
    assert (await enter(client, "accreditation", "urn:uni", granted))[0] == 201
    return client


async def fetched(client: TestClient) -> tuple[str, list[PublicJwk]]:
    token = await (await client.get("/lists/accredited-issuers")).text()
    keys = (await (await client.get("/lists/key")).json())["keys"]
    return token, [
        PublicJwk.parse({name: value for name, value in key.items() if name not in {"use", "alg"}}) for key in keys
    ]


async def test_the_list_is_signed_and_names_who_is_accredited(accredited: TestClient, clock: Clock) -> None:
    token, keys = await fetched(accredited)
    issuers = accreditation.verify(token, keys=keys, now=clock(), sequence=0, issuer=ROOT)
    assert issuers.sequence == 4
    university = issuers.organisations[1]
    assert (university.name, university.accreditations[0].accredited_by) == ("University", "urn:agency")


async def test_the_list_moves_on_with_every_change(accredited: TestClient, clock: Clock) -> None:
    before, _ = await fetched(accredited)
    assert (await enter(accredited, "withdrawal", "urn:uni", WITHDRAWN))[0] == 201

    after, keys = await fetched(accredited)

    issuers = accreditation.verify(after, keys=keys, now=clock(), sequence=5)
    assert str(issuers.organisations[1].accreditations[0].revoked) == "2026-07-01"
    with pytest.raises(TrustError):
        accreditation.verify(before, keys=keys, now=clock(), sequence=5)


async def test_the_list_is_signed_anew_before_it_runs_out(accredited: TestClient, clock: Clock) -> None:
    first, keys = await fetched(accredited)
    clock.time += timedelta(hours=13)
    second, _ = await fetched(accredited)
    assert first != second
    assert accreditation.verify(second, keys=keys, now=clock() + timedelta(hours=23), sequence=4)


async def test_an_unchanged_list_is_not_sent_twice(accredited: TestClient) -> None:
    first = await accredited.get("/lists/accredited-issuers")
    again = await accredited.get("/lists/accredited-issuers", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304


async def test_the_history_is_public_and_paged(accredited: TestClient) -> None:
    page = await (await accredited.get("/api/v1/revisions?after=2")).json()
    assert [each["sequence"] for each in page["revisions"]] == [3, 4]
    assert page["next"] is None


@pytest.mark.parametrize("key", ["", "prg_office_wrong"])
async def test_without_a_key_nothing_is_written(client: TestClient, key: str) -> None:
    status, problem = await enter(client, "organisation", "urn:x", {"name": "X"}, key=key)
    assert (status, problem["code"]) == (401, "not_signed_in")


REFUSED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "unknown kind": ("merger", "urn:uni", {}, "invalid_change"),
    "unknown organisation": ("standing", "urn:nobody", {"status": "closed", "reason": "x"}, "invalid_change"),
    "no name": ("organisation", "urn:x", {}, "invalid_change"),
    "root as organisation": ("organisation", ROOT, {"name": "Root"}, "invalid_change"),
    "foreign issuer": ("organisation", "urn:x", TAKEN, "invalid_change"),
    "standing of another kind": ("standing", "urn:uni", {"status": "great", "reason": "x"}, "invalid_change"),
    "no reason": ("standing", "urn:uni", {"status": "closed"}, "invalid_change"),
    "no such accreditation": ("withdrawal", "urn:uni", {**WITHDRAWN, "accreditation": 2}, "invalid_change"),
    "no day": ("withdrawal", "urn:uni", {**WITHDRAWN, "on": "soon"}, "invalid_change"),
    "other types": ("accreditation", "urn:uni", {**FAIR, "types": ["urn:other"]}, "not_entitled"),
    "for longer": ("accreditation", "urn:uni", {**FAIR, "until": "2031-01-01"}, "not_entitled"),
    "without end": ("accreditation", "urn:uni", {**SINCE, "accredited_by": "urn:agency"}, "not_entitled"),
    "from earlier on": ("accreditation", "urn:uni", {**FAIR, "from": "2025-01-01"}, "not_entitled"),
    "by itself": ("accreditation", "urn:uni", {**FAIR, "accredited_by": "urn:uni"}, "not_entitled"),
    "by nobody": ("accreditation", "urn:uni", {**FAIR, "accredited_by": "urn:nobody"}, "not_entitled"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
async def test_a_change_that_may_not_be_entered_is_refused_and_nothing_is_kept(
    accredited: TestClient, case: str
) -> None:
    kind, subject, body, code = REFUSED[case]
    status, problem = await enter(accredited, kind, subject, body)
    assert problem["code"] == code
    assert status in {400, 403}
    assert len((await (await accredited.get("/api/v1/revisions")).json())["revisions"]) == 4


@pytest.mark.parametrize("statement", ["UPDATE revisions SET author = 'x'", "DELETE FROM revisions"])
async def test_the_database_itself_refuses_to_forget(accredited: TestClient, statement: str) -> None:
    database = accredited.app[REGISTRY].database
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.begin() as connection:
            await connection.execute(text(statement))


async def test_nothing_is_published_from_an_altered_history(accredited: TestClient) -> None:
    database = accredited.app[REGISTRY].database
    disarm = "DROP TRIGGER revisions_update" if database.is_sqlite else "DROP TRIGGER revisions_kept ON revisions"
    async with database.begin() as connection:
        await connection.execute(text(disarm))
        await connection.execute(text("UPDATE revisions SET author = 'x' WHERE sequence = 2"))

    status, problem = await enter(accredited, "standing", "urn:uni", {"status": "closed", "reason": "x"})

    assert (status, problem["code"]) == (409, "broken_chain")


async def test_the_pages_show_the_tree_and_one_organisation(accredited: TestClient) -> None:
    tree = await (await accredited.get("/")).text()
    assert tree.index("Agency") < tree.index("University")
    page = await (await accredited.get("/organisations/3")).text()
    assert "http://localhost:8001/uni" in page
    assert (await accredited.get("/organisations/2")).status == 404


async def test_settings_name_every_problem_at_once() -> None:
    with pytest.raises(Exception, match=r"(?s)REGISTRY_BASE_URL.*REGISTRY_WRITERS"):
        app.Settings.parse({"REGISTRY_WRITERS": "office=short"})
