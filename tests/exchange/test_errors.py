"""Every error code of OpenID4VCI 1.0 and OpenID4VP 1.0 exists exactly once."""

import pytest

from exchange import errors
from exchange.errors import ExchangeError, InvalidProof
from exchange.oauth import ErrorResponse

# RFC 6749 4.1.2.1 and 5.2, RFC 6750 3.1, RFC 9396 5, OpenID4VCI 6.3, 8.3.1.2, 9.3, 11.3, OpenID4VP 8.5
CODES = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "invalid_scope",
    "access_denied",
    "server_error",
    "temporarily_unavailable",
    "invalid_token",
    "insufficient_scope",
    "invalid_authorization_details",
    "invalid_credential_request",
    "unknown_credential_configuration",
    "unknown_credential_identifier",
    "invalid_proof",
    "invalid_nonce",
    "invalid_encryption_parameters",
    "credential_request_denied",
    "invalid_transaction_id",
    "invalid_notification_id",
    "invalid_notification_request",
    "vp_formats_not_supported",
    "invalid_request_uri_method",
    "invalid_transaction_data",
    "wallet_unavailable",
]


def test_each_code_of_the_specifications_is_one_class() -> None:
    leaves = [leaf.code for leaf in ExchangeError.__subclasses__()]
    assert len(leaves) == len(set(leaves))
    assert sorted(errors.BY_CODE) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_an_error_goes_over_the_wire_and_comes_back_as_its_class(code: str) -> None:
    raised = errors.BY_CODE[code]("Something is wrong.")
    received = ErrorResponse.parse(ErrorResponse.of(raised).to_json()).to_error()
    assert type(received) is type(raised)
    assert str(received) == "Something is wrong."


def test_a_code_that_nobody_defined_is_an_invalid_answer() -> None:
    assert ErrorResponse(error="out_of_paper").to_error().code == "invalid_answer"


def test_a_description_has_only_the_characters_that_rfc_6749_allows() -> None:
    description = InvalidProof('the "kid" \\ of\nZoë').description
    assert description == "the 'kid' / of?Zo?"
