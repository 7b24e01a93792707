"""What an issuer or verifier answers to a call of ours, read strictly: OpenID4VCI 1.0, OpenID4VP 1.0 section 14.8.

Redirects are answers like any other, and none that is accepted. A peer that cannot be reached is said to be silent.
"""

from collections.abc import Collection, Mapping
from typing import Any

from exchange import oauth
from exchange.errors import ExchangeError, InvalidAnswer
from service.outbound import Outbound, Refused
from trust.errors import FetchFailed
from trust.fetching import Fetched
from wallet.errors import OfferSpent, PartySilent, UnreadableLink

OK = frozenset({200})
TAKEN = frozenset({200, 201, 204})
REDIRECTS = range(300, 400)
ERRORS = range(400, 500)
GONE = frozenset({404, 410})


async def fetch(outbound: Outbound, url: str, *, accept: str = "application/json", once: bool = False) -> bytes:
    """The body of a GET that was answered with 200; UnreadableLink, PartySilent or InvalidAnswer.

    What is told `once` and is not there any more is OfferSpent.
    """
    try:
        answer = await outbound.fetch(url, accept=accept)
    except FetchFailed as error:
        raise _told(error) from error
    if once and answer.status in GONE:
        raise OfferSpent("This offer was opened before, or its time is over.")
    return read(answer)


async def post_form(
    outbound: Outbound, url: str, fields: Mapping[str, str], *, good: Collection[int] = OK, accept: str | None = None
) -> bytes:
    """The body of what a form was answered with; UnreadableLink, PartySilent, or the error that the peer names."""
    headers = None if accept is None else {"Accept": accept}
    try:
        answer = await outbound.post_form(url, fields, headers=headers)
    except FetchFailed as error:
        raise _told(error) from error
    return read(answer, good=good)


async def post_json(
    outbound: Outbound, url: str, value: Any, *, token: str, good: Collection[int] = OK, limit: int = 1 << 20
) -> bytes:  # fmt: skip
    """The body of what a JSON document was answered with, sent under an access token (RFC 6750)."""
    try:
        answer = await outbound.post_json(url, value, headers={"Authorization": f"Bearer {token}"}, limit=limit)
    except FetchFailed as error:
        raise _told(error) from error
    return read(answer, good=good)


def read(answer: Fetched, *, good: Collection[int] = OK) -> bytes:
    """The body of a good answer; raises the error that the peer names, or InvalidAnswer."""
    if answer.status in good:
        return answer.body
    if answer.status in REDIRECTS:
        raise InvalidAnswer("The other side answers with a redirect, which is not followed.")
    if answer.status in ERRORS:
        raise _named(answer)
    raise PartySilent(f"The other side answers with a fault of its own (status {answer.status}).")


def _named(answer: Fetched) -> ExchangeError:
    try:
        return oauth.ErrorResponse.parse(answer.body).to_error()
    except InvalidAnswer:
        return InvalidAnswer(f"The other side refuses (status {answer.status}) and does not say why.")


def _told(error: FetchFailed) -> Exception:
    if isinstance(error, Refused):
        return UnreadableLink("This link leads to an address that is not called from here.")
    return PartySilent(str(error))
