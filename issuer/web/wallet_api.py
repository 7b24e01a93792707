"""The endpoints that wallets and verifiers call: OpenID4VCI 1.0, RFC 8414, SD-JWT VC, Token Status List."""

from collections.abc import Mapping, Sequence

from aiohttp import hdrs, web

from credentials.status import bitstring_list, token_list
from exchange import oauth
from exchange.errors import ExchangeError, InvalidCredentialRequest, InvalidNotificationRequest, InvalidRequest
from exchange.issuance import CredentialRequest, DeferredRequest, DeferredResponse, NonceResponse, Notification
from exchange.oauth import TokenRequest
from issuer import issuance, issuer, offers
from issuer.accreditation import web as accreditation_web
from issuer.configurations.w3c import KEYS_PATH
from issuer.errors import UnknownKey
from issuer.issuance import NONCE_LIFE
from issuer.tenancy.metadata import VCT_PATH
from keys import strict_json
from service import rate_limits, routes
from service.routes import Content, Route, Speaks

NO_STORE: Mapping[str, str] = {hdrs.CACHE_CONTROL: "no-store"}
FOR_A_WHILE: Mapping[str, str] = {hdrs.CACHE_CONTROL: "public, max-age=300"}
FORM = "application/x-www-form-urlencoded"
JWK = "application/jwk+json"


async def get_issuer_metadata(request: web.Request) -> web.Response:
    """The credential issuer metadata (section 12.2), with the accreditations that cover what is issued."""
    desk = issuer.of(request)
    return _document(await accreditation_web.metadata_of(desk, office=await desk.office(request)))


async def get_server_metadata(request: web.Request) -> web.Response:
    """The authorization server metadata (section 12.3)."""
    office = await issuer.of(request).office(request)
    return _document(office.documents.server)


async def get_jwt_vc_issuer(request: web.Request) -> web.Response:
    """The issuer's keys for verifiers of SD-JWT VCs."""
    office = await issuer.of(request).office(request)
    return _document(office.documents.jwt_vc_issuer)


async def get_keys(request: web.Request) -> web.Response:
    """The JWK Set of the institution."""
    office = await issuer.of(request).office(request)
    return _document(office.documents.keys)


async def get_key(request: web.Request) -> web.Response:
    """One public key of the institution: what the `kid` of a badge leads to (Open Badges 3.0, 8.2.4.1)."""
    office = await issuer.of(request).office(request)
    for key in office.keyring.jwks()["keys"]:
        if key["kid"] == request.match_info["kid"]:
            return web.Response(body=strict_json.dump(key), content_type=JWK, headers=FOR_A_WHILE)
    raise UnknownKey("This institution has no such key.")


async def get_type_metadata(request: web.Request) -> web.Response:
    """The type metadata of our credentials; its digest stands in each of them."""
    return _document(issuer.of(request).type_document.body)


async def get_offer(request: web.Request) -> web.Response:
    """An offer by reference (section 4.1.3); a second look finds nothing."""
    desk = issuer.of(request)
    office = await desk.office(request)
    if request.method == hdrs.METH_HEAD:  # a preview of the link: nothing is told, nothing is used up
        return web.Response(content_type="application/json", headers=NO_STORE)
    desk.openings.take(rate_limits.network_of(request))
    offer = await offers.fetch(
        desk.database, office=office, reference=request.match_info["reference"], courses=desk.courses,
        now=desk.now(), life=desk.settings.offer_life, claim_life=desk.settings.claim_life,
    )  # fmt: skip
    return routes.json_answer(offer.to_json(), headers=NO_STORE)


async def post_token(request: web.Request) -> web.Response:
    """A token for a pre-authorized code (section 6)."""
    desk = issuer.of(request)
    office = await desk.office(request)
    if request.content_type != FORM:
        raise InvalidRequest("The token request must be a form.")
    asked = TokenRequest.parse(await routes.read_fields(request))
    granted = await offers.grant(desk.database, office=office, request=asked, now=desk.now())
    return routes.json_answer(granted.to_json(), headers=NO_STORE)


async def post_nonce(request: web.Request) -> web.Response:
    """A fresh nonce (section 7), for each network so many a minute."""
    desk = issuer.of(request)
    desk.nonces.take(rate_limits.network_of(request))
    office = await desk.office(request)
    nonce = office.seals.create_nonce(expires=desk.now() + NONCE_LIFE)
    return routes.json_answer(NonceResponse(c_nonce=nonce).to_json(), headers=NO_STORE)


async def post_credential(request: web.Request) -> web.Response:
    """Copies of the credential, or the promise of them (section 8)."""
    desk = issuer.of(request)
    office = await desk.office(request)
    token = oauth.parse_bearer(request.headers.get(hdrs.AUTHORIZATION))
    asked = CredentialRequest.parse(await _json_body(request, refusal=InvalidCredentialRequest))
    answer = await issuance.issue(desk, office=office, token=token, request=asked, now=desk.now())
    return routes.json_answer(answer.to_json(), status=_status(answer), headers=NO_STORE)


