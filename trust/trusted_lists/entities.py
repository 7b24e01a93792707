"""The lists of trusted entities that a deployment follows, and who of them a signer is (ETSI TS 119 602).

Lists lie in a folder or are fetched beside the work; a decision looks at those at hand. A signer is one of the entities
by a certificate, a key or an identifier that was proved, never by a name. What they say is told beside other sources.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from keys import x509
from keys.jwk import PublicJwk
from keys.x509 import Certificate
from trust.errors import FetchFailed, InvalidTrustedList, TrustError
from trust.fetching import Fetch
from trust.identity import SignerIdentity
from trust.trusted_lists import ts119602
from trust.trusted_lists.trusted_list import Service, Standing, TrustedList

MOST_LISTS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An entry that is about a signer: in which list, as whom, what it was then, and what it is now."""

    by: TrustedList
    service: Service
    then: Standing | None
    now: Standing | None
    fresh: bool  # whether the list is still the one to ask

    def to_json(self) -> dict[str, object]:
        """For people and their programs."""
        return {
            "name": self.service.provider,
            "service": self.service.name,
            "operator": self.by.operator,
            "sequence": self.by.sequence,
            "as_of": self.by.issued.isoformat(),
            "when_awarded": self._word(self.then),
            "now": self._word(self.now),
        }

    def _word(self, standing: Standing | None) -> str:
        if not self.fresh:
            return "could_not_check"
        return "yes" if standing is not None and standing.granted else "no"


class EntityLists:
    """The lists at hand.

    Not trusted: each is verified with the pinned `keys` or `signers`, and none is older than one seen (`sequences`).
    """

    def __init__(
        self,
        *,
        keys: Collection[PublicJwk] = (),
        signers: Collection[Certificate] = (),
        urls: Sequence[str] = (),
        fetch: Fetch | None = None,
        sequences: Mapping[str, int] | None = None,
        refresh: timedelta = timedelta(hours=1),
        pause: timedelta = timedelta(minutes=10),
    ) -> None:
        self._keys = tuple(keys)
        self._signers = tuple(signers)
        self._urls = tuple(urls[:MOST_LISTS])
        self._fetch = fetch
        self._refresh = refresh
        self._pause = pause
        self._held: dict[str, TrustedList] = {}
        self._marks: dict[str, dict[str, tuple[Service, ...]]] = {}  # by list, then by what proves an entity
        self._next: dict[str, datetime] = {}
        self.sequences = dict(sequences or {})
        self.problems: dict[str, str] = {}

    def at_hand(self) -> tuple[TrustedList, ...]:
        """The lists as they were last read; whether each is of now, who asks them looks."""
        return tuple(self._held.values())

    def load(self, files: Mapping[str, bytes], *, now: datetime) -> None:
        """Reads the lists that lie in a folder, by file name; what is wrong with one is told in `problems`."""
        for name, data in files.items():
            self._take(data, at=name, now=now)

    async def renew(self, *, now: datetime) -> None:
        """Fetches the lists that are due; what cannot be had leaves the old ones."""
        for url in self._urls:
            if self._fetch is None or (url in self._next and now < self._next[url]):
                continue
            self._next[url] = now + self._pause
            try:
                answer = await self._fetch(url, accept=ts119602.MEDIA_TYPE, limit=ts119602.LIMIT)
                if answer.status != HTTPStatus.OK:
                    raise FetchFailed("the publisher of the list of trusted entities did not answer with it")
            except TrustError as error:
                self.problems[url] = str(error)
                continue
            if await asyncio.to_thread(self._take, answer.body, at=url, now=now):
                self._next[url] = now + self._refresh

    def find(self, signer: SignerIdentity, *, at: datetime, now: datetime) -> Listing | None:
        """The entry that `signer` proves to be, of a list that is of now before any other."""
        proofs = (*signer.hashes, signer.key.thumbprint(), signer.id) if self._held else ()
        found = [
            Listing(by=by, service=each, then=each.standing(at=at), now=each.standing(at=now), fresh=by.fresh(at=now))
            for name, by in self._held.items()
            for proof in proofs
            for each in self._marks[name].get(proof, ())
        ]
        return max(found, key=lambda each: (each.fresh, each.by.issued), default=None)

    def name_of(self, identifier: str, *, now: datetime) -> str | None:
        """What the lists of now call whoever has exactly this identifier; None where they disagree, or have nobody."""
        names = {
            service.provider
            for name, by in self._held.items()
            if by.fresh(at=now)
            for service in self._marks[name].get(identifier, ())
            if identifier in service.identifiers
        }
        return names.pop() if len(names) == 1 else None

    def _take(self, data: bytes, *, at: str, now: datetime) -> bool:
        try:
            found = ts119602.verify(
                _text(data), keys=self._keys, signers=self._signers, now=now, sequence=self.sequences.get(at, 0)
            )
        except TrustError as error:
            self.problems[at] = str(error)
            return False
        self._held[at], self._marks[at] = found, _marks(found)
        self.sequences[at] = found.sequence
        self.problems.pop(at, None)
        return True


def _text(data: bytes) -> str:
    try:
        return data.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise InvalidTrustedList("the list of trusted entities is not a signed text") from error


def _marks(found: TrustedList) -> dict[str, tuple[Service, ...]]:
    """The services by what proves a signer to be theirs: a certificate of the path, the very key, the identifier."""
    marks: dict[str, tuple[Service, ...]] = {}
    for service in found.services:
        own = {x509.x509_hash(each) for each in service.certificates} | {key.thumbprint() for key in service.keys}
        for mark in own | service.identifiers:
            marks[mark] = (*marks.get(mark, ()), service)
    return marks
