"""SD-JWT VC against @sd-jwt/sd-jwt-vc: it verifies what we present, and we read what it issues and presents."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from credentials.formats import sd_jwt_vc
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.peers import contents, judges
from tests.peers.judges import Binding

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(bool(judges.node_is_missing()), reason=judges.node_is_missing() or "the peer is here"),
]

DISCLOSABLE = (("given_name",), ("family_name",), ("achievement", "level"))


@pytest.fixture
def shown(claims: dict[str, Any], issuer: SoftwareSigner, holder: PrivateJwk, binding: Binding, now: datetime) -> str:
    content = contents.content(claims, disclosable=DISCLOSABLE, holder_key=holder.public)
    return sd_jwt_vc.present(
        sd_jwt_vc.issue_now(content, signer=issuer),
        disclose=(("given_name",), ("achievement", "level")),
        key=holder,
        audience=binding.audience,
        nonce=binding.nonce,
        now=now,
    )


def test_it_verifies_our_presentation_with_its_key_binding(
    shown: str, claims: dict[str, Any], issuer: SoftwareSigner, binding: Binding, now: datetime
) -> None:
    ruling = judges.node_ruling(shown, issuer_jwk=issuer.public.to_json(), now=now, nonce=binding.nonce)

    assert ruling.accepted, ruling.reason
    assert ruling.key_bound
    assert ruling.claims["achievement"] == claims["achievement"]
    assert "family_name" not in ruling.claims


def test_it_refuses_our_presentation_under_another_key(shown: str, binding: Binding, now: datetime) -> None:
    stranger = PrivateJwk.generate(Algorithm.ES256)

    ruling = judges.node_ruling(shown, issuer_jwk=stranger.public.to_json(), now=now, nonce=binding.nonce)

    assert "Invalid JWT Signature" in ruling.reason


def test_it_refuses_our_presentation_after_the_credential_expired(
    shown: str, issuer: SoftwareSigner, binding: Binding, now: datetime
) -> None:
    later = now + timedelta(hours=2)

    ruling = judges.node_ruling(shown, issuer_jwk=issuer.public.to_json(), now=later, nonce=binding.nonce)

    assert "expired" in ruling.reason


def test_we_read_what_it_issues_and_presents(
    claims: dict[str, Any], issuer: SoftwareSigner, holder: PrivateJwk, binding: Binding, now: datetime
) -> None:
    bound = {**claims, "cnf": {"jwk": holder.public.to_json()}}
    held = judges.node_issue(
        bound, disclosable=("given_name", "languages"), issuer_jwk=issuer.key.to_json(), header={"kid": "key-1"}
    )
    presented = judges.node_present(
        held, disclose=("languages",), holder_jwk=holder.to_json(), binding=binding, now=now
    )

    read = sd_jwt_vc.parse(presented)
    sd_jwt_vc.verify_signature(read, key=issuer.public)
    sd_jwt_vc.verify_binding(read, audience=binding.audience, nonce=binding.nonce, now=now)

    assert read.credential.holder_key == holder.public
    assert read.credential.disclosed == (("languages",),)
    assert read.credential.claims["languages"] == claims["languages"]
