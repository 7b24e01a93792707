"""The chain of accreditations in the demo: a root, an agency that it lets accredit, and the universities below.

All of it is done at the registry's own desk, as an office would: bodies, their DIDs and keys, rights with types,
schema, EQF levels and places. What is there already is left as it is.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

import issuer.issuer
from credentials.learning.vocabularies import countries
from issuer.accreditation import identity
from issuer.accreditation.lists import PATH
from issuer.configurations.table import CONFIGURATIONS
from keys import keyring_files
from keys.jwk import PublicJwk
from pergamena import key_files, samples
from pergamena.world import AGENCY, UNIVERSITIES, World
from registry.ebsi import asking, desk
from registry.ebsi.catalogues import AddProxy, AddSchema
from registry.ebsi.jurisdictions import of_country
from registry.ebsi.register import Register
from registry.ebsi.rights import GENERIC, AccreditedFor, RightKind
from registry.office import REGISTRY, Registry

AUTHOR = "demo"
UNTIL = "2035-12-31"


async def found(registering: web.Application, *, world: World, subjects: Mapping[str, Mapping[str, Any]]) -> None:
    """Founds the chain where it is not there; `subjects` tells of each university its organisation, country, levels.

    The root's DID is written where wallet and verifier pin it, each university's beside its key.
    """
    registry = registering[REGISTRY]
    register = await registry.shelf.current()
    root = register.roots[0] if register.roots else (await desk.found(registry, author=AUTHOR)).did
    world.pin_root(root)
    schema = await _schema(registry)
    agency = await _body(registry, organisation=AGENCY, keys=())
    levels = sorted({level for each in subjects.values() for level in each["levels"]})
    wide = _entry(world, schema=schema, levels=levels, places=(of_country("EU"),))
    await _granted(registry, by=root, to=agency, kind=RightKind.ACCREDIT, entry=wide)
    for slug, each in subjects.items():
        place = world.keys("issuer") / slug / identity.FOLDER
        public = await asyncio.to_thread(_key_in, place, world.passphrase)
        did = await _body(registry, organisation=each["organisation"], keys=(public,))
        identity.save(place, did=did)
        country = countries.find(each["country"])
        places = (of_country(country.alpha3 if country else "EU"),)
        narrow = _entry(world, schema=schema, levels=each["levels"], places=places)
        await _granted(registry, by=agency, to=did, kind=RightKind.ATTEST, entry=narrow)


async def add_proxies(registering: web.Application, *, issuing: web.Application, world: World) -> None:
    """Lets the status lists of the universities be had through the registry."""
    registry, lists = registering[REGISTRY], issuing[issuer.issuer.ISSUER].lists
    for slug in UNIVERSITIES:
        did = (world.keys("issuer") / slug / identity.FOLDER / identity.FILE).read_text("utf-8").strip()
        known = (await registry.shelf.current()).proxies.get(did, {})
        prefix = f"{world.address('issuer')}/{slug}/{PATH}"
        if prefix not in {each.prefix for each in known.values()}:
            first = await lists.current(slug, wanted=0)
            raw = {"prefix": prefix, "headers": {}, "testSuffix": f"/{first.id}/revocation"}
            await desk.enter(registry, AddProxy.parse(raw, did=did), author=AUTHOR)


async def _schema(registry: Registry) -> str:
    """The id of the schema of micro-credentials, which is entered where it is not there."""
    raw = {"schema": samples.read("micro_credential_schema.json"), "metadata": {"name": "Micro-credential"}}
    decision = AddSchema.parse(raw)
    if decision.name not in (await registry.shelf.current()).schemas:
        await desk.enter(registry, decision, author=AUTHOR)
    return decision.name


async def _body(registry: Registry, *, organisation: str, keys: Sequence[PublicJwk]) -> str:
    """The DID of an organisation, which gets one under these keys (or one that is kept there) where it has none."""
    register = await registry.shelf.current()
    entry = register.organisations.get(organisation)
    known = [did for did in (entry.organisation.keys.dids if entry else ()) if _serves(register, did, keys=keys)]
    if known:
        return known[0]
    made = await desk.add_body(registry, facts=None, organisation=organisation, keys=keys, author=AUTHOR)
    return made.did


def _serves(register: Register, did: str, *, keys: Sequence[PublicJwk]) -> bool:
    held = register.identifiers.get(did)
    return held is not None and all(any(each.public == key for each in held.keys) for key in keys)


async def _granted(registry: Registry, *, by: str, to: str, kind: RightKind, entry: AccreditedFor) -> None:
    """Grants the right unless one was granted before: what was withdrawn is not granted anew behind anybody's back."""
    if (await registry.shelf.current()).issuers.get(to):
        return
    until = asking.end(UNTIL)
    await desk.grant(registry, by=by, to=to, kind=kind, accredited_for=(entry,), until=until, author=AUTHOR)


def _entry(world: World, *, schema: str, levels: Sequence[int], places: tuple[str, ...]) -> AccreditedFor:
    """Everything that an issuer of this world awards, at some levels and places."""
    offered = {name for each in CONFIGURATIONS.values() for name in each.types(vct=world.vct)} - set(GENERIC)
    types = (*GENERIC, *sorted(offered), *(f"EQFlevel{each}" for each in levels))
    return AccreditedFor(schema=schema, types=types, places=places)


def _key_in(place: Path, passphrase: str) -> PublicJwk:
    if not keyring_files.exists(place):
        key_files.create_plain(place, passphrase=passphrase)
    return keyring_files.load(place, passphrase=passphrase).active.signer.public
