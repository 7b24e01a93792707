"""What a visit to any page does first: everything that was promised for later and is due is asked for."""

from aiohttp import hdrs, web

from service import routes, sessions
from service.routes import Speaks
from wallet import wallet
from wallet.claiming import resuming


@web.middleware
async def resume(request: web.Request, handler: routes.Handler) -> web.StreamResponse:
    """Stands behind the guard of the sessions; looks only where a person who is signed in opens a page."""
    route = routes.of(request)
    page = route is not None and route.speaks is Speaks.PAGE and routes.wants_html(request)
    if page and request.method == hdrs.METH_GET and sessions.of(request).subject is not None:
        await resuming.resume_due(wallet.of(request), wallet.vault_of(request))
    return await handler(request)
