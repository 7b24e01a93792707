"""The desk's API, and what is entered beside the chain: schemas, policies, proxies to status lists."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from keys import jws, sealing
from keys.algorithms import Algorithm
from keys.did import ebsi
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from registry.ebsi import schema_ids
from registry.office import Writer
from tests.registry.conftest import KEY, ROOT
from tests.registry.ebsi.conftest import EUR, FIN, SCHEMA, TYPES, Chain

MINISTRY_KEY = "prg_ministry_0123456789"
ENTRY = {"schemaId": f"{ROOT}/x/{SCHEMA}", "types": list(TYPES), "limitJurisdiction": FIN}
STATUS_LIST = {"vc": {"type": ["VerifiableCredential", "VerifiableAttestation", "StatusList2021Credential"]}}
BITSTRING = {"type": ["VerifiableCredential", "BitstringStatusListCredential"]}


async def post(client: TestClient, path: str, body: Any, *, key: str = KEY) -> tuple[int, dict[str, Any]]:
    answer = await client.post(f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {key}"})
    return answer.status, await answer.json()


async def test_a_chain_is_built_through_the_api(client: TestClient) -> None:
    status, root = await post(client, "/root", {})
    assert (status, root["held"]) == (201, True)
    _, ministry = await post(client, "/bodies", {"name": "Ministry", "country": "FI"})
    _, university = await post(client, "/bodies", {"name": "University", "country": "FI"})
    wide = {**ENTRY, "limitJurisdiction": EUR}

    granted = {"by": root["did"], "kind": "accredit", "accreditedFor": [wide], "levels": [6, 7], "until": "2030-12-31"}
    assert (await post(client, f"/bodies/{ministry['did']}/accreditations", granted))[0] == 201
    attest = {"by": ministry["did"], "kind": "attest", "accreditedFor": [ENTRY], "levels": [6], "until": "2029-12-31"}
    status, kept = await post(client, f"/bodies/{university['did']}/accreditations", attest)
    assert (status, kept["attribute"]["issuerType"], kept["attribute"]["tao"]) == (201, "TI", ministry["did"])

    path = f"/bodies/{university['did']}/accreditations/{kept['attribute']['hash']}"
    assert (await post(client, f"{path}/renewal", {"until": "2030-06-30"}))[0] == 201
    status, ended = await post(client, f"{path}/withdrawal", {"by": ministry["did"], "reason": "merged"})
    assert (status, ended["attribute"]["issuerType"], ended["attribute"]["body"]) == (201, "Revoked", "")
    assert (await post(client, f"{path}/renewal", {"until": "2030-06-30"}))[1]["code"] == "invalid_change"


MINISTRY = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    """The office has a key for everything, a ministry one for itself; status lists may be fetched from loopback."""
    writers = f"{environ['REGISTRY_WRITERS']},ministry@{MINISTRY}={sealing.digest(MINISTRY_KEY)}"
    return {**environ, "REGISTRY_WRITERS": writers, "REGISTRY_LOOPBACK_ORIGINS": "http://localhost:18765"}


FOREIGN: dict[str, tuple[str, Any]] = {
    "an organisation": ("/revisions", {"kind": "organisation", "subject": "urn:x", "body": {"name": "X"}}),
    "a root": ("/root", {}),
    "a body": ("/bodies", {"name": "X"}),
    "another's keys": ("/bodies/UNI/keys", {"rotate": None}),
    "a grant by another": ("/bodies/UNI/accreditations", {"by": "MIN", "kind": "attest", "until": "2029-01-01"}),
    "a credential by another": ("/bodies/UNI/accreditations", {"credential": "JWT"}),
    "a renewal of another's": ("/bodies/UNI/accreditations/ATT/renewal", {"until": "2029-01-01"}),
    "a withdrawal by another": ("/bodies/UNI/accreditations/ATT/withdrawal", {"by": "MIN", "reason": "x"}),
    "another's proxy": ("/bodies/UNI/proxies", {"prefix": "https://hei.example", "testSuffix": "/1"}),
    "a schema": ("/schemas", {"schema": {"type": "object"}}),
    "a policy": ("/policies", {}),
    "a user": ("/policies/users", {}),
}


@pytest.mark.parametrize("case", FOREIGN)
async def test_a_key_of_one_body_does_nothing_for_another(chain: Chain, case: str) -> None:
    path, body = filled(chain, *FOREIGN[case])
    status, problem = await post(chain.client, path, body, key=MINISTRY_KEY)
    assert (status, problem["code"]) == (403, "not_yours")


async def test_a_key_of_one_body_acts_for_that_body(chain: Chain) -> None:
    status, problem = await post(
        chain.client, f"/bodies/{MINISTRY}/keys", {"remove": "x", "reason": "x"}, key=MINISTRY_KEY
    )
    assert (status, problem["detail"]) == (400, "This DID is not in the registry.")  # let in, and then decided


@pytest.mark.parametrize(
    ("writer", "status"), [("nobody", 401), ("university", 403), ("root", 403), ("ministry", 201), ("", 201)]
)
async def test_one_withdrawal_is_entered_by_its_body_and_the_office_and_by_no_other_key(
    chain: Chain, writer: str, status: int
) -> None:
    """One request, in which the key alone is another."""
    did = getattr(chain, writer).did if writer and writer != "nobody" else ""
    keys = () if writer == "nobody" else (Writer(name="one", digest=sealing.digest(MINISTRY_KEY), did=did),)
    object.__setattr__(chain.registry, "writers", keys)
    before = len((await chain.get("/api/v1/revisions"))["revisions"])
    path, body = filled(chain, "/bodies/UNI/accreditations/ATT/withdrawal", {"by": "MIN", "reason": "closed"})

    answered, _ = await post(chain.client, path, body, key=MINISTRY_KEY)

    assert answered == status
    assert len((await chain.get("/api/v1/revisions"))["revisions"]) == before + (status == 201)


def filled(chain: Chain, path: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A request with the names of the chain in it."""
    names = {
        "UNI": chain.university.did, "MIN": chain.ministry.did, "ATT": chain.attests.attribute,
        "JWT": chain.attests.body,
    }  # fmt: skip
    for short, name in names.items():
        path = path.replace(short, name)
        body = {member: name if value == short else value for member, value in body.items()}
    return path, body


