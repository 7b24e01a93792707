"""Status lists: begun, filled, closed, signed and served. Token Status List sections 4 to 8 and 13.

A list is signed again when its number of changes has grown or half its life is over; what is at hand is served while
the database is away, until it expires. Which bits are set comes from the rows of the credentials, so no two writers can
lose one another's change. A W3C credential looks its place up in the same list, in the form that W3C gives it.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from credentials.status import bits, bitstring_list, token_list
from credentials.status.bits import Order
from credentials.status.bitstring_list import BitstringContent
from issuer.books import store_lists
from issuer.books.store_lists import Books, StoredList
from issuer.standing import STATUS, STATUS_BITS, Standing
from issuer.tenancy.offices import Office, Offices
from keys import base64url, sealing
from service.database import Database
from service.errors import NotFound, Unavailable

SIZE = 131_072
FULL_SHARE = 0.75
COUNT_EVERY = 1024
TTL = timedelta(seconds=300)
LIFE = timedelta(hours=24)
LOOK_AGAIN = timedelta(seconds=1)
KEPT = 1024
MEANING: Mapping[str, Standing] = {"revocation": Standing.REVOKED, "suspension": Standing.SUSPENDED}
"""What W3C calls the purpose of a list, and the standing that its bits tell."""

Key = tuple[str, str, str | None]
Marked = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A signed list as it goes over the wire."""

    version: int
    kid: str  # of the key that signed
    body: bytes
    etag: str
    signed_at: datetime
    looked_at: datetime
    ttl: timedelta

    def max_age(self, now: datetime) -> int:
        """For how many seconds others may keep these bytes."""
        left = self.signed_at + LIFE - now
        return max(0, int(min(self.ttl, left).total_seconds()))


@dataclass(slots=True)
class _Fill:
    """How full this process believes the current list of an institution to be."""

    stored: StoredList
    used: int
    since_count: int = 0


