"""The endpoints that wallets call: request_uri by GET and POST, and response_uri (OpenID4VP 1.0 sections 5.7 to 8)."""

from collections.abc import Sequence

from aiohttp import hdrs, web

from exchange.errors import InvalidRequest
from exchange.request_link import ACCEPT, RequestUriPost
from service import routes
from service.routes import Content, Route, Speaks
from verifier import desk, requests, responses

FORM = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store"}
LARGEST_ANSWER = 2 << 20


async def get_request(request: web.Request) -> web.Response:
    """The request object."""
    if request.method == hdrs.METH_HEAD:  # a preview of the link: nothing is told, nothing is noted
        return web.Response(content_type=ACCEPT, headers=NO_STORE)
    return await _request_object(request, wallet_nonce=None)


async def post_request(request: web.Request) -> web.Response:
    """The request object, with the nonce of the wallet that asks for it (section 5.10)."""
    asked = RequestUriPost.parse(await _form(request))
    return await _request_object(request, wallet_nonce=asked.wallet_nonce)


async def post_response(request: web.Request) -> web.Response:
    """Takes a wallet's answer, in the clear or encrypted, exactly once (section 8.2)."""
    receipt = await responses.take(
        desk.of(request), ticket=request.match_info["ticket"], here=_is_here(request), form=await _form(request)
    )
    return routes.json_answer(receipt.to_json(), headers=NO_STORE)


async def _request_object(request: web.Request, *, wallet_nonce: str | None) -> web.Response:
    token = await requests.fetch(
        desk.of(request), ticket=request.match_info["ticket"], here=_is_here(request), wallet_nonce=wallet_nonce
    )
    return web.Response(body=token.encode("ascii"), content_type=ACCEPT, headers=NO_STORE)


async def _form(request: web.Request) -> dict[str, str]:
    if request.content_type != FORM:
        raise InvalidRequest(f"This endpoint reads {FORM}.")
    return await routes.read_form(request)


def _is_here(request: web.Request) -> bool:
    return request.path.endswith(f"/{requests.HERE}")


def _routes() -> Sequence[Route]:
    found: list[Route] = []
    given = {200: Content(meaning="The signed request object.", media_type=ACCEPT)}
    taken = {200: Content(meaning="It was taken; `redirect_uri` is where the person's browser goes next, if anywhere.")}
    for end, device in (("", "another device"), (f"/{requests.HERE}", "the same device")):
        found += [
            Route(
                method="GET", path=f"/requests/{{ticket}}{end}", handler=get_request, speaks=Speaks.OAUTH,
                summary=f"The request object, for a wallet on {device}.", answers=given,
            ),
            Route(
                method="POST", path=f"/requests/{{ticket}}{end}", handler=post_request, speaks=Speaks.OAUTH,
                summary=f"The request object with a wallet's nonce, for a wallet on {device}.", answers=given,
                body=Content(meaning="`wallet_nonce` and `wallet_metadata`, both optional.", media_type=FORM),
            ),
            Route(
                method="POST", path=f"/responses/{{ticket}}{end}", handler=post_response, speaks=Speaks.OAUTH,
                summary=f"Takes the answer of a wallet on {device}, once.", answers=taken, body_limit=LARGEST_ANSWER,
                body=Content(meaning="`response`, or `vp_token` and `state`, or `error`.", media_type=FORM),
            ),
        ]  # fmt: skip
    return tuple(found)


ROUTES: Sequence[Route] = _routes()
