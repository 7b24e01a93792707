"""Universities for tests, and what a wallet does when it claims."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from credentials.status import bits, token_list
from credentials.status.token_list import StatusListToken
from exchange import offer as offers
from exchange import proof
from exchange.offer import OfferReference
from issuer import app, institutions
from issuer.issuer import ISSUER, Issuer
from issuer.settings import IssuerSettings
from issuer.tenancy import seals
from issuer.tenancy.access import Scope
from keys import encrypted_files, keyring_files, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

BASE = "http://localhost:8001"
PASSPHRASE = "correct horse battery staple"
LOW_COST = 2**14
SLUGS = ("alma", "beta")
MADE = datetime(2026, 6, 1, tzinfo=UTC)
CODE_GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"

BODY: Mapping[str, Any] = {
    "name": {"en": "Alma University", "it": "Università Alma"},
    "country": "IT",
    "identifiers": [{"scheme": "schac", "value": "alma.example"}],
    "homepage": "https://alma.example",
}
COURSE: Mapping[str, Any] = {
    "title": {"en": "Applied Data Protection", "it": "Protezione dei dati"},
    "awarding_bodies": [BODY],
    "learning_outcomes": [
        {"text": {"en": "Assess the lawfulness of processing personal data in a research project."}},
        {"text": {"en": "Write a data protection impact assessment."}},
    ],
    "ects": 3,
    "workload_hours": 75,
    "eqf_level": 7,
    "assessment_types": ["project-work"],
    "participation_modes": ["blended"],
    "quality_assurance": {"type": "institutional-qa", "agency": "ANVUR"},
    "languages": ["en"],
}
ANA: Mapping[str, Any] = {
    "given_name": "Ana",
    "family_name": "Example",
    "birth_date": "1999-10-02",
    "award_date": "2026-06-30",
    "grade": "28/30",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class University:
    """One institution, running, with a key that may do everything."""

    slug: str
    client: TestClient[Any, Any]
    issuer: Issuer
    key: str
    clock: Any
    course: Mapping[str, Any]

    @property
    def identifier(self) -> str:
        return f"{BASE}/{self.slug}"

    async def api(self, method: str, path: str, *, key: str | None = None, **more: Any) -> ClientResponse:
        """A call to the API for universities."""
        headers = {"Authorization": f"Bearer {key or self.key}", **more.pop("headers", {})}
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    async def award(self, *learners: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
        """Awards the course, to Ana where nobody is named."""
        body = {"course": "adp", "learners": list(learners or (ANA,)), **more}
        answer = await self.api("POST", "/awards", json=body)
        assert answer.status == 201, await answer.text()
        return list((await answer.json())["awards"])

    async def get(self, url: str, **more: Any) -> ClientResponse:
        """A look at any address of this university."""
        return await self.client.get(URL(url).relative() if url.startswith("http") else url, **more)

    async def post(self, path: str, **more: Any) -> ClientResponse:
        """A post to one of its endpoints."""
        return await self.client.post(f"/{self.slug}{path}", **more)

    async def code_of(self, award: Mapping[str, Any]) -> str:
        """A fresh code for an award, by following its offer."""
        reference = offers.parse(award["offer_uri"])
        assert isinstance(reference, OfferReference)
        answer = await self.get(reference.uri)
        assert answer.status == 200, await answer.text()
        return str((await answer.json())["grants"][CODE_GRANT]["pre-authorized_code"])

    async def redeem(self, code: str, **more: str) -> ClientResponse:
        """Asks for a token."""
        return await self.post("/token", data={"grant_type": CODE_GRANT, "pre-authorized_code": code, **more})

    async def token_of(self, award: Mapping[str, Any], **more: str) -> str:
        """A token for an award."""
        answer = await self.redeem(await self.code_of(award), **more)
        assert answer.status == 200, await answer.text()
        return str((await answer.json())["access_token"])

    async def nonce(self) -> str:
        """A fresh nonce."""
        return str((await (await self.post("/nonce")).json())["c_nonce"])

    async def proofs(self, *keys: PrivateJwk, nonce: str | None = None) -> list[str]:
        """Key proofs for these keys, with a fresh nonce unless one is given."""
        given = await self.nonce() if nonce is None else nonce
        return [
            await proof.create(signer=SoftwareSigner(key), audience=self.identifier, nonce=given, now=self.clock())
            for key in keys
        ]

    async def request(self, token: str, *, proofs: list[str], **more: Any) -> ClientResponse:
        """Asks for copies."""
        body = {"credential_configuration_id": "micro-credential_dc+sd-jwt", "proofs": {"jwt": proofs}, **more}
        return await self.post("/credential", json=body, headers={"Authorization": f"Bearer {token}"})

    async def claim(self, award: Mapping[str, Any], *, count: int = 1, **more: str) -> list[str]:
        """Claims an award: the whole way, with `count` fresh keys."""
        token = await self.token_of(award, **more)
        answer = await self.request(token, proofs=await self.proofs(*holder_keys(count)))
        assert answer.status == 200, await answer.text()
        return [each["credential"] for each in (await answer.json())["credentials"]]

    async def status_list(self) -> StatusListToken:
        """The current status list as a verifier reads it."""
        current = await self.issuer.lists.current(self.slug, wanted=0)
        self.clock.move(timedelta(seconds=1))
        answer = await self.get(f"/{self.slug}/status/{current.id}")
        assert answer.status == 200, await answer.text()
        return token_list.parse(await answer.text())

    async def status_array(self) -> Callable[[int], int]:
        """What the current status list says, place by place."""
        read = await self.status_list()
        return lambda place: int(bits.get(read.array, place, bits=read.bits))


def holder_keys(count: int) -> list[PrivateJwk]:
    """Fresh keys of a wallet."""
    return [PrivateJwk.generate(Algorithm.ES256) for _ in range(count)]


def make_keys(folder: Path) -> Path:
    """Key files for every institution of these tests."""
    authority = x509.create_authority("Test Root", now=MADE)
    for slug in SLUGS:
        key = PrivateJwk.generate(Algorithm.ES256)
        leaf = x509.create_leaf(
            authority, subject=slug, public=key.public, uri=f"{BASE}/{slug}", dns=["localhost"], now=MADE
        )
        keyring_files.create(folder / slug, key=key, chain=[leaf], passphrase=PASSPHRASE)
        seals.create(folder / slug, passphrase=PASSPHRASE)
        for file in (folder / slug).glob("*.key"):
            save_cheaply(file)
    (folder / "root.pem").write_bytes(x509.to_pem(authority[1]))
    return folder


def save_cheaply(file: Path) -> None:
    """Saves a key file again with a scrypt cost that lets tests be quick."""
    plain = encrypted_files.load(file, passphrase=PASSPHRASE)
    encrypted_files.save(file, plain, passphrase=PASSPHRASE, overwrite=True, cost=LOW_COST)


def settings(*, database_url: str, keys: Path, **more: str) -> IssuerSettings:
    """The settings of a test's issuer."""
    return IssuerSettings.parse(environment(database_url=database_url, keys=keys, **more))


