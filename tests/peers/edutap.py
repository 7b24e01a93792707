"""openid4vci (eduTAP) as the issuer that offers to our wallet: OpenID4VCI 1.0, pre-authorized code, TLS on loopback.

The package brings the messages, the authorization server, the proof check and the SD-JWT VC; its HTTP router needs
FastAPI, so the routes below stand in for it. A test builds one with `running` and hands `offer()` to the wallet.
"""

import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from joserfc.jwk import ECKey
from openid4vci.adapters.sd_jwt_vc import SdJwtVcAdapter
from openid4vci.authorization import InMemoryAuthorizationServer, TokenError
from openid4vci.crypto.proofs import validate_jwt_proof
from openid4vci.crypto.signer import LocalJwsSigner
from openid4vci.exceptions import CredentialRequestError
from openid4vci.models.credential import CredentialErrorCode, CredentialRequest, CredentialResponse
from openid4vci.models.nonce import NonceResponse
from openid4vci.models.notification import NotificationRequest
from openid4vci.models.oauth import TokenRequest
from openid4vci.models.offer import offer_uri_by_reference, offer_uri_by_value
from openid4vci.reference import InMemoryIssuerBackend
from pydantic import ValidationError

CONFIGURATION = "microcredential"
TENANT = "/campus"
NO_STORE = {"Cache-Control": "no-store"}


