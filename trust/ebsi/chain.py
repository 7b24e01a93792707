"""The walk from an award to a pinned root, through EBSI's Trusted Issuers Registry, every hop verified.

At each hop: the attribute is the issuer's own and in force, its credential is signed by the body that the registry
names, with a key that was that body's when it was granted, is about this issuer and this attribute, in its time, and
one entry of it covers all that was asked. Reads what is at hand only: `NotAtHand` says what has to be fetched first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from keys.did.document import ASSERTION
from keys.errors import InvalidDid
from trust.ebsi import coverage, places
from trust.ebsi.award import MOST_TERMS, Award
from trust.ebsi.coverage import Limits, Scope
from trust.ebsi.places import AttributePlace, Registry
from trust.ebsi.records import Attribute, IssuerType
from trust.ebsi.rights import GRANTING, TO_ACCREDIT, TO_ATTEST, TRUST_CHAIN, Right
from trust.ebsi.shelf import Revision, Shelf
from trust.errors import NotRegistered, ResolutionFailed, UntrustedIssuer
from trust.identity import Link

LONGEST: Final = 5
LEEWAY: Final = timedelta(seconds=60)
AWARDS: Final = frozenset({IssuerType.TI, IssuerType.TAO, IssuerType.ROOT_TAO})
GRANTS: Final = frozenset({IssuerType.TAO, IssuerType.ROOT_TAO})
WITHDRAWN: Final = "an accreditation on the way was withdrawn"
NONE_NAMED: Final = "the award names no accreditation under which it was made"
NO_ROOT: Final = "the accreditations do not lead to a root that is pinned here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One accreditation that holds, as far as it was looked at: who has it, what it says, and what it covers."""

    place: AttributePlace
    record: Attribute
    right: Right
    covered: tuple[Limits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The way up at one moment. `historic`: it lies in the past, and revisions say what was in force then."""

    shelf: Shelf
    registries: tuple[Registry, ...]
    roots: Mapping[str, str]
    name_of: Callable[[str], str]
    at: datetime
    now: datetime
    historic: bool

    def path(self, award: Award) -> tuple[Link, ...]:
        """The links from the issuer up to a pinned root; raises UntrustedIssuer or ResolutionFailed, or NotAtHand."""
        if not award.terms:
            raise UntrustedIssuer(NONE_NAMED)
        done = (award.scope(registries=self.registries),)
        hops = self._above(award.terms, holder=award.issuer, done=done, below=())
        return tuple(self._link(hop) for hop in hops)

    def _above(
        self, terms: Sequence[str], *, holder: str, done: Sequence[Scope], below: tuple[Hop, ...]
    ) -> tuple[Hop, ...]:
        """The hops along one of `terms`; a way that could not be checked is worth more than one that does not hold."""
        problems: list[UntrustedIssuer | ResolutionFailed] = []
        for uri in terms[:MOST_TERMS]:
            try:
                place = places.attribute(uri, registries=self.registries)
                return self._hop(place, holder=holder, done=done, below=below)
            except (UntrustedIssuer, ResolutionFailed) as error:
                problems.append(error)
        unknown = [problem for problem in problems if isinstance(problem, ResolutionFailed)]
        raise (unknown or problems or [UntrustedIssuer(NO_ROOT)])[0]

    def _hop(
        self, place: AttributePlace, *, holder: str, done: Sequence[Scope], below: tuple[Hop, ...]
    ) -> tuple[Hop, ...]:
        if len(below) >= LONGEST or any(hop.place.did == place.did for hop in below):
            raise UntrustedIssuer("the accreditations lead in a circle, or further than is followed here")
        if place.did != holder or (below and place.registry != below[0].place.registry):
            raise UntrustedIssuer("the accreditation that is named is somebody else's")
        record = self._in_force(place)
        right = self.shelf.right(record.body, now=self.now)
        self._check(record, right=right, place=place, granting=bool(below))
        self._check_signature(right, registry=place.registry)
        hop = Hop(place=place, record=record, right=right, covered=_covered(right, done=done))
        hops = (*below, hop)
        if right.issuer in self.roots or place.did in self.roots:
            return _rooted(hops)
        return self._above(right.terms, holder=right.issuer, done=_asked_of_grantor(hop), below=hops)

    def _in_force(self, place: AttributePlace) -> Attribute:
        """The attribute as it was at this walk's moment; raises UntrustedIssuer where it was none then."""
        latest = self.shelf.attribute(place, now=self.now)
        stands = latest.issuer_type is not IssuerType.REVOKED and bool(latest.body)
        if not self.historic:
            if not stands:
                raise UntrustedIssuer(WITHDRAWN if latest.issuer_type is IssuerType.REVOKED else NO_ROOT)
            return latest
        if stands and self.shelf.right(latest.body, now=self.now).since <= self.at + LEEWAY:
            return latest
        return self._once(self.shelf.revisions(place, now=self.now))

    def _once(self, revisions: Sequence[Revision]) -> Attribute:
        """The one of `revisions` that was in force; raises ResolutionFailed where the registry does not tell."""
        if all(each.recorded_at is not None for each in revisions):
            recorded = [each for each in revisions if each.recorded_at and each.recorded_at <= self.at + LEEWAY]
            if not recorded:
                raise UntrustedIssuer("an accreditation on the way did not exist yet")
            recorded.sort(key=lambda each: each.recorded_at or self.at)  # stable: the list is told oldest first
            sure = [each for each in recorded if each.recorded_at and each.recorded_at <= self.at]
            last = (sure or recorded[:1])[-1].attribute  # the leeway lets one begin, and never ends one early
            if last.issuer_type is IssuerType.REVOKED or not last.body:
                raise UntrustedIssuer(WITHDRAWN)
            return last
        if any(each.attribute.issuer_type is IssuerType.REVOKED for each in revisions):
            raise ResolutionFailed(f"{WITHDRAWN}, and the registry does not tell when")
        rights = [
            (self.shelf.right(each.attribute.body, now=self.now), each) for each in revisions if each.attribute.body
        ]
        begun = [(right.since, each.attribute) for right, each in rights if right.since <= self.at + LEEWAY]
        if not begun:
            raise UntrustedIssuer("an accreditation on the way had not begun yet")
        return max(begun, key=lambda pair: pair[0])[1]

    def _check(self, record: Attribute, *, right: Right, place: AttributePlace, granting: bool) -> None:
        """Return if the registry and the signed accreditation agree, and it holds at this moment."""
        if record.issuer_type not in (GRANTS if granting else AWARDS):
            raise UntrustedIssuer("the registry does not list a body on the way for what it does there")
        if granting and right.kind not in GRANTING:
            raise UntrustedIssuer("a body on the way may award, and may not accredit others")
        if right.subject != place.did or right.attribute != place.id:
            raise UntrustedIssuer("an accreditation on the way is about somebody else")
        if right.issuer != record.tao:
            raise UntrustedIssuer("an accreditation on the way is not granted by the body that the registry names")
        self._check_status(right, place=place)
        if self.at + LEEWAY < right.since or (right.until is not None and self.at >= right.until):
            raise UntrustedIssuer(
                "an accreditation on the way was not valid then"
                if self.historic
                else "an accreditation on the way is not valid today"
            )

    def _check_status(self, right: Right, *, place: AttributePlace) -> None:
        """Return if its status entry is the attribute itself (EbsiAccreditationEntry)."""
        if right.status is None:
            if right.kind in {TO_ACCREDIT, TO_ATTEST}:
                raise UntrustedIssuer("an accreditation on the way does not say where its status is kept")
            return
        if places.attribute(right.status, registries=self.registries) != place:
            raise UntrustedIssuer("the status of an accreditation on the way is kept as somebody else's")

    def _check_signature(self, right: Right, *, registry: Registry) -> None:
        """Return if the grantor signed it with a key that was theirs to sign with when it began."""
        try:
            document = self.shelf.document(right.issuer, registry=registry, at=right.since, now=self.now)
            key = document.key(right.key_id, purpose=ASSERTION, now=self.now)
        except NotRegistered as error:
            raise UntrustedIssuer("the body that grants an accreditation on the way is not registered") from error
        except InvalidDid as error:
            raise UntrustedIssuer(
                "an accreditation on the way is signed with a key that was not the grantor's"
            ) from error
        self.shelf.verify(right, key=key, now=self.now)

    def _link(self, hop: Hop) -> Link:
        entry = hop.covered[0] if hop.covered else Limits(types=frozenset())
        return Link(
            did=hop.place.did,
            name=self.name_of(hop.place.did),
            issuer_type=hop.record.issuer_type.value,
            attribute=hop.place.url,
            granted_by=hop.right.issuer,
            granted_by_name=self.name_of(hop.right.issuer),
            since=hop.right.since,
            until=hop.right.until,
            status=self._status(hop),
            types=tuple(sorted(entry.types)),
            places=entry.places,
            levels=tuple(sorted(entry.levels)),
        )

    def _status(self, hop: Hop) -> str:
        """What became of it by now."""
        latest = self.shelf.attribute(hop.place, now=self.now)
        if latest.issuer_type is IssuerType.REVOKED or not latest.body:
            return "withdrawn"
        until = self.shelf.right(latest.body, now=self.now).until
        return "ended" if until is not None and self.now >= until else "holds"


def _covered(right: Right, *, done: Sequence[Scope]) -> tuple[Limits, ...]:
    """The entries of `right` that each cover what was done; an authorisation for a whole chain needs none."""
    return () if right.kind == TRUST_CHAIN else coverage.covering(right.entries, done=done)


def _asked_of_grantor(hop: Hop) -> tuple[Scope, ...]:
    """What whoever granted this must hold themselves: one of the entries that were needed here."""
    if hop.right.kind == TRUST_CHAIN:
        return (Scope(types=frozenset({TRUST_CHAIN}), schemas=hop.right.schemas),)
    return hop.covered


def _rooted(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """The hops, if the root that the registry names at each of them is the one that was reached."""
    reached = {hops[-1].right.issuer, hops[-1].place.did}
    reached |= {hop.place.did for hop in hops if hop.record.issuer_type is IssuerType.ROOT_TAO}
    if not all(hop.record.root_tao in reached for hop in hops):
        raise UntrustedIssuer("the registry names another root than the one that the accreditations lead to")
    return hops
