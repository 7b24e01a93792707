"""Asking a registry of EBSI's kind: one JSON object, or that there is none."""

from http import HTTPStatus
from typing import Any

from keys import strict_json
from keys.errors import KeysError
from trust.ebsi.records import UNREADABLE
from trust.errors import NotRegistered, ResolutionFailed
from trust.fetching import DOCUMENT_LIMIT, Fetch


async def fetch_object(fetch: Fetch, url: str, *, accept: str) -> dict[str, Any]:
    """The JSON object that a registry answers; raises NotRegistered for a 404, else ResolutionFailed or FetchFailed."""
    fetched = await fetch(url, accept=accept, limit=DOCUMENT_LIMIT)
    if fetched.status == HTTPStatus.NOT_FOUND:
        raise NotRegistered("the registry knows no such entry")
    media = fetched.content_type.partition(";")[0].strip().lower()
    if fetched.status != HTTPStatus.OK or not media.endswith("json") or len(fetched.body) > DOCUMENT_LIMIT:
        raise ResolutionFailed("the registry does not answer")
    try:
        return strict_json.parse_object(fetched.body, limit=DOCUMENT_LIMIT)
    except KeysError as error:
        raise ResolutionFailed(UNREADABLE) from error
