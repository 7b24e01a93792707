"""The registry as an application: settings, what it holds, and its routes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from aiohttp import web

from keys import keyring_files, x509
from keys.did import ebsi
from keys.keyring import Keyring
from registry import api, views
from registry.ebsi import desk_api, desk_pages
from registry.ebsi.custody import BODIES, Custody
from registry.ebsi.published import identifiers, issuers, policies, proxies, schemas
from registry.ebsi.shelf import Shelf
from registry.office import REGISTRY, Registry, Writer
from registry.offprints import Offprints
from registry.publishing import Press
from registry.tables import SESSIONS
from service import app as shell
from service import openapi
from service.database import Database
from service.outbound import Outbound
from service.pages import Face
from service.sessions import Sessions
from service.settings import Environment
from service.settings import Settings as Base

PORT = 8004
API = (*api.ROUTES, *desk_api.ROUTES)
DIGEST_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the registry is told: the family's settings, its name, who may write, where keys of bodies are."""

    base: Base
    name: str
    writers: tuple[Writer, ...]
    bodies: Path
    certificates: Path | None  # of bodies, for the list of trusted entities

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> Self:
        """The settings from the environment, every problem named at once; raises InvalidSettings."""
        environment = Environment(values, prefix="REGISTRY_")
        base = Base.read(environment, service="registry", port=PORT)
        writers = tuple(_writer(environment, text) for text in environment.names("WRITERS"))
        name = environment.text("NAME", default="Registry of accredited issuers")
        bodies = environment.folder("BODY_KEYS")
        certificates = environment.folder("CERTIFICATES")
        environment.finish()
        return cls(
            base=base, name=name, writers=writers, bodies=bodies or base.keys / BODIES, certificates=certificates
        )  # fmt: skip


def _writer(environment: Environment, text: str) -> Writer:
    who, _, digest = text.partition("=")
    name, _, did = who.partition("@")
    whole = len(digest) == DIGEST_DIGITS and set(digest) <= set("0123456789abcdef")
    if not name or not whole or (did and not did.startswith(ebsi.PREFIX)):
        sentence = "holds names each with the SHA-256 of a key in hexadecimal: office=3a5f…, or anvur@did:ebsi:z…=3a5f…"
        environment.blame("WRITERS", sentence=sentence)
    return Writer(name=name, digest=digest, did=did)


def build(settings: Settings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> web.Application:
    """The registry, ready to be served; its keys must be in their folder (`pergamena keys` makes them)."""
    database = Database.open(settings.base.database_url)
    outbound = Outbound.of(settings.base)

    visits = Sessions(settings=settings.base, database=database, table=SESSIONS, now=now, sign_in_path="/desk/sign-in")

    async def open_office(app: web.Application) -> AsyncIterator[None]:
        keyring = await asyncio.to_thread(_keyring, settings.base)
        root = settings.base.base_url
        custody = Custody(folder=settings.bodies, passphrase=settings.base.key_passphrase or "")
        shelf = Shelf(database)
        known = x509.load_anchors(settings.certificates) if settings.certificates is not None else ()
        offprints = Offprints(
            shelf=shelf, keyring=keyring, root=root, name=settings.name, now=now,
            certificates={x509.x509_hash(each): each for each in known},
        )  # fmt: skip
        press = Press(database=database, keyring=keyring, root=root, name=settings.name, now=now)
        app[REGISTRY] = Registry(
            root=root, name=settings.name, writers=settings.writers, database=database, keyring=keyring, press=press,
            shelf=shelf, offprints=offprints, sessions=visits, outbound=outbound, custody=custody, now=now,
        )  # fmt: skip
        yield

    return shell.create_app(
        settings.base,
        face=Face(title="Registry", tagline=settings.name, wide=True),
        table=[
            openapi.route_to(API, title="Pergamena registry", version="1", schemas=api.SCHEMAS),
            *API,
            *views.ROUTES,
            *desk_pages.ROUTES,
            *identifiers.ROUTES,
            *issuers.ROUTES,
            *proxies.ROUTES,
            *schemas.ROUTES,
            *policies.ROUTES,
        ],
        database=database,
        lifetimes=[open_office, outbound.lifetime],
        middlewares=[visits.guard],
    )


def _keyring(base: Base) -> Keyring:
    return keyring_files.load(base.keys, passphrase=base.key_passphrase or "")
