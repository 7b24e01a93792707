"""A registry with a chain: the root, a ministry that it accredits to accredit, a university that this accredits."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from registry import app
from registry.ebsi import desk
from registry.ebsi.desk import Made
from registry.ebsi.register import AttributeRevision
from registry.ebsi.rights import AccreditedFor, RightKind
from registry.office import REGISTRY, Registry

SCHEMA = "0x" + "7e" * 32
FIN = "http://publications.europa.eu/resource/authority/atu/FIN"
EUR = "http://publications.europa.eu/resource/authority/atu/EUR"
TYPES = ("VerifiableCredential", "VerifiableAttestation", "MicroCredential")
UNTIL = datetime(2029, 12, 31, tzinfo=UTC)


def entry(
    types: tuple[str, ...] = (*TYPES, "EQFlevel6"), places: tuple[str, ...] = (FIN,), schema: str = SCHEMA
) -> AccreditedFor:
    return AccreditedFor(schema=schema, types=types, places=places)


WIDE = entry((*TYPES, "EQFlevel6", "EQFlevel7"), (EUR,))


@dataclass(frozen=True, kw_only=True)
class Chain:
    """The registry, and who stands where in it."""

    client: TestClient
    registry: Registry
    root: Made
    ministry: Made
    university: Made
    accredits: AttributeRevision
    attests: AttributeRevision

    async def get(self, path: str, *, status: int = 200, **options: Any) -> Any:
        answer = await self.client.get(path, **options)
        assert answer.status == status, await answer.text()
        return await answer.json(content_type=None)


async def body(registry: Registry, name: str, country: str = "FI") -> Made:
    facts = {"name": name, "country": country}
    return await desk.add_body(registry, facts=facts, organisation=None, keys=(), author="office")


@pytest.fixture
async def chain(environ: dict[str, str], clock: Callable[[], datetime]) -> AsyncIterator[Chain]:
    async with TestClient(TestServer(app.build(app.Settings.parse(environ), now=clock))) as client:
        registry = client.app[REGISTRY]
        root = await desk.found(registry, author="office")
        ministry, university = await body(registry, "Ministry"), await body(registry, "University")
        accredits = await desk.grant(
            registry, by=root.did, to=ministry.did, kind=RightKind.ACCREDIT, accredited_for=(WIDE,), until=UNTIL,
            author="office",
        )  # fmt: skip
        attests = await desk.grant(
            registry, by=ministry.did, to=university.did, kind=RightKind.ATTEST, accredited_for=(entry(),),
            until=UNTIL, author="office",
        )  # fmt: skip
        yield Chain(
            client=client, registry=registry, root=root, ministry=ministry, university=university,
            accredits=accredits, attests=attests,
        )  # fmt: skip


async def grant(chain: Chain, *, by: str, to: str, until: datetime = UNTIL) -> None:
    await desk.grant(
        chain.registry, by=by, to=to, kind=RightKind.ATTEST, accredited_for=(entry(),), until=until, author="office"
    )
