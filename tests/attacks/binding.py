"""Attacks on time and on the holder's proof: too early, too late, for somebody else, by another key."""

from datetime import timedelta
from typing import Any

from keys import base64url
from tests.attacks.forging import (
    MALLORY,
    REMOVED,
    Attack,
    Case,
    bound,
    header_of,
    parts,
    payload_of,
    rebound,
    sign,
    sign_hmac,
    with_binding,
)  # fmt: skip
from tests.trust.builders import DAY, NOON
from tests.trust.world import EMPLOYER, NONCE, World
from trust.report import ReasonCode, Rung
from trust.verification import Binding

TEMPORAL, BINDING, NONCE_CODE = ReasonCode.TEMPORAL, ReasonCode.KEY_BINDING, ReasonCode.NONCE
AUDIENCE = ReasonCode.AUDIENCE
SECOND = timedelta(seconds=1)


def passing(world: World) -> str:
    return world.present(world.issue())


def issued(**changes: Any) -> Any:
    return lambda world: world.present(world.issue(**changes))


def presented(**changes: Any) -> Any:
    return lambda world: world.present(world.issue(), **changes)


def without_last_disclosure(world: World) -> str:
    token, disclosures, binding = parts(world.present(world.issue()))
    return "~".join((token, *disclosures[:-1], binding))


def with_later_disclosure(world: World) -> str:
    """One more disclosure of the same credential, which the holder did not mean to show."""
    held = world.issue()
    token, disclosures, binding = parts(world.present(held))
    kept_back = parts(world.present(held, disclose=[("family_name",)]))[1][0]
    return "~".join((token, *disclosures, kept_back, binding))


def proof_of_another_credential(world: World) -> str:
    other = parts(world.present(world.issue()))[2]
    return with_binding(world, lambda _: other)


def flipped(binding: str) -> str:
    signing_input, _, signature = binding.rpartition(".")
    raw = base64url.decode(signature)
    return f"{signing_input}.{base64url.encode(raw[:-1] + bytes([raw[-1] ^ 1]))}"


def asked(**changes: str) -> Any:
    return lambda world: Case(
        raw=world.present(world.issue()),
        asked={"binding": Binding(**{"audience": EMPLOYER, "nonce": NONCE, **changes})},
    )


def holder(sentence: str, change: Any, code: ReasonCode = BINDING) -> Attack:
    """An attack that the sixth rung stops."""
    return Attack(sentence, change, Rung.HOLDER, code)


def aged(seconds: int) -> Any:
    return lambda world: rebound(world, payload={"iat": int(NOON.timestamp()) + seconds})


def _none(binding: str) -> str:
    return sign({**header_of(binding), "alg": "none"}, payload_of(binding), key=None)


def _hmac(world: World, binding: str) -> str:
    secret = world.holder.public.canonical()
    return sign_hmac({**header_of(binding), "alg": "HS256"}, payload_of(binding), secret=secret)


def _credential_as_proof(world: World) -> str:
    token = parts(world.issue())[0]
    return with_binding(world, lambda _: token)


