"""polaris-oid4vp as the verifier that asks our wallet: OpenID4VP 1.0 with HAIP's choices, over HTTP on loopback.

A test builds one with `running`, hands `ask()` (an `openid4vp://` link) to the wallet and reads `verdict()`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlencode

from cryptography.x509 import Certificate
from openvc import verify_signature
from polaris_oid4vp import sdjwt, status
from polaris_oid4vp.serve import REQUEST_PATH, RESPONSE_PATH, serve
from polaris_oid4vp.verifier import Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What polaris told the wallet (`http_status`, `body`) and what it tells its operator (`verdict`)."""

    http_status: int
    body: Mapping[str, Any]
    verdict: sdjwt.Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Polaris:
    """One running verifier; `origin` is the loopback origin that the wallet must be allowed to call."""

    verifier: Verifier
    origin: str
    answers: SimpleQueue[Answer] = field(default_factory=SimpleQueue)

    def ask(self, *, scheme: str = "openid4vp://") -> str:
        """A fresh request as the link that a person would scan; its request_uri wants POST with a wallet_nonce."""
        session, _signed = self.verifier.new_request()
        return f"{scheme}?{urlencode(self.verifier.authorization_request_params(session))}"

    def answer(self, *, within: float = 10) -> Answer:
        """The next answer that polaris gave; raises queue.Empty when none comes in time."""
        return self.answers.get(timeout=within)


@contextmanager
def running(
    *,
    certificate_pem: bytes,
    key_pem: bytes,
    vct: str,
    claims: Sequence[str | Sequence[str]],
    anchors: Sequence[Certificate],
    lists: Callable[..., Mapping[str, Any]] | None = None,
) -> Iterator[Polaris]:
    """A verifier on a free port of loopback that asks for `claims` of a `vct`, trusting issuers under `anchors`.

    The certificate is the verifier's own; its SHA-256 is the client_id. `lists` is a reader made by `same_key_lists`.
    """
    verifier = Verifier(
        client_cert_pem=certificate_pem,
        client_key_pem=key_pem,
        request_uri="http://localhost/request.jwt",
        response_uri="http://localhost/response",
        issuer_trust_anchors=list(anchors),
        vct_values=(vct,),
        claims=claims,
        status_resolver=lists,
    )
    answers: SimpleQueue[Answer] = SimpleQueue()
    server = serve(
        verifier,
        host="127.0.0.1",
        port=0,
        on_verdict=lambda code, body, said: answers.put(Answer(http_status=code, body=body, verdict=said)),
    )
    origin = f"http://localhost:{server.server_address[1]}"
    verifier.request_uri = origin + REQUEST_PATH
    verifier.response_uri = origin + RESPONSE_PATH
    verifier.redirect_uri = origin + "/done"
    try:
        yield Polaris(verifier=verifier, origin=origin, answers=answers)
    finally:
        server.shutdown()
        server.server_close()


def same_key_lists(*, issuer_jwk: Mapping[str, str], fetch: Callable[[str], bytes]) -> Callable[..., Mapping[str, Any]]:
    """A status reader for polaris that believes lists signed by the issuer's own key, and no other."""

    def verify(signing_input: bytes, signature: bytes, header: Mapping[str, Any]) -> bool:
        return header.get("alg") == "ES256" and verify_signature(
            alg="ES256", public_jwk=dict(issuer_jwk), signing_input=signing_input, signature=signature
        )

    def read(*, uri: str, idx: int, issuer: str | None) -> Mapping[str, Any]:
        decided: Mapping[str, Any] = status.decide_by_fetching(
            index=idx,
            expected_uri=uri,
            authority=status.StatedAuthority(),
            fetch=fetch,
            credential_issuer=issuer,
            issuer_key_verify=verify,
        )
        return decided

    return read