async def test_where_no_keys_can_be_kept_a_body_brings_its_own(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "keys" / "bodies").write_text("a file where the folder would be")
    status, problem = await post(client, "/bodies", {"name": "Ministry"})
    assert (status, problem["code"]) == (409, "no_custody")

    own = PrivateJwk.generate(Algorithm.ES256).public.to_json()
    status, made = await post(client, "/bodies", {"name": "Ministry", "keys": [own]})
    assert (status, made["held"]) == (201, False)
    assert (await post(client, f"/bodies/{made['did']}/keys", {"rotate": None}))[1]["code"] == "invalid_change"


ASKED: dict[str, tuple[str, Any]] = {
    "no key given": ("/bodies", {"name": "X", "keys": [{"kty": "EC"}]}),
    "no name": ("/bodies", {"country": "FI"}),
    "facts of one that is here": ("/bodies", {"organisation": "urn:x", "name": "X"}),
    "unknown organisation": ("/bodies", {"organisation": "urn:x"}),
    "a second root": ("/root", {}),
    "an unknown right": ("/bodies/UNI/accreditations", {"by": "MIN", "kind": "onboard", "until": "2029-01-01"}),
    "a level 9": (
        "/bodies/UNI/accreditations",
        {"by": "MIN", "kind": "attest", "accreditedFor": [ENTRY], "levels": [9], "until": "2029-01-01"},
    ),
    "a credential that is none": ("/bodies/UNI/accreditations", {"credential": "a.b.c"}),
    "a withdrawal without reason": ("/bodies/UNI/accreditations/ATT/withdrawal", {"by": "MIN", "reason": " "}),
    "removing a key without reason": ("/bodies/UNI/keys", {"remove": "x"}),
    "removing a key that is not there": ("/bodies/UNI/keys", {"remove": "x", "reason": "x"}),
    "rotating to a private key": ("/bodies/UNI/keys", {"rotate": PrivateJwk.generate(Algorithm.ES256).to_json()}),
    "a schema under another id": ("/schemas", {"schema": {"type": "object"}, "id": "0x" + "00" * 32}),
    "no schema": ("/schemas", {"schema": {}}),
    "a policy of another operation": (
        "/policies",
        {"policyName": "x", "description": "", "operationType": "XOR", "policyConditions": []},
    ),
    "a user who is none": ("/policies/users", {"user": "0x1", "attributes": []}),
    "a proxy over http": ("/bodies/UNI/proxies", {"prefix": "http://hei.example", "testSuffix": "/1"}),
    "a proxy with a query": ("/bodies/UNI/proxies", {"prefix": "https://hei.example/?a", "testSuffix": "/1"}),
    "a proxy that climbs": ("/bodies/UNI/proxies", {"prefix": "https://hei.example/..", "testSuffix": "/1"}),
    "a proxy with a cookie": (
        "/bodies/UNI/proxies",
        {"prefix": "https://hei.example", "testSuffix": "/1", "headers": {"Cookie": "x"}},
    ),
}


