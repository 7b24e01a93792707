"""Documents that are fetched once, kept for a while, and used only if they are about the one who was asked for."""

import asyncio
import json
from datetime import timedelta

import pytest

from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.trust.builders import NOON, Net
from trust import resolver
from trust.errors import FetchFailed, ResolutionFailed, UntrustedIssuer, WrongKey
from trust.fetching import Fetched
from trust.resolver import Resolver

KEY = PrivateJwk.generate(Algorithm.ES256, kid="key-1")
DID = "did:web:north.example"
DID_URL = "https://north.example/.well-known/did.json"
METHOD = {"id": f"{DID}#key-1", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": KEY.public.to_json()}
DOCUMENT = {"id": DID, "verificationMethod": [METHOD], "assertionMethod": [f"{DID}#key-1"]}
ISSUER = "https://north.example/courses"
METADATA_URL = "https://north.example/.well-known/jwt-vc-issuer/courses"
METADATA = {"issuer": ISSUER, "jwks": {"keys": [KEY.public.to_json()]}}


def net(**documents: object) -> Net:
    there = Net()
    there.put(DID_URL, json.dumps(documents.get("did", DOCUMENT)), content_type="application/did+json")
    there.put(METADATA_URL, json.dumps(documents.get("metadata", METADATA)))
    return there


async def test_a_did_web_document_is_fetched_once_for_all_and_kept() -> None:
    there = net()
    asked = Resolver(fetch=there)
    assert asked.did_now(DID, now=NOON) is None

    documents = await asyncio.gather(*(asked.did(DID, now=NOON) for _ in range(50)))

    assert there.asked == [DID_URL]
    assert asked.did_now(DID, now=NOON + timedelta(minutes=4)) is documents[0]
    assert asked.did_now(DID, now=NOON + timedelta(minutes=5)) is None


async def test_a_did_that_answers_for_itself_is_never_fetched() -> None:
    there = Net()
    did = methods.create_jwk(KEY.public)

    document = await Resolver(fetch=there).did(did, now=NOON)

    assert document == Resolver(fetch=there).did_now(did, now=NOON)
    assert there.asked == []


@pytest.mark.parametrize(
    "did",
    [
        "did:web:good.example%2F@evil.example",
        "did:web:user@good.example",
        "did:web:good.example%3A8443",
        "did:web:127.0.0.1",
        "did:web:good.example:..:evil",
        "did:web:GOOD.example",
        "did:web:good.example.",
        "did:web:gооd.example",
        "did:web:localhost",
        "did:web:intranet",
        "did:example:1",
    ],
)
async def test_a_did_that_could_mean_another_place_is_not_looked_up(did: str) -> None:
    there = Net()

    with pytest.raises(UntrustedIssuer):
        await Resolver(fetch=there).did(did, now=NOON)

    assert there.asked == []


@pytest.mark.parametrize("wrong", [{**DOCUMENT, "id": "did:web:evil.example"}, [], {}])
async def test_a_document_about_somebody_else_is_not_used(wrong: object) -> None:
    with pytest.raises(ResolutionFailed):
        await Resolver(fetch=net(did=wrong)).did(DID, now=NOON)


async def test_issuer_metadata_lies_between_host_and_path() -> None:
    there = net()

    keys = await Resolver(fetch=there).issuer_keys(ISSUER, now=NOON)

    assert keys.find("key-1") == KEY.public
    assert there.asked == [METADATA_URL]


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://a.example", "https://a.example/.well-known/jwt-vc-issuer"),
        ("https://a.example/", "https://a.example/.well-known/jwt-vc-issuer"),
        ("https://a.example/tenant/1234", "https://a.example/.well-known/jwt-vc-issuer/tenant/1234"),
        ("https://a.example:8443/t/", "https://a.example:8443/.well-known/jwt-vc-issuer/t"),
    ],
)
def test_the_address_of_metadata_follows_the_text(issuer: str, url: str) -> None:
    assert resolver.metadata_url(issuer) == url


@pytest.mark.parametrize(
    "issuer",
    [
        "ftp://a.example",
        "https://",
        "https://a.example/?x=1",
        "https://a.example/?",
        "https://a.example/#f",
        "https://u@a.example",
        "https://a.example\\@b.example",
        "https://a.example/ b",
        "https://ä.example",
        "https://[::1",
        "https://a.example:99999",
        "north",
    ],
)
def test_what_is_no_plain_address_has_no_metadata(issuer: str) -> None:
    with pytest.raises(ResolutionFailed):
        resolver.metadata_url(issuer)


async def test_metadata_at_hand_is_not_used_for_an_issuer_who_is_spelled_otherwise() -> None:
    asked = Resolver(fetch=net())
    await asked.issuer_keys(ISSUER, now=NOON)

    assert asked.issuer_keys_now(ISSUER + "/", now=NOON) is None
    with pytest.raises(ResolutionFailed):
        await asked.issuer_keys(ISSUER + "/", now=NOON)