async def post_deferred(request: web.Request) -> web.Response:
    """Copies that were promised (section 9)."""
    desk = issuer.of(request)
    office = await desk.office(request)
    token = oauth.parse_bearer(request.headers.get(hdrs.AUTHORIZATION))
    asked = DeferredRequest.parse(await _json_body(request, refusal=InvalidCredentialRequest))
    answer = await issuance.resume(desk, office=office, token=token, request=asked, now=desk.now())
    return routes.json_answer(answer.to_json(), status=_status(answer), headers=NO_STORE)


async def post_notification(request: web.Request) -> web.Response:
    """What became of the copies in the wallet (section 11)."""
    desk = issuer.of(request)
    office = await desk.office(request)
    token = oauth.parse_bearer(request.headers.get(hdrs.AUTHORIZATION))
    told = Notification.parse(await _json_body(request, refusal=InvalidNotificationRequest))
    await issuance.note(desk, office=office, token=token, notification=told, now=desk.now())
    return web.Response(status=204)


async def get_status_list(request: web.Request) -> web.Response:
    """A signed status list; every reader gets the same bytes."""
    return await _status_list(request, purpose=None, media_type=token_list.MEDIA_TYPE)


async def get_bitstring(request: web.Request) -> web.Response:
    """The same list in the form of W3C, for one purpose."""
    return await _status_list(request, purpose=request.match_info["purpose"], media_type=bitstring_list.MEDIA_TYPE)


async def _status_list(request: web.Request, *, purpose: str | None, media_type: str) -> web.Response:
    desk = issuer.of(request)
    institution, name = request.match_info["institution"], request.match_info["list"]
    published = await desk.lists.published(institution, name=name, purpose=purpose)
    headers = {hdrs.ETAG: published.etag, hdrs.CACHE_CONTROL: f"public, max-age={published.max_age(desk.now())}"}
    if request.headers.get(hdrs.IF_NONE_MATCH) == published.etag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=published.body, content_type=media_type, headers=headers)


async def _json_body(request: web.Request, *, refusal: type[ExchangeError]) -> bytes:
    """The body as it came; the message's own parser says what is wrong with it."""
    if request.content_type != "application/json":
        raise refusal("This endpoint reads application/json.")
    return await routes.read_body(request)


def _status(answer: object) -> int:
    return 202 if isinstance(answer, DeferredResponse) else 200


def _document(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json", headers=FOR_A_WHILE)


def _public(path: str, handler: routes.Handler, summary: str, *, media_type: str = "application/json") -> Route:
    return Route(
        method="GET",
        path=path,
        handler=handler,
        summary=summary,
        speaks=Speaks.API,
        answers={200: Content(meaning=summary, media_type=media_type)},
        cors=True,
    )


def _endpoint(path: str, handler: routes.Handler, summary: str, *, media_type: str = "application/json") -> Route:
    return Route(
        method="POST",
        path=path,
        handler=handler,
        summary=summary,
        speaks=Speaks.OAUTH,
        body=Content(meaning="As OpenID4VCI 1.0 says", media_type=media_type),
        answers={200: Content(meaning=summary)},
    )


ROUTES: Sequence[Route] = (
    _public("/.well-known/openid-credential-issuer/{institution}", get_issuer_metadata, "What is issued, and where."),
    _public("/.well-known/oauth-authorization-server/{institution}", get_server_metadata, "Where tokens are given."),
    _public("/.well-known/jwt-vc-issuer/{institution}", get_jwt_vc_issuer, "The keys of an institution."),
    _public("/{institution}/jwks", get_keys, "The keys of an institution."),
    _public(f"/{{institution}}{KEYS_PATH}/{{kid}}", get_key, "One key of an institution.", media_type=JWK),
    _public(VCT_PATH, get_type_metadata, "What our credentials say, claim by claim."),
    _public("/{institution}/offers/{reference}", get_offer, "An offer, told once."),
    _public("/{institution}/status/{list}", get_status_list, "A status list.", media_type=token_list.MEDIA_TYPE),
    _public(
        "/{institution}/status/{list}/{purpose:revocation|suspension}",
        get_bitstring,
        "A W3C status list.",
        media_type=bitstring_list.MEDIA_TYPE,
    ),
    _endpoint("/{institution}/token", post_token, "A token for a code.", media_type=FORM),
    _endpoint("/{institution}/nonce", post_nonce, "A nonce for key proofs."),
    _endpoint("/{institution}/credential", post_credential, "Copies of a credential."),
    _endpoint("/{institution}/deferred", post_deferred, "Copies that were promised."),
    _endpoint("/{institution}/notification", post_notification, "What became of the copies."),
)
