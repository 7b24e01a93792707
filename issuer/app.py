"""The issuer as a web application: what it is made of, what runs beside its requests, what it serves."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

from aiohttp import web

from issuer.accreditation import web as accreditation_web
from issuer.accreditation.identity import Identities
from issuer.accreditation.lists import AttestedLists
from issuer.accreditation.source import Accreditations
from issuer.books import store_awards, store_copies, store_offers
from issuer.books.tables import JOBS, SESSIONS
from issuer.catalogue import oeapi_api
from issuer.catalogue.shelf import Shelf
from issuer.cohorts.batches import Batches
from issuer.cohorts.making import Workshop
from issuer.cohorts.working import Working
from issuer.configurations.type_document import type_document
from issuer.console import cohorts as console_cohorts
from issuer.console import webhooks as console_webhooks
from issuer.courses import AwardedCourses
from issuer.delivery import post
from issuer.delivery import web as delivery_console
from issuer.documents import web as document_pages
from issuer.issuer import ISSUER, Issuer
from issuer.lists import StatusLists
from issuer.notices.webhooks import Webhooks
from issuer.settings import IssuerSettings
from issuer.tenancy.offices import Offices
from issuer.web import (
    catalogue,
    cohort_api,
    console,
    console_awards,
    console_courses,
    console_keys,
    console_people,
    console_records,
    delivery_api,
    delivery_pages,
    hei_api,
    storefront,
    wallet_api,
    webhook_api,
)
from service import app, openapi
from service.database import Database
from service.jobs import jobs
from service.outbound import Outbound
from service.pages import Face
from service.paper.press import Press
from service.rate_limits import RateLimit
from service.sessions import Sessions
from service.upkeep import tidying

FACE = Face(title="Pergamena Issuer", tagline="Micro-credentials, awarded")
API = (
    *hei_api.ROUTES, *cohort_api.ROUTES, *webhook_api.ROUTES, *wallet_api.ROUTES, *storefront.ROUTES,
    *delivery_pages.ROUTES, *document_pages.ROUTES, *delivery_api.ROUTES, *delivery_console.ROUTES, *console.ROUTES,
    *console_awards.ROUTES, *console_courses.ROUTES, *console_people.ROUTES,
    *console_keys.ROUTES, *console_records.ROUTES, *catalogue.ROUTES, *oeapi_api.ROUTES,
    *console_cohorts.ROUTES, *console_webhooks.ROUTES, *accreditation_web.ROUTES,
)  # fmt: skip
TABLE = (openapi.route_to(API, title="Pergamena issuer", version="1"), *API)
FILES_AT_ONCE = 2  # cohorts that are read at once: each takes a processor
ANSWERS_KEPT = timedelta(hours=24)


def utc_now() -> datetime:
    """The time."""
    return datetime.now(tz=UTC)


def build(settings: IssuerSettings, *, now: Callable[[], datetime] = utc_now) -> web.Application:
    """The application, which connects and migrates when it starts and lets everything go when it ends."""
    database = Database.open(settings.base.database_url)
    offices = Offices(settings.base, database=database, now=now)
    lists = StatusLists(database, offices=offices, now=now, size=settings.list_size, ttl=settings.status_ttl)
    outbound = Outbound.of(settings.base)
    accreditations = _accreditations(settings, outbound=outbound, now=now)
    workshop = Workshop(database=database, offices=offices, now=now)
    queue = jobs.of(database, url=settings.base.database_url, table=JOBS, tasks=workshop.tasks())
    visits = Sessions(
        settings=settings.base, database=database, table=SESSIONS, now=now, sign_in_path="/console/sign-in"
    )
    made = app.create_app(
        settings.base,
        face=FACE,
        table=TABLE,
        database=database,
        lifetimes=(outbound.lifetime, _work_beside, _work_on_cohorts, post.lifetime),
        middlewares=(visits.guard,),
        checks={"keys": offices.check},
    )
    made[ISSUER] = Issuer(
        settings=settings,
        database=database,
        offices=offices,
        lists=lists,
        type_document=type_document(settings.vct),
        courses=AwardedCourses(database, base_url=settings.base.base_url),
        shelf=Shelf(database, base_url=settings.base.base_url, now=now),
        sessions=visits,
        sign_ins=RateLimit(times=20, seconds=60),
        nonces=RateLimit(times=settings.nonce_per_minute, seconds=60),
        openings=RateLimit(times=settings.offers_per_minute, seconds=60),
        press=Press(fonts=settings.fonts),
        batches=Batches(
            database=database,
            jobs=queue,
            part_rows=settings.batch_rows,
            reading=asyncio.Semaphore(FILES_AT_ONCE),
            now=now,
        ),
        webhooks=Webhooks(database=database, offices=offices, outbound=outbound, now=now),
        accreditations=accreditations,
        attested_lists=AttestedLists(database=database, accreditations=accreditations),
        now=now,
    )
    made[cohort_api.STOPPING] = asyncio.Event()
    made.on_shutdown.append(cohort_api.stop)
    return made


def _accreditations(
    settings: IssuerSettings, *, outbound: Outbound, now: Callable[[], datetime]
) -> Accreditations:  # fmt: skip
    identities = Identities(folder=settings.base.keys, passphrase=settings.base.key_passphrase or "")
    return Accreditations(fetch=outbound, registry=settings.ebsi_registry, identities=identities, now=now)


def create(values: Mapping[str, str]) -> web.Application:
    """The application that these settings describe; raises InvalidSettings."""
    return build(IssuerSettings.parse(values))


def main() -> web.Application:
    """The application that the environment describes."""
    return create(os.environ)


async def _work_beside(made: web.Application) -> AsyncIterator[None]:
    """Signs the lists ahead, then tidies up once a minute, until the end."""
    async with tidying.beside(_look_after(made[ISSUER], ready=made[app.SHELL].migrated)):
        yield


async def _work_on_cohorts(made: web.Application) -> AsyncIterator[None]:
    """Awards cohorts and tells webhooks, where this process is to, until the end."""
    desk = made[ISSUER]
    working = Working(jobs=desk.batches.jobs, batches=desk.batches, webhooks=desk.webhooks)
    ready = made[app.SHELL].migrated
    async with tidying.beside(working.until_the_end(ready=ready)) if desk.settings.run_jobs else nullcontext():
        yield
    await desk.batches.jobs.close()


async def _look_after(issuer: Issuer, *, ready: asyncio.Event) -> None:
    async def look() -> None:
        await issuer.lists.sign_ahead()
        await tidy(issuer)

    await ready.wait()
    await tidying.repeat(look, service="issuer", at_once=True)


async def tidy(issuer: Issuer) -> None:
    """Removes what has run out: offers, tokens, used nonces, kept answers."""
    now = issuer.now()
    moment = int(now.timestamp())
    await issuer.database.write(lambda books: store_offers.forget(books, now=moment))
    await issuer.database.write(lambda books: store_copies.forget_nonces(books, now=moment))
    before = int((now - ANSWERS_KEPT).timestamp())
    await issuer.database.write(lambda books: store_awards.forget_answers(books, before=before))
