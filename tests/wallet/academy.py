"""A university of our own making that can be made to misbehave: real HTTP, real keys, one thing wrong at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from credentials.credential import Format, StatusKind, StatusReference
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import flat_claims, micro_credential, w3c_claims
from credentials.status import bits, token_list
from exchange import proof
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk, PublicJwk
from tests.issuer.universities import ANA, COURSE
from tests.trust import builders
from tests.trust.builders import DAY, NOON, Authority, Party
from trust.organisations import Keys

SLUG, CONFIGURATION, INDEX = "north", "micro-credential", 4_711
GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
PIN = "428913"
LEARNER = {name: ANA[name] for name in ("given_name", "family_name", "birth_date")}
RECORD, _ = micro_credential.parse(
    {"course": COURSE, "award": {"learner": LEARNER, "award_date": ANA["award_date"], "grade": ANA["grade"]}}
)


@dataclass(kw_only=True)
class Academy:
    """What it answers can be changed between two calls; `seen` and `told` are what came."""

    root: Authority = field(default_factory=builders.make_authority)
    registry: PrivateJwk = field(default_factory=lambda: PrivateJwk.generate(Algorithm.ES256))
    server: TestServer = field(init=False)
    party: Party = field(init=False)
    metadata: dict[str, Any] = field(default_factory=dict)  # over what it truly says
    pin: bool = False
    content: dict[str, Any] = field(default_factory=dict)  # of the credentials
    status: int = 0
    status_there: bool = True
    listed: bool = True
    later: int = 0  # how often it promises for later
    stale_nonces: int = 0
    w3c: bool = False  # credentials of VCDM 1.1, bound by did:jwk
    refuses: str = ""  # the error of its credential endpoint
    surplus: int = 0  # how many copies too many it sends
    errs: Any = None  # what that endpoint says in a 200 instead of credentials
    moved: str = ""  # the endpoint that answers with a redirect
    bind_to: PublicJwk | None = None
    spoil: Callable[[str], str] = str
    seen: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    holders: list[PublicJwk] = field(default_factory=list)

    async def open(self) -> None:
        app = web.Application()
        app.router.add_get("/.well-known/openid-credential-issuer/north", self._metadata)
        app.router.add_get("/.well-known/oauth-authorization-server/north", self._server_metadata)
        app.router.add_get("/north/offer", self._offer)
        app.router.add_post("/north/token", self._token)
        app.router.add_post("/north/nonce", self._nonce)
        app.router.add_post("/north/credential", self._credential)
        app.router.add_post("/north/deferred", self._deferred)
        app.router.add_post("/north/notification", self._notification)
        app.router.add_get("/north/status/1", self._status)
        app.router.add_get("/list", self._list)
        self.server = TestServer(app, host="localhost")
        await self.server.start_server()
        self.party = builders.make_party(self.root, uri=self.id, dns=("localhost",))

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server.port}"

    @property
    def id(self) -> str:
        return f"{self.origin}/{SLUG}"

    @property
    def vct(self) -> str:
        return f"{self.origin}/vct/micro-credential/1"

    def offer(self, **changes: Any) -> dict[str, Any]:
        grant: dict[str, Any] = {"pre-authorized_code": "code-1"}
        if self.pin:
            grant["tx_code"] = {"length": 6, "input_mode": "numeric"}
        whole = {
            "credential_issuer": self.id,
            "credential_configuration_ids": [CONFIGURATION],
            "grants": {GRANT: grant},
        }
        return whole | changes

    def issue(self, holder: PublicJwk) -> str:
        assert RECORD is not None
        if self.w3c:
            content = VcJwtContent(
                types=("MicroCredential",), issuer=self.id, subject=w3c_claims.to_subject(RECORD),
                holder_id=methods.create_jwk(holder), issued_at=NOON - DAY, expires=NOON + 365 * DAY,
            )  # fmt: skip
            x5c = tuple(self.party.x5c)
            return vc_jwt.issue_now(content, signer=self.party.signer, version=Format.VC_JWT_1, x5c=x5c)
        claims = flat_claims.to_claims(RECORD)
        said: dict[str, Any] = {
            "vct": self.vct, "issuer": self.id, "claims": claims, "disclosable": flat_claims.disclosable(claims),
            "holder_key": holder, "issued_at": NOON - DAY, "expires": NOON + 365 * DAY,
            "status": StatusReference(kind=StatusKind.TOKEN, uri=f"{self.id}/status/1", index=INDEX), **self.content,
        }  # fmt: skip
        return sd_jwt_vc.issue_now(SdJwtVcContent(**said), signer=self.party.signer, x5c=tuple(self.party.x5c))

    # -- what it serves ------------------------------------------------------------------------------------------------

    async def _metadata(self, _request: web.Request) -> web.Response:
        configuration = {
            "format": "dc+sd-jwt", "vct": self.vct, "cryptographic_binding_methods_supported": ["jwk"],
            "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
            "credential_metadata": {"display": [{"name": "Micro-credential <b>of</b> the North"}]},
        }  # fmt: skip
        if self.w3c:
            configuration = {
                **configuration,
                "format": "jwt_vc_json",
                "cryptographic_binding_methods_supported": ["did:jwk"],
                "credential_definition": {"type": ["VerifiableCredential", "MicroCredential"]},
            }
        endpoints = {
            f"{name}_endpoint": f"{self.id}/{path}"
            for name, path in (("credential", "credential"), ("nonce", "nonce"), ("deferred_credential", "deferred"),
                               ("notification", "notification"))
        }  # fmt: skip
        whole = {
            "credential_issuer": self.id, **endpoints, "batch_credential_issuance": {"batch_size": 3},
            "display": [{"name": "University <script>of</script> the North"}],
            "credential_configurations_supported": {CONFIGURATION: configuration},
        }  # fmt: skip
        return self._answer("metadata", whole | self.metadata)

    async def _server_metadata(self, _request: web.Request) -> web.Response:
        whole = {"issuer": self.id, "token_endpoint": f"{self.id}/token", "grant_types_supported": [GRANT],
                 "response_types_supported": []}  # fmt: skip
        return self._answer("server", whole)

    async def _offer(self, _request: web.Request) -> web.Response:
        return self._answer("offer", self.offer())

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.told.append(str(form.get("tx_code", "")))
        if self.pin and form.get("tx_code") != PIN:
            self.seen.append("token")
            return web.json_response({"error": "invalid_grant"}, status=400)
        return self._answer("token", {"access_token": "token-1", "token_type": "Bearer", "expires_in": 300})

    async def _nonce(self, _request: web.Request) -> web.Response:
        return self._answer("nonce", {"c_nonce": f"nonce-{len(self.seen)}"})

    async def _credential(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.refuses:
            return web.json_response({"error": self.refuses}, status=400)
        if self.stale_nonces:
            self.stale_nonces -= 1
            self.seen.append("credential")
            return web.json_response({"error": "invalid_nonce"}, status=400)
        proofs = proof.verify_all(
            body["proofs"]["jwt"], audience=self.id, now=NOON, binding_methods=("did:jwk",) if self.w3c else ("jwk",)
        )
        self.holders = [each.key for each in proofs]
        return self._give("credential")

    async def _deferred(self, request: web.Request) -> web.Response:
        assert (await request.json())["transaction_id"] == "promise-1"
        return self._give("deferred")

    def _give(self, name: str) -> web.Response:
        if self.later:
            self.later -= 1
            self.seen.append(name)
            return web.json_response({"transaction_id": "promise-1", "interval": 10}, status=202)
        if self.errs is not None:
            return self._answer(name, self.errs)
        holders = [*self.holders, *self.holders[: self.surplus]]
        copies = [self.spoil(self.issue(self.bind_to or holder)) for holder in holders]
        return self._answer(
            name, {"credentials": [{"credential": copy} for copy in copies], "notification_id": "note-1"}
        )

    async def _notification(self, request: web.Request) -> web.Response:
        self.told.append((await request.json())["event"])
        return web.Response(status=204)

    async def _status(self, _request: web.Request) -> web.Response:
        if not self.status_there:
            raise web.HTTPNotFound
        array = bits.create(bits.MIN_ENTRIES, bits=2)
        bits.put(array, INDEX, status=self.status, bits=2)
        token = token_list.issue_now(
            array, signer=self.party.signer, uri=f"{self.id}/status/1", issued_at=NOON, expires=NOON + 3 * DAY,
            ttl=timedelta(minutes=5), bits=2, x5c=tuple(self.party.x5c),
        )  # fmt: skip
        return web.Response(text=token, content_type=token_list.MEDIA_TYPE)

    async def _list(self, _request: web.Request) -> web.Response:
        keys = Keys(issuers=frozenset({self.id if self.listed else "https://elsewhere.example"}))
        listed = builders.issuers(builders.organisation(keys=keys, types=(self.vct,)))
        token = await builders.signed_list(listed, key=self.registry)
        return web.Response(text=token, content_type="application/accredited-issuers+jwt")

    def _answer(self, name: str, value: Any) -> web.Response:
        self.seen.append(name)
        if self.moved == name:
            return web.Response(status=302, headers={"Location": f"{self.origin}/elsewhere"})
        return web.json_response(value)
