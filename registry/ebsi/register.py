"""What EBSI's four registries hold, folded from the revisions one after the other: nothing is kept twice.

Shapes are EBSI's (DID Registry v5, Trusted Issuers Registry v5, Trusted Schemas Registry v3, Trusted Policies v3).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from keys import strict_json
from registry import revisions
from registry.ebsi import schema_ids
from registry.ebsi.keyrings import DidKeys
from registry.revisions import BEGINNING, Entry, Kind, Revision


class IssuerType(StrEnum):
    """What an attribute makes of its subject."""

    ROOT_TAO = "RootTAO"
    TAO = "TAO"
    TI = "TI"
    REVOKED = revisions.REVOKED
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRevision:
    """An attribute as one revision left it; `body` is the credential, empty for an invitation or an end."""

    attribute: str
    id: str
    body: str
    issuer_type: IssuerType
    tao: str
    root_tao: str
    at: datetime
    reason: str = ""

    @classmethod
    def of(cls, revision: Revision) -> Self:
        """What a revision of this kind keeps."""
        body = revision.body["body"]
        return cls(
            attribute=revision.body["attribute"],
            # EBSI names a revision by the digest of its data; two empty ones would share a name, so theirs is our own.
            id=hashlib.sha256(body.encode()).hexdigest() if body else revision.digest,
            body=body,
            issuer_type=IssuerType(revision.body["issuerType"]),
            tao=revision.body["tao"],
            root_tao=revision.body["rootTao"],
            at=revision.at,
            reason=revision.body.get("reason", ""),
        )

    def to_json(self) -> dict[str, str]:
        """The member `attribute` of EBSI's answer."""
        return {
            "hash": self.attribute,
            "body": self.body,
            "issuerType": self.issuer_type.value,
            "tao": self.tao,
            "rootTao": self.root_tao,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Where an issuer's status lists are fetched from."""

    prefix: str
    headers: Mapping[str, str]
    test_suffix: str

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """What a revision of this kind keeps."""
        return cls(prefix=raw["prefix"], headers=raw["headers"], test_suffix=raw["testSuffix"])

    @property
    def id(self) -> str:
        """EBSI's name of it: the digest of its data as JSON text."""
        return "0x" + hashlib.sha256(strict_json.dump(self.to_json())).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """EBSI's answer."""
        return {"prefix": self.prefix, "headers": dict(self.headers), "testSuffix": self.test_suffix}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaRevision:
    """A schema as one revision left it, with its metadata."""

    schema: Mapping[str, Any]
    metadata: Mapping[str, Any]
    at: datetime

    @property
    def id(self) -> str:
        """The name of this revision."""
        return schema_ids.of_content(self.schema)

    @property
    def metadata_id(self) -> str:
        """The name of its metadata."""
        return schema_ids.of_content(self.metadata)


NO_ATTRIBUTES: Mapping[str, tuple[AttributeRevision, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everything of one moment; `sequence` and `digest` say up to which revision."""

    sequence: int = 0
    digest: str = BEGINNING
    identifiers: Mapping[str, DidKeys] = field(default_factory=dict)
    created: Mapping[str, datetime] = field(default_factory=dict)
    issuers: Mapping[str, Mapping[str, tuple[AttributeRevision, ...]]] = field(default_factory=dict)
    proxies: Mapping[str, Mapping[str, Proxy]] = field(default_factory=dict)
    schemas: Mapping[str, tuple[SchemaRevision, ...]] = field(default_factory=dict)
    schema_names: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    organisations: Mapping[str, Entry] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)

    def after(self, later: Iterable[Revision]) -> "Register":
        """The register with the revisions that came after it; raises BrokenChain where they do not follow."""
        sequence, digest, draft = self.sequence, self.digest, _Draft(self)
        for revision in later:
            revisions.check_one(revision, sequence=sequence, digest=digest)
            sequence, digest = revision.sequence, revision.digest
            revisions.enter(revision, into=draft.kept["organisations"])
            if revision.kind in _APPLY:
                _APPLY[revision.kind](draft, revision)
        return replace(self, sequence=sequence, digest=digest, **draft.kept)

    def schema_of(self, text: str) -> tuple[str, tuple[SchemaRevision, ...]] | None:
        """The id in hexadecimal, and the revisions, of the schema that `text` means in either form and variant."""
        named = schema_ids.to_hex(text)
        known = self.schema_names.get(named)
        return None if known is None else (known, self.schemas[known])

    def attribute(self, did: str, attribute: str) -> tuple[AttributeRevision, ...]:
        """The revisions of an attribute, oldest first; none where there is no such attribute."""
        held = self.issuers.get(did, NO_ATTRIBUTES)
        return held.get(attribute.removeprefix("0x"), ())

    def holds(self, did: str) -> tuple[AttributeRevision, ...]:
        """What a DID holds now: the newest revision of each of its attributes."""
        return tuple(each[-1] for each in self.issuers.get(did, NO_ATTRIBUTES).values())

    def organisation_of(self, did: str) -> Entry | None:
        """The organisation that signs as `did`, None where none says so."""
        owner = self.owners.get(did)
        return None if owner is None else self.organisations[owner]

    @property
    def roots(self) -> tuple[str, ...]:
        """The DIDs that stand on nobody's word but their own."""
        return tuple(
            did
            for did in self.issuers
            if any(each.root_tao == did and each.tao == did and each.body for each in self.holds(did))
        )


class _Draft:
    """Copies of what a register holds, to be written to by one fold only: a reader never sees a register change."""

    def __init__(self, register: Register) -> None:
        names = [each.name for each in fields(register) if each.name not in {"sequence", "digest"}]
        self.kept: dict[str, dict[str, Any]] = {name: dict(getattr(register, name)) for name in names}


def _organisation(draft: _Draft, revision: Revision) -> None:
    owners, subject = draft.kept["owners"], revision.subject
    dids = draft.kept["organisations"][subject].organisation.keys.dids
    for did in [did for did, owner in owners.items() if owner == subject and did not in dids]:
        del owners[did]
    owners.update(dict.fromkeys(dids, subject))


def _did(draft: _Draft, revision: Revision) -> None:
    raw = {name: revision.body[name] for name in ("controllers", "keys")}
    draft.kept["identifiers"][revision.subject] = DidKeys.parse(raw, did=revision.subject)
    draft.kept["created"].setdefault(revision.subject, revision.at)


def _attribute(draft: _Draft, revision: Revision) -> None:
    kept = AttributeRevision.of(revision)
    held = draft.kept["issuers"].get(revision.subject, {})
    known = (*held.get(kept.attribute, ()), kept)
    draft.kept["issuers"][revision.subject] = {**held, kept.attribute: known}


def _proxy(draft: _Draft, revision: Revision) -> None:
    held = draft.kept["proxies"].get(revision.subject, {})
    if "removed" in revision.body:
        held = {name: each for name, each in held.items() if name != revision.body["removed"]}
    else:
        proxy = Proxy.of(revision.body)
        held = {**held, proxy.id: proxy}
    draft.kept["proxies"][revision.subject] = held


def _schema(draft: _Draft, revision: Revision) -> None:
    kept = SchemaRevision(schema=revision.body["schema"], metadata=revision.body["metadata"], at=revision.at)
    draft.kept["schemas"][revision.subject] = (*draft.kept["schemas"].get(revision.subject, ()), kept)
    for name in {revision.subject, *schema_ids.both(kept.schema)}:
        draft.kept["schema_names"].setdefault(name, revision.subject)


def _policy(draft: _Draft, revision: Revision) -> None:
    draft.kept["policies"][revision.subject] = revision.body


def _user(draft: _Draft, revision: Revision) -> None:
    draft.kept["users"][revision.subject] = tuple(revision.body["attributes"])


_APPLY = {
    Kind.ORGANISATION: _organisation,
    Kind.DID: _did,
    Kind.ATTRIBUTE: _attribute,
    Kind.PROXY: _proxy,
    Kind.SCHEMA: _schema,
    Kind.POLICY: _policy,
    Kind.USER: _user,
}
