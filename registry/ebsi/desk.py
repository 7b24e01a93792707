"""What is done at the registry's desk, by its API and on its pages alike: each is one entry, signed where it must be.

A body whose key is in custody here is signed for; any other hands over a credential that it signed itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from keys import jws
from keys.did import ebsi
from keys.errors import KeyFileLocked, KeyFileMissing
from keys.jwk import PublicJwk
from registry.ebsi import onboarding
from registry.ebsi.keyrings import DidKeys
from registry.ebsi.onboarding import AddBody, ChangeKeys, Decision, Grant, Invite, Withdraw
from registry.ebsi.register import AttributeRevision, IssuerType, Register
from registry.ebsi.rights import TYP, AccreditedFor, Right, RightKind
from registry.errors import InvalidChange, NotEntitled
from registry.office import Registry
from registry.revisions import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A body that was made: its DID, and the public keys that it began with."""

    did: str
    keys: tuple[PublicJwk, ...]
    held: bool


async def enter(registry: Registry, decision: Decision, *, author: str) -> tuple[Revision, ...]:
    """The revisions that keep `decision`; raises InvalidChange, NotEntitled or BrokenChain."""
    entry = partial(
        onboarding.enter, known=await registry.shelf.current(), root=registry.root, author=author, now=registry.now(),
        decide=decision,
    )  # fmt: skip
    return await registry.database.write(entry)


async def add_body(
    registry: Registry,
    *,
    facts: Mapping[str, Any] | None,
    organisation: str | None,
    keys: Sequence[PublicJwk],
    author: str,
) -> Made:
    """A body with a new DID: under its own `keys`, or under one that is made and held here where it brings none."""
    did = ebsi.create()
    public = tuple(keys) or (await registry.custody.create(did),)
    history = DidKeys(did=did, controllers=(did,), keys=())
    for each in public:
        history = history.with_key(each, since=_moment(registry))
    body = AddBody(did=did, keys=history, organisation=organisation or did, facts=facts)
    await enter(registry, body, author=author)
    return Made(did=did, keys=public, held=not keys)


async def found(registry: Registry, *, author: str) -> Made:
    """The registry's own DID, at the root of every chain: it authorises itself, once."""
    if (await registry.shelf.current()).roots:
        raise InvalidChange("This registry has its root already.")
    made = await add_body(registry, facts=None, organisation=registry.root, keys=(), author=author)
    attribute = onboarding.new_attribute()
    right = Right(
        kind=RightKind.TRUST_CHAIN, id=_name(), issuer=made.did, subject=made.did, attribute=attribute,
        above=attribute, since=_moment(registry),
    )  # fmt: skip
    await enter(registry, Grant(token=await signed(registry, right)), author=author)
    return made


async def rotate(registry: Registry, *, did: str, author: str) -> PublicJwk:
    """The next key of a body whose key is held here; the one before signs nothing new."""
    try:
        public = await registry.custody.rotate(did)
    except (KeyFileMissing, KeyFileLocked) as error:
        raise InvalidChange("This body keeps its own keys: it names the next one itself.") from error
    await enter(registry, ChangeKeys(did=did, rotate=public), author=author)
    return public


async def grant(
    registry: Registry,
    *,
    by: str,
    to: str,
    kind: RightKind,
    accredited_for: Sequence[AccreditedFor],
    until: datetime | None,
    author: str,
) -> AttributeRevision:
    """A new right of `to`, signed here for `by`; raises InvalidChange or NotEntitled."""
    register = await registry.shelf.current()
    right = Right(
        kind=kind, id=_name(), issuer=by, subject=to,
        attribute=onboarding.open_invitation(to, by=by, kind=kind, register=register) or onboarding.new_attribute(),
        above=_ground(register, by, kind, accredited_for, root=registry.root), since=_moment(registry), until=until,
        accredited_for=tuple(accredited_for),
    )  # fmt: skip
    if until is None and kind is not RightKind.TRUST_CHAIN:
        raise InvalidChange("An accreditation says until when it holds.")
    if kind is not RightKind.TRUST_CHAIN and not accredited_for:
        raise InvalidChange("An accreditation says for what: types, a schema, and where it counts.")
    return await take_in(registry, token=await signed(registry, right), author=author)


async def invite(registry: Registry, *, by: str, to: str, kind: RightKind, author: str) -> AttributeRevision:
    """An attribute that is reserved for a right of `to`; raises InvalidChange or NotEntitled."""
    decision = Invite(did=to, attribute=onboarding.new_attribute(), by=by, kind=kind)
    (revision,) = await enter(registry, decision, author=author)
    return AttributeRevision.of(revision)


async def renew(registry: Registry, *, did: str, attribute: str, until: datetime, author: str) -> AttributeRevision:
    """The same right for longer, as a new revision of its attribute; raises InvalidChange or NotEntitled."""
    kept = (await registry.shelf.current()).attribute(did, attribute)
    if not kept or not kept[-1].body or kept[-1].issuer_type is IssuerType.REVOKED:
        raise InvalidChange("There is no such accreditation to renew; one that was withdrawn is granted anew.")
    right = Right.parse(kept[-1].body, base=registry.root)
    fresh = replace(right, id=_name(), since=_moment(registry), until=until)
    return await take_in(registry, token=await signed(registry, fresh), author=author)


async def take_in(registry: Registry, *, token: str, author: str) -> AttributeRevision:
    """The attribute that keeps a signed right, made here or elsewhere; raises InvalidChange or NotEntitled."""
    (revision,) = await enter(registry, Grant(token=token), author=author)
    return AttributeRevision.of(revision)


async def withdraw(
    registry: Registry, *, did: str, attribute: str, by: str, reason: str, author: str
) -> AttributeRevision:
    """The end of a right; raises InvalidChange or NotEntitled."""
    decision = Withdraw(did=did, attribute=attribute.removeprefix("0x"), by=by, reason=reason)
    (revision,) = await enter(registry, decision, author=author)
    return AttributeRevision.of(revision)


async def signed(registry: Registry, right: Right) -> str:
    """The credential of `right`, under the key of its issuer that is held here; raises InvalidChange."""
    try:
        key = await registry.custody.key_of(right.issuer)
    except (KeyFileMissing, KeyFileLocked) as error:
        raise InvalidChange("The granting body keeps its own key: it hands over a signed credential.") from error
    header = {"kid": f"{right.issuer}#{key.kid}"}
    return await jws.create(right.to_claims(base=registry.root), signer=key.signer, typ=TYP, header=header)


def _ground(register: Register, by: str, kind: RightKind, accredited_for: Sequence[AccreditedFor], *, root: str) -> str:
    """The attribute of `by` that a right stands on: the first that covers it, or the first of all."""
    held = onboarding.standing_on(by, register=register)
    if not held:
        raise NotEntitled("The body that grants this holds no such right to stand on.")
    for each in held:
        if each.issuer_type is IssuerType.ROOT_TAO:
            return each.attribute
        mine = Right.parse(each.body, base=root).accredited_for
        if kind is not RightKind.TRUST_CHAIN and all(any(my.covers(one) for my in mine) for one in accredited_for):
            return each.attribute
    return held[0].attribute


def _moment(registry: Registry) -> datetime:
    return registry.now().replace(microsecond=0)


def _name() -> str:
    return f"urn:uuid:{uuid4()}"
