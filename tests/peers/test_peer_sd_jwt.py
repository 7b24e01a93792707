"""SD-JWT (RFC 9901) against the reference implementation: what one makes, the other reads, in both directions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from credentials.formats import sd_jwt
from keys import jws
from keys.jwk import PrivateJwk, PublicJwk
from keys.signer import SoftwareSigner
from tests.peers import judges
from tests.peers.judges import Binding

pytestmark = pytest.mark.peer

TYP = "dc+sd-jwt"
DISCLOSABLE = (("given_name",), ("family_name",), ("achievement",), ("achievement", "level"), ("languages", 1))
SHOWN = (("given_name",), ("achievement", "level"), ("languages", 1))


@pytest.fixture
def ours(claims: dict[str, Any], issuer: SoftwareSigner, holder: PrivateJwk) -> str:
    return sd_jwt.issue_now(claims, disclosable=DISCLOSABLE, signer=issuer, typ=TYP, holder_key=holder.public, decoys=2)


@pytest.fixture
def shown(ours: str, holder: PrivateJwk, binding: Binding, now: datetime) -> str:
    chosen = sd_jwt.select(sd_jwt.parse(ours), disclose=SHOWN)
    return sd_jwt.bind(chosen, key=holder, audience=binding.audience, nonce=binding.nonce, now=now)


def test_the_reference_reads_exactly_what_we_show(
    shown: str, claims: dict[str, Any], issuer: SoftwareSigner, binding: Binding
) -> None:
    ruling = judges.reference_ruling(shown, issuer_jwk=issuer.public.to_json(), binding=binding)

    assert ruling.accepted, ruling.reason
    assert ruling.claims["given_name"] == "Zoë"
    assert ruling.claims["achievement"] == claims["achievement"]
    assert ruling.claims["languages"] == ["fr", "hu", "mt"]
    assert "family_name" not in ruling.claims


def flipped_signature(shown: str) -> str:
    head, dot, tail = shown.partition(".")
    body, dot2, rest = tail.partition(".")
    return head + dot + body + dot2 + ("A" if rest[0] != "A" else "B") + rest[1:]


def dropped_disclosure(shown: str) -> str:
    token, _first, *others = shown.split("~")
    return "~".join((token, *others))


@pytest.mark.parametrize("break_one_thing", [flipped_signature, dropped_disclosure])
def test_the_reference_refuses_our_presentation_with_one_thing_changed(
    shown: str, issuer: SoftwareSigner, binding: Binding, break_one_thing: Callable[[str], str]
) -> None:
    ruling = judges.reference_ruling(break_one_thing(shown), issuer_jwk=issuer.public.to_json(), binding=binding)

    assert not ruling.accepted


def test_the_reference_refuses_our_presentation_for_another_audience(
    shown: str, issuer: SoftwareSigner, binding: Binding
) -> None:
    other = Binding(audience="x509_san_dns:somebody.example", nonce=binding.nonce)

    ruling = judges.reference_ruling(shown, issuer_jwk=issuer.public.to_json(), binding=other)

    assert ruling.reason == "ValueError: Invalid audience in KB-JWT"


def test_we_read_what_the_reference_issues_and_presents(
    claims: dict[str, Any], issuer: SoftwareSigner, holder: PrivateJwk, binding: Binding, now: datetime
) -> None:
    held = judges.reference_issue(
        claims,
        disclosable=DISCLOSABLE,
        issuer_jwk=issuer.key.to_json(),
        holder_jwk=holder.to_json(),
        header={"typ": TYP},
    )
    chosen = {"given_name": True, "achievement": {"level": True}, "languages": [False, True, False]}
    presented = judges.reference_present(held, disclose=chosen, holder_jwk=holder.to_json(), binding=binding)

    read = sd_jwt.parse(presented)
    jws.verify(read.jws, key=issuer.public, typ=TYP)
    resolved = sd_jwt.resolve(read)
    key = PublicJwk.parse(resolved.claims["cnf"]["jwk"])
    sd_jwt.verify_binding(read, key=key, audience=binding.audience, nonce=binding.nonce, now=now)

    assert key == holder.public
    assert resolved.claims["achievement"] == claims["achievement"]
    assert resolved.claims["languages"] == ["fr", "hu", "mt"]
    assert set(resolved.opened) == {("given_name",), ("achievement",), ("achievement", "level"), ("languages", 1)}


def test_the_reference_presents_what_we_issue_and_we_read_it(
    ours: str, holder: PrivateJwk, binding: Binding, now: datetime
) -> None:
    presented = judges.reference_present(
        ours, disclose={"family_name": True}, holder_jwk=holder.to_json(), binding=binding
    )

    read = sd_jwt.parse(presented)
    sd_jwt.verify_binding(read, key=holder.public, audience=binding.audience, nonce=binding.nonce, now=now)

    assert set(sd_jwt.resolve(read).opened) == {("family_name",)}
