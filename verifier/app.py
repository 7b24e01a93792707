"""The verifier as a web application: what it is made of, what runs beside its requests, what it serves."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial

from aiohttp import web

from keys import keyring_files, x509
from keys.keyring import Keyring
from keys.x509 import Certificate
from service import app, openapi, trusting
from service.database import Database
from service.outbound import Outbound
from service.pages import Face
from service.rate_limits import RateLimit
from service.sessions import Sessions
from service.settings import Settings as Base
from service.upkeep import renewing, tidying
from verifier import orders, store
from verifier.bulk import web as many
from verifier.bulk.jobs import BULK, Bulk
from verifier.desk import VERIFIER, Verifier
from verifier.intake.opening import INTAKE, Intake
from verifier.receipts import paper
from verifier.recent import Recent
from verifier.recognition import web as dossiers
from verifier.recognition.room import ROOM, Room
from verifier.settings import Settings
from verifier.stacking import web as stacks
from verifier.tables import SESSIONS
from verifier.vault import Vault
from verifier.web import api, people, wallets

__all__ = ["Settings", "build", "create", "main", "tidy"]

API = (*api.ROUTES, *wallets.ROUTES, *dossiers.API, *stacks.API, *many.API)
DESCRIPTION = openapi.route_to(API, title="Pergamena verifier", version="1", schemas=api.SCHEMAS)
TABLE = (DESCRIPTION, *API, *people.ROUTES, *paper.ROUTES, *dossiers.PAGES, *stacks.PAGES, *many.PAGES)
REMEMBERED = 512
VISITS = 120


def utc_now() -> datetime:
    """The time."""
    return datetime.now(tz=UTC)


def build(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> web.Application:
    """The verifier, ready to be served; its keys must be in their folder (`pergamena keys` makes them)."""
    database = Database.open(settings.base.database_url)
    outbound = Outbound.of(settings.base)
    visits = Sessions(settings=settings.base, database=database, table=SESSIONS, now=now)

    async def open_desk(made: web.Application) -> AsyncIterator[None]:
        keyring = await asyncio.to_thread(_keyring, settings.base)
        sequence = await trusting.last_sequence(database, mark=store.mark)
        grounds = settings.trust.grounds(settings.base, outbound=outbound, sequence=sequence)
        seen = await trusting.sequences_seen(database, marks=settings.lists.marks, mark=store.mark)
        opening = partial(trusting.open_sources, settings.quality, settings.lists)
        grounds = await asyncio.to_thread(opening, grounds, outbound=outbound, now=now(), seen=seen)
        made[ROOM] = await asyncio.to_thread(Room.of, settings.recognition)
        made[VERIFIER] = Verifier(
            settings=settings, database=database, keyring=keyring, vault=Vault(keyring), grounds=grounds,
            sessions=visits,
            order_of=lru_cache(maxsize=REMEMBERED)(orders.load),
            names_of=lru_cache(maxsize=REMEMBERED)(_names), recent=Recent(), now=now,
            visits=RateLimit(times=VISITS, seconds=60),
        )  # fmt: skip
        made[INTAKE] = Intake.of(outbound)
        made[BULK] = Bulk(made[VERIFIER], intake=made[INTAKE], kept=settings.bulk_life)
        renewing.tell_quality(grounds, service="verifier")
        renewing.tell_lists(grounds, service="verifier")
        renew = partial(_renew, made[VERIFIER], outbound)
        async with (
            tidying.beside(tidying.repeat(partial(tidy, made[VERIFIER]), service="verifier")),
            tidying.beside(tidying.repeat(made[BULK].tidy, service="verifier")),
            made[BULK],
            tidying.beside(tidying.repeat(renew, service="verifier", at_once=True)),
        ):
            yield

    return app.create_app(
        settings.base,
        face=Face(title=settings.name, tagline="Is this certificate real?", told=settings.spans),
        table=TABLE,
        database=database,
        lifetimes=(outbound.lifetime, open_desk),
        middlewares=(visits.guard,),
    )


def create(values: Mapping[str, str]) -> web.Application:
    """The application that these settings describe; raises InvalidSettings."""
    return build(Settings.parse(values))


def main() -> web.Application:
    """The application that the environment describes."""
    return create(os.environ)


async def tidy(desk: Verifier) -> None:
    """Removes what is past its time, and keeps the number of the newest list that was seen."""
    moment = desk.moment
    desk.recent.tidy(now=moment)
    await desk.database.write(lambda books: store.forget(books, now=moment))
    await trusting.keep_sequence(desk.grounds, database=desk.database, raise_mark=store.raise_mark)


async def _renew(desk: Verifier, outbound: Outbound) -> None:
    await renewing.renew(desk.grounds, outbound=outbound, now=desk.now(), service="verifier")


def _keyring(base: Base) -> Keyring:
    return keyring_files.load(base.keys, passphrase=base.key_passphrase or "")


def _names(path: tuple[Certificate, ...]) -> tuple[str, ...]:
    """What the certificates of a path are called, the issuer's own first."""
    return tuple(x509.common_name(certificate) or "" for certificate in path)
