"""The refusals of OpenID4VCI 1.0 and OpenID4VP 1.0: every error code exactly once, each a class.

The codes come from RFC 6749 section 5.2 and 4.1.2.1, RFC 6750 section 3.1, RFC 9396 section 5, OpenID4VCI 1.0 sections
6.3, 8.3.1.2, 9.3 and 11.3, and OpenID4VP 1.0 sections 5.10.3 and 8.5. The last block holds what a party finds for
itself in an answer it received: those codes are never sent over OpenID4VC, only shown to our own user or caller.
"""

from collections.abc import Mapping
from typing import ClassVar


class ExchangeError(Exception):
    """A message of the protocol that cannot be followed; the text is a sentence that the peer may read."""

    code: ClassVar[str]

    @property
    def description(self) -> str:
        """The sentence in the characters that RFC 6749 allows in `error_description`: no quote, no backslash."""
        text = str(self).replace('"', "'").replace("\\", "/")
        return "".join(letter if " " <= letter <= "~" else "?" for letter in text)[:500]


# -- OAuth 2.0, as both specifications use it -------------------------------------------------------------------------


class InvalidRequest(ExchangeError):
    """The request lacks a parameter, repeats one, contradicts itself or is otherwise malformed."""

    code = "invalid_request"


class InvalidClient(ExchangeError):
    """The client is unknown, not identified as its prefix asks, or anonymous where that is not allowed."""

    code = "invalid_client"


class InvalidGrant(ExchangeError):
    """The code is unknown, expired or used, or the transaction code is wrong."""

    code = "invalid_grant"


class UnauthorizedClient(ExchangeError):
    """This client may not use this grant."""

    code = "unauthorized_client"


class UnsupportedGrantType(ExchangeError):
    """The token endpoint does not know this grant."""

    code = "unsupported_grant_type"


class UnsupportedResponseType(ExchangeError):
    """The response type asked for is not offered."""

    code = "unsupported_response_type"


class InvalidScope(ExchangeError):
    """The scope is unknown or malformed."""

    code = "invalid_scope"


class AccessDenied(ExchangeError):
    """The person declined, or holds nothing that fits: the two cannot be told apart from outside."""

    code = "access_denied"


class ServerError(ExchangeError):
    """The peer met a condition that it did not expect."""

    code = "server_error"


class TemporarilyUnavailable(ExchangeError):
    """The peer is overloaded or in maintenance."""

    code = "temporarily_unavailable"


class InvalidToken(ExchangeError):
    """The access token is missing, unknown, expired or revoked."""

    code = "invalid_token"


class InsufficientScope(ExchangeError):
    """The access token is good, but not for this."""

    code = "insufficient_scope"


class InvalidAuthorizationDetails(ExchangeError):
    """The authorization details have an unknown type or are malformed."""

    code = "invalid_authorization_details"


# -- OpenID4VCI 1.0 ---------------------------------------------------------------------------------------------------


class InvalidCredentialRequest(ExchangeError):
    """The credential request lacks a parameter, has one too many, or is otherwise malformed."""

    code = "invalid_credential_request"


class UnknownCredentialConfiguration(ExchangeError):
    """This issuer has no such credential configuration."""

    code = "unknown_credential_configuration"


class UnknownCredentialIdentifier(ExchangeError):
    """This access token has no such credential identifier."""

    code = "unknown_credential_identifier"


class InvalidProof(ExchangeError):
    """A key proof is missing or wrong, or carries no nonce."""

    code = "invalid_proof"


class InvalidNonce(ExchangeError):
    """A proof carries a nonce that was never given, is used, or is too old."""

    code = "invalid_nonce"


class InvalidEncryptionParameters(ExchangeError):
    """The parameters for an encrypted credential response are missing or wrong."""

    code = "invalid_encryption_parameters"


class CredentialRequestDenied(ExchangeError):
    """The issuer will not issue this credential; asking again does not help."""

    code = "credential_request_denied"


class InvalidTransactionId(ExchangeError):
    """The deferred transaction is unknown, foreign or already served."""

    code = "invalid_transaction_id"


class InvalidNotificationId(ExchangeError):
    """The notification names no issuance of this issuer."""

    code = "invalid_notification_id"


class InvalidNotificationRequest(ExchangeError):
    """The notification lacks a parameter or is otherwise malformed."""

    code = "invalid_notification_request"


# -- OpenID4VP 1.0 ----------------------------------------------------------------------------------------------------


class VpFormatsNotSupported(ExchangeError):
    """The wallet supports none of the credential formats that were asked for."""

    code = "vp_formats_not_supported"


class InvalidRequestUriMethod(ExchangeError):
    """The `request_uri_method` is neither `get` nor `post`."""

    code = "invalid_request_uri_method"


class InvalidTransactionData(ExchangeError):
    """The transaction data is malformed, or of a type that the wallet does not know."""

    code = "invalid_transaction_data"


class WalletUnavailable(ExchangeError):
    """The wallet cannot answer now."""

    code = "wallet_unavailable"


# -- What a party finds in an answer it received; never sent over OpenID4VC -------------------------------------------


class InvalidOffer(ExchangeError):
    """What was scanned or opened is not a credential offer that can be followed."""

    code = "invalid_offer"


class InvalidMetadata(ExchangeError):
    """The metadata of an issuer or authorization server is malformed or speaks for somebody else."""

    code = "invalid_metadata"


class InvalidAnswer(ExchangeError):
    """The peer answered a request with something that the specification does not allow."""

    code = "invalid_answer"


class QueryMismatch(ExchangeError):
    """What was presented is not what the query asked for; says which credential query and which claim, if one."""

    code = "query_mismatch"

    def __init__(
        self, message: str, *, query: str | None = None, path: tuple[str | int | None, ...] | None = None
    ) -> None:
        super().__init__(message)
        self.query = query
        self.path = path


class InvalidTransition(ExchangeError):
    """This event cannot happen at this point of an issuance or presentation."""

    code = "invalid_transition"


BY_CODE: Mapping[str, type[ExchangeError]] = {
    leaf.code: leaf
    for leaf in (
        InvalidRequest,
        InvalidClient,
        InvalidGrant,
        UnauthorizedClient,
        UnsupportedGrantType,
        UnsupportedResponseType,
        InvalidScope,
        AccessDenied,
        ServerError,
        TemporarilyUnavailable,
        InvalidToken,
        InsufficientScope,
        InvalidAuthorizationDetails,
        InvalidCredentialRequest,
        UnknownCredentialConfiguration,
        UnknownCredentialIdentifier,
        InvalidProof,
        InvalidNonce,
        InvalidEncryptionParameters,
        CredentialRequestDenied,
        InvalidTransactionId,
        InvalidNotificationId,
        InvalidNotificationRequest,
        VpFormatsNotSupported,
        InvalidRequestUriMethod,
        InvalidTransactionData,
        WalletUnavailable,
    )
}
