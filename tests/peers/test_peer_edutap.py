"""OpenID4VCI 1.0 against openid4vci (eduTAP): our messages claim from it over TLS, by value and by reference."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from joserfc.jwk import ECKey

from credentials.formats import sd_jwt_vc
from exchange import issuance, offer, proof, web_address
from exchange.errors import ExchangeError, InvalidGrant, InvalidNonce, InvalidRequest
from exchange.issuance import CredentialRequest, CredentialResponse, NonceResponse, Notification, Proofs
from exchange.issuer_metadata import WELL_KNOWN, IssuerMetadata
from exchange.oauth import ErrorResponse, ServerMetadata, TokenRequest, TokenResponse
from exchange.offer import CredentialOffer, OfferReference
from keys import x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.peers import certificates, edutap
from tests.peers.certificates import Root
from tests.peers.edutap import Edutap
from trust import verification
from trust.grounds import Grounds
from trust.policy import Policy
from trust.report import Verdict
from trust.x509_anchors import IssuerAnchors

pytestmark = pytest.mark.peer

VCT = "https://campus.example/vct/micro-credential"
CLAIMS = {"given_name": "Zoë", "achievement": {"title": "Data ethics"}}


@pytest.fixture
async def campus(
    root: Root, issuer: SoftwareSigner, now: datetime, tmp_path: Path, unused_tcp_port: int
) -> AsyncIterator[Edutap]:
    times = {"iat": int(now.timestamp()), "exp": int(now.timestamp()) + 3600}
    identifier = f"https://localhost:{unused_tcp_port}{edutap.TENANT}"
    async with edutap.running(
        port=unused_tcp_port,
        tls=root.tls(tmp_path, now=now),
        key=ECKey.import_key(dict(issuer.key.to_json())),
        x5c=tuple(root.issuer_x5c(issuer.key, uri=identifier, now=now)),
        vct=VCT,
        claims={**CLAIMS, **times},
    ) as running:
        yield running


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """Our messages at work, over a line that trusts the peers' root."""

    line: aiohttp.ClientSession
    now: datetime

    async def get(self, url: str) -> bytes:
        async with self.line.get(url) as response:
            assert response.status == 200
            return await response.read()

    async def post(self, url: str, **body: Any) -> bytes:
        """The body of a good answer; raises the error that the answer stands for."""
        async with self.line.post(url, **body) as response:
            answer = await response.read()
        if response.status >= 400:
            raise ErrorResponse.parse(answer).to_error()
        return answer

    async def read(self, link: str) -> tuple[CredentialOffer, IssuerMetadata, ServerMetadata]:
        """The offer behind a link and both metadata documents."""
        offered = offer.parse(link)
        if isinstance(offered, OfferReference):
            offered = CredentialOffer.parse(await self.get(offered.uri))
        issuer = offered.credential_issuer
        raw = await self.get(web_address.well_known(issuer, name=WELL_KNOWN))
        metadata = IssuerMetadata.parse(raw, credential_issuer=issuer)
        server = offered.choose_server(metadata.authorization_servers, hint=None)
        raw = await self.get(web_address.well_known(server, name="oauth-authorization-server"))
        return offered, metadata, ServerMetadata.parse(raw, issuer=server)

    async def token(self, link: str, *, pin: str | None = None) -> tuple[TokenResponse, IssuerMetadata]:
        """The token for an offer."""
        offered, metadata, server = await self.read(link)
        assert offered.pre_authorized is not None
        asked = TokenRequest(pre_authorized_code=offered.pre_authorized.code, tx_code=pin)
        return TokenResponse.parse(await self.post(server.token_endpoint, data=asked.to_form())), metadata

    async def nonce(self, metadata: IssuerMetadata) -> str:
        """A fresh nonce."""
        return NonceResponse.parse(await self.post(str(metadata.nonce_endpoint))).c_nonce

    async def ask(
        self, granted: TokenResponse, metadata: IssuerMetadata, *, nonce: str, keys: list[PrivateJwk]
    ) -> CredentialResponse:
        """A copy for each key, asked for by the identifier of the token answer."""
        audience = metadata.credential_issuer
        proofs = [
            await proof.create(signer=SoftwareSigner(key), audience=audience, nonce=nonce, now=self.now) for key in keys
        ]
        asked = CredentialRequest(
            credential_identifier=granted.authorization_details[0].credential_identifiers[0],
            proofs=Proofs(proof_type="jwt", entries=tuple(proofs)),
        )
        bearer = {"Authorization": f"Bearer {granted.access_token}"}
        answer = await self.post(metadata.credential_endpoint, json=asked.to_json(), headers=bearer)
        given = issuance.parse_response(answer)
        assert isinstance(given, CredentialResponse)
        return given


