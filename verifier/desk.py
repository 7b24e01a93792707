"""Everything the verifier needs to answer, as one value under one key of the application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from keys.keyring import Keyring
from keys.x509 import Certificate
from service.database import Database
from service.rate_limits import RateLimit
from service.sessions import Sessions
from trust.grounds import Grounds
from verifier.orders import Order
from verifier.recent import Recent
from verifier.settings import Settings
from verifier.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Built once in app.py. `order_of`, `names_of` and `recent` remember; losing what they do costs time only."""

    settings: Settings
    database: Database
    keyring: Keyring
    vault: Vault
    grounds: Grounds
    sessions: Sessions
    order_of: Callable[[bytes], Order]
    names_of: Callable[[tuple[Certificate, ...]], tuple[str, ...]]
    recent: Recent
    visits: RateLimit  # by network: pages that make rows or work
    now: Callable[[], datetime]

    @property
    def moment(self) -> int:
        """The time in seconds, as rows have it."""
        return int(self.now().timestamp())


VERIFIER = web.AppKey("VERIFIER", Verifier)


def of(request: web.Request) -> Verifier:
    """The verifier that answers `request`."""
    return request.config_dict[VERIFIER]
