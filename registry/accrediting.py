"""Who may enter what: every change is decided on the whole history, in the transaction that keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

from registry import revisions, store
from registry.errors import InvalidChange, NotEntitled
from registry.revisions import Entry, Kind, Revision
from trust.errors import InvalidAccreditation
from trust.organisations import COUNTS, Accreditation, Organisation, Standing

LONGEST_REASON = 500
LONGEST_ID = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody wants entered, read and well formed, not yet decided."""

    kind: Kind
    subject: str
    body: Mapping[str, Any]

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The change `{kind, subject, body}`; raises InvalidChange."""
        match raw:
            case {"kind": str(kind), "subject": str(subject), "body": dict(body), **rest} if not rest:
                pass
            case _:
                raise InvalidChange("A change has exactly a kind, a subject (an organisation's id), and a body.")
        if kind not in _READ or not 0 < len(subject) <= LONGEST_ID:
            raise InvalidChange(f"A change is of one of these kinds: {', '.join(_READ)}; its subject is a short text.")
        try:
            return cls(kind=Kind(kind), subject=subject, body=_READ[Kind(kind)](body, subject))
        except InvalidAccreditation as error:
            raise InvalidChange(f"The change cannot be read: {error}.") from error


def enter(books: store.Books, *, change: Change, author: str, root: str, now: datetime) -> Revision:
    """The revision that keeps `change`; raises InvalidChange or NotEntitled, and BrokenChain for an altered history.

    `root` is the registry's own identifier, the root of every path.
    """
    store.lock(books)
    history = store.all_revisions(books)
    revisions.check(history)
    _DECIDE[change.kind](change, revisions.entries(history), root=root)
    last = history[-1] if history else None
    revision = Revision.follow(last, at=now, kind=change.kind, subject=change.subject, body=change.body, author=author)
    store.append(books, revision=revision)
    return revision


# -- reading ----------------------------------------------------------------------------------------------------------


def _organisation(body: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
    if {"status", "accreditations", "id"} & body.keys():
        raise InvalidChange("Standing and accreditations are changes of their own; the id is the subject.")
    facts = Organisation.parse({**body, "id": subject}).to_json()
    return {name: value for name, value in facts.items() if name not in {"id", "status", "accreditations"}}


def _standing(body: Mapping[str, Any], _subject: str) -> Mapping[str, Any]:
    if body.get("status") not in set(Standing):
        raise InvalidChange(f"The standing of an organisation is one of: {', '.join(Standing)}.")
    return {"status": body["status"], "reason": reason_of(body)}


def _accreditation(body: Mapping[str, Any], _subject: str) -> Mapping[str, Any]:
    if "revoked" in body:
        raise InvalidChange("An accreditation is withdrawn by a change of its own.")
    return Accreditation.parse(body).to_json()


def _withdrawal(body: Mapping[str, Any], _subject: str) -> Mapping[str, Any]:
    match body:
        case {"accreditation": int(number), "on": str(day)}:
            pass
        case _:
            raise InvalidChange("A withdrawal names the accreditation by its number, and the day from which it counts.")
    try:
        return {"accreditation": number, "on": date.fromisoformat(day).isoformat(), "reason": reason_of(body)}
    except ValueError as error:
        raise InvalidChange("The day of a withdrawal is written as 2026-06-30.") from error


def reason_of(body: Mapping[str, Any]) -> str:
    """The reason that a change gives; raises InvalidChange."""
    reason = body.get("reason", "")
    if not isinstance(reason, str) or not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise InvalidChange(f"This change needs a reason of at most {LONGEST_REASON} characters.")
    return reason.strip()


_READ = {
    Kind.ORGANISATION: _organisation,
    Kind.STANDING: _standing,
    Kind.ACCREDITATION: _accreditation,
    Kind.WITHDRAWAL: _withdrawal,
}

# -- deciding ---------------------------------------------------------------------------------------------------------


def check_organisation(change: Change, known: Mapping[str, Entry], *, root: str) -> None:
    """Returns if the facts and keys of `change` may be entered; raises InvalidChange."""
    keys = Organisation.parse({**change.body, "id": change.subject}).keys
    if change.subject == root:
        raise InvalidChange("The registry itself is not one of its organisations.")
    for entry in known.values():
        theirs = entry.organisation.keys
        shared = (keys.dids & theirs.dids) | (keys.issuers & theirs.issuers)
        if entry.organisation.id != change.subject and shared:
            raise InvalidChange(f"Another organisation, {entry.organisation.name}, is told by {min(shared)} already.")


def _must_be_known(change: Change, known: Mapping[str, Entry], *, root: str) -> None:
    if change.subject not in known:
        raise InvalidChange(f"Enter the organisation {change.subject} first (root: {root}).")


def _must_be_entitled(change: Change, known: Mapping[str, Entry], *, root: str) -> None:
    _must_be_known(change, known, root=root)
    asked = Accreditation.parse(change.body)
    if not entitled(asked.accredited_by, asked=asked, known=known, root=root, below=(change.subject,)):
        raise NotEntitled("The accrediting body is itself not accredited for these types and this time.")


def _must_be_granted(change: Change, known: Mapping[str, Entry], *, root: str) -> None:
    _must_be_known(change, known, root=root)
    number = change.body["accreditation"]
    if number not in {each.number for each in known[change.subject].granted}:
        raise InvalidChange("This organisation has no accreditation of that number.")
    if any(each.attribute for each in known[change.subject].granted if each.number == number):
        raise InvalidChange("This accreditation is a signed credential: withdraw the attribute that holds it.")


_DECIDE = {
    Kind.ORGANISATION: check_organisation,
    Kind.STANDING: _must_be_known,
    Kind.ACCREDITATION: _must_be_entitled,
    Kind.WITHDRAWAL: _must_be_granted,
}


def entitled(
    body: str, *, asked: Accreditation, known: Mapping[str, Entry], root: str, below: Sequence[str] = ()
) -> bool:
    """Whether `body` may grant `asked`: it is the root, or is accredited for all of it by somebody who may."""
    if body == root:
        return True
    entry = known.get(body)
    if entry is None or body in below or entry.organisation.status not in COUNTS:
        return False
    return any(
        _covers(held, asked=asked)
        and entitled(held.accredited_by, asked=asked, known=known, root=root, below=(*below, body))
        for held in entry.listed.accreditations
    )


def _covers(held: Accreditation, *, asked: Accreditation) -> bool:
    types = asked.types <= held.types
    begun = held.since <= asked.since
    lasting = held.until is None or (asked.until is not None and asked.until <= held.until)
    return types and begun and lasting and held.revoked is None


def today(now: datetime) -> date:
    """The day of `now` in UTC, in which every day of this registry counts."""
    return now.astimezone(UTC).date()
