"""The wallet's answer to a request: OpenID4VP 1.0 section 8, by `direct_post` and `direct_post.jwt`.

With encryption the state travels inside; which key opens an answer is told by its `kid`. An answer in the clear to a
request that asked for encryption is refused; an error may always come in the clear (section 8.3.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from exchange import web_address
from exchange.client import ClientMetadata
from exchange.errors import ExchangeError, InvalidAnswer, InvalidRequest
from exchange.members import Members
from exchange.oauth import ErrorResponse, parse_form
from exchange.request_object import ResponseMode
from keys import jwe, strict_json
from keys.errors import KeysError
from keys.jwk import PrivateJwk

LONGEST = 2 * 1024 * 1024
LONGEST_PRESENTATION = 200_000
MOST_PRESENTATIONS = 32
MOST_STATE = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The presentations, under the id of the credential query that each one answers."""

    vp_token: Mapping[str, tuple[str, ...]]
    state: str | None = None

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads the parameters of a response; raises InvalidRequest."""
        entries = members.child("vp_token")
        presented = {name: _presentations(entries, name) for name in entries.raw}
        if not 0 < sum(map(len, presented.values())) <= MOST_PRESENTATIONS:
            raise members.refuse("vp_token", f"made of 1 to {MOST_PRESENTATIONS} presentations")
        return cls(vp_token=presented, state=members.optional_text("state", longest=MOST_STATE))

    def to_json(self) -> dict[str, Any]:
        """The parameters, as they go into an encrypted response."""
        shown: dict[str, Any] = {"vp_token": {name: list(texts) for name, texts in self.vp_token.items()}}
        return shown if self.state is None else {**shown, "state": self.state}

    def to_form(self) -> dict[str, str]:
        """The form fields of `direct_post`."""
        return _form(self.to_json())


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The wallet's error answer: which refusal, and of which request."""

    error: ErrorResponse
    state: str | None = None

    @classmethod
    def of(cls, error: ExchangeError, *, state: str | None) -> Self:
        """The answer that says no more than the error's own sentence."""
        return cls(error=ErrorResponse.of(error), state=state)

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads the parameters of an error response; raises InvalidRequest."""
        if members.has("vp_token"):
            raise InvalidRequest("The response carries both an error and a vp_token.")
        try:
            error = ErrorResponse.parse(members.raw)
        except InvalidAnswer as fault:
            raise InvalidRequest(str(fault)) from fault
        return cls(error=error, state=members.optional_text("state", longest=MOST_STATE))

    def to_json(self) -> dict[str, Any]:
        """The parameters, as they go into an encrypted response."""
        shown: dict[str, Any] = self.error.to_json()
        return shown if self.state is None else {**shown, "state": self.state}

    def to_form(self) -> dict[str, str]:
        """The form fields of `direct_post`."""
        return _form(self.to_json())


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypted:
    """An answer that only the verifier's key opens."""

    token: str
    kid: str

    @classmethod
    def parse(cls, token: str) -> Self:
        """Reads the `response` parameter as far as it is in the clear; raises InvalidRequest."""
        try:
            kid = jwe.recipient_kid(token)
        except KeysError as error:
            raise InvalidRequest(f"The encrypted response is not acceptable: {error}.") from error
        if kid is None:
            raise InvalidRequest("The encrypted response does not name the key it is encrypted to.")
        return cls(token=token, kid=kid)

    def decrypt(self, *, key: PrivateJwk) -> Answer | Refusal:
        """What is inside; raises InvalidRequest."""
        try:
            plain = jwe.decrypt(self.token, key=key)
        except KeysError as error:
            raise InvalidRequest("The encrypted response was not made for this request.") from error
        return _inside(Members.read(plain, what="the response", refusal=InvalidRequest, limit=LONGEST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the verifier says when it has taken an answer: where the person's browser goes next, if anywhere."""

    redirect_uri: str | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads the answer of a response_uri; raises InvalidAnswer."""
        members = Members.read(raw, what="the verifier's answer", refusal=InvalidAnswer, limit=65_536)
        uri = members.optional_text("redirect_uri", longest=web_address.LONGEST)
        if uri is None:
            return cls()
        address, _, fragment = uri.partition("#")
        web_address.parse(address, what="the redirect_uri", refusal=InvalidAnswer)
        if not fragment.isascii() or not fragment.isprintable() or " " in fragment:
            raise members.refuse("redirect_uri", "an address")
        return cls(redirect_uri=uri)

    def to_json(self) -> dict[str, str]:
        """The answer's object; it must be sent with `Cache-Control: no-store`."""
        return {} if self.redirect_uri is None else {"redirect_uri": self.redirect_uri}


def parse(form: Mapping[str, object]) -> Answer | Refusal | Encrypted:
    """Reads the form that a wallet posts to a response_uri; raises InvalidRequest."""
    fields = parse_form(form, what="the response")
    if not fields.has("response"):
        return _inside(_unfolded(fields))
    if fields.has("vp_token"):
        raise InvalidRequest("The response is given both encrypted and in the clear.")
    return Encrypted.parse(fields.text("response", longest=LONGEST))


def check_mode(received: Answer | Refusal | Encrypted, *, mode: ResponseMode) -> None:
    """Raises InvalidRequest where an answer came in another response mode than the request named."""
    if isinstance(received, Encrypted) and mode is ResponseMode.DIRECT_POST:
        raise InvalidRequest("An encrypted response was not asked for.")
    if isinstance(received, Answer) and mode is ResponseMode.DIRECT_POST_JWT:
        raise InvalidRequest("The response must be encrypted.")


def encrypt(content: Answer | Refusal, *, metadata: ClientMetadata) -> dict[str, str]:
    """The form fields of `direct_post.jwt`, for the key and content encryption that the verifier named."""
    if metadata.encryption_key is None or metadata.encryption is None:
        raise InvalidRequest("The verifier named no key and method to encrypt the answer with.")
    plain = strict_json.dump(content.to_json())
    return {"response": jwe.encrypt(plain, recipient=metadata.encryption_key, enc=metadata.encryption)}


def to_form(content: Answer | Refusal, *, mode: ResponseMode, metadata: ClientMetadata) -> dict[str, str]:
    """The form fields for the response mode that was asked for."""
    return encrypt(content, metadata=metadata) if mode is ResponseMode.DIRECT_POST_JWT else content.to_form()


def _inside(members: Members) -> Answer | Refusal:
    return Refusal.parse(members) if members.has("error") else Answer.parse(members)


def _unfolded(fields: Members) -> Members:
    """In a form the vp_token is JSON text."""
    if not fields.has("vp_token"):
        return fields
    text = fields.text("vp_token", longest=LONGEST)
    token = Members.read(text, what="the vp_token", refusal=InvalidRequest, limit=LONGEST)
    return Members(raw={**fields.raw, "vp_token": token.raw}, what=fields.what, refusal=fields.refusal)


def _presentations(entries: Members, name: str) -> tuple[str, ...]:
    match entries.raw[name]:
        case [*texts] if 0 < len(texts) <= MOST_PRESENTATIONS:
            if all(isinstance(text, str) and 0 < len(text) <= LONGEST_PRESENTATION for text in texts):
                return tuple(texts)
    raise entries.refuse("each entry", "a non-empty array of presentations, each a string")


def _form(parameters: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else strict_json.dump(value).decode()
        for name, value in parameters.items()
    }
