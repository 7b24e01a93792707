"""Everything the wallet needs to work, as one value, and what a handler asks it for first."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from keys import base64url
from keys.x509 import Certificate
from service import sessions
from service.database import Database
from service.outbound import Outbound
from service.paper.press import Press
from service.rate_limits import RateLimit
from service.sessions import Sessions
from trust.grounds import Grounds
from trust.policy import Policy
from wallet.custody import Gate, Vault
from wallet.settings import Settings

VAULT_KEY = "vault_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How often one may try (security.md (e))."""

    by_name: RateLimit = field(default_factory=lambda: RateLimit(times=5, seconds=60))
    by_network: RateLimit = field(default_factory=lambda: RateLimit(times=20, seconds=60))
    sign_ups: RateLimit = field(default_factory=lambda: RateLimit(times=20, seconds=600))
    codes: RateLimit = field(default_factory=lambda: RateLimit(times=10, seconds=600))
    challenges: RateLimit = field(default_factory=lambda: RateLimit(times=30, seconds=60))
    openings: RateLimit = field(default_factory=lambda: RateLimit(times=30, seconds=60))
    visits: RateLimit = field(default_factory=lambda: RateLimit(times=1, seconds=30))
    shown: RateLimit = field(default_factory=lambda: RateLimit(times=60, seconds=60))
    pictures: RateLimit = field(default_factory=lambda: RateLimit(times=300, seconds=60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """One wallet service with many accounts."""

    settings: Settings
    database: Database
    outbound: Outbound
    grounds: Grounds
    policy: Policy
    verifier_anchors: tuple[Certificate, ...]
    sessions: Sessions
    gate: Gate
    now: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    press: Press = field(default_factory=Press)  # prints what learners keep on paper

    @property
    def moment(self) -> int:
        """The time in seconds."""
        return int(self.now().timestamp())


WALLET = web.AppKey("WALLET", Wallet)


def of(request: web.Request) -> Wallet:
    """The wallet that answers this request."""
    return request.config_dict[WALLET]


def vault_of(request: web.Request) -> Vault:
    """The open vault of whoever is signed in; NotSignedIn where nobody is."""
    session = sessions.signed_in(request)
    return Vault(account=str(session.subject), key=base64url.decode(session.kept[VAULT_KEY]))


def new_id() -> str:
    """A name for a row that nobody guesses; later ones sort after earlier ones, as those of a history must."""
    return f"{time.time_ns():016x}{secrets.token_urlsafe(12)}"
