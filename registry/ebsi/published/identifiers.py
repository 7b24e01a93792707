"""The DID Registry v5, reading side: the DIDs, and the document of one at a moment."""

from collections.abc import Collection
from typing import Any

from aiohttp import web

from keys.did import ebsi
from registry.ebsi import keyrings
from registry.ebsi.published import asked, paging
from registry.ebsi.published.asked import DIDS, VALID_AT
from registry.ebsi.published.paging import Paging
from registry.ebsi.register import Register
from registry.errors import EbsiBadRequest, IdentifierNotFound, NotAcceptable
from registry.office import REGISTRY
from service import routes

LD_JSON = "application/did+ld+json"
FORMS = (LD_JSON, "application/did+json", "application/json")
ANY = {"*/*": LD_JSON, "application/*": LD_JSON}


async def get_identifiers(request: web.Request) -> web.Response:
    """A page of the DIDs; those of one controller where that is asked for."""
    page_asked = Paging.parse(request, known=("controller",))
    register = await request.app[REGISTRY].shelf.current()
    names: Collection[str] = register.identifiers
    if (controller := request.query.get("controller")) is not None:
        names = [did for did, keys in register.identifiers.items() if controller in keys.controllers]
    url = asked.url_of(request, DIDS, "/identifiers")
    return asked.answer(
        request, page_asked.to_json(names, url=url, item=lambda did: {"did": did, "href": f"{url}/{did}"})
    )


async def get_identifier(request: web.Request) -> web.Response:
    """The document of a DID, now or at the moment that `valid-at` names."""
    did = asked.did_of(request)
    paging.check_parameters(request, known=(VALID_AT,))
    form = _form(request)
    registry = request.app[REGISTRY]
    register = await registry.shelf.current()
    at = asked.moment_of(request) or registry.now()
    if did not in register.identifiers or at < register.created[did]:
        raise IdentifierNotFound(f"Identifier {did} not found")
    return asked.answer(request, register.identifiers[did].to_document(at=at), media_type=form)


async def post_action(request: web.Request) -> web.Response:
    """JSON-RPC `checkController`: whether an address of the ledger is that of a key that controls the DID now."""
    did = asked.did_of(request)
    match await routes.read_json(request):
        case {"method": "checkController", "params": [str(address)], **rest}:
            pass
        case _:
            raise EbsiBadRequest("method must be checkController", "params must be one address")
    registry = request.app[REGISTRY]
    register = await registry.shelf.current()
    if did not in register.identifiers:
        raise IdentifierNotFound(f"Identifier {did} not found")
    known = address.lower() in _addresses(register, did, at=registry.now())
    return asked.answer(request, {"jsonrpc": "2.0", "id": rest.get("id"), "result": known})


def _addresses(register: Register, did: str, *, at: Any) -> frozenset[str]:
    controllers = [register.identifiers.get(each) for each in register.identifiers[did].controllers]
    return frozenset(
        ebsi.ledger_address(key.public)
        for keys in controllers
        if keys is not None
        for key in keys.serving(keyrings.INVOCATION, at=at)
        if key.public.crv == "secp256k1"
    )


def _form(request: web.Request) -> str:
    wanted = asked.accepted(request)
    for form in FORMS:
        if form in wanted:
            return form
    for name, form in ANY.items():
        if name in wanted:
            return form
    raise NotAcceptable(f"A DID document is to be had as {' or '.join(FORMS)}.")


ROUTES = (
    asked.route(f"{DIDS}/health", asked.get_health, "The DID registry answers."),
    asked.route(f"{DIDS}/identifiers", get_identifiers, "The DIDs."),
    asked.route(f"{DIDS}/identifiers/{{did}}", get_identifier, "A DID document."),
    asked.route(f"{DIDS}/identifiers/{{did}}/actions", post_action, "Who controls a DID.", method="POST"),
)
