"""Key proofs of type jwt: OpenID4VCI 1.0 Appendix F.1 and F.4; lifetimes of security.md (0)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import proof
from exchange.errors import InvalidNonce, InvalidProof
from keys import base64url, jws, strict_json, x509
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

ISSUER = "https://issuer.example/uni"
NONCE = "c-nonce-1"


def key_url(signer: SoftwareSigner) -> str:
    return methods.key_id(methods.create_key(signer.public))


def forge(
    signer: SoftwareSigner,
    *,
    now: datetime,
    typ: str = proof.TYP,
    header: Mapping[str, Any] | None = None,
    **claims: Any,
) -> str:
    """A proof that is right but for what is given; a claim set to None is left out."""
    named = {"jwk": signer.public.to_json()} if header is None else header
    body = {"aud": ISSUER, "iat": int(now.timestamp()), "nonce": NONCE, **claims}
    kept = {name: value for name, value in body.items() if value is not None}
    return jws.create_now(kept, signer=signer, typ=typ, header=named)


def test_the_proof_of_the_specification_is_verified(vector: Callable[[str], Any]) -> None:
    given_proof = vector("oid4vci/jwt_proof.json")
    made = datetime.fromtimestamp(given_proof["iat"], tz=UTC)
    verified = proof.verify(given_proof["jwt"], audience=given_proof["aud"], now=made)
    assert verified.nonce == given_proof["nonce"]
    assert verified.key.to_json() == given_proof["jwk"]
    assert verified.holder_id is None


async def test_a_proof_by_jwk_is_made_and_verified(holder: SoftwareSigner, noon: datetime) -> None:
    token = await proof.create(signer=holder, audience=ISSUER, nonce=NONCE, now=noon)
    verified = proof.verify(token, audience=ISSUER, now=noon)
    assert verified == proof.Proof(key=holder.public, nonce=NONCE)
    header = jws.parse(token).header
    assert set(header) == {"alg", "typ", "jwk"}
    assert "iss" not in strict_json.parse_object(jws.parse(token).payload)


@pytest.mark.parametrize("create_did", [methods.create_key, methods.create_jwk])
async def test_a_proof_by_did_names_the_holder(
    create_did: Callable[[Any], str], other_holder: SoftwareSigner, noon: datetime
) -> None:
    did = create_did(other_holder.public)
    token = await proof.create(signer=other_holder, audience=ISSUER, nonce=NONCE, now=noon, key_url=methods.key_id(did))
    verified = proof.verify(token, audience=ISSUER, now=noon)
    assert (verified.key, verified.holder_id) == (other_holder.public, did)


def test_a_proof_by_certificate_shows_the_key_of_the_leaf(holder: SoftwareSigner, noon: datetime) -> None:
    root = x509.create_authority("Wallet maker", now=noon)
    leaf = x509.create_leaf(root, subject="a wallet", public=holder.public, dns=["wallet.example"], now=noon)
    token = forge(holder, now=noon, header={"x5c": x509.to_x5c((leaf,))})
    assert proof.verify(token, audience=ISSUER, now=noon).key == holder.public


BREAKS: dict[str, Callable[[SoftwareSigner, SoftwareSigner, datetime], str]] = {
    "the type of another JWT": lambda one, _, now: forge(one, now=now, typ="JWT"),
    "another audience": lambda one, _, now: forge(one, now=now, aud="https://other.example"),
    "two audiences": lambda one, _, now: forge(one, now=now, aud=[ISSUER]),
    "no audience": lambda one, _, now: forge(one, now=now, aud=None),
    "no nonce": lambda one, _, now: forge(one, now=now, nonce=None),
    "an empty nonce": lambda one, _, now: forge(one, now=now, nonce=""),
    "a numeric nonce": lambda one, _, now: forge(one, now=now, nonce=7),
    "no time": lambda one, _, now: forge(one, now=now, iat=None),
    "a time as text": lambda one, _, now: forge(one, now=now, iat="now"),
    "an old time": lambda one, _, now: forge(one, now=now, iat=int(now.timestamp()) - 301),
    "a future time": lambda one, _, now: forge(one, now=now, iat=int(now.timestamp()) + 61),
    "an expiry in the past": lambda one, _, now: forge(one, now=now, exp=int(now.timestamp()) - 61),
    "no key": lambda one, _, now: forge(one, now=now, header={"kid": "key-1"}),
    "a private key": lambda one, _, now: forge(one, now=now, header={"jwk": one.key.to_json()}),
    "another's key": lambda one, two, now: forge(one, now=now, header={"jwk": two.public.to_json()}),
    "a key named twice": lambda one, _, now: forge(
        one, now=now, header={"jwk": one.public.to_json(), "kid": key_url(one)}
    ),
    "a did:web": lambda one, _, now: forge(one, now=now, header={"kid": "did:web:holder.example#1"}),
    "a DID without fragment": lambda one, _, now: forge(one, now=now, header={"kid": methods.create_key(one.public)}),
    "a fragment of another key": lambda one, _, now: forge(
        one, now=now, header={"kid": methods.create_key(one.public) + "#z6Mk"}
    ),
    "an extension": lambda one, _, now: forge(
        one, now=now, header={"jwk": one.public.to_json(), "crit": ["b64"], "b64": False}
    ),
    "an x5c of nothing": lambda one, _, now: forge(one, now=now, header={"x5c": []}),
}


@pytest.mark.parametrize("wrong", BREAKS)
def test_a_proof_with_one_thing_wrong_is_refused(
    wrong: str, holder: SoftwareSigner, other_holder: SoftwareSigner, noon: datetime
) -> None:
    proof.verify(forge(holder, now=noon), audience=ISSUER, now=noon)
    with pytest.raises(InvalidProof):
        proof.verify(BREAKS[wrong](holder, other_holder, noon), audience=ISSUER, now=noon)


@pytest.mark.parametrize("part", range(3))
def test_a_proof_with_a_changed_part_is_refused(part: int, holder: SoftwareSigner, noon: datetime) -> None:
    parts = forge(holder, now=noon).split(".")
    parts[part] = ("A" if parts[part][0] != "A" else "B") + parts[part][1:]
    with pytest.raises(InvalidProof):
        proof.verify(".".join(parts), audience=ISSUER, now=noon)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_proof_that_anybody_could_make_is_refused(algorithm: str, holder: SoftwareSigner, noon: datetime) -> None:
    _, payload, signature = forge(holder, now=noon).split(".")
    header = {"alg": algorithm, "typ": proof.TYP, "jwk": holder.public.to_json()}
    token = f"{base64url.encode(strict_json.dump(header))}.{payload}."
    for end in ("", signature):
        with pytest.raises(InvalidProof):
            proof.verify(token + end, audience=ISSUER, now=noon)


@pytest.mark.parametrize("seconds", [-300, 0, 60])
def test_a_proof_is_good_from_a_minute_ahead_to_five_minutes_old(
    seconds: int, holder: SoftwareSigner, noon: datetime
) -> None:
    made = int((noon + timedelta(seconds=seconds)).timestamp())
    assert proof.verify(forge(holder, now=noon, iat=made), audience=ISSUER, now=noon).nonce == NONCE


def test_the_algorithm_must_be_one_of_the_metadata(other_holder: SoftwareSigner, noon: datetime) -> None:
    token = forge(other_holder, now=noon)
    with pytest.raises(InvalidProof):
        proof.verify(token, audience=ISSUER, now=noon, algorithms={Algorithm.ES256})


def test_the_binding_method_must_be_one_of_the_metadata(holder: SoftwareSigner, noon: datetime) -> None:
    by_did = forge(holder, now=noon, header={"kid": key_url(holder)})
    for token, offered in [(forge(holder, now=noon), ("did:key",)), (by_did, ("jwk", "did:jwk"))]:
        with pytest.raises(InvalidProof):
            proof.verify(token, audience=ISSUER, now=noon, binding_methods=offered)


def test_several_proofs_are_for_several_keys(
    holder: SoftwareSigner, other_holder: SoftwareSigner, noon: datetime
) -> None:
    tokens = [forge(one, now=noon) for one in (holder, other_holder)]
    proofs = proof.verify_all(tokens, audience=ISSUER, now=noon)
    assert [one.key for one in proofs] == [holder.public, other_holder.public]
    assert proof.nonce_of(proofs) == NONCE
    with pytest.raises(InvalidProof, match="same key"):
        proof.verify_all([*tokens, forge(holder, now=noon, nonce="other")], audience=ISSUER, now=noon)


def test_the_same_key_under_two_names_is_the_same_key(holder: SoftwareSigner, noon: datetime) -> None:
    tokens = [forge(holder, now=noon), forge(holder, now=noon, header={"kid": key_url(holder)})]
    with pytest.raises(InvalidProof, match="same key"):
        proof.verify_all(tokens, audience=ISSUER, now=noon)


def test_proofs_of_one_request_carry_one_nonce(
    holder: SoftwareSigner, other_holder: SoftwareSigner, noon: datetime
) -> None:
    tokens = [forge(holder, now=noon), forge(other_holder, now=noon, nonce="other")]
    with pytest.raises(InvalidNonce):
        proof.nonce_of(proof.verify_all(tokens, audience=ISSUER, now=noon))


SPARE = SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))


@given(
    st.text()
    | st.dictionaries(st.sampled_from(["jwk", "kid", "x5c", "crit"]), st.none() | st.text() | st.lists(st.text()))
)
def test_garbage_raises_invalid_proof_and_nothing_else(garbage: str | dict[str, Any]) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    token = garbage if isinstance(garbage, str) else forge(SPARE, now=now, header=garbage)
    with pytest.raises(InvalidProof):
        proof.verify(token, audience=ISSUER, now=now)
