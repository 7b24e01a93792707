"""The wallet's answer: OpenID4VP 1.0 section 8."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from exchange import vp_response
from exchange.client import ClientMetadata
from exchange.errors import AccessDenied, ExchangeError, InvalidAnswer, InvalidRequest
from exchange.request_object import ResponseMode
from exchange.vp_response import Answer, Encrypted, Receipt, Refusal
from keys import jwe, strict_json
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk

KEY = PrivateJwk.generate(Algorithm.ES256, kid="answer-1")
METADATA = ClientMetadata(formats={}, encryption_key=KEY.public)
ANSWER = Answer(vp_token={"one": ("eyJ.a.b~c~",), "two": ("x", "y")}, state="af0ifjsldkj")
REFUSAL = Refusal.of(AccessDenied("The request was declined."), state="af0ifjsldkj")

names = st.text(st.sampled_from("abcXYZ019_-"), min_size=1, max_size=8)
presentations = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20), min_size=1, max_size=3)
answers = st.builds(
    Answer,
    vp_token=st.dictionaries(names, presentations.map(tuple), min_size=1, max_size=3),
    state=st.none() | names,
)


@given(answers)
def test_an_answer_survives_its_form(made: Answer) -> None:
    assert vp_response.parse(made.to_form()) == made


@given(answers)
def test_an_answer_survives_its_encryption(made: Answer) -> None:
    form = vp_response.encrypt(made, metadata=METADATA)
    received = vp_response.parse(form)
    assert isinstance(received, Encrypted)
    assert (list(form), received.kid) == (["response"], "answer-1")
    assert received.decrypt(key=KEY) == made


@pytest.mark.parametrize("mode", ResponseMode)
@pytest.mark.parametrize("content", [ANSWER, REFUSAL])
def test_what_is_sent_in_a_mode_is_taken_in_that_mode(content: Answer | Refusal, mode: ResponseMode) -> None:
    received = vp_response.parse(vp_response.to_form(content, mode=mode, metadata=METADATA))
    vp_response.check_mode(received, mode=mode)
    assert (received.decrypt(key=KEY) if isinstance(received, Encrypted) else received) == content


def test_the_encrypted_answer_of_the_specification_is_opened(vector: Callable[[str], Any]) -> None:
    example = vector("oid4vp/encrypted_response.json")
    received = vp_response.parse({"response": example["response"]})
    assert isinstance(received, Encrypted)
    assert received.kid == "ac"
    opened = received.decrypt(key=PrivateJwk.parse(example["key"]))
    assert opened == Answer(vp_token={"example_credential_id": ("eyJhb...YMetA",)})


def test_the_error_of_the_specification_is_read() -> None:
    form = {"error": "invalid_request", "error_description": "unsupported client_id_prefix", "state": "eyJhb...6-sVA"}
    received = vp_response.parse(form)
    assert isinstance(received, Refusal)
    assert isinstance(received.error.to_error(), InvalidRequest)
    assert received.to_form() == form


def test_an_answer_in_the_clear_is_no_answer_to_a_request_for_encryption() -> None:
    vp_response.check_mode(ANSWER, mode=ResponseMode.DIRECT_POST)
    vp_response.check_mode(REFUSAL, mode=ResponseMode.DIRECT_POST_JWT)  # section 8.3.1: it may come in the clear
    with pytest.raises(InvalidRequest, match="must be encrypted"):
        vp_response.check_mode(ANSWER, mode=ResponseMode.DIRECT_POST_JWT)
    with pytest.raises(InvalidRequest, match="not asked for"):
        vp_response.check_mode(Encrypted(token="x", kid="y"), mode=ResponseMode.DIRECT_POST)


@pytest.mark.parametrize(
    "token",
    [
        {},
        [],
        "eyJ",
        {"one": []},
        {"one": "eyJ"},
        {"one": [""]},
        {"one": [{}]},
        {"one": [7]},
        {"one": ["x" * 200_001]},
        {"one": ["x"] * 33},
        {str(number): ["x", "y"] for number in range(17)},
    ],
)
def test_a_vp_token_of_another_shape_is_refused(token: Any) -> None:
    vp_response.parse({"vp_token": '{"one":["x"]}'})
    with pytest.raises(InvalidRequest):
        vp_response.parse({"vp_token": strict_json.dump(token).decode()})


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"state": "x"},
        {"vp_token": "{"},
        {"vp_token": '{"one":["x"],"one":["y"]}'},
        {"vp_token": '{"one":["x"]}', "error": "access_denied"},
        {"vp_token": '{"one":["x"]}', "response": "a.b.c.d.e"},
        {"vp_token": '{"one":["x"]}', "state": "x" * 1025},
        {"response": "a.b.c.d.e"},
        {"response": "a.b.c"},
        MultiDict([("vp_token", '{"one":["x"]}'), ("vp_token", '{"one":["y"]}')]),
    ],
)
def test_a_form_with_one_thing_wrong_is_refused(form: Any) -> None:
    with pytest.raises(InvalidRequest):
        vp_response.parse(form)


def test_an_answer_that_does_not_say_its_key_is_refused() -> None:
    token = jwe.encrypt(b"{}", recipient=replace(KEY.public, kid=None))
    with pytest.raises(InvalidRequest, match="does not name the key"):
        vp_response.parse({"response": token})


def test_an_answer_for_another_key_is_refused() -> None:
    received = vp_response.parse(vp_response.encrypt(ANSWER, metadata=METADATA))
    assert isinstance(received, Encrypted)
    with pytest.raises(InvalidRequest):
        received.decrypt(key=PrivateJwk.generate(Algorithm.ES256, kid="answer-1"))


@pytest.mark.parametrize("inside", [b"", b"[]", b"{}", b'{"vp_token":"{}"}', b'{"error":"x","vp_token":{"a":["b"]}}'])
def test_an_encrypted_answer_is_read_as_strictly_as_one_in_the_clear(inside: bytes) -> None:
    received = Encrypted.parse(jwe.encrypt(inside, recipient=KEY.public))
    with pytest.raises(InvalidRequest):
        received.decrypt(key=KEY)


def test_nothing_is_encrypted_to_a_verifier_that_named_no_key() -> None:
    for metadata in (replace(METADATA, encryption_key=None), replace(METADATA, encryption=None)):
        with pytest.raises(InvalidRequest):
            vp_response.encrypt(ANSWER, metadata=metadata)


def test_the_receipt_of_the_specification_is_read() -> None:
    uri = "https://client.example.org/cb#response_code=091535f699ea575c7937fa5f0f454aee"
    assert Receipt.parse({"redirect_uri": uri}) == Receipt(redirect_uri=uri)
    assert Receipt.parse(b'{"new":1}') == Receipt()
    assert Receipt(redirect_uri=uri).to_json() == {"redirect_uri": uri}


@pytest.mark.parametrize(
    "uri",
    ["javascript:alert(1)", "http://client.example.org/", "https://c.example/# x", "https://c.example/#\n", "", 7],
)
def test_a_receipt_that_leads_elsewhere_is_refused(uri: Any) -> None:
    with pytest.raises(InvalidAnswer):
        Receipt.parse({"redirect_uri": uri})


@given(st.dictionaries(st.sampled_from(["vp_token", "state", "error", "response", "x"]), st.text() | st.binary()))
def test_garbage_raises_an_exchange_error_and_nothing_else(form: dict[str, object]) -> None:
    try:
        parsed = vp_response.parse(form)
    except ExchangeError:
        return
    assert isinstance(parsed, Refusal)
    assert form["error"] == parsed.error.error
