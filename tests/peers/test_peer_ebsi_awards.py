"""EBSI's own libraries against a running issuer: a credential claimed over OpenID4VCI, its list through the proxy.

And the other way: our verifier reads a credential that EBSI's library made and signed, of a university of our registry.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from credentials.learning.mappings import ebsi_attestation
from exchange import offer as offers
from exchange import proof
from exchange.offer import OfferReference
from issuer.accreditation import identity
from issuer.configurations.table import EBSI
from keys import encrypted_files
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from pergamena import demo, samples
from pergamena.demo import Running
from pergamena.services import PORTS
from pergamena.world import World, free_ports
from registry.ebsi import desk, schema_ids
from registry.office import REGISTRY
from service.outbound import Outbound, tls_context
from tests.peers import ebsi
from trust import verification
from trust.ebsi.places import Registry
from trust.ebsi.source import Chains
from trust.grounds import Grounds
from trust.identity import Held, Source
from trust.policy import Policy
from trust.report import LADDER, Rung
from trust.resolver import Resolver
from trust.status import StatusReader

pytestmark = [pytest.mark.peer, pytest.mark.skipif(bool(ebsi.MISSING), reason=ebsi.MISSING or "the peers are here")]

SLUG = "escuela-ejemplo"
CODE_GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
STRICT = {"validateAccreditationWithoutTermsOfUse": True}


@dataclass(frozen=True, kw_only=True)
class Wallet:
    """A wallet of somebody else, which claims what the issuer of a demo offers."""

    running: Running
    http: aiohttp.ClientSession
    key: PrivateJwk

    @property
    def base(self) -> str:
        return f"{self.running.world.address('issuer')}/{SLUG}"

    async def award(self) -> dict[str, Any]:
        row = samples.read("award_dc4eu.json")
        body = {"course": "digital-skills-ebsi", "learners": [{**row.pop("learner"), **row}]}
        headers = {"Authorization": f"Bearer {self.running.key_of(SLUG)}"}
        url = f"{self.running.world.address('issuer')}/api/v1/awards"
        async with self.http.post(url, json=body, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            (made,) = (await answer.json())["awards"]
            return dict(made)

    async def claim(self, award: Mapping[str, Any]) -> str:
        reference = offers.parse(award["offer_uri"])
        assert isinstance(reference, OfferReference)
        async with self.http.get(reference.uri) as answer:
            code = (await answer.json())["grants"][CODE_GRANT]["pre-authorized_code"]
        fields = {"grant_type": CODE_GRANT, "pre-authorized_code": code}
        async with self.http.post(f"{self.base}/token", data=fields) as answer:
            token = (await answer.json())["access_token"]
        async with self.http.post(f"{self.base}/nonce") as answer:
            nonce = (await answer.json())["c_nonce"]
        now = datetime.now(UTC)
        proved = await proof.create(signer=SoftwareSigner(self.key), audience=self.base, nonce=nonce, now=now)
        body = {"credential_configuration_id": EBSI, "proofs": {"jwt": [proved]}}
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.post(f"{self.base}/credential", json=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return str((await answer.json())["credentials"][0]["credential"])

    async def revoke(self, award: Mapping[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self.running.key_of(SLUG)}"}
        url = f"{self.running.world.address('issuer')}/api/v1/awards/{award['id']}/revoke"
        async with self.http.post(url, json={"reason": "a test"}, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
        await asyncio.sleep(1.1)  # lists are held against the books once a second


@pytest.fixture
async def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})
    world = World.at(tmp_path, ports=free_ports(tuple(PORTS)))
    async with demo.running(world, with_start_page=False) as made:
        yield made


@pytest.fixture
async def wallet(running: Running) -> AsyncIterator[Wallet]:
    async with aiohttp.ClientSession() as http:
        yield Wallet(running=running, http=http, key=PrivateJwk.generate(Algorithm.ES256))


def registry_of(running: Running) -> str:
    return running.world.address("registry")


async def test_their_library_accepts_what_our_issuer_gives_until_it_is_revoked(wallet: Wallet) -> None:
    base = registry_of(wallet.running)
    award = await wallet.award()
    token = await wallet.claim(award)

    accepted = await ebsi.ask("verify", base=base, credential=token, options=STRICT)
    assert "done" in accepted, accepted
    assert accepted["done"]["issuer"].startswith("did:ebsi:")

    await wallet.revoke(award)
    refused = await ebsi.ask("verify", base=base, credential=token, options=STRICT)
    assert "revoked" in refused["refused"]


async def test_our_verifier_accepts_what_our_issuer_gives_and_tells_a_withdrawal_apart(wallet: Wallet) -> None:
    token = await wallet.claim(await wallet.award())
    assert await judged(wallet.running, token) == (True, Held.YES, Held.YES)

    registry = wallet.running.apps["registry"][REGISTRY]
    did = did_of(wallet.running)
    (held,) = (await registry.shelf.current()).holds(did)
    await desk.withdraw(registry, did=did, attribute=held.attribute, by=held.tao, reason="a test", author="office")

    _, when_awarded, now = await judged(wallet.running, token)
    assert (when_awarded, now) == (Held.YES, Held.NO)


async def test_our_verifier_accepts_what_their_library_made_and_signed(wallet: Wallet) -> None:
    running = wallet.running
    theirs = await made_by_them(running)
    assert await judged(running, theirs) == (True, Held.YES, Held.YES)

    header, _, rest = theirs.partition(".")
    payload, _, signature = rest.partition(".")
    assert (await judged(running, f"{header}.{payload}.{signature[:-8]}AAAAAAAA"))[0] is False


def did_of(running: Running) -> str:
    folder = running.world.keys("issuer") / SLUG / identity.FOLDER
    return (folder / identity.FILE).read_text("utf-8").strip()


async def judged(running: Running, token: str) -> tuple[bool, Held, Held]:
    """Whether our verifier accepts `token`, and what the chain says of then and of now."""
    world = running.world
    addresses = frozenset(world.address(name) for name in world.ports)
    line = Outbound(loopback=addresses, context=tls_context(None))
    root = world.root_file.read_text("utf-8").strip()
    chains = Chains(fetch=line, registry=Registry(base=world.address("registry")), roots={root: "Root"})
    grounds = Grounds(
        resolver=Resolver(fetch=line, ebsi=chains), status=StatusReader(fetch=line), chains=chains
    )  # fmt: skip
    policy = Policy(required=frozenset(LADDER) - {Rung.HOLDER})
    try:
        report = await verification.verify(token, policy=policy, grounds=grounds, now=datetime.now(UTC))
    finally:
        await line.close()
    told = () if report.identity is None else report.identity.testimonies
    said = [each for each in told if each.source is Source.CHAIN]
    return report.accepted, *((said[0].when_awarded, said[0].now) if said else (Held.NO, Held.NO))


async def made_by_them(running: Running) -> str:
    """What EBSI's library makes of a short attestation, with the key of the university."""
    world, base = running.world, registry_of(running)
    did = did_of(running)
    entity = await identity.Identities(folder=world.keys("issuer"), passphrase=world.passphrase).of(SLUG)
    assert entity is not None
    key = entity.keyring.active
    register = await running.apps["registry"][REGISTRY].shelf.current()
    (held,), (schema,) = register.holds(did), register.schemas
    moment = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    payload = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "id": "urn:uuid:91a2b3c4-0000-4000-8000-000000000002",
        "type": ["VerifiableCredential", *ebsi_attestation.TYPES],
        "issuer": did,
        **dict.fromkeys(("issuanceDate", "issued", "validFrom"), moment),
        "credentialSubject": {
            "id": methods.create_ebsi_key(PrivateJwk.generate(Algorithm.ES256).public),
            "type": "Person",
            "hasClaim": [{"type": "LearningAchievement", "title": {"en": "Digital skills"}}],
        },
        "credentialSchema": [
            {"id": f"{base}/trusted-schemas-registry/v3/schemas/{name}", "type": "FullJsonSchemaValidator2021"}
            for name in (ebsi_attestation.ATTESTATION, schema_ids.to_base58(schema))
        ],
        "termsOfUse": {
            "id": f"{base}/trusted-issuers-registry/v5/issuers/{did}/attributes/{held.attribute}",
            "type": "IssuanceCertificate",
        },
    }
    public = key.signer.public.to_json()
    issuer = {
        "did": did, "kid": entity.key_id, "alg": "ES256", "publicKeyJwk": public,
        "privateKeyJwk": key.signer.key.to_json(),
    }  # fmt: skip
    answer = await ebsi.ask("issue", base=base, payload=payload, issuer=issuer)
    assert "done" in answer, answer
    return str(answer["done"])