@pytest.mark.parametrize("case", ASKED)
async def test_what_cannot_be_entered_is_refused_and_nothing_is_kept(chain: Chain, case: str) -> None:
    path, body = filled(chain, *ASKED[case])
    before = len((await chain.get("/api/v1/revisions"))["revisions"])

    status, problem = await post(chain.client, path, body)

    assert (status, problem["code"]) == (400, "invalid_change")
    assert len((await chain.get("/api/v1/revisions"))["revisions"]) == before


@pytest.mark.parametrize("path", ["/root", "/bodies", "/schemas", "/policies", "/policies/users"])
async def test_without_a_key_nothing_is_entered(client: TestClient, path: str) -> None:
    assert (await post(client, path, {}, key="wrong"))[0] == 401


async def test_a_schema_is_found_by_every_name_it_has(chain: Chain) -> None:
    schema = {"title": "Course", "type": "object", "properties": {"title": {"type": "string", "description": "x"}}}
    plain, quoted = schema_ids.plain(schema), schema_ids.quoted(schema)
    assert (await post(chain.client, "/schemas", {"schema": schema, "metadata": {"vcdm": "1.1"}, "id": quoted}))[
        0
    ] == 201
    base = "/trusted-schemas-registry/v3/schemas"

    page = await chain.get(base)
    assert [each["schemaId"] for each in page["items"]] == [schema_ids.to_base58(quoted)]
    for name in (plain, quoted, schema_ids.to_base58(plain), schema_ids.to_base58(quoted)):
        assert await chain.get(f"{base}/{name}") == schema

    reworded = {**schema, "title": "A course"}  # words for people change no id: it is the next revision
    assert (await post(chain.client, "/schemas", {"schema": reworded}))[1]["subject"] == quoted
    first, second = (await chain.get(f"{base}/{plain}/revisions"))["items"]
    assert await chain.get(f"{base}/{plain}") == reworded
    assert await chain.get(first["href"].removeprefix(ROOT)) == schema
    metadata = (await chain.get(f"{base}/{plain}/revisions/{first['schemaRevisionId']}/metadata"))["items"][0]
    answer = await chain.client.get(metadata["href"].removeprefix(ROOT))
    assert (answer.content_type, await answer.json(content_type=None)) == ("application/ld+json", {"vcdm": "1.1"})
    assert first != second


async def test_a_schema_that_leans_on_another_is_taken_under_the_id_it_was_published_with(chain: Chain) -> None:
    published = "zG6xY9DG2CWyhsSc544hEezbQRmkQCfvgXGdCqt69v8TA"
    schema = {"allOf": [{"$ref": "https://api-pilot.ebsi.eu/trusted-schemas-registry/v3/schemas/0xbe77"}]}
    assert (await post(chain.client, "/schemas", {"schema": schema, "id": published}))[0] == 201
    assert await chain.get(f"/trusted-schemas-registry/v3/schemas/{published}") == schema

    alone = {"allOf": [{"$ref": "#/$defs/x"}], "$defs": {"x": {}}}
    assert (await post(chain.client, "/schemas", {"schema": alone, "id": published}))[0] == 400


async def test_policies_and_users_are_told_as_the_library_reads_them(chain: Chain) -> None:
    condition = {"name": "c", "attributeName": "a", "typeOfValue": "bool", "value": True, "attributeOperation": "="}
    policy = {
        "policyName": "TIR:insertIssuer",
        "description": "x",
        "operationType": "OR",
        "policyConditions": [condition],
    }
    assert (await post(chain.client, "/policies", policy))[0] == 201
    ledger = PrivateJwk.generate(Algorithm.ES256K).public
    user = ebsi.ledger_address(ledger)
    told = {"user": user, "attributes": ["TIR:insertIssuer"]}
    assert (await post(chain.client, "/policies/users", told))[0] == 201

    base = "/trusted-policies-registry/v3"
    assert await chain.get(f"{base}/users/{user.upper().replace('X', 'x', 1)}") == told
    assert (await chain.get(f"{base}/users"))["items"][0]["user"] == user
    kept = await chain.get(f"{base}/policies/TIR:insertIssuer")
    assert (kept["policyName"], kept["status"], kept["policyConditions"]) == ("TIR:insertIssuer", True, [condition])

    did = chain.root.did
    assert (await post(chain.client, f"/bodies/{did}/keys", {"add": ledger.to_json()}))[0] == 201
    for address, result in ((user, True), ("0x" + "0" * 40, False)):
        asked = {"jsonrpc": "2.0", "method": "checkController", "params": [address], "id": 7}
        answer = await chain.client.post(f"/did-registry/v5/identifiers/{did}/actions", json=asked)
        assert await answer.json() == {"jsonrpc": "2.0", "id": 7, "result": result}


