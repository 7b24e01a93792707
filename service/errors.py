"""Every refusal a service gives, and the one place where a refusal becomes HTTP.

Own APIs speak RFC 9457 (problem details); OAuth and OpenID4VCI endpoints speak RFC 6749 §5.2 and RFC 6750 §3;
people get a page that says what happened, why, what is safe, what to do, and a reference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, ClassVar

from aiohttp import web

from credentials.errors import CredentialsError
from exchange.errors import ExchangeError
from keys.errors import KeysError
from trust.errors import TrustError


class Act(StrEnum):
    """Who must do something before the same request can succeed."""

    CALLER = "caller"
    OPERATOR = "operator"
    OTHER_PARTY = "other_party"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with what was sent; `path` is an RFC 6901 pointer into it ("" is the whole)."""

    path: str
    message: str
    code: str = "invalid"

    def to_json(self) -> dict[str, str]:
        """The member of `problems` that says this."""
        return {"path": self.path, "code": self.code, "message": self.message}


class ServiceError(Exception):
    """A refusal by the service itself; the message is a sentence that the caller may read."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    type: ClassVar[str] = ""  # RFC 9457 §3.1.1; empty is the project's own name for the code
    title: ClassVar[str] = "This request cannot be used"
    act: ClassVar[Act] = Act.CALLER
    safe: ClassVar[str] = "Nothing was changed."
    todo: ClassVar[str] = "Go back, correct it, and try again."

    def __init__(self, message: str, *, problems: Sequence[Problem] = (), retry_after: int | None = None) -> None:
        super().__init__(message)
        self.problems = tuple(problems)
        self.retry_after = retry_after


class BadRequest(ServiceError):
    """What was sent cannot be read."""


class InvalidInput(ServiceError):
    """What was sent can be read, and `problems` lists everything that is wrong with it."""

    status = 422
    code = "invalid_input"
    title = "Some of this needs correcting"


class NotSignedIn(ServiceError):
    """Nobody is signed in, or the API key is missing or unknown."""

    status = 401
    code = "not_signed_in"
    title = "Please sign in"
    todo = "Sign in, then open this page again."


class Forbidden(ServiceError):
    """Whoever is signed in may not do this; also a form without its token or from a foreign page."""

    status = 403
    code = "forbidden"
    title = "This is not allowed"
    todo = "Open the page again and repeat the step. If it stays so, ask the person who manages your access."


class NotFound(ServiceError):
    """There is no such thing, or none that the caller may know of."""

    status = 404
    code = "not_found"
    title = "There is nothing here"
    todo = "Check the address, or follow the link you were given once more."


class Conflict(ServiceError):
    """The thing is in a state that does not allow this (any more)."""

    status = 409
    code = "conflict"
    title = "This has already changed"
    todo = "Reload the page to see how it stands now."


class Gone(ServiceError):
    """The thing was here; it is used, expired or withdrawn."""

    status = 410
    code = "gone"
    title = "This is no longer available"
    todo = "Ask whoever gave you the link for a new one."


class TooLarge(ServiceError):
    """What was sent is larger than this service reads."""

    status = 413
    code = "too_large"
    title = "This is too large"
    todo = "Send something smaller."


class UnsupportedMedia(ServiceError):
    """What was sent is of a kind that is not read here."""

    status = 415
    code = "unsupported_media_type"
    title = "This kind of file is not read here"


class TooManyRequests(ServiceError):
    """Too many attempts in a short time; `retry_after` says when to come back, in seconds."""

    status = 429
    code = "too_many_requests"
    title = "Too many attempts"
    todo = "Wait a moment, then try again."


class Upstream(ServiceError):
    """Another party did not answer, or not usefully."""

    status = 502
    code = "upstream"
    title = "Another service did not answer"
    act = Act.OTHER_PARTY
    todo = "Try again in a few minutes."


class Unavailable(ServiceError):
    """The service cannot do this right now (its database is away, its disk is full)."""

    status = 503
    code = "unavailable"
    title = "This service is not available right now"
    act = Act.OPERATOR
    safe = "What was saved before is safe; this step was not carried out."
    todo = "Try again in a minute. If it stays so, tell the operator the reference below."


NO_REASON = "The service met a fault of its own."
DOMAIN = (KeysError, CredentialsError, TrustError)
OAUTH_STATUS: Mapping[str, int] = {
    "invalid_client": 401,  # RFC 6749 §5.2
    "invalid_token": 401,  # RFC 6750 §3.1
    "invalid_dpop_proof": 401,  # RFC 9449 §7.1
    "use_dpop_nonce": 401,  # RFC 9449 §8
    "insufficient_scope": 403,  # RFC 6750 §3.1
    "server_error": 500,  # RFC 6749 §4.1.2.1
    "temporarily_unavailable": 503,
}
OAUTH_CODE: Mapping[str, str] = {  # what RFC 6749 calls a refusal of the shell
    "bad_request": "invalid_request",
    "too_large": "invalid_request",
    "unsupported_media_type": "invalid_request",
    "internal": "server_error",
    "unavailable": "temporarily_unavailable",
}
CHALLENGE: Mapping[str, str] = {"invalid_dpop_proof": "DPoP", "use_dpop_nonce": "DPoP"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error as it will be told, whatever its source: the input of every rendering."""

    status: int
    code: str
    title: str
    sentence: str
    act: Act = Act.CALLER
    safe: str = ServiceError.safe
    todo: str = ServiceError.todo
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = ""

    def to_problem(self, *, reference: str) -> dict[str, Any]:
        """RFC 9457 problem details with this project's extension members."""
        body: dict[str, Any] = {
            "type": self.type or f"urn:pergamena:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.sentence,
            "act": self.act.value,
            "reference": reference,
        }
        if self.problems:
            body["problems"] = [problem.to_json() for problem in self.problems]
        return body

    def to_oauth(self) -> dict[str, str]:
        """The RFC 6749 §5.2 error object; error_description is held to the characters that section allows."""
        told = "".join(sign if " " <= sign <= "~" and sign not in '"\\' else "'" for sign in self.sentence)
        return {"error": OAUTH_CODE.get(self.code, self.code), "error_description": told}


