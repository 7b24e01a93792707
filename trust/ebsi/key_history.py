"""The keys of a did:ebsi as they were at a moment: DID Registry v5 with `valid-at`.

Every relationship of a key has one beginning and one end there. So two moments with the same document have it in
between as well, and the awards of a year cost two questions.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from keys.did import document
from keys.did.document import DidDocument
from keys.errors import KeysError
from trust.ebsi import fetching
from trust.ebsi.places import Registry
from trust.errors import FetchFailed, NotRegistered, ResolutionFailed, UntrustedIssuer
from trust.fetching import Fetch
from trust.memory import Memory, SingleFlight

ACCEPT: Final = "application/did+ld+json, application/did+json"
MOST: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The document `at` a moment (None: there was none yet), to be relied on `until` another."""

    at: datetime
    document: DidDocument | None
    until: datetime
    newest: bool  # taken as the document of now


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    message: str


class KeyHistory:
    """Documents of did:ebsi by moment. Not trusted: forgetting costs a fetch."""

    def __init__(
        self, *, fetch: Fetch, lifetime: timedelta = timedelta(minutes=5), pause: timedelta = timedelta(seconds=10)
    ) -> None:
        self._fetch = fetch
        self._lifetime = lifetime
        self._pause = pause
        self._memory: Memory[tuple[str, str], tuple[Snapshot, ...]] = Memory(capacity=1_000)
        self._problems: Memory[tuple[str, str], _Problem] = Memory(capacity=1_000)
        self._flights: SingleFlight[str, DidDocument | None] = SingleFlight()

    def at_hand(self, did: str, *, registry: Registry, at: datetime | None, now: datetime) -> DidDocument | None:
        """The document `at` that moment (None: now) if nobody has to be asked; raises as `read` does."""
        known = self._known(did, registry=registry, now=now)
        found = _between(known, at=now if at is None else at)
        if found is None:
            problem = self._problems.get((registry.base, did), now=now)
            if problem is not None:
                raise ResolutionFailed(problem.message)
            return None
        if found.document is None:
            raise NotRegistered("the registry knows no such DID at that time")
        return found.document

    async def read(self, did: str, *, registry: Registry, at: datetime | None, now: datetime) -> DidDocument:
        """The document `at` that moment; raises NotRegistered or ResolutionFailed."""
        moment = now if at is None else min(at, now)
        for asked in (now, moment):  # the newest is asked first: it often answers for the moment as well
            held = self.at_hand(did, registry=registry, at=moment, now=now)
            if held is not None:
                return held
            await self._load(did, registry=registry, at=asked, now=now)
        held = self.at_hand(did, registry=registry, at=moment, now=now)
        if held is None:
            raise ResolutionFailed("the DID document could not be had")
        return held

    def _known(self, did: str, *, registry: Registry, now: datetime) -> tuple[Snapshot, ...]:
        held = self._memory.get((registry.base, did), now=now) or ()
        return tuple(each for each in held if now < each.until)

    async def _load(self, did: str, *, registry: Registry, at: datetime, now: datetime) -> None:
        url = registry.identifier(did)
        if at < now:
            url += f"?valid-at={at.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}"

        async def errand() -> DidDocument | None:
            try:
                return document.parse(await fetching.fetch_object(self._fetch, url, accept=ACCEPT), did=did)
            except NotRegistered:
                return None

        try:
            found = await self._flights.run(errand, key=url)
        except (FetchFailed, ResolutionFailed, UntrustedIssuer, KeysError) as error:
            failed = _Problem(message=f"a document that is needed could not be had: {error}")
            self._problems.put(failed, key=(registry.base, did), until=now + self._pause)
            raise ResolutionFailed(failed.message) from error
        taken = Snapshot(at=at, document=found, until=now + self._lifetime, newest=at >= now)
        known = (*self._known(did, registry=registry, now=now), taken)
        kept = tuple(sorted(known, key=lambda each: each.until)[-MOST:])
        self._memory.put(kept, key=(registry.base, did), until=taken.until)


def _between(known: tuple[Snapshot, ...], *, at: datetime) -> Snapshot | None:
    """The snapshot that holds `at` a moment: of then, the newest before now, or the same one before and after."""
    before = max((each for each in known if each.at <= at), key=lambda each: each.at, default=None)
    after = min((each for each in known if each.at >= at), key=lambda each: each.at, default=None)
    if before is None:
        return after if after is not None and (after.at == at or after.document is None) else None
    if after is None:
        return before if before.newest or before.at == at else None
    if before.at == at or before.document == after.document:
        return before
    return after if after.at == at else None
