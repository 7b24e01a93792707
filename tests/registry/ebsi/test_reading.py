"""What EBSI's read API answers: paths, shapes, paging, titles and statuses (../../../docs/api.md)."""

import pytest

from keys.did import document
from tests.registry.conftest import ROOT
from tests.registry.ebsi.conftest import Chain

DIDS = "/did-registry/v5/identifiers"
ISSUERS = "/trusted-issuers-registry/v5/issuers"
UNKNOWN = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"


async def test_the_dids_come_in_pages_with_literal_brackets(chain: Chain) -> None:
    page = await chain.get(f"{DIDS}?page[after]=2&page[size]=2")

    url = f"{ROOT}{DIDS}"
    assert page == {
        "self": f"{url}?page[after]=2&page[size]=2",
        "items": [{"did": chain.university.did, "href": f"{url}/{chain.university.did}"}],
        "total": 3,
        "pageSize": 2,
        "links": {
            "first": f"{url}?page[after]=1&page[size]=2",
            "prev": f"{url}?page[after]=1&page[size]=2",
            "next": f"{url}?page[after]=2&page[size]=2",
            "last": f"{url}?page[after]=2&page[size]=2",
        },
    }


async def test_the_dids_of_one_controller_are_told(chain: Chain) -> None:
    page = await chain.get(f"{DIDS}?controller={chain.ministry.did}")
    assert [each["did"] for each in page["items"]] == [chain.ministry.did]
    assert f"?controller={chain.ministry.did}&page[after]=1" in page["links"]["next"]


@pytest.mark.parametrize("form", ["application/did+ld+json", "application/did+json"])
async def test_a_did_document_has_the_shape_that_every_library_reads(chain: Chain, form: str) -> None:
    did, key = chain.university.did, chain.university.keys[0]
    answer = await chain.client.get(f"{DIDS}/{did}", headers={"Accept": form})

    assert answer.content_type == form
    assert answer.headers["X-Request-Id"]
    assert await answer.json(content_type=None) == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "controller": [did],
        "verificationMethod": [
            {
                "id": f"{did}#{key.thumbprint()}",
                "type": "JsonWebKey2020",
                "controller": did,
                "publicKeyJwk": key.to_json(),
            }
        ],
        "authentication": [f"{did}#{key.thumbprint()}"],
        "assertionMethod": [f"{did}#{key.thumbprint()}"],
    }


async def test_a_did_may_be_escaped(chain: Chain) -> None:
    raw = await chain.get(f"{DIDS}/{chain.university.did.replace(':', '%3A')}")
    assert document.parse(raw, did=chain.university.did).assertion_method


REFUSED: dict[str, tuple[str, int, str, str]] = {
    "not a did": (f"{DIDS}/did:web:x", 400, "Bad Request", '["did must be a valid DID v1"]'),
    "unknown did": (f"{DIDS}/{UNKNOWN}", 404, "Identifier Not Found", ""),
    "page 0": (f"{DIDS}?page[after]=0", 400, "Bad Request", '["page[after] must not be less than 1"]'),
    "page of 51": (f"{DIDS}?page[size]=51", 400, "Bad Request", '["page[size] must be a number from 1 to 50"]'),
    "page of words": (f"{DIDS}?page[size]=x", 400, "Bad Request", '["page[size] must be an integer number"]'),
    "unknown parameter": (f"{DIDS}?x=1", 400, "Bad Request", '["property x should not exist"]'),
    "no moment": (f"{DIDS}/{UNKNOWN}?valid-at=x", 400, "Bad Request", ""),
    "unknown issuer": (f"{ISSUERS}/{UNKNOWN}", 404, "Issuer Not Found", ""),
    "attributes of nobody": (f"{ISSUERS}/{UNKNOWN}/attributes", 404, "Issuer Not Found", ""),
    "unknown attribute": (f"{ISSUERS}/UNI/attributes/{'0' * 64}", 404, "Attribute Not Found", ""),
    "unknown revision": (f"{ISSUERS}/UNI/attributes/ATT/revisions/{'0' * 64}", 404, "Revision Not Found", ""),
    "unknown version": (f"{ISSUERS}/UNI?version=new", 400, "Bad Request", ""),
    "unknown proxy": (f"{ISSUERS}/UNI/proxies/0x00", 404, "Proxy Not Found", ""),
    "unknown schema": ("/trusted-schemas-registry/v3/schemas/0x" + "0" * 64, 404, "Schema Not Found", ""),
    "no schema id": ("/trusted-schemas-registry/v3/schemas/hello", 404, "Schema Not Found", ""),
    "unknown policy": ("/trusted-policies-registry/v3/policies/x", 404, "Policy Not Found", ""),
    "unknown user": ("/trusted-policies-registry/v3/users/0x0", 404, "User Not Found", ""),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_refusal_has_the_title_and_status_of_ebsi(chain: Chain, case: str) -> None:
    path, status, title, detail = REFUSED[case]
    path = path.replace("UNI", chain.university.did).replace("ATT", chain.attests.attribute)

    answer = await chain.client.get(path)

    problem = await answer.json()
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", title, status)
    assert problem["detail"] == (detail or problem["detail"])


async def test_another_form_or_method_is_refused(chain: Chain) -> None:
    path = f"{DIDS}/{chain.university.did}"
    assert (await chain.client.get(path, headers={"Accept": "application/xml"})).status == 406
    assert (await chain.client.delete(path)).status == 405


async def test_an_issuer_says_where_its_attributes_are(chain: Chain) -> None:
    did = chain.university.did
    issuer = await chain.get(f"{ISSUERS}/{did}")
    assert issuer == {"did": did, "attributes": f"{ROOT}{ISSUERS}/{did}/attributes", "hasAttributes": True}

    page = await chain.get(f"{ISSUERS}/{did}/attributes")
    assert page["items"] == [
        {"id": chain.attests.attribute, "href": f"{issuer['attributes']}/{chain.attests.attribute}"}
    ]
    assert [each["did"] for each in (await chain.get(ISSUERS))["items"]] == [
        chain.root.did, chain.ministry.did, did,
    ]  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "0x"])
async def test_an_attribute_is_told_with_its_chain(chain: Chain, prefix: str) -> None:
    did = chain.university.did
    told = await chain.get(f"{ISSUERS}/{did}/attributes/{prefix}{chain.attests.attribute}")

    assert told == {
        "did": did,
        "attribute": {
            "hash": chain.attests.attribute,
            "body": chain.attests.body,
            "issuerType": "TI",
            "tao": chain.ministry.did,
            "rootTao": chain.root.did,
        },
    }
    page = await chain.get(f"{ISSUERS}/{did}/attributes/{chain.attests.attribute}/revisions")
    assert [each["id"] for each in page["items"]] == [chain.attests.id]
    assert await chain.get(page["items"][0]["href"].removeprefix(ROOT)) == told


async def test_the_shape_of_before_lists_the_attributes_by_their_revisions(chain: Chain) -> None:
    told = await chain.get(f"{ISSUERS}/{chain.university.did}?version=deprecated")
    assert [(each["hash"], each["issuerType"]) for each in told["attributes"]] == [(chain.attests.id, "TI")]


@pytest.mark.parametrize(
    "api",
    ["did-registry/v5", "trusted-issuers-registry/v5", "trusted-schemas-registry/v3", "trusted-policies-registry/v3"],
)
async def test_every_registry_says_that_it_answers(chain: Chain, api: str) -> None:
    assert await chain.get(f"/{api}/health") == {"status": "ok"}