ATTACKS = (
    Attack("expired yesterday", issued(expires=NOON - DAY), Rung.TIME, TEMPORAL),
    Attack("expired 61 seconds ago", issued(expires=NOON - 61 * SECOND), Rung.TIME, TEMPORAL),
    Attack("expired before it was issued", issued(expires=NOON - 2 * DAY), Rung.TIME, TEMPORAL),
    Attack("valid from tomorrow", issued(not_before=NOON + DAY), Rung.TIME, TEMPORAL),
    Attack("valid in 61 seconds", issued(not_before=NOON + 61 * SECOND), Rung.TIME, TEMPORAL),
    Attack("issued in the future", issued(issued_at=NOON + 61 * SECOND), Rung.TIME, TEMPORAL),
    holder("no proof by the holder", lambda w: with_binding(w, lambda _: "")),
    holder("a proof with another key", lambda w: rebound(w, key=MALLORY)),
    holder("a proof with the issuer's key", lambda w: rebound(w, key=w.university.key)),
    holder("a flipped bit in the proof", lambda w: with_binding(w, flipped)),
    holder("a proof signed by nobody", lambda w: with_binding(w, lambda b: b.rpartition(".")[0] + ".")),
    holder("a proof with the algorithm none", lambda w: with_binding(w, _none)),
    holder("a proof with another algorithm of ours", lambda w: rebound(w, header={"alg": "EdDSA"})),
    holder("a proof by HMAC with the holder's public key", lambda w: with_binding(w, lambda b: _hmac(w, b))),
    holder("a proof that brings its key", lambda w: rebound(w, header={"jwk": MALLORY.public.to_json()}, key=MALLORY)),
    holder("a proof with a critical extension", lambda w: rebound(w, header={"crit": ["x"], "x": 1})),
    holder("a proof of another type", lambda w: rebound(w, header={"typ": "JWT"})),
    holder("a proof whose type is a list", lambda w: rebound(w, header={"typ": ["kb+jwt"]})),
    holder("a proof without a type", lambda w: rebound(w, header={"typ": REMOVED})),
    holder("a proof of possession for an issuer", lambda w: rebound(w, header={"typ": "openid4vci-proof+jwt"})),
    holder("the credential itself as proof", _credential_as_proof),
    holder("the proof of another credential of the same holder", proof_of_another_credential),
    holder("a disclosure taken away after the proof", without_last_disclosure),
    holder("a disclosure added after the proof", with_later_disclosure),
    holder("a proof over nothing", lambda w: rebound(w, payload={"sd_hash": REMOVED})),
    holder("a proof over an empty text", lambda w: rebound(w, payload={"sd_hash": ""})),
    holder("a proof six minutes old", aged(-361)),
    holder("a proof from the future", aged(61)),
    holder("a proof without a date", lambda w: rebound(w, payload={"iat": REMOVED})),
    holder("a proof dated with a text", lambda w: rebound(w, payload={"iat": str(int(NOON.timestamp()))})),
    holder("a proof dated true", lambda w: rebound(w, payload={"iat": True})),
    holder("a proof that has expired", lambda w: rebound(w, payload={"exp": int(NOON.timestamp()) - 61})),
    holder("a credential without a holder", lambda w: bound(w, w.issue(holder_key=None))),
    holder("a credential of another holder", lambda w: bound(w, w.issue(holder_key=MALLORY.public))),
    holder("another holder's key put in", lambda w: bound(w, w.issue(), key=MALLORY)),
    holder("another nonce", presented(nonce="another"), NONCE_CODE),
    holder("an empty nonce", presented(nonce=""), NONCE_CODE),
    holder("a nonce that is a list", lambda w: rebound(w, payload={"nonce": [NONCE]}), NONCE_CODE),
    holder("no nonce", lambda w: rebound(w, payload={"nonce": REMOVED}), NONCE_CODE),
    holder("an answer to an earlier request", asked(nonce="a-newer-nonce"), NONCE_CODE),
    holder("another verifier", presented(audience="x509_san_dns:evil.example"), AUDIENCE),
    holder("the verifier without its prefix", presented(audience="employer.example"), AUDIENCE),
    holder("the verifier with another prefix", presented(audience="redirect_uri:employer.example"), AUDIENCE),
    holder("a list of verifiers", lambda w: rebound(w, payload={"aud": [EMPLOYER]}), AUDIENCE),
    holder("ours among other verifiers", lambda w: rebound(w, payload={"aud": [EMPLOYER, "x"]}), AUDIENCE),
    holder("no verifier", lambda w: rebound(w, payload={"aud": REMOVED}), AUDIENCE),
    holder("an answer relayed to another verifier", asked(audience="x509_san_dns:other.example"), AUDIENCE),
)
