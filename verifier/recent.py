"""Requests that this process has just handed out, opened: so that an answer needs no look into the database first.

Not trusted with anything: whether a request is still open is decided by the statement that ends it. Losing an entry
costs a read; with several workers each knows its own. An entry goes when its request is answered or over.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from verifier.orders import Order
from verifier.vault import Secrets

MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A request that can be answered until `ends_at`."""

    order: Order
    held: Secrets = field(repr=False)
    ends_at: int


class Recent:
    """The last of them, by the digest of their tickets."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._entries: OrderedDict[str, Open] = OrderedDict()

    @property
    def tickets(self) -> tuple[str, ...]:
        """The tickets that are remembered, oldest first."""
        return tuple(self._entries)

    def keep(self, ticket: str, entry: Open) -> None:
        """Remembers `entry`, forgetting the oldest where there are too many."""
        self._entries[ticket] = entry
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def find(self, ticket: str, *, now: int) -> Open | None:
        """The entry of `ticket`, unless its time is over."""
        entry = self._entries.get(ticket)
        return None if entry is None or entry.ends_at < now else entry

    def drop(self, ticket: str) -> None:
        """Forgets the entry of `ticket`."""
        self._entries.pop(ticket, None)

    def tidy(self, *, now: int) -> None:
        """Forgets what is over."""
        for ticket in [ticket for ticket, entry in self._entries.items() if entry.ends_at < now]:
            del self._entries[ticket]
