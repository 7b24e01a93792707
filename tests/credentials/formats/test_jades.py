import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import (
    CredentialsError,
    InvalidTime,
    InvalidType,
    MalformedCredential,
    TooLarge,
    UnsupportedFormat,
    WrongCertificate,
)
from credentials.formats import jades
from keys import base64url, x509
from keys.algorithms import Algorithm
from keys.errors import InvalidCertificate, InvalidSignature, KeysError, UnsupportedAlgorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.credentials.formats.seals import AUTHORITY, DOCUMENT, KEY, NOON, SEAL, certified, changed, resealed, sealed
from tests.keys.seals.certificates import rsa_seal

Json = dict[str, Any]
Change = Callable[[Json], Any]
OTHER = PrivateJwk.generate(Algorithm.ES256)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
MANY = st.dictionaries(
    WORDS, st.recursive(WORDS | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3))
)


@given(MANY)
def test_what_is_sealed_comes_back_and_its_seal_holds(document: Json) -> None:
    read = jades.parse(sealed(document))

    jades.verify(read)
    assert read.document == document
    assert read.claimed_at == NOON


@pytest.mark.parametrize("text", ['{ "a" : 1.50,\n\t"é": "\\u00e9\\/" }', '{"b":1,"a":2}', " {} \n"])
def test_a_text_is_sealed_and_kept_to_the_byte(text: str) -> None:
    read = jades.parse(sealed(text))

    jades.verify(read)
    assert read.payload == text


@pytest.mark.parametrize("algorithm", [Algorithm.ES256, Algorithm.ES384])
async def test_waiting_for_a_seal_gives_the_same_as_sealing_now(algorithm: Algorithm) -> None:
    key = PrivateJwk.generate(algorithm)
    raw = await jades.issue(DOCUMENT, signer=SoftwareSigner(key), chain=(certified(key),), now=NOON)

    read = jades.parse(raw)

    jades.verify(read)
    assert read.header["alg"] == algorithm


def test_a_seal_has_the_header_that_european_digital_credentials_have() -> None:
    raw = sealed(chain=(SEAL, AUTHORITY[1]))
    header = jades.parse(raw).header

    assert json.loads(raw).keys() == {"payload", "signatures"}
    assert header == {
        "alg": "ES256",
        "cty": "json",
        "kid": header["kid"],
        "x5t#S256": x509.x509_hash(SEAL),
        "x5c": x509.to_x5c([SEAL]),
        "typ": "jose+json",
        "b64": False,
        "sigT": "2026-07-01T12:00:00Z",
        "crit": ["b64", "sigT"],
    }


def one_more_space(whole: Json) -> None:
    whole["payload"] += " "


def another_header_byte(whole: Json) -> None:
    header = json.loads(base64url.decode(whole["signatures"][0]["protected"]))
    header["cty"] = "octet-stream"
    whole["signatures"][0]["protected"] = base64url.encode(json.dumps(header).encode())


def another_signature_bit(whole: Json) -> None:
    made = bytearray(base64url.decode(whole["signatures"][0]["signature"]))
    made[40] ^= 1
    whole["signatures"][0]["signature"] = base64url.encode(bytes(made))


def a_signature_that_is_cut(whole: Json) -> None:
    made = base64url.decode(whole["signatures"][0]["signature"])
    whole["signatures"][0]["signature"] = base64url.encode(made[:-1])


@pytest.mark.parametrize(
    "change", [one_more_space, another_header_byte, another_signature_bit, a_signature_that_is_cut]
)
def test_a_seal_whose_bytes_were_changed_is_refused(change: Change) -> None:
    read = jades.parse(changed(sealed(), change))
    with pytest.raises(InvalidSignature):
        jades.verify(read)


def member(name: str, value: Any) -> Change:
    return lambda header: header.update({name: value})


def certificate(found: x509.Certificate) -> Change:
    return lambda header: header.update({"x5c": x509.to_x5c([found]), "x5t#S256": x509.x509_hash(found)})