async def test_keys_may_lie_at_their_own_address() -> None:
    there = net(metadata={"issuer": ISSUER, "jwks_uri": "https://keys.example/jwks"})
    there.put("https://keys.example/jwks", json.dumps(METADATA["jwks"]))

    keys = await Resolver(fetch=there).issuer_keys(ISSUER, now=NOON)

    assert keys.find(None) == KEY.public


@pytest.mark.parametrize(
    "wrong",
    [
        {**METADATA, "issuer": "https://north.example/other"},
        {**METADATA, "issuer": ISSUER + "/"},
        {"jwks": METADATA["jwks"]},
        {**METADATA, "jwks_uri": "https://keys.example/jwks"},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks": {"keys": "all"}},
        {"issuer": ISSUER, "jwks_uri": "file:///etc/keys"},
    ],
)
async def test_metadata_that_does_not_fit_its_issuer_is_not_used(wrong: object) -> None:
    with pytest.raises(ResolutionFailed):
        await Resolver(fetch=net(metadata=wrong)).issuer_keys(ISSUER, now=NOON)


SECOND = PrivateJwk.generate(Algorithm.ES256, kid="key-2").public.to_json()


async def test_a_badge_names_the_key_by_its_address_under_the_issuers_own() -> None:
    there = net(metadata={"issuer": ISSUER, "jwks": {"keys": [KEY.public.to_json(), SECOND]}})
    keys = await Resolver(fetch=there).issuer_keys(ISSUER, now=NOON)

    assert keys.find(f"{ISSUER}/keys/{KEY.public.kid}") == KEY.public
    with pytest.raises(WrongKey):
        keys.find(f"https://elsewhere.example/keys/{KEY.public.kid}")


@pytest.mark.parametrize(
    ("listed", "kid"),
    [
        ([KEY.public.to_json()], "key-2"),
        ([KEY.public.to_json(), SECOND], None),
        ([KEY.public.to_json(), {**SECOND, "kid": "key-1"}], "key-1"),
        ([{**KEY.public.to_json(), "use": "enc"}], "key-1"),
        ([{"kty": "RSA", "kid": "key-1", "n": "AQAB", "e": "AQAB"}], "key-1"),
        ([], None),
    ],
)
async def test_a_key_is_told_by_its_kid_or_by_being_the_only_one(listed: list[object], kid: str | None) -> None:
    there = net(metadata={"issuer": ISSUER, "jwks": {"keys": listed}})
    keys = await Resolver(fetch=there).issuer_keys(ISSUER, now=NOON)

    with pytest.raises(WrongKey):
        keys.find(kid)


@pytest.mark.parametrize(
    "answer",
    [
        Fetched(status=404, content_type="application/json", body=json.dumps(METADATA).encode()),
        Fetched(status=302, content_type="application/json", body=json.dumps(METADATA).encode()),
        Fetched(status=200, content_type="text/html", body=json.dumps(METADATA).encode()),
        Fetched(status=200, content_type="application/json", body=b'{"issuer":1,"issuer":2}'),
        Fetched(status=200, content_type="application/json", body=b"\xff"),
        Fetched(status=200, content_type="application/json", body=b" " * ((1 << 20) + 1)),
    ],
    ids=["404", "302", "html", "twice", "latin", "long"],
)
async def test_an_answer_that_is_no_document_is_a_failure(answer: Fetched) -> None:
    there = net()
    there.documents[METADATA_URL] = answer

    with pytest.raises(ResolutionFailed):
        await Resolver(fetch=there).issuer_keys(ISSUER, now=NOON)


async def test_a_host_that_does_not_answer_is_asked_again_only_after_a_pause() -> None:
    there = Net()
    asked = Resolver(fetch=there)

    for seconds in (0, 1, 9, 10):
        with pytest.raises(ResolutionFailed):
            await asked.issuer_keys(ISSUER, now=NOON + timedelta(seconds=seconds))
    with pytest.raises(ResolutionFailed):
        asked.issuer_keys_now(ISSUER, now=NOON + timedelta(seconds=11))

    assert len(there.asked) == 2


async def test_type_metadata_comes_as_its_publisher_wrote_it() -> None:
    there = Net()
    there.put("https://uni.example/vct/1", '{ "vct": "one" }')
    there.put("https://uni.example/vct/2", '{ "vct": 2 }')
    asked = Resolver(fetch=there)

    found = await asked.type_metadata("https://uni.example/vct/1", now=NOON)

    assert (found.raw, found.metadata.vct) == (b'{ "vct": "one" }', "one")
    assert asked.type_metadata_now("https://uni.example/vct/1", now=NOON) is found
    with pytest.raises(ResolutionFailed):
        await asked.type_metadata("https://uni.example/vct/2", now=NOON)
    with pytest.raises(ResolutionFailed):
        await asked.type_metadata("urn:eu:micro-credential", now=NOON)


def test_a_failed_fetch_is_one_kind_of_trust_error() -> None:
    assert FetchFailed.code == ResolutionFailed.code == "issuer_untrusted"
