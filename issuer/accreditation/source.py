"""What the registry says of each institution, fetched once for all who ask, and remembered for a few seconds.

While the registry is away, what it said within the last hour goes on counting: an award does not wait for it. Not
trusted: whoever answers in its place can make this issuer award what nobody accredited, which verifiers then refuse.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from issuer.accreditation.errors import AccreditationUnknown
from issuer.accreditation.identity import Identities, LegalEntity
from issuer.accreditation.names import Names
from issuer.accreditation.record import Accreditation, Standing
from keys import strict_json
from keys.errors import KeysError
from trust.ebsi import rights
from trust.ebsi.places import ISSUERS, AttributePlace, Registry
from trust.ebsi.records import Attribute, IssuerType
from trust.errors import ResolutionFailed, TrustError, UntrustedIssuer
from trust.fetching import Fetch

FRESH: Final = timedelta(seconds=5)
USABLE: Final = timedelta(hours=1)
MOST: Final = 50
AWARDS: Final = frozenset({IssuerType.ROOT_TAO, IssuerType.TAO, IssuerType.TI})
OK, NOT_FOUND = 200, 404
UNKNOWN: Final = "The registry of accreditations did not answer in a form that is understood here."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    standing: Standing
    at: datetime


class Accreditations:
    """The standing of the institutions of this issuer; without a registry nothing is asked and nobody has a DID."""

    def __init__(
        self, *, fetch: Fetch, registry: Registry | None, identities: Identities, now: Callable[[], datetime]
    ) -> None:
        self.registry = registry
        self._fetch = fetch
        self._identities = identities
        self._now = now
        self._names = Names(fetch=fetch, now=now)
        self._known: dict[str, _Read] = {}
        self._asking: dict[str, asyncio.Task[Standing]] = {}

    async def entity(self, slug: str) -> LegalEntity | None:
        """The institution as EBSI knows it; None without a registry, or where it has no DID. Raises KeysMissing."""
        return None if self.registry is None else await self._identities.of(slug)

    async def of(self, slug: str) -> Standing:
        """What this institution holds; raises AccreditationUnknown or KeysMissing."""
        entity = await self.entity(slug)
        if entity is None:
            return Standing(did=None)
        known = self._known.get(entity.did)
        if known is not None and self._now() - known.at < FRESH:
            return known.standing
        task = self._asking.get(entity.did)
        if task is None:
            task = asyncio.create_task(self._ask(entity.did))
            self._asking[entity.did] = task
            task.add_done_callback(lambda _: self._asking.pop(entity.did, None))
        return await asyncio.shield(task)

    async def _ask(self, did: str) -> Standing:
        try:
            standing = await self._read(did)
        except (TrustError, KeysError) as error:
            known = self._known.get(did)
            if known is not None and self._now() - known.at < USABLE:
                return known.standing
            raise AccreditationUnknown(UNKNOWN, retry_after=30) from error
        self._known[did] = _Read(standing=standing, at=self._now())
        return standing

    async def _read(self, did: str) -> Standing:
        listed = await self._page(did, "attributes")
        found = [await self._accreditation(did, str(each.get("id", "")).removeprefix("0x")) for each in listed]
        held = sorted((each for each in found if each is not None), key=lambda each: each.since, reverse=True)
        proxies: dict[str, str] = {}
        for each in await self._page(did, "proxies"):
            name = str(each.get("proxyId", ""))
            told = await self._get(did, f"proxies/{name}")
            if told is not None and isinstance(told.get("prefix"), str):
                proxies[told["prefix"]] = self._url(did, f"proxies/{name}")
        return Standing(did=did, held=tuple(held), proxies=proxies)

    async def _accreditation(self, did: str, name: str) -> Accreditation | None:
        """The accreditation in one attribute; None where it was withdrawn, is not written yet, or is another's."""
        registry = self._base()
        place = AttributePlace(registry=registry, did=did, id=name)
        raw = await self._get(did, f"attributes/{name}")
        if raw is None:
            return None
        kept = Attribute.parse(raw, place=place)
        if kept.issuer_type not in AWARDS or not kept.body:
            return None
        try:
            right = rights.Right.parse(kept.body, registries=(registry,))
        except UntrustedIssuer:  # what is no accreditation gives no right, and takes none away
            return None
        if right.subject != did or right.attribute != name:
            return None
        return Accreditation(
            place=place, granted_by=right.issuer, granted_by_name=await self._names.of(right.issuer, registry=registry),
            since=right.since, until=right.until, entries=right.entries,
        )  # fmt: skip

    async def _page(self, did: str, what: str) -> list[Mapping[str, Any]]:
        """The first page of what an issuer has; one that the registry does not know has nothing."""
        told = await self._get(did, f"{what}?page[after]=1&page[size]={MOST}")
        items = [] if told is None else told.get("items")
        if not isinstance(items, list):
            raise ResolutionFailed(UNKNOWN)
        return [each for each in items if isinstance(each, Mapping)]

    async def _get(self, did: str, what: str) -> dict[str, Any] | None:
        answer = await self._fetch(self._url(did, what), accept="application/json")
        if answer.status == NOT_FOUND:
            return None
        if answer.status != OK:
            raise ResolutionFailed(UNKNOWN)
        return strict_json.parse_object(answer.body, limit=len(answer.body) + 1)

    def _url(self, did: str, what: str) -> str:
        return f"{self._base().base}/{ISSUERS}/v5/issuers/{did}/{what}"

    def _base(self) -> Registry:
        if self.registry is None:
            raise AccreditationUnknown("This issuer was told no registry of accreditations.")
        return self.registry