LEAF = x509.create_leaf(AUTHORITY, subject="Web server", public=OTHER.public, dns=["uni.example"], now=NOON)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (member("crit", ["b64", "sigT", "sigPId"]), MalformedCredential),
        (lambda header: header.update({"crit": ["b64", "sigT", "exp"], "exp": 1}), MalformedCredential),
        (lambda header: header.update({"crit": ["b64", "sigT", "sigD"], "sigD": {}}), MalformedCredential),
        (member("sigD", {"mId": "http://uri.etsi.org/19182/ObjectIdByURI"}), MalformedCredential),
        (member("crit", ["b64", "b64"]), MalformedCredential),
        (member("crit", ["sigT"]), MalformedCredential),
        (member("crit", []), MalformedCredential),
        (member("crit", "b64"), MalformedCredential),
        (member("crit", ["b64", "adoTst"]), MalformedCredential),
        (lambda header: header.pop("crit"), MalformedCredential),
        (member("typ", "jose"), InvalidType),
        (lambda header: header.pop("typ"), InvalidType),
        (member("alg", "none"), UnsupportedAlgorithm),
        (member("alg", "HS256"), UnsupportedAlgorithm),
        (member("alg", "RS512"), UnsupportedAlgorithm),
        (member("alg", "RS256"), UnsupportedAlgorithm),
        (member("alg", "ES384"), UnsupportedAlgorithm),
        (member("alg", ["ES256"]), UnsupportedAlgorithm),
        (lambda header: header.pop("alg"), UnsupportedAlgorithm),
        (member("x5t#S256", x509.x509_hash(AUTHORITY[1])), WrongCertificate),
        (member("x5c", x509.to_x5c([certified(OTHER)])), WrongCertificate),
        (lambda header: header.pop("x5t#S256"), WrongCertificate),
        (certificate(certified(OTHER)), InvalidSignature),
        (certificate(LEAF), InvalidSignature),
        (certificate(rsa_seal().certificate), InvalidCertificate),
    ],
)  # fmt: skip
def test_a_seal_whose_header_has_one_thing_wrong_is_refused(
    change: Change, refused: type[CredentialsError | KeysError]
) -> None:
    with pytest.raises(refused) as raised:
        jades.verify(jades.parse(resealed(sealed(), change)))
    assert raised.type is refused


def test_a_certificate_of_an_authority_seals_nothing() -> None:
    authority = AUTHORITY[0]
    header = {"x5t#S256": x509.x509_hash(AUTHORITY[1]), "x5c": _with_root()}

    read = jades.parse(resealed(sealed(), lambda whole: whole.update(header), key=authority))

    with pytest.raises(WrongCertificate):
        jades.verify(read)


def _with_root() -> list[str]:
    pem = x509.to_pem(AUTHORITY[1]).decode().split("-----")[2]
    return ["".join(pem.split())]


def twice(whole: Json) -> None:
    whole["signatures"] *= 2


def unsigned_header(name: str, value: Any) -> Change:
    return lambda whole: whole["signatures"][0].update({"header": {name: value}})


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (twice, UnsupportedFormat),
        (lambda whole: whole.pop("payload"), UnsupportedFormat),
        (lambda whole: whole.update({"payload": {}}), UnsupportedFormat),
        (lambda whole: whole.update({"payload": "[]"}), MalformedCredential),
        (lambda whole: whole.update({"payload": '{"a":1,"a":2}'}), MalformedCredential),
        (lambda whole: whole.update({"payload": '{"a":"' + "a" * jades.DOCUMENT_LIMIT + '"}'}), TooLarge),
        (lambda whole: whole.update({"note": "x" * jades.LIMIT}), TooLarge),
        (lambda whole: whole.update({"note": 1}), MalformedCredential),
        (lambda whole: whole.update({"signatures": []}), MalformedCredential),
        (lambda whole: whole.update(whole.pop("signatures")[0]), MalformedCredential),
        (lambda whole: whole["signatures"][0].pop("protected"), MalformedCredential),
        (lambda whole: whole["signatures"][0].update({"protected": "e30="}), MalformedCredential),
        (lambda whole: whole["signatures"][0].update({"signature": "!"}), MalformedCredential),
        (lambda whole: whole["signatures"][0].update({"note": 1}), MalformedCredential),
        (unsigned_header("alg", "ES256"), MalformedCredential),
        (unsigned_header("etsiU", {}), MalformedCredential),
        (unsigned_header("etsiU", [{}]), MalformedCredential),
        (unsigned_header("etsiU", ["e30"]), MalformedCredential),
        (unsigned_header("etsiU", ["W10"]), MalformedCredential),
        (unsigned_header("etsiU", [{"sigTst": {}}] * 51), MalformedCredential),
    ],
)
def test_a_text_that_is_not_quite_a_sealed_document_is_refused(change: Change, refused: type[CredentialsError]) -> None:
    with pytest.raises(refused) as raised:
        jades.parse(changed(sealed(), change))
    assert raised.type is refused


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (lambda header: header.update({"b64": True}), UnsupportedFormat),
        (lambda header: header.pop("b64"), UnsupportedFormat),
        (lambda header: header.pop("sigT"), MalformedCredential),
        (member("sigT", "yesterday"), InvalidTime),
        (member("x5c", []), MalformedCredential),
        (lambda header: header.pop("x5c"), MalformedCredential),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(change: Change, refused: type[CredentialsError]) -> None:
    with pytest.raises(refused):
        jades.parse(resealed(sealed(), change))


