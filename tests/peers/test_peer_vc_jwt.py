"""VC-JWT of VCDM 1.1, its VP-JWT and the Bitstring Status List, judged by didkit and openvc-core.

Neither reads a VCDM 2.0 `vc+jwt`: README.md beside this file says why.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.util import find_spec

import pytest
from openvc.status import StatusResult, check_credential_status

from credentials.credential import Format, StatusKind, StatusReference
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from credentials.status import bits, bitstring_list
from credentials.status.bits import Order
from credentials.status.bitstring_list import BitstringContent
from keys import jws, strict_json
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk, PublicJwk
from keys.signer import SoftwareSigner
from tests.peers import didkit_judge, judges
from tests.peers.judges import Binding

pytestmark = pytest.mark.peer

LIST = "https://university.example/status/w3c"
PLACE = 70_003
DCQL = {"credentials": [{"id": "record", "format": "jwt_vc_json", "meta": {}}]}

Issue = Callable[..., str]
needs_didkit = pytest.mark.skipif(find_spec("didkit") is None, reason="didkit has no wheel for this Python")
KINDS = pytest.mark.parametrize(
    ("algorithm", "name"),
    [
        (Algorithm.ES256, methods.create_key),
        (Algorithm.EDDSA, methods.create_key),
        (Algorithm.ES256, methods.create_jwk),
    ],
)


@pytest.fixture
def issue(holder: PrivateJwk, now: datetime) -> Issue:
    def issued(
        *, algorithm: Algorithm = Algorithm.ES256, name: Callable[[PublicJwk], str] = methods.create_key, days: int = 30
    ) -> str:
        signer = SoftwareSigner(PrivateJwk.generate(algorithm))
        did = name(signer.public)
        content = VcJwtContent(
            types=("MicroCredential",),
            issuer=did,
            subject={"achievement": {"title": "Data ethics"}},
            holder_id=methods.create_key(holder.public),
            id="urn:uuid:0b1f4a3e-3c2d-4f0e-9d61-2f1f1f0a7c55",
            issued_at=now - timedelta(days=60),
            expires=now + timedelta(days=days),
        )
        return vc_jwt.issue_now(content, signer=signer, version=Format.VC_JWT_1, kid=methods.key_id(did))

    return issued


@needs_didkit
@KINDS
def test_didkit_finds_nothing_wrong_with_ours(
    issue: Issue, algorithm: Algorithm, name: Callable[[PublicJwk], str]
) -> None:
    assert didkit_judge.errors_in(issue(algorithm=algorithm, name=name)) == []


@needs_didkit
def test_didkit_finds_a_changed_signature(issue: Issue) -> None:
    assert didkit_judge.errors_in(flipped(issue())) != []


@KINDS
def test_openvc_accepts_ours(issue: Issue, algorithm: Algorithm, name: Callable[[PublicJwk], str]) -> None:
    ruling = judges.openvc_credential(issue(algorithm=algorithm, name=name))

    assert ruling.accepted, ruling.reason
    assert ruling.claims["credentialSubject"]["achievement"] == {"title": "Data ethics"}


def flipped(token: str) -> str:
    head, dot, signature = token.rpartition(".")
    return head + dot + ("A" if signature[0] != "A" else "B") + signature[1:]


def test_openvc_refuses_ours_with_a_changed_signature(issue: Issue) -> None:
    assert judges.openvc_credential(flipped(issue())).reason.startswith("SignatureInvalid")


def test_openvc_refuses_ours_when_it_has_expired(issue: Issue) -> None:
    assert judges.openvc_credential(issue(days=-1)).reason.startswith("ClaimsInvalid")


def test_openvc_accepts_our_presentation_of_it(
    issue: Issue, holder: PrivateJwk, binding: Binding, now: datetime
) -> None:
    shown = vc_jwt.present(issue(), key=holder, audience=binding.audience, nonce=binding.nonce, now=now)

    ruling = judges.openvc_answer({"record": [shown]}, dcql_query=DCQL, binding=binding, anchors=())

    assert ruling.accepted, ruling.reason


def test_openvc_refuses_our_presentation_by_another_holder(issue: Issue, binding: Binding, now: datetime) -> None:
    stranger = PrivateJwk.generate(Algorithm.ES256)
    shown = vc_jwt.present(issue(), key=stranger, audience=binding.audience, nonce=binding.nonce, now=now)

    ruling = judges.openvc_answer({"record": [shown]}, dcql_query=DCQL, binding=binding, anchors=())

    assert ruling.reason.startswith("SignatureInvalid")


@pytest.mark.parametrize("revoked", [False, True])
def test_openvc_reads_our_bitstring_list(issuer: SoftwareSigner, now: datetime, *, revoked: bool) -> None:
    array = bits.create(bits.MIN_ENTRIES)
    bits.put(array, PLACE, status=int(revoked), order=Order.MOST_FIRST)
    content = BitstringContent(
        uri=LIST,
        issuer="https://university.example/campus",
        purpose="revocation",
        issued_at=now,
        expires=now + timedelta(days=1),
        ttl=timedelta(minutes=5),
    )
    published = jws.parse(bitstring_list.issue_now(array, content=content, signer=issuer))
    entry = StatusReference(kind=StatusKind.BITSTRING, uri=LIST, index=PLACE, purpose="revocation")
    credential = VcJwtContent(types=(), issuer="did:example:1", subject={"a": 1}, status=(entry,))

    result = check_credential_status(
        credential.to_document(version=Format.VC_JWT),
        resolve_status_list=lambda _uri: strict_json.parse_object(published.payload),
    )

    assert isinstance(result, StatusResult)
    assert result.revoked is revoked
