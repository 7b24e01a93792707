"""An employer of our own making that can be made to misbehave: real HTTP, a real certificate, real encryption."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from exchange import request_object, vp_response
from exchange.client import ClientId, ClientMetadata, Prefix
from exchange.dcql import Query
from exchange.request_object import AuthorizationRequest, ResponseMode
from exchange.vp_response import Answer, Encrypted, Refusal
from keys import jws, x509
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.trust import builders
from tests.trust.builders import NOON, Authority, Party
from trust.report import Report
from trust.verification import Binding, verify

NAMES = [{"path": ["given_name"]}, {"path": ["family_name"]}]


@dataclass(kw_only=True)
class Employer:
    """It asks for a name with one certificate; what it says can be changed before it is asked."""

    vct: str
    root: Authority = field(default_factory=lambda: builders.make_authority("Authority for verifiers"))
    prefix: Prefix = Prefix.X509_SAN_DNS
    mode: ResponseMode = ResponseMode.DIRECT_POST_JWT
    claims: dict[str, Any] = field(default_factory=dict)  # over those of the request object
    header: dict[str, Any] = field(default_factory=dict)
    typ: str = request_object.TYP
    query: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    moved: str = ""
    forget_nonce: bool = False
    now: datetime = NOON
    key: PrivateJwk = field(default_factory=lambda: PrivateJwk.generate(Algorithm.ES256, kid="enc-1"))
    party: Party = field(init=False)
    server: TestServer = field(init=False)
    received: list[Answer | Refusal] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)  # what came to the place that a redirect names
    fetched: list[dict[str, str]] = field(default_factory=list)

    async def open(self) -> None:
        app = web.Application()
        app.router.add_get("/request", self._request)
        app.router.add_post("/request", self._request)
        app.router.add_post("/response", self._response)
        app.router.add_route("*", "/elsewhere", self._elsewhere)
        self.server = TestServer(app, host="localhost")
        await self.server.start_server()
        self.party = builders.make_party(self.root, uri=self.origin, dns=("localhost",), subject="Employer")

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server.port}"

    @property
    def did(self) -> str:
        return methods.create_jwk(self.party.key.public)

    @property
    def client_id(self) -> ClientId:
        name = {
            Prefix.X509_SAN_DNS: "localhost",
            Prefix.X509_HASH: x509.x509_hash(self.party.chain[0]),
            Prefix.DECENTRALIZED_IDENTIFIER: self.did,
            Prefix.REDIRECT_URI: f"{self.origin}/response",
        }[self.prefix]
        return ClientId(prefix=self.prefix, name=name)

    @property
    def link(self) -> str:
        return f"openid4vp://?client_id={self.client_id}&request_uri={self.origin}/request"

    def request(self, *, wallet_nonce: str | None = None) -> AuthorizationRequest:
        wanted = {"id": "mc", "format": "dc+sd-jwt", "meta": {"vct_values": [self.vct]}, "claims": NAMES}
        return AuthorizationRequest(
            client_id=self.client_id, response_uri=f"{self.origin}/response", response_mode=self.mode,
            nonce="n-0S6_WzA2Mj-4fQ", query=Query.parse(self.query or {"credentials": [wanted]}), state="state-1",
            client_metadata=ClientMetadata(
                formats={"dc+sd-jwt": ("ES256",)}, encryption_key=replace(self.key.public, kid="enc-1"),
                claimed_name="Best <i>Employer</i>",
            ),
            wallet_nonce=wallet_nonce,
        )  # fmt: skip

    async def token(self, *, wallet_nonce: str | None = None) -> str:
        issued = int(self.now.timestamp())
        claims = {
            **self.request(wallet_nonce=wallet_nonce).to_json(), "aud": request_object.AUDIENCE, "iat": issued,
            "exp": issued + 300, **self.claims,
        }  # fmt: skip
        named = {"kid": methods.key_id(self.did)} if self.prefix is Prefix.DECENTRALIZED_IDENTIFIER else {
            "x5c": x509.to_x5c(self.party.chain)
        }  # fmt: skip
        return await jws.create(claims, signer=self.party.signer, typ=self.typ, header=named | self.header)

    async def _request(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.fetched.append(form)
        if self.moved == "request":
            return web.Response(status=302, headers={"Location": f"{self.origin}/elsewhere"})
        nonce = None if self.forget_nonce else form.get("wallet_nonce")
        return web.Response(text=await self.token(wallet_nonce=nonce), content_type="application/oauth-authz-req+jwt")

    async def _response(self, request: web.Request) -> web.Response:
        got = vp_response.parse(await request.post())
        self.received.append(got.decrypt(key=self.key) if isinstance(got, Encrypted) else got)
        if self.moved == "response":
            status = self.status if self.status in range(300, 400) else 302
            return web.Response(status=status, headers={"Location": f"{self.origin}/elsewhere"})
        return web.json_response(self.answer, status=self.status)

    async def _elsewhere(self, request: web.Request) -> web.Response:
        self.elsewhere.append(request.method)
        return web.json_response({})

    @property
    def presented(self) -> str:
        """The one presentation of the last answer."""
        last = self.received[-1]
        assert isinstance(last, Answer)
        return last.vp_token["mc"][0]

    @property
    def presentations(self) -> tuple[str, ...]:
        """All presentations of the last answer."""
        last = self.received[-1]
        assert isinstance(last, Answer)
        return tuple(last.vp_token["mc"])

    async def judge(self, grounds: Any, policy: Any) -> Report:
        """What a strict verifier says of it."""
        binding = Binding(audience=str(self.client_id), nonce="n-0S6_WzA2Mj-4fQ")
        return await verify(self.presented, policy=policy, grounds=grounds, now=self.now, binding=binding)