def environment(*, database_url: str, keys: Path, **more: str) -> dict[str, str]:
    """The environment of a test's issuer."""
    return {
        "ISSUER_PROFILE": "development",
        "ISSUER_BASE_URL": BASE,
        "ISSUER_DATABASE_URL": database_url,
        "ISSUER_KEYS": str(keys),
        "ISSUER_KEY_PASSPHRASE": PASSPHRASE,
        "ISSUER_NONCE_PER_MINUTE": "100000",
        "ISSUER_OFFERS_PER_MINUTE": "100000",
        **more,
    }


async def open_up(settings: IssuerSettings, *, clock: Callable[[], datetime], slug: str = "alma") -> University:
    """A running issuer with one institution, its key and its course."""
    made = app.build(settings, now=clock)
    client: TestClient[Any, Any] = TestClient(TestServer(made))
    await client.start_server()
    key = await found(made[ISSUER], slug=slug, clock=clock)
    university = University(slug=slug, client=client, issuer=made[ISSUER], key=key, clock=clock, course={})
    answer = await university.api("PUT", "/courses/adp", json=dict(COURSE))
    assert answer.status == 200, await answer.text()
    return replace(university, course=(await answer.json())["course"])


async def found(issuer: Issuer, *, slug: str, clock: Callable[[], datetime]) -> str:
    """Adds an institution whose key files are there, and gives an API key that may do everything."""
    base, unused = issuer.settings.base, PrivateJwk.generate(Algorithm.ES256)
    await institutions.create(issuer.database, base, slug=slug, body=BODY, key=unused, chain=(), now=clock())
    made = await institutions.create_key(
        issuer.database, institution=slug, scopes=Scope, label="Registry office", now=clock()
    )
    return made.text
