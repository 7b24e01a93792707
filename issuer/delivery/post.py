"""The courier of this process: it works from start to end, beside the requests, where a mail server is set."""

from collections.abc import AsyncIterator

from aiohttp import web

from issuer.delivery import courier
from issuer.delivery.courier import Courier
from issuer.issuer import ISSUER
from service import app, outbound
from service.pages import PAGES
from service.upkeep import tidying


async def lifetime(made: web.Application) -> AsyncIterator[None]:
    """Sends mail while the service runs; any number of processes may."""
    working = courier_of(made)
    if working is None:
        yield
        return
    async with tidying.beside(_work(working, made=made)):
        yield


def courier_of(made: web.Application) -> Courier | None:
    """The courier of this application; None where no mail server is set."""
    desk = made[ISSUER]
    server = desk.settings.mail_server
    if server is None:
        return None
    context = outbound.tls_context(desk.settings.base.tls_anchors)
    connect = courier.connector(server, context=context)
    return Courier(issuer=desk, pages=made[PAGES], server=server, connect=connect)


async def _work(working: Courier, *, made: web.Application) -> None:
    await made[app.SHELL].migrated.wait()
    await working.work()
