"""Who may be what: bodies with their DIDs, rights granted, renewed and withdrawn; each decided on the whole register.

EBSI's ledger takes any credential that a body of the right kind invites; this registry looks into it first: signature,
dates, names, and that the grantor itself holds all that it grants (its own accreditation covers the new one).
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from keys import jws
from keys.algorithms import ACCEPTED
from keys.errors import KeysError
from registry import store
from registry.accrediting import Change, check_organisation, reason_of
from registry.ebsi import keyrings
from registry.ebsi.keyrings import DidKeys
from registry.ebsi.register import AttributeRevision, IssuerType, Register
from registry.ebsi.rights import MAKES, TYP, Right, RightKind
from registry.errors import InvalidChange, NotEntitled
from registry.revisions import Kind, Revision

LEEWAY: Final = timedelta(seconds=60)
GRANTORS: Final = frozenset({IssuerType.ROOT_TAO, IssuerType.TAO})
LONGEST_CHAIN: Final = 5
ATTRIBUTE_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What every decision knows: the register as it is, the address of the registries, and the moment."""

    register: Register
    root: str
    now: datetime


def enter(
    books: store.Books, *, known: Register, root: str, author: str, now: datetime, decide: "Decision"
) -> tuple[Revision, ...]:
    """The revisions that keep what `decide` says, all of them or none; `known` may be behind, never wrong."""
    store.lock(books)
    register = known.after(store.all_revisions(books, after=known.sequence))
    kept: list[Revision] = []
    last = store.last(books)
    for change in decide.changes(Rules(register=register, root=root, now=now)):
        last = Revision.follow(last, at=now, kind=change.kind, subject=change.subject, body=change.body, author=author)
        store.append(books, revision=last)
        kept.append(last)
    register.after(kept)  # what cannot be read back is not kept
    return tuple(kept)


