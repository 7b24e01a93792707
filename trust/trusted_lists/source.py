"""Where trusted lists come from: a folder, read at start, and the list of lists with those that it points to, fetched.

Implements the discovery of ETSI TS 119 612 section 5.3.13 and TS 119 615 section 4.1: the list of lists is signed by a
pinned certificate, a national list by one that the list of lists names for its country, and no list is older than one
seen before. To ask what is at hand costs no network; a service renews it beside its work.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from keys import x509
from keys.x509 import Certificate
from trust.errors import FetchFailed, InvalidTrustedList, TrustError, UntrustedList
from trust.fetching import Fetch
from trust.memory import Memory, SingleFlight
from trust.trusted_lists import signed_xml, ts119612, vouching
from trust.trusted_lists.trusted_list import EU_LIST, LIST_OF_LISTS, XML_TYPE, Pointer, TrustedList
from trust.trusted_lists.vouching import TrustedLists, Vouched

UNION = "EU"
MOST_LISTS = 64
MOST_ASKED = 1_000
REMEMBERED = timedelta(minutes=1)
SIGNERS = "signers"


class TrustedListSource:
    """The lists of one deployment.

    Not trusted: each list is verified with `signers`, the pinned certificates, or with what a list so verified names.
    `sequences`, which a service keeps over restarts, only ever rise. Losing the lists costs answers, never a false one.
    """

    def __init__(
        self,
        *,
        signers: Sequence[Certificate],
        url: str = "",
        fetch: Fetch | None = None,
        territories: Collection[str] = (),
        sequences: Mapping[str, int] | None = None,
        refresh: timedelta = timedelta(hours=6),
        pause: timedelta = timedelta(minutes=10),
    ) -> None:
        self._signers = tuple(signers)
        self._url = url
        self._fetch = fetch
        self._territories = frozenset(territories)
        self._refresh = refresh
        self._pause = pause
        self._held: dict[str, TrustedList] = {}
        self._ready = TrustedLists()
        self._asked: Memory[tuple[tuple[Certificate, ...], datetime], Vouched] = Memory(capacity=MOST_ASKED)
        self._next: datetime | None = None
        self._flights: SingleFlight[str, None] = SingleFlight()
        self.sequences = dict(sequences or {})
        self.problems: dict[str, str] = {}

    def at_hand(self) -> TrustedLists:
        """The lists as they were last read; whether each is of now, who asks them looks."""
        return self._ready

    def ask(self, chain: Sequence[Certificate], *, at: datetime, now: datetime) -> Vouched:
        """What the lists at hand say of the first of `chain`; asked again within minutes, it costs no signature."""
        key = (tuple(chain), at)
        return self._asked.get(key, now=now) or self._asked.put(
            vouching.ask(self._ready, chain=chain, at=at, now=now), key=key, until=now + REMEMBERED
        )

    def due(self, *, now: datetime) -> bool:
        """Whether the lists should be renewed."""
        return self._fetch is not None and bool(self._url) and (self._next is None or now >= self._next)

    def load(self, files: Mapping[str, bytes], *, now: datetime) -> None:
        """Reads the lists that lie in a folder, by file name; what is wrong with one is told in `problems`."""
        left = dict(files)
        for name, data in files.items():
            try:
                self._take(ts119612.verify(data, signers=self._signers, now=now), at=name)
            except TrustError as error:
                self.problems[name] = str(error)
            else:
                del left[name]
        pointers = self._pointers()
        for name, data in left.items() if pointers else ():
            self._national(data, pointers=pointers, now=now, at=name)
        self._make_ready()

    async def renew(self, *, now: datetime) -> None:
        """Fetches the list of lists and those it points to, if that is due; what cannot be had leaves the old ones."""
        if self.due(now=now):
            await self._flights.run(lambda: self._fetched(now=now), key=self._url)

    async def _fetched(self, *, now: datetime) -> None:
        self._next = now + self._pause
        try:
            data = await self._get(self._url)
            union = await asyncio.to_thread(
                ts119612.verify, data, signers=self._signers, now=now, sequence=self.sequences.get(UNION, 0)
            )
            if union.type != LIST_OF_LISTS:
                raise InvalidTrustedList("what is published there is not the list of lists")
            self._take(union, at=self._url)
        except TrustError as error:
            self.problems[self._url] = str(error)
            return
        for pointer in self._pointers():
            await self._follow(pointer, now=now)
        self._make_ready()
        self._next = now + self._refresh

    def _make_ready(self) -> None:
        self._ready = TrustedLists.of(self._held.values())
        self._asked = Memory(capacity=MOST_ASKED)

    async def _follow(self, pointer: Pointer, *, now: datetime) -> None:
        try:
            data = await self._get(pointer.location)
        except TrustError as error:
            self.problems[pointer.location] = str(error)
            return
        await asyncio.to_thread(self._national, data, pointers=(pointer,), now=now, at=pointer.location)

    async def _get(self, url: str) -> bytes:
        if self._fetch is None:
            raise FetchFailed("there is no way here to fetch trusted lists")
        fetched = await self._fetch(url, accept=XML_TYPE, limit=signed_xml.LIMIT)
        if fetched.status != HTTPStatus.OK:
            raise FetchFailed("the publisher of the trusted list did not answer with it")
        return fetched.body

    def _pointers(self) -> tuple[Pointer, ...]:
        """The national lists that are wanted, one a country: all, unless some are named."""
        union = self._held.get(UNION)
        found: dict[str, Pointer] = {}
        for each in union.pointers if union is not None else ():
            wanted = not self._territories or each.territory in self._territories
            if wanted and each.type == EU_LIST and each.media_type == XML_TYPE and each.territory != UNION:
                found.setdefault(each.territory, each)
        return tuple(found.values())[:MOST_LISTS]

    def _national(self, data: bytes, *, pointers: Sequence[Pointer], now: datetime, at: str) -> None:
        """Takes the list of a country that is pointed to; a signer of one country does not speak for another."""
        try:
            signers = [signer for pointer in pointers for signer in pointer.signers]
            found = ts119612.verify(data, signers=signers, now=now)
            if not any(each.territory == found.territory and found.signer in each.signers for each in pointers):
                raise UntrustedList("the trusted list is of another country than its signer")
            self._take(found, at=at)
        except TrustError as error:
            self.problems[at] = str(error)

    def _take(self, found: TrustedList, *, at: str) -> None:
        """Holds a verified list instead of the one before; raises UntrustedList where that one was newer."""
        name = UNION if found.type == LIST_OF_LISTS else found.territory
        if (name == UNION) != (found.type == LIST_OF_LISTS) or found.type not in {LIST_OF_LISTS, EU_LIST}:
            raise InvalidTrustedList("the trusted list is of a kind that is not read here")
        if found.sequence < self.sequences.get(name, 0):
            raise UntrustedList("a newer trusted list than this one was seen already")
        if name not in self._held and len(self._held) >= MOST_LISTS:
            raise InvalidTrustedList(f"there are at most {MOST_LISTS} trusted lists")
        self._held[name] = found
        self.sequences[name] = found.sequence
        self.problems.pop(at, None)


def open_folder(
    folder: Path, *, now: datetime, url: str = "", fetch: Fetch | None = None, territories: Collection[str] = ()
) -> TrustedListSource:
    """The lists (.xml) of `folder`, by the certificates (.pem) that its subfolder `signers` pins.

    Raises InvalidCertificate where there are no such certificates; a list that cannot be used is told in `problems`.
    """
    signers = x509.load_anchors(folder / SIGNERS)
    source = TrustedListSource(signers=signers, url=url, fetch=fetch, territories=territories)
    source.load({file.name: file.read_bytes() for file in sorted(folder.glob("*.xml"))}, now=now)
    return source
