"""The registry's memory: revisions in order, each with the digest of the one before (over RFC 8785 JSON).

Nothing is ever changed or taken out; what an organisation is today is the sum of its revisions.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self

from keys import strict_json
from registry.errors import BrokenChain
from trust.organisations import Accreditation, Organisation, Standing

BEGINNING = "0" * 64
REVOKED = "Revoked"  # what EBSI calls an attribute that was withdrawn


class Kind(StrEnum):
    """What a revision says."""

    ORGANISATION = "organisation"  # its facts and keys, entered or corrected
    STANDING = "standing"  # whether it counts
    ACCREDITATION = "accreditation"  # somebody accredited it
    WITHDRAWAL = "withdrawal"  # an accreditation ended before its time
    DID = "did"  # a did:ebsi: its controllers and every key that it ever had
    ATTRIBUTE = "attribute"  # an accreditation of a DID as a signed credential, or its end
    PROXY = "proxy"  # where an issuer's status lists are fetched from
    SCHEMA = "schema"  # a JSON Schema and what is said about it
    POLICY = "policy"  # a rule of the Trusted Policies Registry
    USER = "policy_user"  # what a user of the ledger may do


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One entry: `sequence` counts from 1, `body` is the JSON of its kind, `author` is who entered it."""

    sequence: int
    at: datetime
    kind: Kind
    subject: str
    body: Mapping[str, Any]
    author: str
    previous: str
    digest: str

    @classmethod
    def follow(
        cls, last: "Revision | None", *, at: datetime, kind: Kind, subject: str, body: Mapping[str, Any], author: str
    ) -> Self:
        """The revision that comes after `last`, or the first one."""
        draft = cls(
            sequence=last.sequence + 1 if last else 1,
            at=at.astimezone(UTC).replace(microsecond=0),
            kind=kind,
            subject=subject,
            body=body,
            author=author,
            previous=last.digest if last else BEGINNING,
            digest="",
        )
        return replace(draft, digest=draft.computed())

    def computed(self) -> str:
        """The SHA-256, in hexadecimal, of everything this revision says and of what came before."""
        said = {name: value for name, value in self.to_json().items() if name != "digest"}
        return hashlib.sha256(strict_json.canonical(said)).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "sequence": self.sequence,
            "at": self.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "kind": self.kind.value,
            "subject": self.subject,
            "body": dict(self.body),
            "author": self.author,
            "previous": self.previous,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """An accreditation with the number of the revision that granted it, and the attribute that it is kept in."""

    number: int
    accreditation: Accreditation
    attribute: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An organisation as its revisions leave it; `number` is its first revision, and its address on pages."""

    number: int
    organisation: Organisation
    granted: tuple[Granted, ...] = ()

    @property
    def listed(self) -> Organisation:
        """The organisation with its accreditations, as the signed list shows it."""
        return replace(self.organisation, accreditations=tuple(each.accreditation for each in self.granted))


OWN = frozenset({Kind.ORGANISATION, Kind.STANDING, Kind.ACCREDITATION, Kind.WITHDRAWAL})
"""The kinds whose subject is an organisation."""


def check(revisions: Iterable[Revision]) -> None:
    """Returns if every revision follows from the one before; raises BrokenChain."""
    digest, sequence = BEGINNING, 0
    for revision in revisions:
        check_one(revision, sequence=sequence, digest=digest)
        digest, sequence = revision.digest, revision.sequence


def check_one(revision: Revision, *, sequence: int, digest: str) -> None:
    """Returns if `revision` follows from the one of that number and digest; raises BrokenChain."""
    if (revision.previous, revision.sequence) != (digest, sequence + 1) or revision.computed() != revision.digest:
        raise BrokenChain(f"Revision {revision.sequence} does not follow from the one before it.")


def entries(revisions: Iterable[Revision]) -> dict[str, Entry]:
    """Every organisation by its identifier, in the order of entry; raises InvalidAccreditation or BrokenChain."""
    known: dict[str, Entry] = {}
    for revision in revisions:
        enter(revision, into=known)
    return known


def enter(revision: Revision, *, into: dict[str, Entry]) -> None:
    """Brings the organisations up to date with one revision; raises InvalidAccreditation or BrokenChain."""
    if revision.kind in OWN:
        into[revision.subject] = _applied(revision, to=into.get(revision.subject))
    elif revision.kind is Kind.ATTRIBUTE:
        _enter_attribute(revision, into=into)


def _enter_attribute(revision: Revision, *, into: dict[str, Entry]) -> None:
    """What a signed accreditation grants its organisation; or its end, for whichever organisation it was granted to."""
    attribute = revision.body["attribute"]
    if revision.body["issuerType"] == REVOKED:
        day = revision.at.date()
        for entry in [each for each in into.values() if any(one.attribute == attribute for one in each.granted)]:
            granted = tuple(_ended(one, on=day) if one.attribute == attribute else one for one in entry.granted)
            into[entry.organisation.id] = replace(entry, granted=granted)
    elif holder := into.get(revision.body["organisation"]):
        fresh = (Accreditation.parse(each) for each in revision.body["grants"])
        added = tuple(Granted(number=revision.sequence, accreditation=each, attribute=attribute) for each in fresh)
        into[holder.organisation.id] = replace(holder, granted=(*holder.granted, *added))


def _applied(revision: Revision, *, to: Entry | None) -> Entry:
    if revision.kind is Kind.ORGANISATION:
        facts = Organisation.parse({**revision.body, "id": revision.subject})
        if to is None:
            return Entry(number=revision.sequence, organisation=facts)
        return replace(to, organisation=replace(facts, status=to.organisation.status))
    if to is None:
        raise BrokenChain(f"Revision {revision.sequence} speaks of an organisation that was never entered.")
    match revision.kind:
        case Kind.STANDING:
            return replace(to, organisation=replace(to.organisation, status=Standing(revision.body["status"])))
        case Kind.ACCREDITATION:
            granted = Granted(number=revision.sequence, accreditation=Accreditation.parse(revision.body))
            return replace(to, granted=(*to.granted, granted))
        case Kind.WITHDRAWAL:
            return replace(to, granted=tuple(_withdrawn(each, by=revision) for each in to.granted))
    return to


def _withdrawn(granted: Granted, *, by: Revision) -> Granted:
    if granted.number != by.body["accreditation"]:
        return granted
    return _ended(granted, on=date.fromisoformat(by.body["on"]))


def _ended(granted: Granted, *, on: date) -> Granted:
    return replace(granted, accreditation=replace(granted.accreditation, revoked=on))