class Decision:
    """What somebody wants; `changes` says what is entered for it, or raises what is wrong with it."""

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The changes, in order; raises InvalidChange or NotEntitled."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBody(Decision):
    """An organisation gets a DID with its first keys; an organisation that is there already keeps its facts."""

    did: str
    keys: DidKeys
    organisation: str
    facts: Mapping[str, Any] | None

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The organisation that signs as this DID, and the DID."""
        if self.did in rules.register.identifiers:
            raise InvalidChange("This DID is in the registry already.")
        if self.organisation != rules.root:
            yield self._organisation(rules)
        yield Change(kind=Kind.DID, subject=self.did, body=self.keys.to_json())

    def _organisation(self, rules: Rules) -> Change:
        facts = self.facts
        known = rules.register.organisations.get(self.organisation)
        if facts is None and known is None:
            raise InvalidChange(f"Enter the organisation {self.organisation} first, or give its name.")
        if facts is None and known is not None:
            facts = known.organisation.to_json()
        facts = facts or {}
        keys: Mapping[str, Any] = facts.get("keys") or {}
        signs = {**keys, "dids": sorted({*keys.get("dids", []), self.did})}
        body = {**facts, "keys": signs}
        raw = {name: value for name, value in body.items() if name not in {"id", "status", "accreditations"}}
        change = Change.parse({"kind": Kind.ORGANISATION.value, "subject": self.organisation, "body": raw})
        check_organisation(change, rules.register.organisations, root=rules.root)
        return change


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeKeys(Decision):
    """A DID has other keys from now on: `keys` is what becomes of the ones it has."""

    did: str
    add: Any = None  # a public key beside those that serve now
    rotate: Any = None  # a public key in place of those of its kind
    remove: str | None = None  # the name of a key
    since: datetime | None = None  # from when on a removed key counts no more; before now where it was stolen
    reason: str = ""

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The keys with their windows."""
        keys = rules.register.identifiers.get(self.did)
        if keys is None:
            raise InvalidChange("This DID is not in the registry.")
        now = rules.now.replace(microsecond=0)
        if self.remove is not None:
            keys = keys.without_key(self.remove, since=min(self.since or now, now))
        if self.rotate is not None:
            keys = keys.rotated(self.rotate, since=now)
        if self.add is not None:
            keys = keys.with_key(self.add, since=now)
        if not keys.serving(keyrings.AUTHENTICATION, at=now):
            raise InvalidChange("A DID keeps at least one key: put another in its place first.")
        said = {"reason": self.reason} if self.reason else {}
        yield Change(kind=Kind.DID, subject=self.did, body={**keys.to_json(), **said})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Decision):
    """A right as a signed credential, new or in place of the one that its attribute holds."""

    token: str

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The attribute of the subject; raises InvalidChange or NotEntitled."""
        right = Right.parse(self.token, base=rules.root)
        check_signature(self.token, right=right, rules=rules)
        kept = rules.register.attribute(right.subject, right.attribute)
        if kept and (kept[-1].tao != right.issuer or kept[-1].issuer_type is IssuerType.REVOKED):
            raise InvalidChange("This attribute was withdrawn, or is another body's to renew: grant it anew.")
        root_tao = _entitled(right, rules=rules)
        yield Change(
            kind=Kind.ATTRIBUTE,
            subject=right.subject,
            body={
                **_attribute(right.attribute, self.token, MAKES[right.kind], right.issuer, root_tao),
                **_organisation(right, rules=rules),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Decision):
    """An attribute is reserved for a body, by whom it will be accredited: it gives no right until that is granted."""

    did: str
    attribute: str
    by: str
    kind: RightKind

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The attribute without a credential; raises InvalidChange or NotEntitled."""
        if self.did not in rules.register.identifiers or self.did == self.by:
            raise InvalidChange("Who is invited is another body of this registry.")
        if open_invitation(self.did, by=self.by, kind=self.kind, register=rules.register) is not None:
            raise InvalidChange("This body is invited to that already.")
        above = standing_on(self.by, register=rules.register)
        if not above or (self.kind is RightKind.TRUST_CHAIN and above[0].issuer_type is not IssuerType.ROOT_TAO):
            raise NotEntitled("The body that invites holds no such right to stand on.")
        _check_chain(above[0], holder=self.by, rules=rules, below={self.did})
        entry = rules.register.organisation_of(self.did)
        yield Change(
            kind=Kind.ATTRIBUTE,
            subject=self.did,
            body={
                **_attribute(self.attribute, "", MAKES[self.kind], self.by, above[0].root_tao),
                "organisation": entry.organisation.id if entry else "",
                "grants": [],
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Decision):
    """A right ends now: its attribute becomes Revoked, with an empty body."""

    did: str
    attribute: str
    by: str
    reason: str

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The last revision of the attribute; raises InvalidChange or NotEntitled."""
        kept = rules.register.attribute(self.did, self.attribute)
        if not kept or kept[-1].issuer_type is IssuerType.REVOKED:
            raise InvalidChange("This body holds no such accreditation.")
        if self.by not in {kept[-1].tao, kept[-1].root_tao}:
            raise NotEntitled("Only the body that granted it, or the root above, may withdraw it.")
        entry = rules.register.organisation_of(self.did)
        yield Change(
            kind=Kind.ATTRIBUTE,
            subject=self.did,
            body={
                **_attribute(self.attribute, "", IssuerType.REVOKED, kept[-1].tao, kept[-1].root_tao),
                "organisation": entry.organisation.id if entry else "",
                "grants": [],
                "reason": reason_of({"reason": self.reason}),
                "by": self.by,
            },
        )


def new_attribute() -> str:
    """A name for an attribute that nobody else has."""
    return secrets.token_hex(ATTRIBUTE_BYTES)


def open_invitation(did: str, *, by: str, kind: RightKind, register: Register) -> str | None:
    """The attribute that `by` reserved for `did` and that nothing was granted in yet."""
    reserved = (each for each in register.holds(did) if not each.body and each.tao == by)
    return next((each.attribute for each in reserved if each.issuer_type is MAKES[kind]), None)


def standing_on(did: str, *, register: Register, root_of: str | None = None) -> tuple[AttributeRevision, ...]:
    """What `did` holds now that lets it grant rights (under the root `root_of`, where one is named)."""
    return tuple(
        each
        for each in register.holds(did)
        if each.issuer_type in GRANTORS and each.body and root_of in {None, each.root_tao}
    )


def check_signature(token: str, *, right: Right, rules: Rules) -> None:
    """Returns if the issuer's own key, serving now and when the right begins, signed it; raises InvalidChange."""
    issuer = rules.register.identifiers.get(right.issuer)
    subject = rules.register.identifiers.get(right.subject)
    if issuer is None or subject is None:
        raise InvalidChange("Who grants and who is granted a right are both in this registry.")
    if not right.since - LEEWAY <= rules.now or (right.until is not None and right.until <= rules.now):
        raise InvalidChange("The credential is not valid now.")
    parsed = jws.parse(token)
    name = str(parsed.header.get("kid", "")).removeprefix(f"{right.issuer}#")
    now = {each.name: each for each in issuer.serving(keyrings.ASSERTION, at=rules.now)}
    then = {each.name for each in issuer.serving(keyrings.ASSERTION, at=right.since)}
    if name not in now.keys() & then:
        raise InvalidChange("The key that signs is not one that serves its issuer for this.")
    try:
        jws.verify(parsed, key=now[name].public, typ=TYP, algorithms=ACCEPTED)
    except KeysError as error:
        raise InvalidChange(f"The signature of the credential does not hold: {error}.") from error


def _entitled(right: Right, *, rules: Rules) -> str:
    """The root of the chain that lets the issuer grant `right`; raises NotEntitled."""
    founding = right.issuer == right.subject and right.kind is RightKind.TRUST_CHAIN
    if founding and right.above == right.attribute and right.issuer in _founders(rules):
        return right.issuer
    above = next(
        (each for each in standing_on(right.issuer, register=rules.register) if each.attribute == right.above), None
    )
    if above is None or right.issuer == right.subject:
        raise NotEntitled("The body that grants this holds no such right to stand on.")
    _check_chain(above, holder=right.issuer, rules=rules, below={right.subject})
    if above.issuer_type is not IssuerType.ROOT_TAO:
        _check_covered(right, by=Right.parse(above.body, base=rules.root))
    return above.root_tao


def _standing(did: str, *, on: str, rules: Rules) -> AttributeRevision | None:
    return next((each for each in standing_on(did, register=rules.register) if each.attribute == on), None)


def _founders(rules: Rules) -> frozenset[str]:
    """The DIDs that may found a chain: those that belong to no organisation, while there is no chain yet."""
    owned = {did for each in rules.register.organisations.values() for did in each.organisation.keys.dids}
    return frozenset(rules.register.identifiers.keys() - owned) if not rules.register.roots else frozenset()


def _check_chain(kept: AttributeRevision, *, holder: str, rules: Rules, below: set[str]) -> None:
    """Returns if every right from `kept` up to its root holds now; raises NotEntitled."""
    right = Right.parse(kept.body, base=rules.root)
    if right.until is not None and right.until <= rules.now:
        raise NotEntitled("The right of the grantor, or of one above it, is over.")
    if kept.tao == holder == kept.root_tao:
        return
    if holder in below or len(below) >= LONGEST_CHAIN:
        raise NotEntitled("The chain of rights turns back on itself, or is too long.")
    above = next(
        (each for each in standing_on(kept.tao, register=rules.register) if each.attribute == right.above), None
    )
    if above is None:
        raise NotEntitled("The right of the grantor, or of one above it, was withdrawn.")
    _check_chain(above, holder=kept.tao, rules=rules, below=below | {holder})


def _check_covered(right: Right, *, by: Right) -> None:
    if right.kind is RightKind.TRUST_CHAIN:
        raise NotEntitled("Only a root authorises others to begin chains of their own.")
    if by.until is not None and (right.until is None or right.until > by.until):
        raise NotEntitled("No body grants a right for longer than its own.")
    for entry in right.accredited_for:
        if not any(mine.covers(entry) for mine in by.accredited_for):
            raise NotEntitled("The accreditation of the grantor does not cover these types, schema and places.")


def _attribute(attribute: str, body: str, issuer_type: IssuerType, tao: str, root_tao: str) -> dict[str, Any]:
    return {"attribute": attribute, "body": body, "issuerType": issuer_type.value, "tao": tao, "rootTao": root_tao}


def _organisation(right: Right, *, rules: Rules) -> dict[str, Any]:
    """The organisation that the right makes trusted on the simple list, and what it says there."""
    holder, grantor = (rules.register.organisation_of(did) for did in (right.subject, right.issuer))
    by = grantor.organisation.id if grantor else rules.root
    return {"organisation": holder.organisation.id if holder else "", "grants": right.grants(accredited_by=by)}
