"""Credential, deferred, nonce and notification messages: OpenID4VCI 1.0 sections 7 to 9 and 11."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import issuance
from exchange.errors import (
    ExchangeError,
    InvalidAnswer,
    InvalidCredentialRequest,
    InvalidEncryptionParameters,
    InvalidNotificationRequest,
    InvalidProof,
)
from exchange.issuance import (
    CredentialRequest,
    CredentialResponse,
    DeferredRequest,
    DeferredResponse,
    NonceResponse,
    Notification,
    NotificationEvent,
    Proofs,
)

REQUEST: dict[str, Any] = {"credential_configuration_id": "micro", "proofs": {"jwt": ["a.b.c", "d.e.f"]}}
PARSERS: dict[str, Callable[[object], Any]] = {
    "nonce_response": NonceResponse.parse,
    "credential_request": CredentialRequest.parse,
    "credential_response": issuance.parse_response,
    "deferred_response": issuance.parse_response,
    "deferred_request": DeferredRequest.parse,
    "notification": Notification.parse,
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def test_the_messages_of_the_specification_are_read_and_written_again(vector: Callable[[str], Any]) -> None:
    seen = set()
    for example in vector("oid4vci/messages.json"):
        if example["kind"] in PARSERS:
            seen.add(example["kind"])
            assert PARSERS[example["kind"]](example["message"]).to_json() == example["message"], example["section"]
    assert seen == PARSERS.keys()


def test_a_request_is_read_from_the_bytes_of_its_body() -> None:
    body = b'{"credential_identifier":"degree-2023","proofs":{"jwt":["a.b.c"]},"unknown":{}}'
    assert CredentialRequest.parse(body) == CredentialRequest(
        credential_identifier="degree-2023", proofs=Proofs(proof_type="jwt", entries=("a.b.c",))
    )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"credential_identifier": "x"}, InvalidCredentialRequest),
        ({"credential_configuration_id": ""}, InvalidCredentialRequest),
        ({"credential_configuration_id": None}, InvalidCredentialRequest),
        ({"proof": {"proof_type": "jwt", "jwt": "a.b.c"}}, InvalidCredentialRequest),
        ({"format": "dc+sd-jwt"}, InvalidCredentialRequest),
        ({"proofs": {}}, InvalidProof),
        ({"proofs": None}, InvalidProof),
        ({"proofs": ["a.b.c"]}, InvalidProof),
        ({"proofs": {"jwt": []}}, InvalidProof),
        ({"proofs": {"jwt": "a.b.c"}}, InvalidProof),
        ({"proofs": {"jwt": [""]}}, InvalidProof),
        ({"proofs": {"jwt": [7]}}, InvalidProof),
        ({"proofs": {"jwt": ["a.b.c"], "attestation": ["a.b.c"]}}, InvalidProof),
        ({"proofs": {"jwt": ["a.b.c"] * 129}}, InvalidProof),
        ({"credential_response_encryption": {"jwk": {}, "enc": "A128GCM"}}, InvalidEncryptionParameters),
    ],
)
def test_a_credential_request_with_one_thing_wrong_is_refused(
    change: dict[str, Any], error: type[ExchangeError]
) -> None:
    CredentialRequest.parse(REQUEST)
    with pytest.raises(error):
        CredentialRequest.parse({**REQUEST, **change})


def test_a_credential_request_names_what_it_wants() -> None:
    with pytest.raises(InvalidCredentialRequest, match="exactly one"):
        CredentialRequest.parse({"proofs": {"jwt": ["a.b.c"]}})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"a":1,"a":1}', b"\xff", b"null"])
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidCredentialRequest):
        CredentialRequest.parse(body)


def test_proofs_are_demanded_by_type_and_number() -> None:
    asked = CredentialRequest.parse(REQUEST)
    assert asked.demand_proofs(batch_size=2) == ("a.b.c", "d.e.f")
    with pytest.raises(InvalidCredentialRequest, match="At most 1"):
        asked.demand_proofs(batch_size=1)
    with pytest.raises(InvalidProof):
        asked.demand_proofs(proof_type="attestation", batch_size=2)
    with pytest.raises(InvalidProof):
        CredentialRequest.parse({"credential_configuration_id": "micro"}).demand_proofs(batch_size=2)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"credentials": []},
        {"credentials": ["a"]},
        {"credentials": [{"credential": {}}]},
        {"credentials": [{"credential": "x" * 200_001}]},
        {"credentials": [{"credential": "a"}], "transaction_id": "t"},
        {"credentials": [{"credential": "a"}], "interval": 5},
        {"transaction_id": "t"},
        {"transaction_id": "t", "interval": 0},
        {"transaction_id": "t", "interval": 5, "notification_id": "n"},
        {"notification_id": "n"},
        {"credential": "a"},
    ],
)
def test_an_answer_that_is_neither_credentials_nor_a_promise_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(InvalidAnswer):
        issuance.parse_response(answer)


def test_an_answer_is_credentials_or_a_promise() -> None:
    assert issuance.parse_response({"credentials": [{"credential": "a"}, {"credential": "b"}]}) == CredentialResponse(
        credentials=("a", "b")
    )
    assert issuance.parse_response({"transaction_id": "t", "interval": 5}) == DeferredResponse(
        transaction_id="t", interval=5
    )


@pytest.mark.parametrize("message", [{}, {"transaction_id": ""}, {"transaction_id": 7}])
def test_a_deferred_request_without_its_transaction_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(InvalidCredentialRequest):
        DeferredRequest.parse(message)


def test_a_deferred_answer_cannot_be_asked_for_encrypted() -> None:
    with pytest.raises(InvalidEncryptionParameters):
        DeferredRequest.parse({"transaction_id": "t", "credential_response_encryption": {}})


@pytest.mark.parametrize("event", NotificationEvent)
def test_a_notification_tells_what_became_of_the_credentials(event: NotificationEvent) -> None:
    made = Notification(notification_id="3fwe98js", event=event, event_description="It is so.")
    assert Notification.parse(made.to_json()) == made


@pytest.mark.parametrize(
    "change",
    [
        {"event": "credential_lost"},
        {"event": "CREDENTIAL_ACCEPTED"},
        {"event": None},
        {"notification_id": ""},
        {"event_description": 'with "quotes"'},
        {"event_description": "back\\slash"},
        {"event_description": "Zoë"},
    ],
)
def test_a_notification_with_one_thing_wrong_is_refused(change: dict[str, Any]) -> None:
    valid = {"notification_id": "n", "event": "credential_accepted"}
    Notification.parse(valid)
    with pytest.raises(InvalidNotificationRequest):
        Notification.parse({**valid, **change})


NAMES = [*REQUEST, "credential_identifier", "credentials", "transaction_id", "interval", "event", "c_nonce"]


@given(
    st.sampled_from(sorted(PARSERS)), st.dictionaries(st.sampled_from(NAMES), json_values) | st.binary() | json_values
)
def test_garbage_raises_an_exchange_error_and_nothing_else(kind: str, garbage: object) -> None:
    try:
        parsed = PARSERS[kind](garbage)
    except ExchangeError:
        return
    assert PARSERS[kind](parsed.to_json()) == parsed
