"""How often one key may try: a token bucket for each, in the memory of one process (security.md (e)).

A soft limit against guessing and flooding. What must hold exactly (single use, five wrong PINs) is a database rule.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from aiohttp import web

from service.errors import TooManyRequests

KEYS = 50_000


@dataclass(slots=True, kw_only=True)
class RateLimit:
    """At most `times` at once for each key, refilled over `seconds`; forgets the keys unused for longest."""

    times: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: str, *, cost: int = 1) -> None:
        """Spends `cost` of `key`; TooManyRequests, with the seconds to wait, when it has not that much left."""
        now = self.clock()
        left, at = self._left.pop(key, (float(self.times), now))
        left = min(self.times, left + (now - at) * self.times / self.seconds)
        allowed = left >= cost
        self._left[key] = (left - cost if allowed else left, now)
        if len(self._left) > KEYS:
            self._left.popitem(last=False)
        if not allowed:
            wait = math.ceil((cost - left) * self.seconds / self.times)
            raise TooManyRequests("There were too many attempts. Wait a moment, then try again.", retry_after=wait)

    def forget(self, key: str) -> None:
        """Forgets what was counted of `key` (whose owner is gone)."""
        self._left.pop(key, None)


def network_of(request: web.Request) -> str:
    """The caller's network (/24 or /48), which is as much of an address as is ever kept (security.md (d))."""
    try:
        address = ip_address((request.remote or "").partition("%")[0])
    except ValueError:
        return "unknown"
    width = 24 if address.version == 4 else 48  # noqa: PLR2004  # IPv4
    return str(ip_network(f"{address}/{width}", strict=False))
