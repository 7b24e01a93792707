"""W3C credentials as JWTs, in both data models: issued, presented, verified; and one thing wrong at a time."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from credentials.credential import Format, StatusKind, StatusReference
from credentials.errors import (
    CredentialsError,
    InvalidAudience,
    InvalidKeyBinding,
    InvalidNonce,
    InvalidStatusList,
    InvalidTime,
    InvalidType,
    MalformedCredential,
    TooLarge,
)
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from keys import errors as keys_errors
from keys import jws
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.credentials.builders import EMPLOYER, HOLDER, ISSUER, NONCE, NOON, SIGNER, altered, signed, vectors

ISSUER_DID = methods.create_jwk(ISSUER.public)
HOLDER_DID = methods.create_jwk(HOLDER.public)
BOTH = (Format.VC_JWT, Format.VC_JWT_1)
STATUS = StatusReference(
    kind=StatusKind.BITSTRING, uri="https://uni.example/lists/1", index=94567, purpose="revocation"
)
TYPS = {Format.VC_JWT: ("vc+jwt", "vp+jwt"), Format.VC_JWT_1: ("JWT", "JWT")}
NOW = int(NOON.timestamp())


def content(**changes: Any) -> VcJwtContent:
    said: dict[str, Any] = {
        "types": ("MicroCredential",),
        "issuer": ISSUER_DID,
        "subject": {"given_name": "Ada"},
        "holder_id": HOLDER_DID,
        "id": "urn:uuid:0b0b6e0e-6f1c-4e1f-9d58-5a1f6f0b8d11",
        "issued_at": NOON - timedelta(days=1),
        "expires": NOON + timedelta(days=365),
        "status": (STATUS,),
    }
    return VcJwtContent(**{**said, **changes})


def issued(version: Format, **changes: Any) -> str:
    return vc_jwt.issue_now(content(**changes), signer=SIGNER, version=version, kid=f"{ISSUER_DID}#0")


def presented(version: Format, *, held: str | None = None, key: PrivateJwk = HOLDER) -> str:
    return vc_jwt.present(held or issued(version), disclose=None, key=key, audience=EMPLOYER, nonce=NONCE, now=NOON)


def verify(raw: str) -> vc_jwt.VcJwt:
    parsed = vc_jwt.parse(raw)
    vc_jwt.verify_signature(parsed, key=ISSUER.public)
    vc_jwt.check_time(parsed.credential, now=NOON)
    vc_jwt.verify_binding(parsed, audience=EMPLOYER, nonce=NONCE, now=NOON)
    return parsed


@pytest.mark.parametrize("version", BOTH)
def test_what_the_holder_shows_is_what_the_employer_reads(version: Format) -> None:
    credential = verify(presented(version)).credential

    assert credential.format is version
    assert credential.types == ("VerifiableCredential", "MicroCredential")
    assert (credential.issuer, credential.holder_id) == (ISSUER_DID, HOLDER_DID)
    assert credential.holder_key == HOLDER.public
    assert credential.claims["credentialSubject"] == {"given_name": "Ada", "id": HOLDER_DID}
    assert credential.issued_at == credential.not_before == NOON - timedelta(days=1)
    assert credential.expires == NOON + timedelta(days=365)
    assert credential.status == (STATUS,)
    assert credential.key_id == f"{ISSUER_DID}#0"


@pytest.mark.parametrize("version", BOTH)
async def test_issuing_with_and_without_waiting_is_the_same(version: Format) -> None:
    raw = await vc_jwt.issue(content(), signer=SIGNER, version=version, x5c=("TEFG",))

    parsed = vc_jwt.parse_issued(raw)
    vc_jwt.verify_signature(parsed, key=ISSUER.public)
    assert parsed.credential.chain_x5c == ("TEFG",)
    assert parsed.jws.header["typ"] == TYPS[version][0]


def test_version_2_signs_the_credential_itself() -> None:
    claims = json.loads(jws.parse(issued(Format.VC_JWT)).payload)

    assert claims["@context"] == ["https://www.w3.org/ns/credentials/v2"]
    assert claims["validFrom"] == "2026-06-30T12:00:00Z"
    assert claims["credentialStatus"] == {
        "id": "https://uni.example/lists/1#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://uni.example/lists/1",
    }
    assert claims.keys().isdisjoint({"vc", "vp"})


def test_version_1_signs_it_inside_the_claim_vc() -> None:
    claims = json.loads(jws.parse(issued(Format.VC_JWT_1)).payload)

    assert (claims["iss"], claims["sub"], claims["nbf"]) == (ISSUER_DID, HOLDER_DID, NOW - 86_400)
    assert claims["vc"]["@context"] == ["https://www.w3.org/2018/credentials/v1"]


def test_version_2_presents_an_enveloped_credential() -> None:
    held = issued(Format.VC_JWT)

    presentation = jws.parse(presented(Format.VC_JWT, held=held))

    claims = json.loads(presentation.payload)
    assert claims["verifiableCredential"] == [
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": f"data:application/vc+jwt,{held}",
            "type": ["EnvelopedVerifiableCredential"],
        }
    ]
    assert (claims["holder"], claims["aud"], claims["nonce"], claims["iat"]) == (HOLDER_DID, EMPLOYER, NONCE, NOW)
    assert presentation.header["kid"] == f"{HOLDER_DID}#0"


def test_version_1_presents_it_inside_the_claim_vp() -> None:
    held = issued(Format.VC_JWT_1)

    claims = json.loads(jws.parse(presented(Format.VC_JWT_1, held=held)).payload)

    assert claims["vp"]["verifiableCredential"] == [held]
    assert claims["iss"] == HOLDER_DID


@pytest.mark.parametrize("version", BOTH)
def test_a_holder_without_a_did_is_known_by_the_key(version: Format) -> None:
    held = issued(version, holder_id=None, holder_key=HOLDER.public)

    credential = verify(presented(version, held=held)).credential

    assert (credential.holder_id, credential.holder_key) == (None, HOLDER.public)


def test_a_holder_whose_did_is_kept_elsewhere_is_verified_with_the_key_found_there() -> None:
    parsed = vc_jwt.parse(presented(Format.VC_JWT, held=issued(Format.VC_JWT, holder_id="did:web:ada.example")))

    vc_jwt.verify_binding(parsed, audience=EMPLOYER, nonce=NONCE, now=NOON, holder_key=HOLDER.public)
    with pytest.raises(InvalidKeyBinding):
        vc_jwt.verify_binding(parsed, audience=EMPLOYER, nonce=NONCE, now=NOON)


def test_the_credential_of_openid4vp_gets_back_what_the_jwt_says_outside() -> None:
    document = vc_jwt.parse(signed(vectors("openid4vp.json")["credential_1"], typ="JWT")).credential.claims

    assert document["issuer"] == "https://example.gov/issuers/565049"
    assert document["id"] == "http://example.gov/credentials/3732"
    assert document["issuanceDate"] == "2010-01-01T00:00:00Z"
    assert document["credentialSubject"]["id"] == "did:example:ebfeb1f712ebc6f1c276e12ec21"
    assert document["credentialSubject"]["address"]["locality"] == "Musterstadt"


def rewritten(version: Format, **changes: Any) -> str:
    """The presentation with claims changed; None takes one away."""

    def change(claims: dict[str, Any]) -> None:
        claims.update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del claims[name]

    return altered(presented(version), change, key=HOLDER, typ=TYPS[version][1])


def flipped(raw: str) -> str:
    head, body, signature = raw.split(".")
    return f"{head}.{body}.{('B' if signature[0] == 'A' else 'A') + signature[1:]}"


WRONG: dict[str, tuple[Callable[[Format], str], type[Exception]]] = {
    "no presentation": (issued, InvalidKeyBinding),
    "another audience": (lambda v: rewritten(v, aud="other"), InvalidAudience),
    "an array of audiences": (lambda v: rewritten(v, aud=[EMPLOYER]), InvalidAudience),
    "no audience": (lambda v: rewritten(v, aud=None), InvalidAudience),
    "another nonce": (lambda v: rewritten(v, nonce="other"), InvalidNonce),
    "no nonce": (lambda v: rewritten(v, nonce=None), InvalidNonce),
    "too old": (lambda v: rewritten(v, iat=NOW - 301), InvalidKeyBinding),
    "from the future": (lambda v: rewritten(v, iat=NOW + 61), InvalidKeyBinding),
    "no time": (lambda v: rewritten(v, iat=None), InvalidKeyBinding),
    "expired": (lambda v: rewritten(v, exp=NOW - 60), InvalidKeyBinding),
    "another holder's name": (lambda v: rewritten(v, iss="did:web:eve.example"), InvalidKeyBinding),
    "another holder": (lambda v: presented(v, key=PrivateJwk.generate(Algorithm.ES256)), InvalidKeyBinding),
    "a flipped bit in the proof": (lambda v: flipped(presented(v)), InvalidKeyBinding),
    "a flipped bit in the credential": (
        lambda v: presented(v, held=flipped(issued(v))),
        keys_errors.InvalidSignature,
    ),
    "an expired credential": (lambda v: presented(v, held=issued(v, expires=NOON - timedelta(hours=1))), InvalidTime),
    "a credential of tomorrow": (
        lambda v: presented(v, held=issued(v, not_before=NOON + timedelta(days=1))),
        InvalidTime,
    ),
}


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize(("wrong", "error"), WRONG.values(), ids=WRONG.keys())
def test_a_presentation_with_one_thing_wrong_is_refused(
    version: Format, wrong: Callable[[Format], str], error: type[Exception]
) -> None:
    raw = wrong(version)

    with pytest.raises(error):
        verify(raw)


@pytest.mark.parametrize("version", BOTH)
def test_a_presentation_is_no_credential_to_hold(version: Format) -> None:
    with pytest.raises(MalformedCredential):
        vc_jwt.parse_issued(presented(version))


def document(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": {"id": ISSUER_DID},
        "credentialSubject": {"id": HOLDER_DID},
    }
    return {name: value for name, value in {**said, **changes}.items() if value is not None}


ENTRY: dict[str, Any] = {
    "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1",
    "statusListCredential": "https://uni.example/l",
}  # fmt: skip
MALFORMED: dict[str, tuple[dict[str, Any], type[CredentialsError]]] = {
    "the context of version 1": ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, MalformedCredential),
    "the context second": ({"@context": ["x", "https://www.w3.org/ns/credentials/v2"]}, MalformedCredential),
    "no context": ({"@context": None}, MalformedCredential),
    "no credential": ({"type": ["Something"]}, InvalidType),
    "types that are numbers": ({"type": ["VerifiableCredential", 1]}, InvalidType),
    "no issuer": ({"issuer": None}, MalformedCredential),
    "an issuer without id": ({"issuer": {"name": "Uni"}}, MalformedCredential),
    "two issuers": ({"iss": "https://other.example"}, MalformedCredential),
    "no subject": ({"credentialSubject": None}, MalformedCredential),
    "two subjects": ({"credentialSubject": [{"id": "a"}, {"id": "b"}]}, MalformedCredential),
    "a subject with a numbered id": ({"credentialSubject": {"id": 1}}, MalformedCredential),
    "the claim vc": ({"vc": {}}, InvalidType),
    "a local time": ({"validFrom": "2026-01-01T00:00:00"}, InvalidTime),
    "a day that is none": ({"validUntil": "2026-02-30T00:00:00Z"}, InvalidTime),
    "an exp that is a text": ({"exp": "1"}, InvalidTime),
    "a cnf without a key": ({"cnf": {}}, MalformedCredential),
    "a status of another kind": (
        {"credentialStatus": {**ENTRY, "type": "RevocationList2020Status"}},
        InvalidStatusList,
    ),
    "a status nowhere": ({"credentialStatus": {**ENTRY, "statusListCredential": None}}, InvalidStatusList),
    "a status before the beginning": ({"credentialStatus": {**ENTRY, "statusListIndex": "-1"}}, InvalidStatusList),
    "a status of three bits": ({"credentialStatus": {**ENTRY, "statusSize": 3}}, InvalidStatusList),
    "one status of two that is empty": ({"credentialStatus": [ENTRY, {}]}, InvalidStatusList),
}


@pytest.mark.parametrize(("change", "error"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_credential_with_one_thing_malformed_is_refused(
    change: dict[str, Any], error: type[CredentialsError]
) -> None:
    vc_jwt.parse(signed(document(), typ="vc+jwt"))

    with pytest.raises(error):
        vc_jwt.parse(signed(document(**change), typ="vc+jwt"))


@pytest.mark.parametrize("change", [{"iss": "https://other.example"}, {"sub": "did:web:x.example"}, {"jti": "other"}])
def test_a_credential_of_version_1_may_not_contradict_its_jwt(change: dict[str, str]) -> None:
    raw = altered(issued(Format.VC_JWT_1), lambda claims: claims.update(change), key=ISSUER, typ="JWT")

    with pytest.raises(MalformedCredential):
        vc_jwt.parse(raw)


@pytest.mark.parametrize("holds", [[], ["a.b.c", "a.b.c"], [1], {"id": 1}, "a.b.c", None])
def test_a_presentation_holds_one_credential_in_its_envelope(holds: Any) -> None:
    for version in BOTH:
        claims = json.loads(jws.parse(presented(version)).payload)
        claims.get("vp", claims)["verifiableCredential"] = holds

        with pytest.raises(CredentialsError):
            vc_jwt.parse(signed(claims, typ=TYPS[version][1], key=HOLDER))


def test_a_type_that_is_missing_or_another_is_refused() -> None:
    for typ in (None, "JWT", "vc+sd-jwt", "VC+JWT"):
        with pytest.raises(InvalidType):
            vc_jwt.parse(signed(document(), typ=typ))


def test_a_token_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(TooLarge):
        vc_jwt.parse("a" * 200_001)


def test_a_subject_may_stand_alone_in_an_array_and_a_place_may_be_a_number() -> None:
    entry = {**ENTRY, "statusListIndex": 7, "statusSize": 2}
    raw = signed(document(credentialSubject=[{"id": HOLDER_DID}], credentialStatus=[entry]), typ="vc+jwt")

    credential = vc_jwt.parse(raw).credential

    assert credential.holder_id == HOLDER_DID
    assert [(status.index, status.size) for status in credential.status] == [(7, 2)]


def test_a_token_status_list_is_no_entry_of_a_w3c_credential() -> None:
    with pytest.raises(InvalidStatusList):
        issued(Format.VC_JWT, status=(StatusReference(kind=StatusKind.TOKEN, uri="https://uni.example/l", index=1),))