@given(st.text() | MANY.map(json.dumps))
def test_garbage_raises_a_credentials_error_and_nothing_else(raw: str) -> None:
    with pytest.raises(CredentialsError):
        jades.parse(raw)


def test_a_newer_seal_says_its_time_as_a_number() -> None:
    def newer(header: Json) -> None:
        del header["sigT"]
        header |= {"iat": int(NOON.timestamp()), "crit": ["b64"]}

    read = jades.parse(resealed(sealed(), newer))

    jades.verify(read)
    assert read.claimed_at == NOON


def test_time_stamps_are_named_and_change_nothing() -> None:
    stamp = base64url.encode(b'{"sigTst":{"tstTokens":[{"val":"none"}]}}')
    read = jades.parse(changed(sealed(), unsigned_header("etsiU", [stamp, {"xVals": []}])))

    jades.verify(read)
    assert jades.parse(sealed()).time_stamps == ()
    assert read.time_stamps == ("sigTst",)
    assert read.claimed_at == NOON


@pytest.mark.parametrize("days", [-1, 366])
def test_a_certificate_counts_at_the_time_of_its_seal(days: int) -> None:
    then = NOON + timedelta(days=days)
    moved = jades.parse(resealed(sealed(), member("sigT", then.isoformat())))

    jades.check_time(jades.parse(sealed()), now=NOON + timedelta(days=400))
    with pytest.raises(InvalidTime):
        jades.check_time(moved, now=NOON + timedelta(days=400))
    with pytest.raises(InvalidTime):
        jades.issue_now(DOCUMENT, signer=SoftwareSigner(KEY), chain=(SEAL,), now=then)


def test_a_seal_is_not_made_in_the_future() -> None:
    read = jades.parse(sealed())

    jades.check_time(read, now=NOON - timedelta(seconds=59))
    with pytest.raises(InvalidTime):
        jades.check_time(read, now=NOON - timedelta(seconds=61))


@pytest.mark.parametrize("chain", [(), (certified(OTHER),), (AUTHORITY[1],)], ids=["none", "another", "root"])
def test_a_key_seals_with_its_own_certificate_only(chain: tuple[x509.Certificate, ...]) -> None:
    with pytest.raises(WrongCertificate):
        sealed(chain=chain)


def test_an_algorithm_that_seals_do_not_have_is_refused() -> None:
    key = PrivateJwk.generate(Algorithm.EDDSA)
    with pytest.raises(UnsupportedAlgorithm):
        sealed(key=key, chain=(certified(key),))


def test_what_is_no_document_is_not_sealed() -> None:
    for text in ("[]", "", '{"a":1,"a":2}'):
        with pytest.raises(MalformedCredential):
            sealed(text)
    with pytest.raises(TooLarge):
        sealed({"image": "A" * jades.DOCUMENT_LIMIT})


def test_a_sealed_document_is_told_from_other_texts() -> None:
    assert jades.is_sealed(sealed())
    assert not jades.is_sealed(json.dumps(DOCUMENT))
    assert not jades.is_sealed("eyJhbGciOiJFUzI1NiJ9.e30.AA")
