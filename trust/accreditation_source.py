"""Where the list of accredited issuers comes from: fetched from its publisher, verified, kept, and renewed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Self

from keys.jwk import PublicJwk
from trust import accreditation
from trust.accreditation import AccreditedIssuers
from trust.errors import FetchFailed, InvalidAccreditation, StaleAccreditation, TrustError
from trust.fetching import Fetch, Fetched
from trust.memory import SingleFlight


class AccreditationSource:
    """One publisher's list. A newer one is asked for every `refresh`; until its expiry the one at hand counts.

    Not trusted: what comes is verified with pinned keys, and `sequence`, which a service keeps over restarts,
    only ever rises. Losing the cache costs a fetch; an old or foreign list never gets in.
    """

    def __init__(
        self,
        *,
        url: str,
        keys: Sequence[PublicJwk],
        fetch: Fetch,
        issuer: str | None = None,
        sequence: int = 0,
        refresh: timedelta = timedelta(minutes=5),
        pause: timedelta = timedelta(seconds=30),
    ) -> None:
        self._url = url
        self._keys = tuple(keys)
        self._fetch = fetch
        self._issuer = issuer
        self._refresh = refresh
        self._pause = pause
        self._held: AccreditedIssuers | None = None
        self._next: datetime | None = None
        self._flights: SingleFlight[str, AccreditedIssuers] = SingleFlight()
        self.sequence = sequence
        self.problem: str | None = None

    @classmethod
    def holding(cls, issuers: AccreditedIssuers) -> Self:
        """A source of a list that was verified elsewhere, such as one from a file; it is never renewed."""

        async def nowhere(url: str, *, accept: str, limit: int = 0) -> Fetched:
            raise FetchFailed(f"there is no place to fetch {accept} from ({url}, {limit})")

        source = cls(url="", keys=(), fetch=nowhere, sequence=issuers.sequence)
        source._held = issuers  # its own class
        source._next = issuers.expires
        return source

    def at_hand(self, *, now: datetime) -> AccreditedIssuers | None:
        """The list if it is neither expired nor due to be renewed."""
        held = self._held
        if held is None or held.expires <= now or (self._next is not None and now >= self._next):
            return None
        return held

    async def current(self, *, now: datetime) -> AccreditedIssuers:
        """The list that counts now, renewed where that is due; raises StaleAccreditation when there is none."""
        held = self.at_hand(now=now)
        if held is not None:
            return held
        if self._next is None or now >= self._next:
            await self._renew(now=now)
        if self._held is None or self._held.expires <= now:
            raise StaleAccreditation(f"the list of accredited issuers could not be had: {self.problem}")
        return self._held

    async def _renew(self, *, now: datetime) -> None:
        async def errand() -> AccreditedIssuers:
            return await self._fetched(now=now)

        try:
            self._held = await self._flights.run(errand, key=self._url)
        except TrustError as error:
            self.problem = str(error)
            self._next = now + self._pause
            return
        self.problem = None
        self.sequence = max(self.sequence, self._held.sequence)
        self._next = now + self._refresh

    async def _fetched(self, *, now: datetime) -> AccreditedIssuers:
        fetched = await self._fetch(self._url, accept=accreditation.MEDIA_TYPE, limit=accreditation.LIMIT)
        if fetched.status != HTTPStatus.OK:
            raise FetchFailed("its publisher did not answer with it")
        try:
            token = fetched.body.decode("ascii").strip()
        except UnicodeDecodeError as error:
            raise InvalidAccreditation("the list of accredited issuers is not a JWT") from error
        return accreditation.verify(token, keys=self._keys, issuer=self._issuer, now=now, sequence=self.sequence)
