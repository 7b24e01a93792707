"""How a university's own systems come in: by API key, with a scope; and what their requests have in common."""

from aiohttp import hdrs, web

from issuer import awards, institutions, issuer
from issuer.issuer import Issuer
from issuer.tenancy.access import Caller, Scope
from issuer.tenancy.offices import Office
from service.errors import BadRequest, NotSignedIn

LONGEST_KEY = 255
LONGEST_COUNT = 9


async def enter(request: web.Request, *, scope: Scope) -> tuple[Issuer, Office, Caller]:
    """The issuer, and the office and caller of the API key; raises NotSignedIn or Forbidden."""
    desk = issuer.of(request)
    scheme, _, key = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn("An API key is needed: Authorization: Bearer prg_…")
    caller = await institutions.recognise(desk.database, key=key.strip())
    caller.require(scope)
    return desk, await desk.offices.of(caller.institution), caller


def idempotency_key(request: web.Request) -> str | None:
    """The Idempotency-Key, if there is one; raises BadRequest for what is none."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadRequest(f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.")
    return key


def count(request: web.Request) -> int:
    """How many are asked for; raises BadRequest."""
    asked = request.query.get("count", str(awards.PAGE))
    known = asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_COUNT
    if not (known and 1 <= int(asked) <= awards.MOST_PAGE):
        raise BadRequest(f"count is a whole number from 1 to {awards.MOST_PAGE}.")
    return int(asked)
