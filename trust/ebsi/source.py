"""Whether an issuer was accredited when it awarded, and whether it still is: two answers of a registry of EBSI's kind.

A decision that finds everything at hand waits for nobody; what is missing is fetched once for all who ask.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from keys.did.document import DidDocument
from trust.ebsi.award import Award
from trust.ebsi.chain import Walk
from trust.ebsi.key_history import KeyHistory
from trust.ebsi.places import Registry
from trust.ebsi.shelf import LIFETIME, NotAtHand, Shelf
from trust.errors import ResolutionFailed, UntrustedIssuer
from trust.fetching import Fetch
from trust.identity import Held, Link, Source, SourceAnswer

MOST_ERRANDS: Final = 80
NO_DATE: Final = "the award does not say when it was made"
Names = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainAnswer:
    """Both answers with their reasons, and the path of the first of them that holds."""

    when_awarded: Held
    now: Held
    path: tuple[Link, ...] = ()
    reason: str = ""
    reason_now: str = ""

    @property
    def testimony(self) -> SourceAnswer:
        """The same as one source among others."""
        return SourceAnswer(
            source=Source.CHAIN, when_awarded=self.when_awarded, now=self.now, message=self.reason or self.reason_now
        )

    def to_json(self) -> dict[str, object]:
        """For people and their programs."""
        return {
            "whenAwarded": self.when_awarded.value,
            "now": self.now.value,
            "reason": self.reason,
            "reasonNow": self.reason_now,
            "path": [link.to_json() for link in self.path],
        }


class Chains:
    """The chains of accreditations in the configured registry, up to the pinned `roots` (DID and name)."""

    def __init__(
        self, *, fetch: Fetch, registry: Registry, roots: Mapping[str, str], lifetime: timedelta = LIFETIME
    ) -> None:
        self._registry = registry
        self._roots = dict(roots)
        self._history = KeyHistory(fetch=fetch)
        self._shelf = Shelf(fetch=fetch, registries=(registry,), history=self._history, lifetime=lifetime)

    def document_now(self, did: str, *, at: datetime | None, now: datetime) -> DidDocument | None:
        """The document of `did` at a moment, if it is at hand; raises UntrustedIssuer."""
        return self._history.at_hand(did, registry=self._registry, at=at, now=now)

    async def document(self, did: str, *, at: datetime | None, now: datetime) -> DidDocument:
        """The document of `did` at a moment (None: now); raises UntrustedIssuer or ResolutionFailed."""
        return await self._history.read(did, registry=self._registry, at=at, now=now)

    def answer_now(self, award: Award, *, now: datetime, names: Names = lambda _: None) -> ChainAnswer | None:
        """Both answers if all that they take is at hand."""
        try:
            return self._answer(award, now=now, names=names)
        except NotAtHand:
            return None

    async def answer(self, award: Award, *, now: datetime, names: Names = lambda _: None) -> ChainAnswer:
        """Both answers, fetching what that takes."""
        for _ in range(MOST_ERRANDS):
            try:
                return self._answer(award, now=now, names=names)
            except NotAtHand as missing:
                errand = missing.errand
            try:
                await errand()
            except (UntrustedIssuer, ResolutionFailed):
                continue  # the shelf remembers it, and the walk says what follows from it
        return _open("the accreditations take more questions than are asked here")

    def _answer(self, award: Award, *, now: datetime, names: Names) -> ChainAnswer:
        still, path_now, reason_now = self._walked(award, at=None, now=now, names=names)
        if award.issued_at is None:
            return ChainAnswer(
                when_awarded=Held.COULD_NOT_CHECK, now=still, path=path_now, reason=NO_DATE, reason_now=reason_now
            )
        then, path, reason = self._walked(award, at=award.issued_at, now=now, names=names)
        return ChainAnswer(when_awarded=then, now=still, path=path or path_now, reason=reason, reason_now=reason_now)

    def _walked(
        self, award: Award, *, at: datetime | None, now: datetime, names: Names
    ) -> tuple[Held, tuple[Link, ...], str]:
        historic = at is not None
        walk = Walk(
            shelf=self._shelf,
            registries=(self._registry,),
            roots=self._roots,
            name_of=lambda did: self._roots.get(did) or names(did) or did,
            at=now if at is None else min(at, now),
            now=now,
            historic=historic,
        )
        try:
            return Held.YES, walk.path(award), ""
        except ResolutionFailed as error:
            return Held.COULD_NOT_CHECK, (), str(error)
        except UntrustedIssuer as error:
            return Held.NO, (), str(error)


def _open(reason: str) -> ChainAnswer:
    return ChainAnswer(when_awarded=Held.COULD_NOT_CHECK, now=Held.COULD_NOT_CHECK, reason=reason, reason_now=reason)
