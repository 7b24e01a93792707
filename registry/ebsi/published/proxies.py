"""The proxies of the Trusted Issuers Registry v5: a verifier asks the registry, so the issuer does not see which one.

Only a status list that is signed as a JWT and says that it is one passes through (VCDM 1.1 StatusList2021, VCDM 2.0
Bitstring Status List); whether its signature is right, the verifier judges.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from keys import jws, strict_json
from keys.errors import KeysError
from registry.ebsi.published import asked, paging
from registry.ebsi.published.asked import ISSUERS
from registry.ebsi.published.paging import Paging
from registry.ebsi.register import Proxy
from registry.errors import (
    InvalidStatusListCredential,
    IssuerNotFound,
    ProxyNotFound,
    UnreachableStatusListCredential,
)
from registry.office import REGISTRY
from service.outbound import Outbound
from trust.errors import TrustError

PLAIN: Final = re.compile(r"[A-Za-z0-9._~/-]+", re.ASCII)
LIMIT: Final = 4 << 20
KINDS: Final = frozenset({"StatusList2021Credential", "BitstringStatusListCredential"})
ACCEPT: Final = "application/jwt, application/vc+jwt, text/plain, */*"
OK: Final = 200


async def get_proxies(request: web.Request) -> web.Response:
    """A page of an issuer's proxies."""
    page_asked = Paging.parse(request)
    did, held = await _held(request)
    url = asked.url_of(request, ISSUERS, f"/issuers/{did}/proxies")
    page = page_asked.to_json(held, url=url, item=lambda name: {"proxyId": name, "href": f"{url}/{name}"})
    return asked.answer(request, page)


async def get_proxy(request: web.Request) -> web.Response:
    """One proxy."""
    paging.check_parameters(request)
    return asked.answer(request, (await _proxy(request)).to_json())


async def get_through(request: web.Request) -> web.Response:
    """The status list behind a proxy, as its issuer signed it."""
    proxy = await _proxy(request)
    path = request.match_info["path"]
    if not PLAIN.fullmatch(path) or ".." in path:
        raise ProxyNotFound("There is no such path behind this proxy.")
    token = await fetched(request.app[REGISTRY].outbound, f"{proxy.prefix}/{path}", headers=proxy.headers)
    return web.Response(text=token, content_type="text/plain", headers={"Cache-Control": "no-store"})


async def fetched(outbound: Outbound, url: str, *, headers: Mapping[str, str]) -> str:
    """The status list at `url`; raises UnreachableStatusListCredential or InvalidStatusListCredential."""
    try:
        answer = await outbound.fetch(url, accept=ACCEPT, headers=headers, limit=LIMIT)
    except TrustError as error:
        raise UnreachableStatusListCredential("The issuer's status list does not answer.") from error
    if answer.status != OK:
        raise UnreachableStatusListCredential(f"The issuer's status list answers {answer.status}.")
    try:
        token = answer.body.decode("ascii").strip()
        check(token)
    except (KeysError, UnicodeDecodeError) as error:
        raise InvalidStatusListCredential("What the issuer answers is not a signed status list.") from error
    return token


def check(token: str) -> None:
    """Returns if `token` is a JWT that says to be a status list; raises InvalidStatusListCredential or KeysError."""
    claims = strict_json.parse_object(jws.parse(token, limit=LIMIT).payload, limit=LIMIT)
    inner: Any = claims.get("vc", claims)
    types = inner.get("type") if isinstance(inner, Mapping) else None
    if not isinstance(types, list) or not any(kind in KINDS for kind in types if isinstance(kind, str)):
        raise InvalidStatusListCredential("What the issuer answers is not a status list.")


async def _held(request: web.Request) -> tuple[str, Mapping[str, Proxy]]:
    did = asked.did_of(request)
    register = await request.app[REGISTRY].shelf.current()
    if did not in register.issuers:
        raise IssuerNotFound(f"Issuer {did} not found")
    return did, register.proxies.get(did, {})


async def _proxy(request: web.Request) -> Proxy:
    _, held = await _held(request)
    name = request.match_info["proxy"]
    if name not in held:
        raise ProxyNotFound(f"Proxy {name} not found")
    return held[name]


ROUTES = (
    asked.route(f"{ISSUERS}/issuers/{{did}}/proxies", get_proxies, "The proxies of an issuer."),
    asked.route(f"{ISSUERS}/issuers/{{did}}/proxies/{{proxy}}", get_proxy, "One proxy."),
    asked.route(f"{ISSUERS}/issuers/{{did}}/proxies/{{proxy}}/{{path:.+}}", get_through, "A status list."),
)
