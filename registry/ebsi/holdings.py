"""The register as people look at it: who stands under whom, what a body holds and gave, and how that stands today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from registry.ebsi import onboarding
from registry.ebsi.register import AttributeRevision, IssuerType, Register
from registry.ebsi.rights import LEVEL, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One right of one body: `state` is holds, over, withdrawn or invited; `right` as it was last granted."""

    did: str
    name: str
    tao: str
    tao_name: str
    attribute: str
    kind: IssuerType
    state: str
    reason: str
    right: Right | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A body in the tree, under the right that puts it there."""

    holding: Holding
    below: tuple["Branch", ...] = ()


def name_of(register: Register, did: str, *, root_name: str) -> str:
    """The name of the organisation that signs as `did`; that of the registry for its own root."""
    entry = register.organisation_of(did)
    if entry is not None:
        return entry.organisation.name
    return root_name if did in register.roots else did


def held(register: Register, did: str, *, root_name: str, base: str, now: datetime) -> tuple[Holding, ...]:
    """Every right that `did` holds or held, in the order in which they were granted."""
    kept = register.issuers.get(did, {}).values()
    return tuple(_holding(register, did, each, root_name=root_name, base=base, now=now) for each in kept)


def given(register: Register, did: str, *, root_name: str, base: str, now: datetime) -> tuple[Holding, ...]:
    """Every right that `did` granted to somebody else."""
    return tuple(
        each
        for other in register.issuers
        if other != did
        for each in held(register, other, root_name=root_name, base=base, now=now)
        if each.tao == did
    )


def tree(register: Register, *, root_name: str, base: str, now: datetime) -> tuple[Branch, ...]:
    """The bodies under each root, each under whom it holds a right from."""
    everything = [
        each for did in register.issuers for each in held(register, did, root_name=root_name, base=base, now=now)
    ]
    return tuple(
        Branch(holding=each, below=_below(each.did, everything, path=(each.did,)))
        for each in everything
        if each.tao == each.did
    )


def grantors(register: Register) -> tuple[str, ...]:
    """The DIDs that may grant rights now."""
    return tuple(did for did in register.issuers if onboarding.standing_on(did, register=register))


def grantable(register: Register, did: str, *, base: str) -> tuple[str, ...]:
    """The types that `did` was itself accredited for, without levels: what its own grants can be about."""
    found = [
        type_
        for each in onboarding.standing_on(did, register=register)
        for entry in Right.parse(each.body, base=base).accredited_for
        for type_ in entry.types
        if not LEVEL.fullmatch(type_)
    ]
    return tuple(dict.fromkeys(found))


def _below(did: str, everything: Iterable[Holding], *, path: tuple[str, ...]) -> tuple[Branch, ...]:
    everything = tuple(everything)
    return tuple(
        Branch(holding=each, below=_below(each.did, everything, path=(*path, each.did)))
        for each in everything
        if each.tao == did and each.did not in path
    )


def _holding(
    register: Register, did: str, kept: tuple[AttributeRevision, ...], *, root_name: str, base: str, now: datetime
) -> Holding:
    latest = kept[-1]
    told = next((each for each in reversed(kept) if each.body), None)
    right = Right.parse(told.body, base=base) if told else None
    kind = told.issuer_type if told else latest.issuer_type
    return Holding(
        did=did,
        name=name_of(register, did, root_name=root_name),
        tao=latest.tao,
        tao_name=name_of(register, latest.tao, root_name=root_name),
        attribute=latest.attribute,
        kind=kind,
        state=_state(latest, right, now=now),
        reason=latest.reason,
        right=right,
    )


def _state(latest: AttributeRevision, right: Right | None, *, now: datetime) -> str:
    if latest.issuer_type is IssuerType.REVOKED:
        return "withdrawn"
    if right is None:
        return "invited"
    return "over" if right.until is not None and right.until <= now else "holds"