@pytest.fixture
async def claimant(root: Root, now: datetime) -> AsyncIterator[Claimant]:
    trusting = ssl.create_default_context(cadata=root.pem.decode())
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as line:
        yield Claimant(line=line, now=now)


def fresh_keys(count: int) -> list[PrivateJwk]:
    return [PrivateJwk.generate(Algorithm.ES256) for _ in range(count)]


@pytest.mark.parametrize("by_reference", [False, True])
async def test_we_claim_two_copies_for_two_keys(
    campus: Edutap, claimant: Claimant, root: Root, now: datetime, *, by_reference: bool
) -> None:
    keys = fresh_keys(2)
    granted, metadata = await claimant.token(campus.offer(pin="493817", by_reference=by_reference), pin="493817")

    given = await claimant.ask(granted, metadata, nonce=await claimant.nonce(metadata), keys=keys)

    copies = [sd_jwt_vc.parse_issued(raw) for raw in given.credentials]
    for copy, key in zip(copies, keys, strict=True):
        path = x509.verify_path(x509.parse_x5c(list(copy.credential.chain_x5c)), anchors=root.anchors, now=now)
        sd_jwt_vc.verify_signature(copy, key=x509.public_jwk(path[0]))
        sd_jwt_vc.check_time(copy.credential, now=now)
        assert copy.credential.issuer in x509.uris(path[0])
        assert copy.credential.holder_key == key.public
        assert copy.credential.types == (VCT,)
        assert CLAIMS.items() <= copy.credential.claims.items()


@pytest.mark.parametrize("known", [True, False])
async def test_our_ladder_says_yes_to_its_copy_only_under_its_root(
    campus: Edutap, claimant: Claimant, root: Root, now: datetime, *, known: bool
) -> None:
    key = fresh_keys(1)[0]
    granted, metadata = await claimant.token(campus.offer())
    given = await claimant.ask(granted, metadata, nonce=await claimant.nonce(metadata), keys=[key])
    trusted = root if known else certificates.root(now=now)

    report = await verification.verify(
        given.credentials[0],
        policy=Policy(),
        grounds=Grounds(anchors=IssuerAnchors(trusted.anchors)),
        now=now,
        holder=key.public,
    )

    assert report.accepted is known
    assert report.verdict is (Verdict.YES if known else Verdict.NO)


async def test_it_hears_what_became_of_the_copy(campus: Edutap, claimant: Claimant) -> None:
    granted, metadata = await claimant.token(campus.offer())
    given = await claimant.ask(granted, metadata, nonce=await claimant.nonce(metadata), keys=fresh_keys(1))
    told = Notification(notification_id=str(given.notification_id), event=issuance.NotificationEvent.ACCEPTED)

    await claimant.post(str(metadata.notification_endpoint), json=told.to_json())

    assert [heard.to_dict() for heard in campus.backend.notifications] == [told.to_json()]


@pytest.mark.parametrize(("pin", "refusal"), [("000000", InvalidGrant), (None, InvalidRequest)])
async def test_we_understand_its_refusal_of_a_wrong_or_missing_pin(
    campus: Edutap, claimant: Claimant, pin: str | None, refusal: type[ExchangeError]
) -> None:
    with pytest.raises(refusal):
        await claimant.token(campus.offer(pin="493817"), pin=pin)


async def test_we_understand_its_refusal_of_a_used_nonce(campus: Edutap, claimant: Claimant) -> None:
    granted, metadata = await claimant.token(campus.offer())
    nonce = await claimant.nonce(metadata)
    await claimant.ask(granted, metadata, nonce=nonce, keys=fresh_keys(1))

    with pytest.raises(InvalidNonce):
        await claimant.ask(granted, metadata, nonce=nonce, keys=fresh_keys(1))
