"""The desk's pages: a ministry sees the tree, adds, accredits, renews and withdraws; others are not let in."""

import re

from aiohttp.test_utils import TestClient

from tests.registry.conftest import KEY
from tests.registry.ebsi.conftest import SCHEMA, Chain


async def page_of(client: TestClient, path: str, *, status: int = 200) -> str:
    answer = await client.get(path, headers={"Accept": "text/html"})
    assert answer.status == status, await answer.text()
    return await answer.text()


async def send(client: TestClient, path: str, fields: dict[str, str], *, page: str) -> str:
    """What is shown after the form of `page` was sent to `path` with its token."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    answer = await client.post(path, data={"csrf": found[1], **fields}, headers={"Accept": "text/html"})
    return await answer.text()


async def sign_in(client: TestClient) -> str:
    door = await page_of(client, "/desk/sign-in")
    return await send(client, "/desk/sign-in", {"api_key": KEY}, page=door)


async def test_the_desk_is_closed_to_whoever_has_no_key(client: TestClient) -> None:
    door = await page_of(client, "/desk")
    assert "Your key of this registry" in door
    assert "This is not a key of this registry." in await send(client, "/desk/sign-in", {"api_key": "x"}, page=door)
    assert (await client.post("/desk/root", data={})).status == 403


async def test_a_chain_is_built_renewed_and_ended_on_the_pages(client: TestClient) -> None:
    desk = await sign_in(client)
    assert "There is no chain yet" in desk
    root = await send(client, "/desk/root", {}, page=desk)
    university = await send(client, "/desk/bodies", {"name": "University", "country": "FI"}, page=root)
    assert "It holds no right yet" in university
    did = re.search(r"did:ebsi:z\w+", university)
    assert did

    home = await page_of(client, "/desk")
    at_root = re.search(r"/desk/bodies/(did:ebsi:z\w+)", home)
    assert at_root
    root = await page_of(client, at_root[0])
    fields = {
        "to": did[0], "kind": "attest", "types": "VerifiableCredential VerifiableAttestation MicroCredential",
        "levels": "6 7", "schema": SCHEMA, "places": "FIN", "until": "2029-12-31",
    }  # fmt: skip
    after = await send(client, f"{at_root[0]}/grants", fields, page=root)
    assert "Whom it accredited" in after

    body = await page_of(client, f"/desk/bodies/{did[0]}")
    assert "EQF 6, 7" in body
    assert "31 December 2029" in body
    right = re.search(r"/desk/bodies/[^/]+/rights/[0-9a-f]{64}", body)
    assert right
    renewed = await send(client, f"{right[0]}/renewal", {"until": "2030-06-30"}, page=body)
    assert "30 June 2030" in renewed
    ended = await send(client, f"{right[0]}/withdrawal", {"reason": "Merged with another."}, page=renewed)
    assert "Withdrawn: Merged with another." in ended
    assert "Withdraw for good" not in ended
    public = await page_of(client, "/organisations/3")
    assert "Withdrawn" in public


async def test_what_is_refused_is_said_on_a_page(chain: Chain) -> None:
    await sign_in(chain.client)
    path = f"/desk/bodies/{chain.ministry.did}"
    body = await page_of(chain.client, path)
    fields = {
        "to": chain.university.did, "kind": "attest", "types": "Diploma", "levels": "", "schema": SCHEMA,
        "places": "FIN", "until": "2029-01-01",
    }  # fmt: skip
    assert "This body may not accredit for that" in await send(chain.client, f"{path}/grants", fields, page=body)
    assert "EQF levels are numbers" in await send(chain.client, f"{path}/grants", {**fields, "levels": "12"}, page=body)
    await page_of(chain.client, "/desk/bodies/did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA", status=404)


async def test_a_key_is_rotated_on_the_page_and_the_desk_is_left(chain: Chain) -> None:
    await sign_in(chain.client)
    path = f"/desk/bodies/{chain.ministry.did}"
    body = await page_of(chain.client, path)
    after = await send(chain.client, f"{path}/keys", {}, page=body)
    shown = re.findall(r'<code class="long">([^<]+)', after)
    assert (shown[0], len(set(shown))) == (chain.ministry.keys[0].thumbprint(), 2)
    await send(chain.client, "/desk/sign-out", {}, page=after)
    assert "Your key of this registry" in await page_of(chain.client, "/desk")


async def test_the_public_tree_shows_the_chain_as_well(chain: Chain) -> None:
    tree = await page_of(chain.client, "/")
    assert tree.index("Ministry") < tree.index("University")
