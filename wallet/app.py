"""The wallet as a web application: what it is made of, what runs beside its requests, what it serves."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from aiohttp import web

from service import app, openapi, trusting
from service.database import Database
from service.outbound import Outbound
from service.pages import Face
from service.sessions import Sessions
from service.upkeep import renewing, tidying
from trust.policy import Policy
from wallet import store
from wallet.custody import Gate
from wallet.entry import account_api, proving, security_pages
from wallet.entry import store as entries
from wallet.settings import Settings
from wallet.tables import SESSIONS
from wallet.wallet import WALLET, Wallet
from wallet.web import account_pages, api, api_schemas, certificate_pages, keeping, offer_pages, request_pages, visits

__all__ = ["Settings", "build", "create", "main", "tidy"]

API = (*account_api.ROUTES, *api.ROUTES, *keeping.API)
SCHEMAS = {**api_schemas.SCHEMAS, **keeping.SCHEMAS}
TABLE = (
    openapi.route_to(API, title="Pergamena wallet", version="1", schemas=SCHEMAS),
    *API,
    *keeping.ROUTES,
    *account_pages.ROUTES,
    *security_pages.ROUTES,
    *certificate_pages.ROUTES,
    *offer_pages.ROUTES,
    *request_pages.ROUTES,
)


def utc_now() -> datetime:
    """The time."""
    return datetime.now(tz=UTC)


def build(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> web.Application:
    """The wallet, ready to be served; it has no keys of its own, only those of the people it serves."""
    database = Database.open(settings.base.database_url)
    outbound = Outbound.of(settings.base)
    visiting = Sessions(
        settings=settings.base, database=database, table=SESSIONS, now=now, sign_in_path="/sign-in", bearer=True
    )

    async def open_vaults(made: web.Application) -> AsyncIterator[None]:
        sequence = await trusting.last_sequence(database, mark=store.mark)
        grounds = settings.trust.grounds(settings.base, outbound=outbound, sequence=sequence)
        seen = await trusting.sequences_seen(database, marks=settings.lists.marks, mark=store.mark)
        opening = partial(trusting.open_sources, settings.quality, settings.lists)
        grounds = await asyncio.to_thread(opening, grounds, outbound=outbound, now=now(), seen=seen)
        made[WALLET] = Wallet(
            settings=settings, database=database, outbound=outbound, grounds=grounds,
            policy=Policy(trust=settings.trust.rule), sessions=visiting, gate=Gate(settings.cost), now=now,
            verifier_anchors=tuple(trusting.anchors_in(settings.base.verifier_anchors)),
        )  # fmt: skip
        renewing.tell_quality(grounds, service="wallet")
        renewing.tell_lists(grounds, service="wallet")
        renew = partial(_renew, made[WALLET])
        async with (
            tidying.beside(tidying.repeat(partial(tidy, made[WALLET]), service="wallet")),
            tidying.beside(tidying.repeat(renew, service="wallet", at_once=True)),
        ):
            yield

    return app.create_app(
        settings.base,
        face=Face(title=settings.name, tagline="Your certificates, yours to show"),
        table=TABLE,
        database=database,
        lifetimes=(outbound.lifetime, open_vaults),
        middlewares=(visiting.guard, proving.ask, visits.resume),
    )


def create(values: Mapping[str, str]) -> web.Application:
    """The application that these settings describe; raises InvalidSettings."""
    return build(Settings.parse(values))


def main() -> web.Application:
    """The application that the environment describes."""
    return create(os.environ)


async def tidy(wallet: Wallet) -> None:
    """Removes offers and requests past their time, and keeps the number of the newest list that was seen."""
    moment = wallet.moment
    await wallet.database.write(lambda books: store.forget_errands(books, now=moment))
    await wallet.database.write(lambda books: entries.forget_ceremonies(books, now=moment))
    await trusting.keep_sequence(wallet.grounds, database=wallet.database, raise_mark=store.raise_mark)


async def _renew(wallet: Wallet) -> None:
    await renewing.renew(wallet.grounds, outbound=wallet.outbound, now=wallet.now(), service="wallet")
