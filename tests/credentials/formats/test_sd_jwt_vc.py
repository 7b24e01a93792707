"""SD-JWT VC: one credential from the university to the employer, and one thing wrong at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from credentials.credential import Format, StatusKind, StatusReference
from credentials.errors import (
    CredentialsError,
    InvalidAudience,
    InvalidDisclosure,
    InvalidKeyBinding,
    InvalidNonce,
    InvalidStatusList,
    InvalidTime,
    InvalidType,
    MalformedCredential,
)
from credentials.formats import key_binding, sd_jwt_vc
from keys import errors as keys_errors
from keys import jws
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.credentials.builders import (
    CLAIMS,
    EMPLOYER,
    HOLDER,
    ISSUER,
    NONCE,
    NOON,
    REFERENCE,
    SIGNER,
    UNIVERSITY,
    VCT,
    altered,
    content,
    issued,
    presented,
    signed,
)


def verify(raw: str, *, audience: str = EMPLOYER, nonce: str = NONCE, now: Any = NOON) -> sd_jwt_vc.SdJwtVc:
    parsed = sd_jwt_vc.parse(raw)
    sd_jwt_vc.verify_signature(parsed, key=ISSUER.public)
    sd_jwt_vc.check_time(parsed.credential, now=now)
    sd_jwt_vc.verify_binding(parsed, audience=audience, nonce=nonce, now=now)
    return parsed


def test_what_the_holder_shows_is_what_the_employer_reads() -> None:
    credential = verify(presented(("given_name",), ("outcomes", 1))).credential

    assert credential.claims == {
        "iss": UNIVERSITY,
        "vct": VCT,
        "title": "Data ethics",
        "given_name": "Ada",
        "outcomes": ["argues"],
        "iat": 1782820800,
        "exp": 1814443200,
        "status": {"status_list": {"idx": 4711, "uri": REFERENCE.uri}},
        "cnf": {"jwk": HOLDER.public.to_json()},
    }
    assert set(credential.disclosed) == {("given_name",), ("outcomes", 0)}


def test_a_credential_tells_its_parts() -> None:
    parsed = sd_jwt_vc.parse_issued(issued())
    credential = parsed.credential

    assert (credential.format, credential.types, credential.issuer) == (Format.SD_JWT_VC, (VCT,), UNIVERSITY)
    assert (credential.holder_key, credential.holder_id) == (HOLDER.public, None)
    assert (credential.issued_at, credential.not_before) == (NOON - timedelta(days=1), None)
    assert credential.expires == NOON + timedelta(days=365)
    assert (credential.status, credential.key_id, credential.chain_x5c) == ((REFERENCE,), "key-1", ())
    assert parsed.presentation is None
    assert set(credential.disclosable) == {
        ("given_name",), ("family_name",), ("address",), ("address", "locality"), ("address", "country"),
        ("outcomes", 0), ("outcomes", 1), ("outcomes", 2),
    }  # fmt: skip


async def test_issuing_with_and_without_waiting_is_the_same() -> None:
    raw = await sd_jwt_vc.issue(content(), signer=SIGNER, x5c=("TEFG", "Uk9PVA"), kid="key-1")

    parsed = sd_jwt_vc.parse_issued(raw)
    sd_jwt_vc.verify_signature(parsed, key=ISSUER.public)
    assert parsed.credential.header == {"alg": "ES256", "typ": "dc+sd-jwt", "kid": "key-1", "x5c": ["TEFG", "Uk9PVA"]}


def test_disclosing_none_shows_only_what_is_always_open() -> None:
    raw = sd_jwt_vc.present(issued(), disclose=None, key=HOLDER, audience=EMPLOYER, nonce=NONCE, now=NOON)

    assert verify(raw).credential.disclosed == ()


def test_a_presentation_can_be_shown_to_nobody_else() -> None:
    with pytest.raises(InvalidKeyBinding):
        sd_jwt_vc.present(presented(), disclose=(), key=HOLDER, audience="other", nonce=NONCE, now=NOON)


def test_two_presentations_of_one_credential_carry_the_same_signed_part() -> None:
    held = issued()

    assert presented(held=held).partition("~")[0] == presented(("address",), held=held).partition("~")[0]


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"])
def test_a_claim_that_governs_validity_is_never_issued_disclosable(name: str) -> None:
    for path in ((name,), (name, "jwk"), (name, None)):
        with pytest.raises(InvalidDisclosure):
            content(disclosable=(path,))


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "iat"])
def test_the_claims_about_the_subject_cannot_replace_those_of_the_credential(name: str) -> None:
    with pytest.raises(MalformedCredential):
        content(claims={**CLAIMS, name: "x"})


def test_the_moment_of_issue_may_be_held_back() -> None:
    credential = sd_jwt_vc.parse(presented(held=issued(disclosable=(("iat",),)))).credential

    assert credential.issued_at is None


def test_a_bitstring_list_is_no_status_of_an_sd_jwt_vc() -> None:
    status = StatusReference(kind=StatusKind.BITSTRING, uri="https://uni.example/l", index=1, purpose="revocation")

    with pytest.raises(InvalidStatusList):
        issued(status=status)


def with_binding(**changes: Any) -> str:
    """The presentation with claims of its Key Binding JWT changed; None takes one away."""
    unbound, _, binding = presented(("given_name",)).rpartition("~")

    def change(claims: dict[str, Any]) -> None:
        claims.update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del claims[name]

    return f"{unbound}~{altered(binding, change, key=HOLDER, typ=key_binding.TYP)}"


def signed_again(*, typ: str = key_binding.TYP, key: PrivateJwk = HOLDER) -> str:
    unbound, _, binding = presented(("given_name",)).rpartition("~")
    return f"{unbound}~{altered(binding, lambda _: None, key=key, typ=typ)}"


def flipped(raw: str, part: int) -> str:
    """`raw` with one bit of the signature of its `part` turned over."""
    parts = raw.split("~")
    head, body, signature = parts[part].split(".")
    parts[part] = f"{head}.{body}.{('B' if signature[0] == 'A' else 'A') + signature[1:]}"
    return "~".join(parts)


def without_a_disclosure() -> str:
    token, _, binding = presented(("given_name",)).split("~")
    return f"{token}~{binding}"


def by_a_stranger() -> str:
    return sd_jwt_vc.issue_now(content(), signer=replace(SIGNER, key=PrivateJwk.generate(Algorithm.ES256)))


NOW = int(NOON.timestamp())
WRONG: dict[str, tuple[Callable[[], str], type[Exception]]] = {
    "no proof": (lambda: presented(("given_name",)).rpartition("~")[0] + "~", InvalidKeyBinding),
    "another audience": (lambda: with_binding(aud="x509_san_dns:other.example"), InvalidAudience),
    "the audience without its prefix": (lambda: with_binding(aud="employer.example"), InvalidAudience),
    "an array of audiences": (lambda: with_binding(aud=[EMPLOYER]), InvalidAudience),
    "no audience": (lambda: with_binding(aud=None), InvalidAudience),
    "another nonce": (lambda: with_binding(nonce=NONCE + "x"), InvalidNonce),
    "no nonce": (lambda: with_binding(nonce=None), InvalidNonce),
    "another hash": (lambda: with_binding(sd_hash="x" * 43), InvalidKeyBinding),
    "no hash": (lambda: with_binding(sd_hash=None), InvalidKeyBinding),
    "too old": (lambda: with_binding(iat=NOW - 301), InvalidKeyBinding),
    "from the future": (lambda: with_binding(iat=NOW + 61), InvalidKeyBinding),
    "no time": (lambda: with_binding(iat=None), InvalidKeyBinding),
    "a time that is a text": (lambda: with_binding(iat=str(NOW)), InvalidKeyBinding),
    "a time that is true": (lambda: with_binding(iat=True), InvalidKeyBinding),
    "expired": (lambda: with_binding(exp=NOW - 60), InvalidKeyBinding),
    "not valid yet": (lambda: with_binding(nbf=NOW + 61), InvalidKeyBinding),
    "another type": (lambda: signed_again(typ="JWT"), InvalidKeyBinding),
    "another holder": (lambda: signed_again(key=PrivateJwk.generate(Algorithm.ES256)), InvalidKeyBinding),
    "another algorithm": (lambda: signed_again(key=PrivateJwk.generate(Algorithm.EDDSA)), InvalidKeyBinding),
    "a flipped bit in the proof": (lambda: flipped(presented(("given_name",)), -1), InvalidKeyBinding),
    "a flipped bit in the credential": (lambda: flipped(presented(), 0), keys_errors.InvalidSignature),
    "a disclosure less": (without_a_disclosure, InvalidKeyBinding),
    "another issuer": (lambda: presented(held=by_a_stranger()), keys_errors.InvalidSignature),
    "no holder's key": (lambda: presented(held=issued(holder_key=None)), InvalidKeyBinding),
    "an expired credential": (lambda: presented(held=issued(expires=NOON - timedelta(minutes=1))), InvalidTime),
    "a credential of tomorrow": (lambda: presented(held=issued(not_before=NOON + timedelta(days=1))), InvalidTime),
    "a credential issued tomorrow": (lambda: presented(held=issued(issued_at=NOON + timedelta(days=1))), InvalidTime),
}


@pytest.mark.parametrize(("wrong", "error"), WRONG.values(), ids=WRONG.keys())
def test_a_presentation_with_one_thing_wrong_is_refused(wrong: Callable[[], str], error: type[Exception]) -> None:
    raw = wrong()

    with pytest.raises(error):
        verify(raw)


def test_a_proof_may_be_five_minutes_old_and_a_minute_ahead() -> None:
    verify(with_binding(iat=NOW - 300))
    verify(with_binding(iat=NOW + 60))


def test_the_signature_counts_only_for_accepted_algorithms() -> None:
    key = PrivateJwk.generate(Algorithm.ES384)
    parsed = sd_jwt_vc.parse(sd_jwt_vc.issue_now(content(), signer=replace(SIGNER, key=key)))

    sd_jwt_vc.verify_signature(parsed, key=key.public, algorithms={Algorithm.ES384})
    with pytest.raises(keys_errors.UnsupportedAlgorithm):
        sd_jwt_vc.verify_signature(parsed, key=key.public)


SOUND: dict[str, Any] = {"iss": UNIVERSITY, "vct": VCT, "exp": NOW + 60}

MALFORMED: dict[str, tuple[dict[str, Any], type[CredentialsError]]] = {
    "no vct": ({"vct": None}, MalformedCredential),
    "an empty vct": ({"vct": ""}, MalformedCredential),
    "an issuer that is an object": ({"iss": {"id": UNIVERSITY}}, MalformedCredential),
    "a cnf that is a text": ({"cnf": "x"}, MalformedCredential),
    "a cnf without a key": ({"cnf": {"kid": "x"}}, MalformedCredential),
    "a cnf that gives the secret away": ({"cnf": {"jwk": HOLDER.to_json()}}, MalformedCredential),
    "a cnf off the curve": ({"cnf": {"jwk": {**HOLDER.public.to_json(), "y": "A" * 43}}}, MalformedCredential),
    "an exp that is a text": ({"exp": "tomorrow"}, InvalidTime),
    "an exp that is true": ({"exp": True}, InvalidTime),
    "an exp beyond all years": ({"exp": 10**18}, InvalidTime),
    "an nbf that is an array": ({"nbf": [1]}, InvalidTime),
    "a status of another kind": ({"status": {"mtcd": {}}}, InvalidStatusList),
    "a status that is a text": ({"status": "good"}, InvalidStatusList),
    "a status before the beginning": ({"status": {"status_list": {"idx": -1, "uri": "u"}}}, InvalidStatusList),
    "a status at true": ({"status": {"status_list": {"idx": True, "uri": "u"}}}, InvalidStatusList),
    "a status nowhere": ({"status": {"status_list": {"idx": 1}}}, InvalidStatusList),
}


@pytest.mark.parametrize(("change", "error"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_credential_with_one_claim_malformed_is_refused(
    change: dict[str, Any], error: type[CredentialsError]
) -> None:
    sd_jwt_vc.parse(signed(SOUND) + "~")
    claims = {name: value for name, value in {**SOUND, **change}.items() if value is not None}

    with pytest.raises(error):
        sd_jwt_vc.parse(signed(claims) + "~")


@pytest.mark.parametrize("typ", ["vc+sd-jwt", "JWT", "DC+SD-JWT", None])
def test_another_type_is_refused(typ: str | None) -> None:
    with pytest.raises(InvalidType):
        sd_jwt_vc.parse(signed(SOUND, typ=typ) + "~")


@pytest.mark.parametrize("header", [{"kid": 1}, {"x5c": "TEFG"}, {"x5c": [1]}])
def test_a_header_that_cannot_be_read_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(MalformedCredential):
        sd_jwt_vc.parse(signed(SOUND, **header) + "~")


def test_a_governing_claim_that_comes_as_a_disclosure_is_refused() -> None:
    raw = sd_jwt_vc.sd_jwt.issue_now(
        SOUND, disclosable=[("exp",)], signer=SIGNER, typ="dc+sd-jwt"
    )  # what an issuer with another library may do

    with pytest.raises(InvalidDisclosure):
        sd_jwt_vc.parse(raw)


def test_an_extension_that_is_not_understood_is_refused() -> None:
    parsed = sd_jwt_vc.parse(signed(SOUND, crit=["b64"], b64=True) + "~")

    with pytest.raises(keys_errors.InvalidJws):
        sd_jwt_vc.verify_signature(parsed, key=ISSUER.public)


def test_a_key_that_the_header_offers_is_not_used() -> None:
    stranger = PrivateJwk.generate(Algorithm.ES256)
    parsed = sd_jwt_vc.parse(signed(SOUND, key=stranger, jwk=stranger.public.to_json()) + "~")

    with pytest.raises(keys_errors.InvalidSignature):
        sd_jwt_vc.verify_signature(parsed, key=ISSUER.public)


def test_a_credential_without_iss_names_no_issuer_but_its_certificate() -> None:
    credential = sd_jwt_vc.parse(signed({"vct": VCT}, x5c=["TEFG"]) + "~").credential

    assert (credential.issuer, credential.chain_x5c) == ("", ("TEFG",))


def test_the_signed_part_is_a_jws_that_others_can_read() -> None:
    assert jws.parse(issued().partition("~")[0]).header == {"alg": "ES256", "typ": "dc+sd-jwt", "kid": "key-1"}


def test_a_credential_pins_its_type_metadata_and_its_beginning() -> None:
    credential = sd_jwt_vc.parse(issued(vct_integrity="sha256-AAAA", not_before=NOON)).credential

    assert credential.claims["vct#integrity"] == "sha256-AAAA"
    assert credential.not_before == NOON


def test_the_format_has_its_name_on_the_wire() -> None:
    assert {format_.openid_name for format_ in Format} == {"dc+sd-jwt", "jwt_vc_json"}
