"""OpenID4VP 1.0 against polaris-oid4vp: it asks over HTTP, our messages answer, it says what it thinks of them."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import aiohttp
import pytest

from credentials.claims_path import ClaimsPath
from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from exchange import request_link, request_object, vp_response
from exchange.dcql import matching
from exchange.errors import AccessDenied
from exchange.request_link import RequestReference, RequestUriPost
from exchange.request_object import AuthorizationRequest
from exchange.vp_response import Answer, Receipt, Refusal
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from keys.x509 import Certificate
from tests.peers import polaris
from tests.peers.certificates import Root
from tests.peers.polaris import Polaris

pytestmark = pytest.mark.peer

ISSUER = "https://university.example/campus"
VCT = "https://university.example/vct/micro-credential/1"
CLAIMS = {"given_name": "Zoë", "family_name": "Kovács", "achievement": {"title": "Data ethics", "level": 6}}
DISCLOSABLE = (("given_name",), ("family_name",), ("achievement", "level"))


@pytest.fixture
def verifier(root: Root, now: datetime) -> Iterator[Polaris]:
    certificate, key = root.party(now=now)
    asked = ("given_name", ("achievement", "level"))
    with polaris.running(
        certificate_pem=certificate, key_pem=key, vct=VCT, claims=asked, anchors=root.anchors
    ) as running:
        yield running


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """Our messages at work: one held credential, its holder's key, a line to the verifier."""

    credential: str
    key: PrivateJwk
    now: datetime
    anchors: tuple[Certificate, ...]
    line: aiohttp.ClientSession

    async def fetch(self, link: str) -> AuthorizationRequest:
        """The verified request behind a scanned link, fetched by POST with a nonce of the wallet's."""
        reference = request_link.parse(link)
        assert isinstance(reference, RequestReference)
        asked = RequestUriPost(wallet_nonce="chosen-by-the-wallet")
        async with self.line.post(reference.request_uri, data=asked.to_form()) as response:
            signed = request_object.parse(await response.text(), client_id=reference.client_id)
        verified = request_object.verify(signed, now=self.now, anchors=self.anchors, wallet_nonce=asked.wallet_nonce)
        return verified.request

    def answer(self, request: AuthorizationRequest) -> Answer:
        """What we would send to `request`: exactly the claims that are asked for."""
        held = sd_jwt_vc.parse_issued(self.credential).credential
        chosen = matching.match(request.query, held=[held]).preferred()
        return Answer(
            vp_token={name: (self.present(request, disclose=of.preferred.disclose),) for name, of in chosen.items()},
            state=request.state,
        )

    def present(self, request: AuthorizationRequest, *, disclose: Collection[ClaimsPath]) -> str:
        """A presentation for `request` that discloses the claims at these paths."""
        return sd_jwt_vc.present(
            self.credential,
            disclose=disclose,
            key=self.key,
            audience=str(request.client_id),
            nonce=request.nonce,
            now=self.now,
        )

    async def post(self, request: AuthorizationRequest, answer: Answer | Refusal) -> tuple[int, Mapping[str, Any]]:
        """Sends the answer as the request wants it; the status and the body."""
        form = vp_response.to_form(answer, mode=request.response_mode, metadata=request.client_metadata)
        async with self.line.post(request.response_uri, data=form) as response:
            return response.status, await response.json()


@pytest.fixture
async def responder(issuer: SoftwareSigner, holder: PrivateJwk, root: Root, now: datetime) -> AsyncIterator[Responder]:
    content = SdJwtVcContent(
        vct=VCT, issuer=ISSUER, claims=CLAIMS, disclosable=DISCLOSABLE, holder_key=holder.public, issued_at=now
    )
    x5c = tuple(root.issuer_x5c(issuer.key, uri=ISSUER, now=now))
    held = sd_jwt_vc.issue_now(content, signer=issuer, x5c=x5c)
    async with aiohttp.ClientSession() as line:
        yield Responder(credential=held, key=holder, now=now, anchors=root.anchors, line=line)


async def test_it_accepts_our_answer_and_reads_what_was_shown(verifier: Polaris, responder: Responder) -> None:
    request = await responder.fetch(verifier.ask())

    status, body = await responder.post(request, responder.answer(request))
    verdict = verifier.answer().verdict

    assert verdict.authentic, verdict.reason
    assert (status, Receipt.parse(body)) == (200, Receipt(redirect_uri=f"{verifier.origin}/done"))
    assert verdict.claims["given_name"] == "Zoë"
    assert verdict.claims["achievement"] == CLAIMS["achievement"]
    assert "family_name" not in verdict.claims


async def test_it_refuses_our_answer_a_second_time(verifier: Polaris, responder: Responder) -> None:
    request = await responder.fetch(verifier.ask())
    answer = responder.answer(request)
    await responder.post(request, answer)

    status, _ = await responder.post(request, answer)

    assert status == 400


async def test_it_understands_our_refusal(verifier: Polaris, responder: Responder) -> None:
    request = await responder.fetch(verifier.ask())
    refusal = Refusal.of(AccessDenied("The person said no."), state=request.state)

    status, body = await responder.post(request, refusal)

    assert (status, body) == (200, {})
    assert verifier.answer().verdict.wallet_error["error"] == "access_denied"


def more_than_asked(responder: Responder, request: AuthorizationRequest) -> Answer:
    return one(responder.present(request, disclose=DISCLOSABLE), request=request)


def less_than_asked(responder: Responder, request: AuthorizationRequest) -> Answer:
    return one(responder.present(request, disclose=(("given_name",),)), request=request)


def another_nonce(responder: Responder, request: AuthorizationRequest) -> Answer:
    return responder.answer(replace(request, nonce="another"))


def another_holder(responder: Responder, request: AuthorizationRequest) -> Answer:
    return replace(responder, key=PrivateJwk.generate(Algorithm.ES256)).answer(request)


def one(presentation: str, *, request: AuthorizationRequest) -> Answer:
    return Answer(vp_token={"pid": (presentation,)}, state=request.state)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (more_than_asked, "claims"),
        (less_than_asked, "claims"),
        (another_nonce, "nonce"),
        (another_holder, "kb_signature"),
    ],
)
async def test_it_refuses_our_answer_with_one_thing_wrong(
    verifier: Polaris, responder: Responder, wrong: Callable[[Responder, AuthorizationRequest], Answer], code: str
) -> None:
    request = await responder.fetch(verifier.ask())

    status, _ = await responder.post(request, wrong(responder, request))

    assert (status, verifier.answer().verdict.code) == (400, code)
