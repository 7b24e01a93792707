"""What was read from EBSI's registries, kept for a while: a decision that finds all of it here asks nobody.

Not trusted: what a registry answers about itself is taken as its word, what is signed is verified, and forgetting costs
a fetch. Whatever is not at hand raises `NotAtHand`, which says how to get it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from keys.did.document import DidDocument
from keys.jwk import PublicJwk
from trust.ebsi import fetching
from trust.ebsi.key_history import KeyHistory
from trust.ebsi.places import AttributePlace, Registry
from trust.ebsi.records import Attribute, Page
from trust.ebsi.rights import Right
from trust.errors import FetchFailed, NotRegistered, ResolutionFailed, UntrustedIssuer
from trust.fetching import Fetch
from trust.memory import Memory, SingleFlight

T = TypeVar("T")
JSON: Final = "application/json"
PAGE: Final = 50
MOST_PAGES: Final = 4
LIFETIME: Final = timedelta(minutes=5)
PAUSE: Final = timedelta(seconds=10)


class NotAtHand(Exception):  # no error: it is caught by whoever may wait, and says what to wait for
    """Something has to be fetched first."""

    def __init__(self, errand: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self.errand = errand


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An attribute as it once was, and since when, where the registry tells that."""

    attribute: Attribute
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    message: str
    absent: bool


class Shelf:
    """Records, documents and verified credentials of the registries that are configured here."""

    def __init__(
        self, *, fetch: Fetch, registries: Sequence[Registry], history: KeyHistory, lifetime: timedelta = LIFETIME
    ) -> None:
        self._fetch = fetch
        self._registries = tuple(registries)
        self._history = history
        self._lifetime = lifetime
        self._memory: Memory[str, object] = Memory(capacity=5_000)
        self._rights: Memory[str, Right] = Memory(capacity=2_000)
        self._genuine: Memory[tuple[str, str, str], bool] = Memory(capacity=2_000)
        self._flights: SingleFlight[str, object] = SingleFlight()

    def attribute(self, place: AttributePlace, *, now: datetime) -> Attribute:
        """The attribute as it is now; raises NotAtHand, NotRegistered or ResolutionFailed."""
        return self._record(place.url, read=lambda raw: Attribute.parse(raw, place=place), now=now)

    def revisions(self, place: AttributePlace, *, now: datetime) -> tuple[Revision, ...]:
        """The attribute as it ever was; raises as `attribute` does."""
        names = [name for page in self._pages(place, now=now) for name in page.names]
        found = []
        for name in names:
            url = f"{place.url}/revisions/{name.id}"
            record = self._record(url, read=lambda raw: Attribute.parse(raw, place=place), now=now)
            found.append(Revision(attribute=record, recorded_at=name.recorded_at))
        return tuple(found)

    def document(self, did: str, *, registry: Registry, at: datetime, now: datetime) -> DidDocument:
        """The document of `did` as it was `at` that moment; raises NotAtHand, NotRegistered or ResolutionFailed."""
        held = self._history.at_hand(did, registry=registry, at=at, now=now)
        if held is None:
            raise NotAtHand(partial(self._history.read, did, registry=registry, at=at, now=now))
        return held

    def right(self, body: str, *, now: datetime) -> Right:
        """The right in the credential `body`, unverified; raises UntrustedIssuer."""
        held = self._rights.get(body, now=now)
        if held is None:
            read = Right.parse(body, registries=self._registries)
            held = self._rights.put(read, key=body, until=now + self._lifetime)
        return held

    def verify(self, right: Right, *, key: PublicJwk, now: datetime) -> None:
        """Return if `key` signed `right`, which is found out once; raises UntrustedIssuer."""
        mark = (right.parsed.jws.compact, key.crv, key.x)
        if self._genuine.get(mark, now=now) is None:
            right.verify(key)
            self._genuine.put(True, key=mark, until=now + self._lifetime)  # noqa: FBT003  # what is remembered

    def _pages(self, place: AttributePlace, *, now: datetime) -> list[Page]:
        pages: list[Page] = []
        while not pages or len(pages) * PAGE < pages[0].total:
            if len(pages) >= MOST_PAGES:
                raise ResolutionFailed("the registry tells more revisions of an accreditation than are read here")
            url = f"{place.url}/revisions?page[after]={len(pages) + 1}&page[size]={PAGE}"
            pages.append(self._record(url, read=Page.parse, now=now))
        return pages

    def _record(self, url: str, *, read: Callable[[Mapping[str, Any]], T], now: datetime) -> T:
        held = self._memory.get(url, now=now)
        if held is None:
            raise NotAtHand(partial(self._load, url, read=read, now=now))
        if isinstance(held, _Failure):
            raise NotRegistered(held.message) if held.absent else ResolutionFailed(held.message)
        return held  # type: ignore[return-value]  # an address is always read in one way

    async def _load(self, url: str, *, read: Callable[[Mapping[str, Any]], object], now: datetime) -> None:
        async def errand() -> object:
            return read(await fetching.fetch_object(self._fetch, url, accept=JSON))

        try:
            found = await self._flights.run(errand, key=url)
        except NotRegistered as error:
            self._memory.put(_Failure(message=str(error), absent=True), key=url, until=now + PAUSE)
        except (ResolutionFailed, FetchFailed, UntrustedIssuer) as error:
            self._memory.put(_Failure(message=str(error), absent=False), key=url, until=now + PAUSE)
        else:
            self._memory.put(found, key=url, until=now + self._lifetime)
