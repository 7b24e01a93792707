"""The history proves itself, and the signed snapshot and the list of trusted entities say what the registry says."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keys import authority, jws, strict_json, x509
from keys.jwk import PublicJwk
from registry import revisions
from registry.ebsi import desk
from registry.ebsi.register import Register
from registry.errors import BrokenChain
from registry.revisions import BEGINNING, Kind, Revision
from tests.registry.conftest import KEY, ROOT, Clock
from tests.registry.ebsi.conftest import Chain
from trust.trusted_lists import ts119602


async def claims_of(chain: Chain, path: str, *, typ: str) -> dict[str, Any]:
    """What the signed text says, after its signature was checked under the published key."""
    answer = await chain.client.get(path)
    (key,) = (await chain.get("/lists/key"))["keys"]
    public = PublicJwk.parse({name: key[name] for name in ("kty", "crv", "x", "y")})
    payload = jws.verify(await answer.text(), key=public, typ=typ).payload
    assert (await chain.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})).status == 304
    return strict_json.parse_object(payload)


async def withdraw(chain: Chain) -> None:
    await desk.withdraw(
        chain.registry, did=chain.university.did, attribute=chain.attests.attribute, by=chain.ministry.did,
        reason="closed", author="office",
    )  # fmt: skip


def computed(raw: dict[str, Any]) -> str:
    """The digest of a revision, computed from what the API says, as a stranger would."""
    return hashlib.sha256(strict_json.canonical({k: v for k, v in raw.items() if k != "digest"})).hexdigest()


async def test_who_reads_the_history_can_prove_that_nothing_was_rewritten(chain: Chain) -> None:
    await withdraw(chain)

    history = (await chain.get("/api/v1/revisions"))["revisions"]

    before = BEGINNING
    for each in history:
        assert (each["previous"], computed(each)) == (before, each["digest"])
        before = each["digest"]
    claims = await claims_of(chain, "/lists/snapshot", typ="registry-snapshot+jwt")
    assert (claims["sequence"], claims["digest"]) == (len(history), before)
    assert {"did", "attribute", "organisation"} == {each["kind"] for each in history}


async def test_the_snapshot_says_every_key_and_right_through_time(chain: Chain, clock: Clock) -> None:
    await withdraw(chain)
    did, attribute = chain.university.did, chain.attests.attribute

    claims = await claims_of(chain, "/lists/snapshot", typ="registry-snapshot+jwt")

    assert (claims["iss"], claims["roots"]) == (ROOT, [chain.root.did])
    assert claims["exp"] - claims["iat"] == timedelta(hours=24).total_seconds()
    granted, ended = claims["issuers"][did][attribute]
    assert (granted["body"], ended["issuerType"], ended["body"]) == (chain.attests.body, "Revoked", "")
    assert claims["identifiers"][did]["keys"][0]["jwk"] == chain.university.keys[0].to_json()
    clock.time += timedelta(hours=13)
    later = await claims_of(chain, "/lists/snapshot", typ="registry-snapshot+jwt")
    assert (later["sequence"], later["exp"] > claims["exp"]) == (claims["sequence"], True)


async def test_the_list_of_trusted_entities_has_the_members_of_ts_119_602(chain: Chain) -> None:
    lote = (await claims_of(chain, "/lists/trusted-entities", typ="JWT"))["LoTE"]

    scheme = lote["ListAndSchemeInformation"]
    assert scheme["LoTEVersionIdentifier"] == 1
    assert scheme["LoTESequenceNumber"] == 8
    assert scheme["SchemeOperatorName"] == [{"lang": "en", "value": "Registry of accredited issuers"}]
    assert scheme["ListIssueDateTime"] == "2026-07-01T09:00:00Z"
    assert scheme["NextUpdate"] == "2026-07-02T09:00:00Z"
    university = lote["TrustedEntitiesList"][1]
    assert university["TrustedEntityInformation"]["TEName"] == [{"lang": "en", "value": "University"}]
    service = university["TrustedEntityServices"][0]["ServiceInformation"]
    key = chain.university.keys[0]
    assert service["ServiceDigitalIdentity"] == {
        "PublicKeyValues": [{**key.to_json(), "kid": key.thumbprint()}], "OtherIds": [chain.university.did],
    }  # fmt: skip
    assert service["ServiceStatus"].endswith("/granted")


async def test_our_own_reader_of_such_lists_reads_it(chain: Chain, clock: Clock) -> None:
    token = await (await chain.client.get("/lists/trusted-entities")).text()
    (key,) = (await chain.get("/lists/key"))["keys"]
    signer = PublicJwk.parse({name: key[name] for name in ("kty", "crv", "x", "y")})

    found = ts119602.verify(token, keys=[signer], now=clock())

    _, university, _ = found.services
    assert (found.sequence, university.provider) == (8, "University")
    assert (university.keys, university.identifiers) == (chain.university.keys, {chain.university.did})


async def test_the_root_is_an_entity_that_accredits_with_the_key_that_it_has_today(chain: Chain, clock: Clock) -> None:
    before = clock()
    clock.time += timedelta(days=1)
    key = await desk.rotate(chain.registry, did=chain.root.did, author="office")

    root = (await claims_of(chain, "/lists/trusted-entities", typ="JWT"))["LoTE"]["TrustedEntitiesList"][-1]

    assert root["TrustedEntityInformation"]["TEName"] == [{"lang": "en", "value": chain.registry.name}]
    service = root["TrustedEntityServices"][0]["ServiceInformation"]
    assert service["ServiceTypeIdentifier"] == f"{ROOT}/lists/trusted-entities#accreditation"
    assert service["StatusStartingTime"] == before.isoformat().replace("+00:00", "Z")
    assert service["ServiceDigitalIdentity"] == {
        "PublicKeyValues": [{**key.to_json(), "kid": key.thumbprint()}], "OtherIds": [chain.root.did, ROOT],
    }  # fmt: skip


async def test_who_lost_its_accreditation_is_withdrawn_on_the_list_of_trusted_entities(chain: Chain) -> None:
    await withdraw(chain)
    lote = (await claims_of(chain, "/lists/trusted-entities", typ="JWT"))["LoTE"]
    statuses = [
        each["TrustedEntityServices"][0]["ServiceInformation"]["ServiceStatus"].rpartition("/")[2]
        for each in lote["TrustedEntitiesList"]
    ]
    assert statuses == ["granted", "withdrawn", "granted"]  # the last is the root


async def test_a_register_takes_only_what_follows(chain: Chain) -> None:
    history = await chain.registry.press.history()
    whole = Register().after(history)
    assert whole == Register().after(history[:3]).after(history[3:])
    for wrong in (history[1:], (history[0], *history[2:]), (replace(history[0], author="x"),)):
        with pytest.raises(BrokenChain):
            Register().after(wrong)
    assert whole.digest == history[-1].digest


def test_the_organisations_stay_as_they_are_where_a_right_belongs_to_none() -> None:
    body = {"attribute": "00" * 32, "body": "", "issuerType": "Revoked", "tao": "", "rootTao": "", "organisation": ""}
    at = datetime(2026, 7, 1, tzinfo=UTC)
    one = Revision.follow(None, at=at, kind=Kind.ATTRIBUTE, subject="did:ebsi:zX", body=body, author="office")
    assert revisions.entries([one]) == {}


class TestCertificates:
    @pytest.fixture
    def certificate(self, tmp_path: Path, environ: dict[str, str], clock: Clock) -> x509.Certificate:
        """The authority of a ministry, which the registry is given whole."""
        _, root = authority.create_authority("Authority of the ministry", now=clock())
        (tmp_path / "certificates").mkdir()
        (tmp_path / "certificates" / "ministry.pem").write_bytes(x509.to_pem(root))
        environ["REGISTRY_CERTIFICATES"] = str(tmp_path / "certificates")
        return root

    async def test_the_list_of_trusted_entities_carries_the_certificate_of_a_body(
        self, certificate: x509.Certificate, chain: Chain
    ) -> None:
        mark = x509.x509_hash(certificate)
        facts = {"name": "Ministry", "keys": {"dids": [chain.ministry.did], "x509_hash": [mark]}}
        change = {"kind": "organisation", "subject": chain.ministry.did, "body": facts}
        answer = await chain.client.post(
            "/api/v1/revisions", json=change, headers={"Authorization": f"Bearer {KEY}"}
        )  # fmt: skip
        assert answer.status == 201, await answer.text()

        lote = (await claims_of(chain, "/lists/trusted-entities", typ="JWT"))["LoTE"]
        service = lote["TrustedEntitiesList"][0]["TrustedEntityServices"][0]["ServiceInformation"]

        (told,) = service["ServiceDigitalIdentity"]["X509Certificates"]
        assert x509.parse_x5c([told["val"]]) == (certificate,)