class ChainedSigner(LocalJwsSigner):
    """The package's signer, with the certificate chain in the header that the package leaves to its user."""

    def __init__(self, key: ECKey, *, x5c: tuple[str, ...]) -> None:
        super().__init__(key)
        self.x5c = x5c

    async def sign(self, payload: str | bytes, header: dict[str, Any] | None = None) -> str:
        """The compact JWS over `payload` with x5c beside what the format asks for."""
        return await super().sign(payload, {**(header or {}), "x5c": list(self.x5c)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edutap:
    """One running issuer; `origin` is the loopback origin that the wallet must be allowed to call."""

    origin: str
    authorization: InMemoryAuthorizationServer
    backend: InMemoryIssuerBackend
    adapter: SdJwtVcAdapter
    claims: Mapping[str, Any]
    offers: dict[str, str] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)

    @property
    def identifier(self) -> str:
        """The credential issuer identifier: a tenant's path below the origin, so well-known paths are inserted."""
        return self.origin + TENANT

    def offer(self, *, pin: str | None = None, by_reference: bool = False) -> str:
        """A link that offers the credential once, with a transaction code where `pin` is given."""
        offer, code = self.authorization.offer("learner", [CONFIGURATION], tx_code=pin)
        if not by_reference:
            return str(offer_uri_by_value(offer))
        self.offers[code] = json.dumps(offer.to_dict())
        return str(offer_uri_by_reference(f"{self.identifier}/offers/{code}"))

    async def mint(self, request: CredentialRequest) -> CredentialResponse:
        """One credential for each proof, after the package's own proof check and its single-use nonce store."""
        proofs = (request.proofs or {}).get("jwt", [])
        if not proofs:
            raise CredentialRequestError(CredentialErrorCode.INVALID_PROOF, "a jwt proof is needed")
        checked = [validate_jwt_proof(proof, credential_issuer=self.identifier) for proof in proofs]
        for nonce in {one.claims.get("nonce", "") for one in checked}:
            if not self.backend.nonces.consume(nonce):
                raise CredentialRequestError(CredentialErrorCode.INVALID_NONCE, "that nonce is not current")
        made = [await self.adapter.issue(dict(self.claims), holder_key=one.bound_key) for one in checked]
        self.issued.extend(made)
        return CredentialResponse.model_validate(
            {"credentials": [{"credential": one} for one in made], "notification_id": f"note-{len(self.issued)}"}
        )


ISSUER = web.AppKey("issuer", Edutap)


@asynccontextmanager
async def running(
    *,
    port: int,
    tls: ssl.SSLContext,
    key: ECKey,
    x5c: tuple[str, ...],
    vct: str,
    claims: Mapping[str, Any],
    always_visible: tuple[str, ...] = ("iat", "exp"),
) -> AsyncIterator[Edutap]:
    """An issuer at https://localhost:`port` that signs with `key`; x5c must lead to an anchor of the wallet."""
    origin = f"https://localhost:{port}"
    identifier = origin + TENANT
    adapter = SdJwtVcAdapter(vct, ChainedSigner(key, x5c=x5c), issuer=identifier, always_visible=always_visible)

    async def mint(request: CredentialRequest, _context: object) -> CredentialResponse:
        return await issuer.mint(request)

    issuer = Edutap(
        origin=origin,
        authorization=InMemoryAuthorizationServer(identifier),
        backend=InMemoryIssuerBackend(_metadata(identifier, adapter=adapter), mint),
        adapter=adapter,
        claims=claims,
    )
    runner = web.AppRunner(_routes(issuer))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
        yield issuer
    finally:
        await runner.cleanup()


def _metadata(identifier: str, *, adapter: SdJwtVcAdapter) -> dict[str, Any]:
    """The credential issuer metadata of one configuration, the package's own fragment for the format in it."""
    return {
        "credential_issuer": identifier,
        "credential_endpoint": f"{identifier}/credential",
        "nonce_endpoint": f"{identifier}/nonce",
        "notification_endpoint": f"{identifier}/notification",
        "display": [{"name": "Campus of the other implementation", "locale": "en"}],
        "batch_credential_issuance": {"batch_size": 4},
        "credential_configurations_supported": {
            CONFIGURATION: {
                **adapter.metadata_fragment(),
                "scope": CONFIGURATION,
                "cryptographic_binding_methods_supported": ["jwk"],
                "credential_signing_alg_values_supported": ["ES256"],
                "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
                "credential_metadata": {"display": [{"name": "Micro-credential", "locale": "en"}]},
            }
        },
    }


def _routes(issuer: Edutap) -> web.Application:
    """The HTTP surface: two well-known documents, the offer by reference and the four endpoints."""
    app = web.Application()
    app[ISSUER] = issuer
    app.router.add_get(f"/.well-known/openid-credential-issuer{TENANT}", _credential_issuer)
    app.router.add_get(f"/.well-known/oauth-authorization-server{TENANT}", _authorization_server)
    app.router.add_get(f"{TENANT}/offers/{{code}}", _offer)
    app.router.add_post(f"{TENANT}/nonce", _nonce)
    app.router.add_post(f"{TENANT}/token", _token)
    app.router.add_post(f"{TENANT}/credential", _credential)
    app.router.add_post(f"{TENANT}/notification", _notification)
    return app


async def _credential_issuer(request: web.Request) -> web.Response:
    return web.json_response((await request.app[ISSUER].backend.issuer_metadata()).to_dict())


async def _authorization_server(request: web.Request) -> web.Response:
    identifier = request.app[ISSUER].identifier
    return web.json_response(
        {
            "issuer": identifier,
            "token_endpoint": f"{identifier}/token",
            "response_types_supported": ["code"],
            "grant_types_supported": ["urn:ietf:params:oauth:grant-type:pre-authorized_code"],
            "pre-authorized_grant_anonymous_access_supported": True,
        }
    )


async def _offer(request: web.Request) -> web.Response:
    kept = request.app[ISSUER].offers.get(request.match_info["code"])
    return web.Response(text=kept, content_type="application/json") if kept else web.Response(status=404)


async def _nonce(request: web.Request) -> web.Response:
    fresh = NonceResponse(c_nonce=await request.app[ISSUER].backend.create_nonce())
    return web.json_response(fresh.to_dict(), headers=NO_STORE)


async def _token(request: web.Request) -> web.Response:
    """The token endpoint over the package's authorization server."""
    form: dict[str, Any] = dict(await request.post())
    if "authorization_details" in form:
        form["authorization_details"] = json.loads(form["authorization_details"])
    try:
        granted = request.app[ISSUER].authorization.redeem(TokenRequest.model_validate(form))
    except ValidationError as error:
        return _refusal("invalid_request", str(error))
    except TokenError as error:
        return _refusal(error.code.value, error.description)
    # Its to_dict leaves out what was not set, the required `type` of each authorization detail among it.
    return web.json_response(granted.model_dump(mode="json", by_alias=True, exclude_none=True), headers=NO_STORE)


async def _credential(request: web.Request) -> web.Response:
    """The credential endpoint: the bearer's grant decides what may be asked for, the package decides the rest."""
    issuer = request.app[ISSUER]
    grant = issuer.authorization.grant_for(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if grant is None:
        return web.Response(status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    try:
        asked = CredentialRequest.model_validate(await request.json())
        identifiers = {one for many in grant.credential_identifiers.values() for one in many}
        if asked.credential_identifier is not None and asked.credential_identifier not in identifiers:
            return _refusal(CredentialErrorCode.UNKNOWN_CREDENTIAL_IDENTIFIER.value, "no such identifier")
        answer = await issuer.backend.issue_credential(asked, request)
    except ValidationError as error:
        return _refusal(CredentialErrorCode.INVALID_CREDENTIAL_REQUEST.value, str(error))
    except CredentialRequestError as error:
        return _refusal(error.code.value, error.description)
    return web.json_response(answer.to_dict(), headers=NO_STORE)


async def _notification(request: web.Request) -> web.Response:
    """The notification endpoint: what the wallet said is kept in `backend.notifications`."""
    await request.app[ISSUER].backend.notify(NotificationRequest.model_validate(await request.json()), request)
    return web.Response(status=204)


def _refusal(code: str, description: str) -> web.Response:
    """An error body as OpenID4VCI 1.0 writes it."""
    body = {"error": code, "error_description": description}
    return web.json_response(body, status=400, headers=NO_STORE)
