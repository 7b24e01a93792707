"""Every path of EBSI's registries that a reader may ask: it answers, repeats its parameters, and knows no others."""

from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from registry.ebsi import desk, schema_ids
from registry.ebsi.catalogues import AddProxy, AddSchema, SetPolicy, SetUser
from tests.registry.ebsi.conftest import Chain

DIDS, ISSUERS = "/did-registry/v5/identifiers", "/trusted-issuers-registry/v5/issuers"
SCHEMAS, POLICIES = "/trusted-schemas-registry/v3/schemas", "/trusted-policies-registry/v3"
ADDRESS = "0x" + "0a" * 20
PROXY = {"prefix": "https://uni.example/status", "headers": {}, "testSuffix": "/1"}
POLICY = {"policyName": "p", "description": "", "operationType": "AND", "policyConditions": []}
MOMENT = "2026-07-02T00:00:00Z"
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "identifiers": (DIDS, {"controller": "{UNI}"}),
    "issuers": (ISSUERS, {}),
    "attributes": (ISSUERS + "/{UNI}/attributes", {}),
    "revisions": (ISSUERS + "/{UNI}/attributes/{ATT}/revisions", {"version": "latest"}),
    "proxies": (ISSUERS + "/{UNI}/proxies", {}),
    "schemas": (SCHEMAS, {}),
    "schema revisions": (SCHEMAS + "/{SCHEMA}/revisions", {"valid-at": MOMENT, "version": "latest"}),
    "metadata": (SCHEMAS + "/{SCHEMA}/revisions/{SREV}/metadata", {}),
    "policies": (f"{POLICIES}/policies", {}),
    "users": (f"{POLICIES}/users", {}),
}
SINGLE: dict[str, tuple[str, dict[str, str]]] = {
    "identifier": (DIDS + "/{UNI}", {"valid-at": MOMENT}),
    "issuer": (ISSUERS + "/{UNI}", {"version": "deprecated"}),
    "attribute": (ISSUERS + "/{UNI}/attributes/0x{ATT}", {}),
    "revision": (ISSUERS + "/{UNI}/attributes/{ATT}/revisions/{REV}", {}),
    "proxy": (ISSUERS + "/{UNI}/proxies/{PROXY}", {}),
    "schema": (SCHEMAS + "/{SCHEMA}", {}),
    "schema in hexadecimal": (SCHEMAS + "/{HEX}", {}),
    "schema revision": (SCHEMAS + "/{SCHEMA}/revisions/{SREV}", {}),
    "policy": (f"{POLICIES}/policies/p", {}),
    "user": (f"{POLICIES}/users/{ADDRESS}", {}),
}


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One database is enough: what is read here, others write to both."""
    return f"sqlite+aiosqlite:///{tmp_path}/registry.db"


@pytest.fixture
async def places(chain: Chain) -> dict[str, str]:
    """What stands for the names in the paths, with one thing of each kind entered."""
    schema = AddSchema.parse({"schema": {"type": "object"}, "metadata": {"name": "S"}})
    proxy = AddProxy.parse(PROXY, did=chain.university.did)
    for decision in (schema, proxy, SetPolicy.parse(POLICY), SetUser.parse({"user": ADDRESS, "attributes": ["x"]})):
        await desk.enter(chain.registry, decision, author="office")
    register = await chain.registry.shelf.current()
    return {
        "UNI": chain.university.did, "ATT": chain.attests.attribute, "REV": chain.attests.id,
        "PROXY": proxy.proxy.id, "SCHEMA": schema_ids.to_base58(schema.name), "HEX": schema.name,
        "SREV": register.schemas[schema.name][0].id,
    }  # fmt: skip


async def asked(chain: Chain, path: str, query: dict[str, str], *, status: int = 200) -> Any:
    return await chain.get(str(URL(path).with_query(query)), status=status)


async def test_a_list_has_the_members_and_links_of_a_page(chain: Chain, places: dict[str, str]) -> None:
    for named, query in PAGES.values():
        path = named.format(**places)
        kept = {key: value.format(**places) for key, value in query.items()}

        page = await asked(chain, path, {**kept, "page[after]": "9", "page[size]": "1"})

        assert set(page) == {"self", "items", "total", "pageSize", "links"}, path
        assert (page["items"], page["pageSize"]) == ([], 1)
        before = "".join(f"{key}={value}&" for key, value in kept.items())
        url, last = f"{chain.registry.root}{path}?{before}page[after]=", page["total"]
        assert page["self"] == f"{url}9&page[size]=1"
        numbers = {"first": 1, "prev": last, "next": last, "last": last}
        assert page["links"] == {key: f"{url}{number}&page[size]=1" for key, number in numbers.items()}


async def test_whatever_a_list_names_is_there(chain: Chain, places: dict[str, str]) -> None:
    for named, _ in PAGES.values():
        path = named.format(**places)
        for item in (await asked(chain, path, {}))["items"]:
            assert item["href"].startswith(f"{chain.registry.root}{path}/"), path
            assert await chain.get(item["href"].removeprefix(chain.registry.root))


async def test_one_thing_is_told_with_and_without_its_parameters(chain: Chain, places: dict[str, str]) -> None:
    for path, query in SINGLE.values():
        for told in ({}, query):
            answer = await chain.client.get(str(URL(path.format(**places)).with_query(told)))
            assert answer.status == 200, (path, await answer.text())
            assert answer.headers["X-Request-Id"]


async def test_a_parameter_that_is_not_known_is_refused(chain: Chain, places: dict[str, str]) -> None:
    for path, query in (*PAGES.values(), *SINGLE.values()):
        problem = await asked(chain, path.format(**places), {**query, "color": "red"}, status=400)
        assert (problem["title"], problem["detail"]) == ("Bad Request", '["property color should not exist"]'), path


async def test_a_revision_that_never_was_is_told_as_such(chain: Chain, places: dict[str, str]) -> None:
    for path in (SINGLE["schema revision"][0], PAGES["metadata"][0], SINGLE["revision"][0]):
        there_is_none = path.format(**{**places, "SREV": "0x" + "0" * 64, "REV": "0" * 64})
        assert (await chain.get(there_is_none, status=404))["title"] == "Revision Not Found", path
