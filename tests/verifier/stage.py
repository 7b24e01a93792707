"""An employer on loopback and whoever it meets: a university's credential and status list, and a learner's hand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from credentials.claims_path import ClaimsPath
from credentials.credential import StatusKind, StatusReference
from credentials.learning import flat_claims
from exchange import request_link, request_object, vp_response
from exchange.errors import AccessDenied, ExchangeError
from exchange.request_link import RequestReference
from exchange.request_object import AuthorizationRequest
from exchange.vp_response import Answer, Refusal
from keys import authority, encrypted_files, keyring_files, x509
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.trust.builders import NOON, VCT, Authority, Net, make_authority, make_party
from tests.trust.world import INDEX, STATUS_URI, World
from tests.verifier import records
from verifier import app
from verifier.desk import VERIFIER, Verifier

BASE = "http://localhost:8003"
PASSPHRASE = "development"  # of keys made for tests
NAMES: tuple[ClaimsPath, ...] = (("given_name",), ("family_name",))


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def make_keys(folder: Path) -> Authority:
    """The key files of an employer, with a scrypt cost that lets tests be quick, and the authority above them."""
    root = authority.create_authority("Authority for verifiers", now=NOON - timedelta(days=10))
    key = PrivateJwk.generate(Algorithm.ES256)
    leaf = authority.create_leaf(
        root, subject="Employer", public=key.public, uri=BASE, dns=("localhost",), now=NOON - timedelta(days=1)
    )
    kept = encrypted_files.save.__kwdefaults__
    encrypted_files.save.__kwdefaults__ = {**(kept or {}), "overwrite": False, "cost": 2**14}
    try:
        keyring_files.create(folder, key=key, chain=(leaf, root[1]), passphrase=PASSPHRASE)
    finally:
        encrypted_files.save.__kwdefaults__ = kept
    return root


@dataclass(kw_only=True)
class Stage:
    """One employer, one university, one learner."""

    client: TestClient[Any, Any]
    archive: TestServer  # where the university's lists are
    world: World
    clock: Clock
    root: Authority
    registry: PrivateJwk | None = None  # what signs the list of accredited issuers, where there is one

    @property
    def desk(self) -> Verifier:
        app_: web.Application = self.client.server.app  # type: ignore[attr-defined]  # a TestServer has one
        return app_[VERIFIER]

    # -- the university ------------------------------------------------------------------------------------------

    @property
    def list_uri(self) -> str:
        return f"http://localhost:{self.archive.port}/status/1"

    def publish(self, **changes: Any) -> None:
        """Publishes the status list; `status=1` withdraws the credential."""
        self.world.publish(uri=self.list_uri, at=self.clock.at, **changes)
        documents = self.world.net.documents
        documents[self.list_uri] = documents.pop(STATUS_URI)

    def issue(self, **changes: Any) -> str:
        """A micro-credential for Ana, as the issuer makes them."""
        claims = records.claims()
        said: dict[str, Any] = {
            "issuer": f"http://localhost:{self.archive.port}/north", "claims": claims,
            "disclosable": flat_claims.disclosable(claims),
            "status": StatusReference(kind=StatusKind.TOKEN, uri=self.list_uri, index=INDEX), **changes,
        }  # fmt: skip
        return self.world.issue(**said)

    # -- the employer --------------------------------------------------------------------------------------------

    async def ask(self, **order: Any) -> dict[str, Any]:
        """Starts a request through the API."""
        answer = await self.client.post("/api/v1/requests", json=order or {"template": "employer"})
        assert answer.status == 201, await answer.text()
        return dict(await answer.json())

    async def see(self, id_: str, **query: str) -> dict[str, Any]:
        """How a request stands, through the API."""
        answer = await self.client.get(f"/api/v1/requests/{id_}", params=query)
        assert answer.status == 200, await answer.text()
        return dict(await answer.json())

    # -- the learner ---------------------------------------------------------------------------------------------

    async def fetch(self, link: str, *, nonce: str | None = None) -> AuthorizationRequest:
        """What a wallet makes of a link: the request, fetched and verified."""
        reference = request_link.parse(link)
        assert isinstance(reference, RequestReference)
        path = URL(reference.request_uri).relative()
        form = {} if nonce is None else {"wallet_nonce": nonce}
        answer = await (self.client.get(path) if nonce is None else self.client.post(path, data=form))
        assert answer.status == 200, await answer.text()
        assert answer.content_type == request_link.ACCEPT
        signed = request_object.parse(await answer.text(), client_id=reference.client_id)
        document = methods.locate(signed.did) if signed.did else None
        return request_object.verify(
            signed, now=self.clock.at, anchors=[self.root[1]], document=document, wallet_nonce=nonce  # type: ignore[arg-type]  # did:jwk is no Elsewhere
        ).request  # fmt: skip

    def present(self, request: AuthorizationRequest, held: str, **changes: Any) -> Answer:
        """The answer of a learner who shares their name."""
        said: dict[str, Any] = {
            "disclose": NAMES, "audience": str(request.client_id), "nonce": request.nonce, "now": self.clock.at,
            **changes,
        }  # fmt: skip
        shown = self.world.present(held, **said)
        return Answer(vp_token={request.query.credentials[0].id: (shown,)}, state=request.state)

    async def send(self, request: AuthorizationRequest, content: Answer | Refusal, **changes: Any) -> ClientResponse:
        """Posts an answer as the request wants it, or in another mode."""
        mode = changes.get("mode", request.response_mode)
        form = vp_response.to_form(content, mode=mode, metadata=request.client_metadata)
        return await self.post(request, form)

    async def post(self, request: AuthorizationRequest, form: Mapping[str, str]) -> ClientResponse:
        """Posts any form to where answers go."""
        return await self.client.post(URL(request.response_uri).relative(), data=form)

    async def share(self, link: str, held: str, **changes: Any) -> ClientResponse:
        """The whole hand of the learner: fetch, present, send."""
        request = await self.fetch(link)
        return await self.send(request, self.present(request, held, **changes))

    async def refuse(self, link: str, *, error: ExchangeError | None = None) -> ClientResponse:
        """Refuses, in the clear as wallets do."""
        request = await self.fetch(link)
        refusal = Refusal.of(error or AccessDenied("The person declined."), state=request.state)
        return await self.post(request, refusal.to_form())

    async def verdict(self, held: str, *, order: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """The result after a learner has shared `held`."""
        asked = await self.ask(**(order or {}))
        answer = await self.share(asked["link"], held, **changes)
        assert answer.status == 200, await answer.text()
        return dict((await self.see(asked["id"]))["result"])


async def open_stage(
    *, database_url: str, keys: Path, root: Authority, folder: Path, **settings: str
) -> Stage:  # fmt: skip
    """Everything running, and a status list that says that the credential stands."""
    net, authority_, clock = Net(), make_authority(), Clock()
    archive = TestServer(_archive(net), host="localhost")
    await archive.start_server()
    party = make_party(authority_, uri=f"http://localhost:{archive.port}/north", dns=("localhost",))
    world = World(root=authority_, net=net, issuer=party)
    anchors = folder / "issuers"
    anchors.mkdir(exist_ok=True)
    (anchors / "root.pem").write_bytes(x509.to_pem(world.root[1]))
    environ = {
        "VERIFIER_PROFILE": "development",
        "VERIFIER_DATABASE_URL": database_url,
        "VERIFIER_KEYS": str(keys),
        "VERIFIER_KEY_PASSPHRASE": PASSPHRASE,
        "VERIFIER_ISSUER_ANCHORS": str(anchors),
        "VERIFIER_LOOPBACK_ORIGINS": f"http://localhost:{archive.port}",
        "VERIFIER_TYPES": VCT,
        "VERIFIER_LOG_REQUESTS": "true",
        "VERIFIER_WEB_WALLETS": "Pergamena Wallet=http://localhost:8002/request",
        **{name: value.format(port=archive.port) for name, value in settings.items()},
    }
    client = TestClient(TestServer(app.build(app.Settings.parse(environ), now=clock), host="localhost"))
    await client.start_server()
    stage = Stage(client=client, archive=archive, world=world, clock=clock, root=root)
    stage.publish()
    return stage


def _archive(net: Net) -> web.Application:
    """What the university has published, over HTTP."""

    async def get(request: web.Request) -> web.Response:
        found = net.documents.get(f"http://localhost:{request.url.port}{request.path}")
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found.body, content_type=found.content_type)

    made = web.Application()
    made.router.add_get("/{path:.*}", get)
    return made


def problem_of(result: Mapping[str, Any]) -> tuple[str, str | None]:
    """The verdict of a result and its reason."""
    return result["verdict"], result["code"]


def rungs_of(result: Mapping[str, Any], outcome: str) -> Collection[str]:
    """The rungs of the first presentation that ended so."""
    return [each["rung"] for each in result["presentations"][0]["findings"] if each["outcome"] == outcome]
