"""A university that a registry of EBSI's kind accredits: the registry is what one address answers, nothing else."""

import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials.learning.mappings.ebsi_attestation import ATTESTATION
from issuer.accreditation import identity
from issuer.issuer import Issuer
from keys import encrypted_files, jws, keyring_files, strict_json
from keys.algorithms import Algorithm
from keys.did import ebsi
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from service.settings import Profile
from tests.issuer import universities
from tests.issuer.universities import BASE, PASSPHRASE, University
from trust.errors import FetchFailed
from trust.fetching import DOCUMENT_LIMIT, Fetched

REGISTRY = "https://registry.example"
GRANTOR = ebsi.create()
ATTRIBUTE = "ab" * 32
PROXY = "0x" + "cd" * 32
ITALY = "http://publications.europa.eu/resource/authority/atu/ITA"
KINDS = ("EuropeanDigitalCredential", "EuropeanHigherEducationMicrocredential")
USUAL = (f"{BASE}/vct/micro-credential/1", *KINDS)


@dataclass(kw_only=True)
class FakeRegistry:
    """What the registry answers, one accreditation in it; `away` where it answers nothing."""

    did: str
    types: tuple[str, ...] = ("VerifiableCredential", "VerifiableAttestation", *USUAL, "EQFlevel7")
    places: tuple[str, ...] = (ITALY,)
    kind: str = "TI"
    since: datetime = datetime(2026, 6, 1, tzinfo=UTC)
    until: datetime = datetime(2029, 12, 31, tzinfo=UTC)
    away: bool = False
    asked: list[str] = field(default_factory=list)

    async def __call__(self, url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:
        del accept, limit
        self.asked.append(url)
        if self.away:
            raise FetchFailed("nobody answers")
        told = self.answers().get(url)
        body = strict_json.dump({} if told is None else told)
        return Fetched(status=404 if told is None else 200, content_type="application/json", body=body)

    def answers(self) -> Mapping[str, Any]:
        mine = f"{REGISTRY}/trusted-issuers-registry/v5/issuers/{self.did}"
        paging = "?page[after]=1&page[size]=50"
        return {
            f"{mine}/attributes{paging}": {"items": [{"id": ATTRIBUTE, "href": ""}]},
            f"{mine}/attributes/{ATTRIBUTE}": {"did": self.did, "attribute": self.attribute()},
            f"{mine}/proxies{paging}": {"items": [{"proxyId": PROXY, "href": ""}]},
            f"{mine}/proxies/{PROXY}": {"prefix": f"{BASE}/alma/ebsi-status", "headers": {}, "testSuffix": "/x"},
            f"{REGISTRY}/lists/accredited-issuers.json": {
                "organisations": [{"name": "Ministry of Example", "keys": {"dids": [GRANTOR]}}]
            },
        }

    def attribute(self) -> dict[str, str]:
        body = "" if self.kind == "Revoked" else self.body()
        return {"hash": ATTRIBUTE, "body": body, "issuerType": self.kind, "tao": GRANTOR, "rootTao": GRANTOR}

    def body(self) -> str:
        moments = {"nbf": self.since, "iat": self.since, "exp": self.until}
        entry = {
            "schemaId": f"{REGISTRY}/trusted-schemas-registry/v3/schemas/{ATTESTATION}",
            "types": list(self.types), "limitJurisdiction": list(self.places),
        }  # fmt: skip
        credential = {
            "@context": ["https://www.w3.org/2018/credentials/v1"], "id": "urn:uuid:1",
            "type": ["VerifiableCredential", "VerifiableAttestation", "VerifiableAccreditationToAttest"],
            "issuer": GRANTOR, "issuanceDate": text(self.since), "expirationDate": text(self.until),
            "credentialSubject": {"id": self.did, "reservedAttributeId": ATTRIBUTE, "accreditedFor": [entry]},
        }  # fmt: skip
        claims = {"iss": GRANTOR, "sub": self.did, "jti": "urn:uuid:1", "vc": credential}
        claims |= {name: int(at.timestamp()) for name, at in moments.items()}
        signer = SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))
        return jws.create_now(claims, signer=signer, typ="JWT", header={"kid": f"{GRANTOR}#k"})


def text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True)
class Accredited:
    """A university, what its registry says, and its key."""

    university: University
    registry: FakeRegistry
    key: PrivateJwk

    @property
    def issuer(self) -> Issuer:
        return self.university.issuer

    def pass_by(self) -> None:
        """Time goes on, so that the registry is asked again."""
        self.university.clock.move(timedelta(seconds=6))


@pytest.fixture
def profile() -> str:
    """The profile of the issuer, which a test may override."""
    return "development"


@pytest.fixture
async def accredited(
    key_folder: Path, tmp_path: Path, clock: Any, profile: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Accredited]:
    keys = Path(shutil.copytree(key_folder, tmp_path / "keys"))
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": universities.LOW_COST})
    did, key = ebsi.create(), PrivateJwk.generate(Algorithm.ES256)
    folder = keys / "alma" / identity.FOLDER
    keyring_files.create(folder, key=key, passphrase=PASSPHRASE)
    identity.save(folder, did=did)
    database_url = f"sqlite+aiosqlite:///{tmp_path}/issuer.db"  # its stores are tested elsewhere
    settings = universities.settings(database_url=database_url, keys=keys, ISSUER_EBSI_REGISTRY=REGISTRY)
    opened = await universities.open_up(settings, clock=clock)
    registry = FakeRegistry(did=did)
    monkeypatch.setattr(opened.issuer.accreditations, "_fetch", registry)
    monkeypatch.setattr(opened.issuer.accreditations._names, "_fetch", registry)  # the wire, not the logic
    if profile == "production":
        object.__setattr__(opened.issuer.settings.base, "profile", Profile.PRODUCTION)
    yield Accredited(university=opened, registry=registry, key=key)
    await opened.client.close()
