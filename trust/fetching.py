"""The port through which trust looks at the outside: SD-JWT VC, "Retrieving Documents"."""

from dataclasses import dataclass
from typing import Protocol

DOCUMENT_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server answered: its status, its media type without parameters in lower case, and its body."""

    status: int
    content_type: str
    body: bytes


class Fetch(Protocol):
    """A guarded GET: public addresses only, no redirects, bounded in time and size.

    Raises `errors.FetchFailed`, and nothing else, when there is no answer. Redirects and errors are answers
    (their status says so) that no reader in this package accepts.
    """

    async def __call__(self, url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:
        """Answers what the server at `url` says, at most `limit` bytes of it."""