# -- proxies ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def institution() -> AsyncIterator[TestServer]:
    """The web address of a university, with a status list and other things."""
    signer = SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))
    tokens = {
        "1": jws.create_now(STATUS_LIST, signer=signer, typ="JWT"),
        "2": jws.create_now(
            {"type": ["VerifiableCredential", "BitstringStatusListCredential"]}, signer=signer, typ="JWT"
        ),
        "other": jws.create_now({"vc": {"type": ["VerifiableCredential"]}}, signer=signer, typ="JWT"),
        "text": "hello",
    }

    async def get(request: web.Request) -> web.Response:
        if request.match_info["name"] not in tokens or request.headers.get("Cache-Control") != "no-cache":
            raise web.HTTPNotFound
        return web.Response(text=tokens[request.match_info["name"]])

    site = web.Application()
    site.router.add_get("/lists/{name}", get)
    async with TestServer(site, port=18765, host="localhost") as server:
        yield server


@pytest.fixture
async def proxy(chain: Chain, institution: TestServer) -> str:
    body = {
        "prefix": "http://localhost:18765", "testSuffix": "/lists/1", "headers": {"Cache-Control": "no-cache"},
    }  # fmt: skip
    assert institution.started
    status, made = await post(chain.client, f"/bodies/{chain.university.did}/proxies", body)
    assert status == 201
    base = f"/trusted-issuers-registry/v5/issuers/{chain.university.did}/proxies"
    assert (await chain.get(base))["items"] == [{"proxyId": made["proxyId"], "href": f"{ROOT}{base}/{made['proxyId']}"}]
    assert await chain.get(f"{base}/{made['proxyId']}") == body
    return f"{base}/{made['proxyId']}"


@pytest.mark.parametrize("name", ["1", "2"])
async def test_a_status_list_passes_through_its_proxy(chain: Chain, proxy: str, name: str) -> None:
    answer = await chain.client.get(f"{proxy}/lists/{name}")
    assert (answer.status, answer.content_type) == (200, "text/plain")
    assert jws.parse(await answer.text())


@pytest.mark.parametrize(
    ("name", "status", "title"),
    [
        ("other", 500, "Invalid Status List Credential"),
        ("text", 500, "Invalid Status List Credential"),
        ("none", 500, "Unreachable Status List Credential"),
        ("%3Fa=b", 404, "Proxy Not Found"),
    ],
)
async def test_what_is_no_status_list_does_not_pass(
    chain: Chain, proxy: str, name: str, status: int, title: str
) -> None:
    problem = await chain.get(f"{proxy}/lists/{name}", status=status)
    assert problem["title"] == title


async def test_a_removed_proxy_is_gone(chain: Chain, proxy: str) -> None:
    path = f"/api/v1/bodies/{chain.university.did}/proxies/{proxy.rpartition('/')[2]}"
    answer = await chain.client.delete(path, headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status == 204
    await chain.get(proxy, status=404)


@pytest.mark.parametrize("name", ["VerifiableDiploma", "VerifiableAttestation", "VerifiableId", "Europass"])
async def test_the_schemas_of_ebsi_s_pilots_are_kept_word_for_word(chain: Chain, samples: Path, name: str) -> None:
    schema = json.loads((samples / "ebsi-diploma" / f"{name}.schema.json").read_text("utf-8"))
    status, entered = await post(chain.client, "/schemas", {"schema": schema})
    assert (status, entered["subject"]) == (201, schema_ids.plain(schema))
    for form in (schema_ids.plain(schema), schema_ids.to_base58(schema_ids.quoted(schema))):
        assert await chain.get(f"/trusted-schemas-registry/v3/schemas/{form}") == schema
