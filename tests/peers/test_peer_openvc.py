"""SD-JWT VC judged by openvc-core: chain to the anchor, issuer named by the leaf, times, disclosures, key binding."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from credentials.formats import sd_jwt_vc
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.peers import certificates, contents, judges
from tests.peers.certificates import Root
from tests.peers.judges import Binding, Ruling

pytestmark = pytest.mark.peer

DISCLOSABLE = (("given_name",), ("family_name",), ("achievement", "level"), ("languages", 0))
DCQL = {
    "credentials": [
        {
            "id": "record",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": ["https://university.example/vct/micro-credential/1"]},
            "claims": [{"path": ["given_name"]}, {"path": ["languages", 0]}],
        }
    ]
}


@pytest.fixture
def present(
    issuer: SoftwareSigner, holder: PrivateJwk, x5c: list[str], binding: Binding, now: datetime
) -> Callable[[dict[str, Any]], str]:
    def made(claims: dict[str, Any]) -> str:
        content = contents.content(claims, disclosable=DISCLOSABLE, holder_key=holder.public)
        held = sd_jwt_vc.issue_now(content, signer=issuer, x5c=tuple(x5c))
        return sd_jwt_vc.present(
            held,
            disclose=(("given_name",), ("languages", 0)),
            key=holder,
            audience=binding.audience,
            nonce=binding.nonce,
            now=now,
        )

    return made


@pytest.fixture
def judge(root: Root, claims: dict[str, Any], binding: Binding) -> Callable[..., Ruling]:
    def ruling(shown: str, **changed: Any) -> Ruling:
        asked: dict[str, Any] = {"anchors": root.anchors, "vct": claims["vct"], "binding": binding, **changed}
        return judges.openvc_credential(shown, **asked)

    return ruling


def test_it_accepts_our_presentation_and_reads_what_was_shown(
    present: Callable[..., str], judge: Callable[..., Ruling], claims: dict[str, Any]
) -> None:
    ruling = judge(present(claims))

    assert ruling.accepted, ruling.reason
    assert ruling.key_bound
    assert ruling.claims["given_name"] == "Zoë"
    assert ruling.claims["languages"] == claims["languages"]
    assert "family_name" not in ruling.claims
    assert "level" not in ruling.claims["achievement"]


def test_it_accepts_a_whole_answer_to_a_query(
    present: Callable[..., str], root: Root, claims: dict[str, Any], binding: Binding
) -> None:
    answer = {"record": [present(claims)]}

    ruling = judges.openvc_answer(answer, dcql_query=DCQL, binding=binding, anchors=root.anchors)

    assert ruling.accepted, ruling.reason
    assert ruling.claims["record"]["given_name"] == "Zoë"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": "https://another.example/campus"}, "KeyResolutionFailed"),
        ({"vct": "https://university.example/vct/another"}, "ClaimsInvalid: vct"),
        ({"exp": 1_600_000_000}, "ClaimsInvalid: token has expired"),
        ({"status": {"status_list": {"idx": 1, "uri": "https://university.example/status/1"}}}, "StatusUnavailable"),
    ],
)
def test_it_refuses_our_presentation_of_a_credential_with_one_claim_changed(
    present: Callable[..., str],
    judge: Callable[..., Ruling],
    claims: dict[str, Any],
    changed: dict[str, Any],
    reason: str,
) -> None:
    ruling = judge(present({**claims, **changed}))

    assert ruling.reason.startswith(reason)


def test_it_refuses_our_presentation_for_another_nonce(
    present: Callable[..., str], judge: Callable[..., Ruling], claims: dict[str, Any], binding: Binding
) -> None:
    ruling = judge(present(claims), binding=replace(binding, nonce="another"))

    assert ruling.reason == "ClaimsInvalid: KB-JWT nonce does not match"


def test_it_refuses_our_chain_under_another_root(
    present: Callable[..., str], judge: Callable[..., Ruling], claims: dict[str, Any], now: datetime
) -> None:
    stranger = certificates.root(now=now)

    ruling = judge(present(claims), anchors=stranger.anchors)

    assert ruling.reason.startswith("KeyResolutionFailed: x5c")