def describe(error: Exception) -> Refusal:
    """What to tell about any exception; one that is none of ours tells nothing of itself."""
    if isinstance(error, ServiceError):
        return _of_service(error)
    if isinstance(error, ExchangeError):
        return _of_exchange(error)
    if isinstance(error, DOMAIN):
        return Refusal(status=400, code=error.code, title=ServiceError.title, sentence=str(error))
    if isinstance(error, web.HTTPException):
        return _of_http(error)
    if isinstance(error, TimeoutError):
        return _of_service(Unavailable("This took longer than the service allows.", retry_after=5))
    return Refusal(
        status=500, code="internal", title="Something went wrong here", sentence=NO_REASON, act=Act.OPERATOR,
        safe="What was saved before is safe.", todo="Try again. If it happens twice, tell the operator the reference.",
    )  # fmt: skip


def _of_service(error: ServiceError) -> Refusal:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Refusal(
        status=error.status, code=error.code, title=error.title, sentence=str(error), act=error.act,
        safe=error.safe, todo=error.todo, problems=error.problems, headers=headers, type=error.type,
    )  # fmt: skip


def _of_exchange(error: ExchangeError) -> Refusal:
    status = OAUTH_STATUS.get(error.code, 400)
    headers = {"Cache-Control": "no-store"}
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        headers["WWW-Authenticate"] = f'{CHALLENGE.get(error.code, "Bearer")} error="{error.code}"'
    return Refusal(status=status, code=error.code, title=ServiceError.title, sentence=str(error), headers=headers)


def _of_http(error: web.HTTPException) -> Refusal:
    """The refusals of aiohttp itself (no such route, wrong method, body too large) in our words."""
    known: dict[int, ServiceError] = {
        404: NotFound("There is no such page or address."),
        413: TooLarge("This service reads at most the size its documentation names."),
        415: UnsupportedMedia("This service does not read that kind of content."),
    }
    if error.status in known:
        return _of_service(known[error.status])
    phrase = HTTPStatus(error.status).phrase
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    return Refusal(status=error.status, code=code, title=phrase, sentence=f"{phrase}.", headers=headers)
