"""EBSI's own libraries against our registry on localhost: they resolve our DIDs and believe what our chain grants."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import unused_port

from keys import encrypted_files, jws, keyring_files
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from registry import app
from registry.ebsi import desk, schema_ids
from registry.ebsi.desk import Made
from registry.ebsi.register import AttributeRevision
from registry.ebsi.rights import ATTESTATION, AccreditedFor, RightKind
from registry.office import REGISTRY, Registry
from service import app as shell
from tests.peers import judges

LIBRARIES = judges.NODE / "node_modules" / "@cef-ebsi"
MISSING = judges.node_is_missing() or ("" if LIBRARIES.is_dir() else "EBSI's libraries are not installed")
pytestmark = [pytest.mark.peer, pytest.mark.skipif(bool(MISSING), reason=MISSING or "the peers are here")]

TYPES = ("VerifiableCredential", "VerifiableAttestation", "MicroCredential")
PLACES = ("http://publications.europa.eu/resource/authority/atu/FIN",)


@dataclass(frozen=True, kw_only=True)
class World:
    """A registry that listens, a university that it accredits, and the university's key."""

    base: str
    registry: Registry
    university: Made
    key: PrivateJwk
    accredits: AttributeRevision
    attests: AttributeRevision

    async def ask(self, verb: str, **request: Any) -> dict[str, Any]:
        """What EBSI's libraries answer."""
        node = shutil.which("node")
        assert node is not None
        process = await asyncio.create_subprocess_exec(
            node, str(judges.NODE / "ebsi.mjs"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await process.communicate(json.dumps({"verb": verb, "base": self.base, **request}).encode())
        return dict(json.loads(told))


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> AsyncIterator[World]:
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})
    keyring_files.create(tmp_path / "keys", key=PrivateJwk.generate(Algorithm.ES256), passphrase="development")
    port = unused_port()
    base = f"http://localhost:{port}"
    values = {
        "REGISTRY_PROFILE": "development", "REGISTRY_BASE_URL": base, "REGISTRY_KEYS": str(tmp_path / "keys"),
        "REGISTRY_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/registry.db",
        "REGISTRY_KEY_PASSPHRASE": "development",
    }  # fmt: skip
    made = app.build(app.Settings.parse(values))
    runner = await shell.start(made, host="localhost", port=port)
    try:
        yield await built(made[REGISTRY], base=base, now=now)
    finally:
        await runner.cleanup()


async def built(registry: Registry, *, base: str, now: datetime) -> World:
    key = PrivateJwk.generate(Algorithm.ES256)
    root = await desk.found(registry, author="office")
    ministry, university = [
        await desk.add_body(registry, facts={"name": name}, organisation=None, keys=keys, author="office")
        for name, keys in (("Ministry", ()), ("University", (key.public,)))
    ]
    for_these = (AccreditedFor(schema=schema_ids.to_hex(ATTESTATION), types=TYPES, places=PLACES),)
    until = now + timedelta(days=900)
    accredits, attests = [
        await desk.grant(
            registry, by=by.did, to=to.did, kind=kind, accredited_for=for_these, until=until, author="office"
        )
        for by, to, kind in ((root, ministry, RightKind.ACCREDIT), (ministry, university, RightKind.ATTEST))
    ]
    return World(base=base, registry=registry, university=university, key=key, accredits=accredits, attests=attests)


def awarded(world: World, *, now: datetime, types: tuple[str, ...] = TYPES) -> str:
    """An attestation of the university in EBSI's profile."""
    did, holder = world.university.did, methods.create_ebsi_key(PrivateJwk.generate(Algorithm.ES256).public)
    moment = now.isoformat().replace("+00:00", "Z")
    issuers = f"{world.base}/trusted-issuers-registry/v5/issuers/{did}"
    credential = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "id": "urn:uuid:91a2b3c4-0000-4000-8000-000000000001",
        "type": list(types),
        "issuer": did,
        **dict.fromkeys(("issuanceDate", "issued", "validFrom"), moment),
        "credentialSubject": {"id": holder, "title": "Applied Cryptography"},
        "credentialSchema": {
            "id": f"{world.base}/trusted-schemas-registry/v3/schemas/{ATTESTATION}",
            "type": "FullJsonSchemaValidator2021",
        },
        "termsOfUse": {"id": f"{issuers}/attributes/{world.attests.attribute}", "type": "IssuanceCertificate"},
    }
    seconds = int(now.timestamp())
    claims = {
        "jti": credential["id"], "sub": holder, "iss": did, "nbf": seconds, "iat": seconds, "vc": credential,
    }  # fmt: skip
    header = {"kid": f"{did}#{world.key.public.thumbprint()}"}
    return jws.create_now(claims, signer=SoftwareSigner(world.key), typ="JWT", header=header)


@pytest.mark.parametrize("accept", [None, "application/did+json"])
async def test_its_resolver_reads_our_document(world: World, accept: str | None) -> None:
    answer = await world.ask("resolve", did=world.university.did, accept=accept)

    register = await world.registry.shelf.current()
    ours = register.identifiers[world.university.did].to_document(at=world.registry.now())
    assert answer["done"]["didDocument"] == ours
    assert answer["done"]["didResolutionMetadata"] == {"contentType": accept or "application/did+ld+json"}


async def test_its_resolver_understands_that_a_did_is_not_here(world: World) -> None:
    answer = await world.ask("resolve", did="did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA")
    assert answer["done"]["didResolutionMetadata"]["error"] == "notFound"


async def test_its_verifier_accepts_each_step_of_the_chain(world: World) -> None:
    for kept in (world.accredits, world.attests):
        answer = await world.ask("verify", credential=kept.body)
        assert answer["done"]["credentialSubject"]["reservedAttributeId"] == kept.attribute


async def test_its_verifier_believes_an_award_until_the_accreditation_is_withdrawn(world: World, now: datetime) -> None:
    token = awarded(world, now=now)
    strict = {"validateAccreditationWithoutTermsOfUse": True}
    answer = await world.ask("verify", credential=token, options=strict)
    assert answer.get("done", answer)["credentialSubject"]["title"] == "Applied Cryptography"

    other = await world.ask("verify", credential=awarded(world, now=now, types=(*TYPES, "Diploma")), options=strict)
    assert "not accredited" in other["refused"]

    await desk.withdraw(
        world.registry, did=world.university.did, attribute=world.attests.attribute, by=world.attests.tao,
        reason="closed", author="office",
    )  # fmt: skip
    after = await world.ask("verify", credential=token, options=strict)
    assert "refused" in after


def test_the_attestation_schema_has_the_id_that_they_published_it_under() -> None:
    folder = LIBRARIES / "vcdm1.1-attestation-schema"
    schema, metadata = (
        json.loads((folder / file).read_text("utf-8")) for file in ("schema.json", "schema.metadata.json")
    )
    assert schema_ids.quoted(schema) == metadata["id"]["base16"]
    assert schema_ids.to_base58(schema_ids.quoted(schema)) == metadata["id"]["multibase_base58btc"] == ATTESTATION