class StatusLists:
    """The lists of all institutions, as far as this process has to do with them."""

    def __init__(
        self, database: Database, *, offices: Offices, now: Callable[[], datetime], size: int = SIZE,
        ttl: timedelta = TTL,
    ) -> None:  # fmt: skip
        self._database = database
        self._offices = offices
        self._now = now
        self._size = size
        self._ttl = ttl
        self._fills: dict[str, _Fill] = {}
        self._published: dict[Key, Published] = {}

    async def current(self, institution: str, *, wanted: int) -> StoredList:
        """The list in which `wanted` more credentials get places; one that is three quarters full is closed."""
        fill = self._fills.get(institution)
        if fill is None or fill.since_count >= COUNT_EVERY:
            fill = await self._count(institution)
        if fill.used + wanted > FULL_SHARE * fill.stored.size:
            fill = await self._roll_over(institution, closing=fill.stored.id)
        fill.used += wanted
        fill.since_count += wanted
        return fill.stored

    async def begin_anew(self, institution: str) -> StoredList:
        """Closes every list and begins a fresh one: after a restore, no place given since is given again."""
        return (await self._roll_over(institution, closing=None)).stored

    async def published(self, institution: str, *, name: str, purpose: str | None = None) -> Published:
        """The signed list, as new as a second ago; raises NotFound, or Unavailable where nothing fresh is at hand."""
        key, now = (institution, name, purpose), self._now()
        known = self._published.get(key)
        if known is not None and now - known.looked_at < LOOK_AGAIN:
            return known
        try:
            return await self._publish(key, known=known)
        except Unavailable:
            if known is not None and now - known.signed_at < LIFE:
                return known
            raise

    async def sign_ahead(self) -> int:
        """Signs every list there is, so that each is at hand before it is asked for; tells how many."""
        lists = await self._database.read(store_lists.all_lists)
        for stored in lists:
            for purpose in (None, *MEANING):
                await self.published(stored.institution, name=stored.id, purpose=purpose)
        return len(lists)

    async def _count(self, institution: str) -> _Fill:
        stored = await self._database.read(lambda books: store_lists.current(books, institution=institution))
        if stored is None:
            return await self._roll_over(institution, closing=None)
        name = stored.id
        used = await self._database.read(lambda books: store_lists.used(books, institution=institution, name=name))
        self._fills[institution] = _Fill(stored=stored, used=used)
        return self._fills[institution]

    async def _roll_over(self, institution: str, *, closing: str | None) -> _Fill:
        name = base64url.encode(secrets.token_bytes(12))
        moment = int(self._now().timestamp())

        def begin(books: Books) -> StoredList:
            store_lists.close(books, institution=institution, name=closing, now=moment)
            return store_lists.add(books, institution=institution, id=name, size=self._size, now=moment)

        self._fills[institution] = _Fill(stored=await self._database.write(begin), used=0)
        return self._fills[institution]

    async def _publish(self, key: Key, *, known: Published | None) -> Published:
        institution, name, purpose = key
        office = await self._offices.of(institution)
        stored = await self._database.read(lambda books: store_lists.find(books, institution=institution, name=name))
        if stored is None:
            raise NotFound("There is no such list.")
        now = self._now()
        if known is not None and _is_current(known, stored=stored, office=office, now=now):
            fresh = replace(known, looked_at=now)
        else:
            fresh = await self._sign(office, stored=stored, purpose=purpose, now=now)
        self._published[key] = fresh
        while len(self._published) > KEPT:
            self._published.pop(next(iter(self._published)))
        return fresh

    async def _sign(self, office: Office, *, stored: StoredList, purpose: str | None, now: datetime) -> Published:
        marked = await self._database.read(
            lambda books: store_lists.marked(books, institution=office.slug, name=stored.id)
        )
        uri = f"{office.identifier}/status/{stored.id}"
        if purpose is None:
            text = _token_list(marked, uri=uri, size=stored.size, office=office, now=now, ttl=self._ttl)
        else:
            uri = f"{uri}/{purpose}"
            text = _bitstring(marked, uri=uri, size=stored.size, purpose=purpose, office=office, now=now, ttl=self._ttl)
        etag = f'"{sealing.digest(text)[:32]}"'
        kid = office.keyring.active.kid
        return Published(
            version=stored.version, kid=kid, body=text.encode(), etag=etag, signed_at=now, looked_at=now, ttl=self._ttl
        )


def _is_current(known: Published, *, stored: StoredList, office: Office, now: datetime) -> bool:
    """Whether what is at hand says the latest, by the key that signs now, for at least half its life to come."""
    same = (known.version, known.kid) == (stored.version, office.keyring.active.kid)
    return same and now - known.signed_at < LIFE / 2


def _token_list(marked: Marked, *, uri: str, size: int, office: Office, now: datetime, ttl: timedelta) -> str:
    """The list as the IETF has it: two bits a place, so that a suspension is not a revocation."""
    array = bits.create(size, bits=STATUS_BITS)
    for place, status in marked:
        bits.put(array, place, status=status, bits=STATUS_BITS)
    return token_list.issue_now(
        array, uri=uri, signer=office.keyring.active.signer, issued_at=now, expires=now + LIFE, ttl=ttl,
        bits=STATUS_BITS, x5c=office.x5c, kid=office.keyring.active.kid, issuer=office.identifier,
    )  # fmt: skip


def _bitstring(
    marked: Marked, *, uri: str, size: int, purpose: str, office: Office, now: datetime, ttl: timedelta
) -> str:
    """The list as W3C has it: one list for each purpose, one bit a place."""
    array = bits.create(size)
    for place, status in marked:
        if status == STATUS[MEANING[purpose]]:
            bits.put(array, place, status=1, order=Order.MOST_FIRST)
    content = BitstringContent(
        uri=uri, issuer=office.identifier, purpose=purpose, issued_at=now, expires=now + LIFE, ttl=ttl
    )
    return bitstring_list.issue_now(array, content=content, signer=office.keyring.active.signer, x5c=office.x5c)
