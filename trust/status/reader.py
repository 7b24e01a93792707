"""Whether a credential still stands: its list is fetched whole and believed only from its own signer.

Implements "Verification and Processing" of Token Status List and section 3.2 of W3C Bitstring Status List. A list is
asked for again after its ttl; if that fails, the one at hand answers until its expiry, marked stale; then nobody does.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from credentials.credential import StatusKind, StatusReference
from credentials.errors import CredentialsError
from keys.errors import KeysError
from keys.jwk import PublicJwk
from trust.errors import FetchFailed, StatusUnavailable
from trust.fetching import Fetch
from trust.identity import Claimed, SignerIdentity
from trust.memory import Memory, SingleFlight
from trust.status import lists
from trust.status.lists import Standing, StatusList

KeyOf = Callable[[Claimed], Awaitable[PublicJwk]]
Place = tuple[StatusKind, str]
Mark = tuple[str, str, str, str | None]

LIMIT: Final = 1 << 20
ROOM: Final = 64 << 20
DEFAULT_TTL: Final = timedelta(minutes=5)
SHORTEST_TTL: Final = timedelta(seconds=1)
LONGEST_TTL: Final = timedelta(hours=12)
LEEWAY: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a list said, when that list was made, and whether a newer one should be there but could not be had."""

    standing: Standing
    uri: str
    index: int
    issued_at: datetime
    stale: bool
    digest: str = ""  # SHA-256 of the list as it was fetched, in hexadecimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A list at hand, believed for the `signers` that were found to be its own."""

    list: StatusList
    digest: bytes
    fresh_until: datetime
    ends: datetime
    signers: frozenset[Mark]

    def answer(self, reference: StatusReference, *, now: datetime) -> Answer:
        """What the list says of the place; raises StatusUnavailable where it says nothing."""
        try:
            standing = self.list.standing(reference, now=now)
        except CredentialsError as error:
            raise StatusUnavailable(f"the status list says nothing about this credential: {error}") from error
        return Answer(
            standing=standing,
            uri=reference.uri,
            index=reference.index,
            issued_at=self.list.terms.issued_at,
            stale=now >= self.fresh_until,
            digest=self.digest.hex(),
        )


class StatusReader:
    """Reads status lists for everybody in this process: one fetch for all who wait, and a bounded memory of lists.

    Not trusted: a list gets in only with its signer's signature and never for another signer's credential, and an
    older one never takes the place of a newer one. Forgetting costs a fetch.
    """

    def __init__(self, *, fetch: Fetch, room: int = ROOM, pause: timedelta = timedelta(seconds=15)) -> None:
        self._fetch = fetch
        self._pause = pause
        self._memory: Memory[Place, Held] = Memory(capacity=room, weigh=lambda held: held.list.size)
        self._failures: Memory[Place, str] = Memory(capacity=1_000)
        self._flights: SingleFlight[Place, tuple[StatusList, bytes]] = SingleFlight()

    def read_now(self, reference: StatusReference, *, signer: SignerIdentity, now: datetime) -> Answer | None:
        """The answer if the list is at hand, fresh, and known to be the signer's; raises StatusUnavailable."""
        held = self._memory.get((reference.kind, reference.uri), now=now)
        if held is None or now >= held.fresh_until or _mark(signer) not in held.signers:
            return None
        return held.answer(reference, now=now)

    async def read(self, reference: StatusReference, *, signer: SignerIdentity, now: datetime, key_of: KeyOf) -> Answer:
        """What the list says of a credential by `signer`; raises StatusUnavailable.

        `key_of` says which key a list that claims to be somebody's has to be signed with, or that it is a stranger's.
        """
        place = (reference.kind, reference.uri)
        held = self._memory.get(place, now=now)
        if held is None or now >= held.fresh_until:
            held = await self._renewed(place, held=held, signer=signer, now=now, key_of=key_of)
        elif _mark(signer) not in held.signers:
            held = await self._adopt(place, found=held, signer=signer, now=now, key_of=key_of)
        return held.answer(reference, now=now)

    async def _renewed(
        self, place: Place, *, held: Held | None, signer: SignerIdentity, now: datetime, key_of: KeyOf
    ) -> Held:
        """A newer list, or the one at hand until its own end, if it is the signer's; raises StatusUnavailable."""
        try:
            fresh = await self._fresh(place, now=now)
            return await self._adopt(place, found=fresh, signer=signer, now=now, key_of=key_of)
        except StatusUnavailable:
            if held is not None and now < held.ends and _mark(signer) in held.signers:
                return held
            raise

    async def _fresh(self, place: Place, *, now: datetime) -> Held:
        """The list as its address answers now, no older than the one at hand; raises StatusUnavailable."""
        failed = self._failures.get(place, now=now)
        if failed is not None:
            raise StatusUnavailable(failed)

        async def errand() -> tuple[StatusList, bytes]:
            fetched = await self._fetch(place[1], accept=lists.ACCEPT[place[0]], limit=LIMIT)
            if fetched.status != HTTPStatus.OK or len(fetched.body) > LIMIT:
                raise StatusUnavailable("its address does not answer with it")
            return lists.parse(fetched, kind=place[0]), hashlib.sha256(fetched.body).digest()

        try:
            listed, digest = await self._flights.run(errand, key=place)
            return self._dated(listed, digest=digest, place=place, now=now)
        except (FetchFailed, StatusUnavailable, CredentialsError, KeysError) as error:
            problem = self._failures.put(
                f"the status list could not be had: {error}", key=place, until=now + self._pause
            )
            raise StatusUnavailable(problem) from error

    def _dated(self, listed: StatusList, *, digest: bytes, place: Place, now: datetime) -> Held:
        """The list with its terms, if it is the one of its address and speaks now; raises StatusUnavailable."""
        terms = listed.terms
        if terms.uri is not None and terms.uri != place[1]:
            raise StatusUnavailable("it says it belongs to another address")
        if terms.issued_at > now + LEEWAY:
            raise StatusUnavailable("it is dated in the future")
        ttl = DEFAULT_TTL if terms.ttl is None else min(max(terms.ttl, SHORTEST_TTL), LONGEST_TTL)
        ends = now + ttl if terms.expires is None else terms.expires
        if ends <= now:
            raise StatusUnavailable("it is past its expiry")
        known = self._memory.get(place, now=now)
        if known is not None and terms.issued_at < known.list.terms.issued_at:
            raise StatusUnavailable("it is older than one that was seen before")
        signers = known.signers if known is not None and known.digest == digest else frozenset()
        return Held(list=listed, digest=digest, fresh_until=min(now + ttl, ends), ends=ends, signers=signers)

    async def _adopt(self, place: Place, *, found: Held, signer: SignerIdentity, now: datetime, key_of: KeyOf) -> Held:
        """The list, kept, once it is known to be the signer's own; raises StatusUnavailable otherwise."""
        mark = _mark(signer)
        if mark not in found.signers:
            key = await key_of(found.list.terms.claimed)
            try:
                found.list.verify(key)
            except KeysError as error:
                raise StatusUnavailable("the status list is not signed by the credential's issuer") from error
        known = self._memory.get(place, now=now)
        others = known.signers if known is not None and known.digest == found.digest else frozenset()
        return self._memory.put(replace(found, signers=found.signers | others | {mark}), key=place, until=found.ends)


def _mark(signer: SignerIdentity) -> Mark:
    """What makes a signer the same one: the identifier and the whole key."""
    return (signer.id, signer.key.crv, signer.key.x, signer.key.y)
