"""What an operator or an issuer enters beside the chain: schemas, policies and their users, proxies to status lists."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from keys.errors import KeysError
from registry.accrediting import Change
from registry.ebsi import schema_ids
from registry.ebsi.onboarding import Decision, Rules
from registry.ebsi.register import Proxy
from registry.errors import InvalidChange, SchemaNotFound
from registry.revisions import Kind

HEADERS: Final = frozenset({"Authorization", "Cache-Control"})
ADDRESS: Final = re.compile(r"0x[0-9a-f]{40}", re.ASCII)
NAME: Final = re.compile(r"[A-Za-z0-9:_. -]{1,200}", re.ASCII)
PREFIX: Final = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~/-]*)?", re.ASCII)
LOOPBACK: Final = "http://localhost"
OPERATIONS: Final = frozenset({"AND", "OR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSchema(Decision):
    """A schema, or its next revision where one of its id is known; `name` is the id it was published under.

    The id of a schema that leans on others (by `$ref`) is taken as told: EBSI computes it over all of them in one.
    """

    schema: Mapping[str, Any]
    metadata: Mapping[str, Any]
    name: str

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """The schema of `{schema, metadata?, id?}`; raises InvalidChange, also for an id of neither variant."""
        match raw:
            case {"schema": dict(schema), **rest} if rest.keys() <= {"metadata", "id"} and schema:
                metadata = rest.get("metadata", {})
            case _:
                raise InvalidChange("A schema is entered as schema (a JSON Schema), metadata and, if it has one, id.")
        if not isinstance(metadata, dict):
            raise InvalidChange("The metadata of a schema is a JSON object.")
        told: Any = rest.get("id")
        try:
            name = schema_ids.to_hex(told) if told is not None else schema_ids.plain(schema)
            known = schema_ids.both(schema)
        except (SchemaNotFound, KeysError, TypeError, AttributeError) as error:
            raise InvalidChange("The schema has no canonical form, or its id is none.") from error
        if name not in known and not (told is not None and schema_ids.leans_on_others(schema)):
            raise InvalidChange("The id is not that of this schema, in neither of EBSI's two variants.")
        return cls(schema=schema, metadata=metadata, name=name)

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The schema under the id that it is known by, or its own."""
        known = rules.register.schema_names.get(self.name, self.name)
        yield Change(kind=Kind.SCHEMA, subject=known, body={"schema": self.schema, "metadata": self.metadata})


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPolicy(Decision):
    """A rule of the Trusted Policies Registry."""

    name: str
    body: Mapping[str, Any]

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """The policy in EBSI's members; raises InvalidChange."""
        match raw:
            case {
                "policyName": str(name),
                "description": str(description),
                "operationType": str(operation),
                "policyConditions": list(conditions),
                **rest,
            } if NAME.fullmatch(name) and operation in OPERATIONS and rest.keys() <= {"status"}:
                pass
            case _:
                raise InvalidChange("A policy has policyName, description, operationType (AND, OR), policyConditions.")
        status = rest.get("status", True)
        body = {
            "description": description, "operationType": operation, "status": status, "policyConditions": conditions,
        }  # fmt: skip
        return cls(name=name, body=body)

    def changes(self, rules: Rules) -> Iterable[Change]:  # noqa: ARG002  # a policy depends on nothing
        """The policy."""
        yield Change(kind=Kind.POLICY, subject=self.name, body=self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUser(Decision):
    """What an address of the ledger may do, in place of what it could before."""

    address: str
    attributes: tuple[str, ...]

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """The user of `{user, attributes}`; raises InvalidChange."""
        match raw:
            case {"user": str(address), "attributes": list(attributes), **rest} if not rest:
                pass
            case _:
                raise InvalidChange("A user is an address with its attributes.")
        address = address.lower()
        if not ADDRESS.fullmatch(address) or not all(
            isinstance(each, str) and NAME.fullmatch(each) for each in attributes
        ):
            raise InvalidChange("A user is 0x and 40 hexadecimal digits; its attributes are names.")
        return cls(address=address, attributes=tuple(dict.fromkeys(attributes)))

    def changes(self, rules: Rules) -> Iterable[Change]:  # noqa: ARG002  # an address stands for itself
        """The user."""
        yield Change(kind=Kind.USER, subject=self.address, body={"attributes": list(self.attributes)})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProxy(Decision):
    """Where the status lists of an issuer are fetched from. All of it is public, its headers too."""

    did: str
    proxy: Proxy

    @classmethod
    def parse(cls, raw: Any, *, did: str) -> Self:
        """The proxy in EBSI's members; raises InvalidChange."""
        match raw:
            case {"prefix": str(prefix), "testSuffix": str(suffix), **rest} if rest.keys() <= {"headers"}:
                headers = rest.get("headers", {})
            case _:
                raise InvalidChange("A proxy has prefix, headers and testSuffix.")
        if not PREFIX.fullmatch(prefix) or prefix.endswith("/") or ".." in prefix + suffix or suffix[:1] != "/":
            raise InvalidChange("The prefix is an address without query and last slash; testSuffix begins with one.")
        if not prefix.startswith(("https://", LOOPBACK)):
            raise InvalidChange("The prefix of a proxy is https.")
        if not isinstance(headers, dict) or not headers.keys() <= HEADERS:
            raise InvalidChange(f"A proxy sends no headers but {' and '.join(sorted(HEADERS))}.")
        if not all(isinstance(value, str) and value.isprintable() for value in headers.values()):
            raise InvalidChange("The headers of a proxy are texts.")
        return cls(did=did, proxy=Proxy(prefix=prefix, headers=headers, test_suffix=suffix))

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The proxy."""
        if self.did not in rules.register.issuers:
            raise InvalidChange("Only an issuer of this registry has proxies.")
        yield Change(kind=Kind.PROXY, subject=self.did, body=self.proxy.to_json())


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveProxy(Decision):
    """A proxy is used no more."""

    did: str
    proxy: str

    def changes(self, rules: Rules) -> Iterable[Change]:
        """The end of the proxy."""
        if self.proxy not in rules.register.proxies.get(self.did, {}):
            raise InvalidChange("This issuer has no such proxy.")
        yield Change(kind=Kind.PROXY, subject=self.did, body={"removed": self.proxy})
