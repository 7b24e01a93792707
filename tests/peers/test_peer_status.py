"""Token Status List: two judges and a verifier read our list, and refuse what it says is revoked or suspended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from credentials.formats import sd_jwt_vc
from credentials.status import bits, token_list
from credentials.status.token_list import Status
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.peers import contents, judges, polaris
from tests.peers.certificates import Root
from tests.peers.judges import Ruling

pytestmark = pytest.mark.peer

URI = "https://university.example/status/1"
PLACE = 90_001

Publish = Callable[..., str]


@pytest.fixture
def credential(
    claims: dict[str, Any], issuer: SoftwareSigner, holder: PrivateJwk, x5c: list[str], now: datetime
) -> str:
    referring = {**claims, "status": {"status_list": {"idx": PLACE, "uri": URI}}}
    content = contents.content(referring, disclosable=(("given_name",),), holder_key=holder.public)
    return sd_jwt_vc.issue_now(content, signer=issuer, x5c=tuple(x5c))


@pytest.fixture
def publish(issuer: SoftwareSigner, x5c: list[str], now: datetime) -> Publish:
    """Our list, in which everything but PLACE is valid."""

    def published(status: Status, *, uri: str = URI, age: timedelta = timedelta(0)) -> str:
        array = bits.create(bits.MIN_ENTRIES, bits=2)
        bits.put(array, PLACE, status=status, bits=2)
        return token_list.issue_now(
            array,
            uri=uri,
            signer=issuer,
            issued_at=now - age,
            expires=now - age + timedelta(days=1),
            ttl=timedelta(minutes=5),
            bits=2,
            x5c=x5c,
        )

    return published


@pytest.fixture
def openvc(credential: str, root: Root) -> Callable[[str], Ruling]:
    return lambda token: judges.openvc_credential(credential, anchors=root.anchors, token_lists={URI: token})


@pytest.fixture
def node(credential: str, issuer: SoftwareSigner, now: datetime) -> Callable[[str], Ruling]:
    if reason := judges.node_is_missing():
        pytest.skip(reason)
    key = issuer.public.to_json()
    return lambda token: judges.node_ruling(credential, issuer_jwk=key, now=now, token_lists={URI: token})


@pytest.mark.parametrize("judge", ["openvc", "node"])
def test_a_credential_is_accepted_by_our_list(judge: str, publish: Publish, request: pytest.FixtureRequest) -> None:
    ruling = request.getfixturevalue(judge)(publish(Status.VALID))

    assert ruling.accepted, ruling.reason


@pytest.mark.parametrize(
    ("judge", "status", "reason"),
    [
        ("openvc", Status.INVALID, "CredentialRevoked"),
        ("openvc", Status.SUSPENDED, "CredentialSuspended"),
        ("node", Status.INVALID, "Status is not valid"),
        ("node", Status.SUSPENDED, "Status is not valid"),
    ],
)
def test_a_credential_is_refused_by_our_list(
    judge: str, status: Status, reason: str, publish: Publish, request: pytest.FixtureRequest
) -> None:
    ruling = request.getfixturevalue(judge)(publish(status))

    assert reason in ruling.reason


def test_openvc_refuses_our_list_at_another_address(openvc: Callable[[str], Ruling], publish: Publish) -> None:
    ruling = openvc(publish(Status.VALID, uri="https://university.example/status/2"))

    assert ruling.reason.startswith("StatusListError: status list token sub")


def test_openvc_refuses_our_list_when_it_has_expired(openvc: Callable[[str], Ruling], publish: Publish) -> None:
    ruling = openvc(publish(Status.VALID, age=timedelta(days=2)))

    assert ruling.reason == "StatusListError: status list token has expired"


@pytest.mark.parametrize("status", list(Status))
def test_polaris_reads_our_list_by_the_issuers_own_key(
    status: Status, issuer: SoftwareSigner, publish: Publish
) -> None:
    token = publish(status).encode()
    read = polaris.same_key_lists(issuer_jwk=issuer.public.to_json(), fetch=lambda _uri: token)

    decided = read(uri=URI, idx=PLACE, issuer=None)

    assert (decided["checked"], decided["status"], decided["fresh"]) == (True, status, True)
    assert read(uri=URI, idx=PLACE + 1, issuer=None)["status"] == Status.VALID


def test_polaris_refuses_our_list_under_another_key(holder: PrivateJwk, publish: Publish) -> None:
    token = publish(Status.VALID).encode()
    read = polaris.same_key_lists(issuer_jwk=holder.public.to_json(), fetch=lambda _uri: token)

    decided = read(uri=URI, idx=PLACE, issuer=None)

    assert (decided["checked"], decided["code"]) == (False, "signature")
