"""The query as a value: OpenID4VP 1.0 sections 6.1 to 6.3 and the `meta` of Appendices B.1.1 and B.3.5.

Unknown properties are ignored; a format that is not spoken here is kept and matches nothing. Limits: security.md (b).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.credential import Format
from credentials.errors import CredentialsError
from exchange.errors import InvalidRequest
from exchange.members import Members

MOST_CREDENTIALS = 32
MOST_CLAIMS = 128
MOST_SETS = 32
MOST_VALUES = 128

Value = str | int | bool

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsQuery:
    """One claim that is asked for, and the values it may have if that matters."""

    path: ClaimsPath
    id: str | None = None
    values: tuple[Value, ...] = ()

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads one entry of `claims`; raises InvalidRequest."""
        try:
            path = claims_path.parse(members.raw.get("path"))
        except CredentialsError as error:
            raise InvalidRequest(f"{members.what}: {error}") from error
        return cls(path=path, id=_identifier(members) if members.has("id") else None, values=_values(members))

    def accepts(self, value: object) -> bool:
        """Whether `value` is one of the asked ones, in type too: true is not 1, and 1.0 is not 1."""
        return not self.values or any(type(value) is type(wanted) and value == wanted for wanted in self.values)

    def to_json(self) -> dict[str, Any]:
        """The entry's object."""
        shown: dict[str, Any] = {} if self.id is None else {"id": self.id}
        shown["path"] = list(self.path)
        return {**shown, "values": list(self.values)} if self.values else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedAuthorities:
    """Authorities of one kind, one of which should stand above the issuer."""

    type: str
    values: tuple[str, ...]

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads one entry of `trusted_authorities`; raises InvalidRequest."""
        return cls(type=members.text("type", longest=64), values=members.texts("values"))

    def to_json(self) -> dict[str, Any]:
        """The entry's object."""
        return {"type": self.type, "values": list(self.values)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialQuery:
    """One credential that is asked for: its kind, its authorities and its claims."""

    id: str
    format: str
    vct_values: tuple[str, ...] = ()
    type_values: tuple[tuple[str, ...], ...] = ()
    multiple: bool = False
    trusted_authorities: tuple[TrustedAuthorities, ...] = ()
    holder_binding: bool = True
    claims: tuple[ClaimsQuery, ...] = ()
    claim_sets: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads one entry of `credentials`; raises InvalidRequest."""
        meta = members.child("meta")
        claims = members.children("claims", ClaimsQuery.parse)
        form = members.text("format", longest=64)
        return cls(
            id=_identifier(members),
            format=form,
            vct_values=meta.optional_texts("vct_values") if form == Format.SD_JWT_VC else (),
            type_values=_lists(meta, "type_values") if form == Format.VC_JWT_1.openid_name else (),
            multiple=members.flag("multiple", default=False),
            trusted_authorities=members.children("trusted_authorities", TrustedAuthorities.parse),
            holder_binding=members.flag("require_cryptographic_holder_binding", default=True),
            claims=claims,
            claim_sets=_claim_sets(members, claims=claims),
        )

    def alternatives(self) -> tuple[tuple[ClaimsQuery, ...], ...]:
        """The combinations of claims that answer this query, the preferred first (section 6.4.1)."""
        if not self.claim_sets:
            return (self.claims,)
        named = {claim.id: claim for claim in self.claims}
        return tuple(tuple(named[name] for name in names) for names in self.claim_sets)

    def to_json(self) -> dict[str, Any]:
        """The entry's object."""
        meta: dict[str, Any] = {}
        if self.vct_values:
            meta["vct_values"] = list(self.vct_values)
        if self.type_values:
            meta["type_values"] = [list(types) for types in self.type_values]
        shown: dict[str, Any] = {"id": self.id, "format": self.format, "meta": meta}
        if self.multiple:
            shown["multiple"] = True
        if not self.holder_binding:
            shown["require_cryptographic_holder_binding"] = False
        if self.trusted_authorities:
            shown["trusted_authorities"] = [authority.to_json() for authority in self.trusted_authorities]
        if self.claims:
            shown["claims"] = [claim.to_json() for claim in self.claims]
        return {**shown, "claim_sets": [list(names) for names in self.claim_sets]} if self.claim_sets else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSet:
    """Combinations of credential queries, any one of which serves a purpose."""

    options: tuple[tuple[str, ...], ...]
    required: bool = True

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads one entry of `credential_sets`; raises InvalidRequest."""
        options = _lists(members, "options")
        if not options:
            raise members.refuse("options", "present")
        return cls(options=options, required=members.flag("required", default=True))

    def to_json(self) -> dict[str, Any]:
        """The entry's object."""
        shown: dict[str, Any] = {"options": [list(option) for option in self.options]}
        return shown if self.required else {**shown, "required": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a verifier asks for: credentials, and which combinations of them will do."""

    credentials: tuple[CredentialQuery, ...]
    credential_sets: tuple[CredentialSet, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads a `dcql_query` from JSON text or an object; raises InvalidRequest."""
        members = Members.read(raw, what="the dcql_query", refusal=InvalidRequest)
        if not members.has("credentials"):
            raise members.refuse("credentials", "present")
        query = cls(
            credentials=members.children("credentials", CredentialQuery.parse),
            credential_sets=members.children("credential_sets", CredentialSet.parse),
        )
        _check_whole(query)
        return query

    def by_id(self) -> Mapping[str, CredentialQuery]:
        """Each credential query under its identifier."""
        return {wanted.id: wanted for wanted in self.credentials}

    def sets(self) -> tuple[CredentialSet, ...]:
        """The credential sets; where the query has none, the one set of all its credentials (section 6.4.2)."""
        return self.credential_sets or (CredentialSet(options=(tuple(wanted.id for wanted in self.credentials),)),)

    def to_json(self) -> dict[str, Any]:
        """The `dcql_query` object."""
        shown: dict[str, Any] = {"credentials": [wanted.to_json() for wanted in self.credentials]}
        if not self.credential_sets:
            return shown
        return {**shown, "credential_sets": [entry.to_json() for entry in self.credential_sets]}


def _check_whole(query: Query) -> None:
    if len(query.credentials) > MOST_CREDENTIALS or len(query.credential_sets) > MOST_SETS:
        raise InvalidRequest(f"The dcql_query asks for more than {MOST_CREDENTIALS} credentials or sets.")
    if sum(len(wanted.claims) for wanted in query.credentials) > MOST_CLAIMS:
        raise InvalidRequest(f"The dcql_query asks for more than {MOST_CLAIMS} claims.")
    known = query.by_id()
    if len(known) < len(query.credentials):
        raise InvalidRequest("The dcql_query uses the id of a credential twice.")
    named = {name for entry in query.credential_sets for option in entry.options for name in option}
    if not named <= known.keys():
        raise InvalidRequest("A credential set of the dcql_query names a credential that the query does not have.")


def _identifier(members: Members) -> str:
    name = members.text("id", longest=128)
    if not _IDENTIFIER.fullmatch(name):
        raise members.refuse("id", "made of letters, digits, _ and -")
    return name


def _values(members: Members) -> tuple[Value, ...]:
    if not members.has("values"):
        return ()
    match members.raw["values"]:
        case [*values] if 0 < len(values) <= MOST_VALUES and all(isinstance(value, str | int) for value in values):
            return tuple(values)
    raise members.refuse("values", "a non-empty array of strings, integers or booleans")


def _claim_sets(members: Members, *, claims: tuple[ClaimsQuery, ...]) -> tuple[tuple[str, ...], ...]:
    identifiers = [claim.id for claim in claims if claim.id is not None]
    if len(set(identifiers)) < len(identifiers):
        raise members.refuse("claims", "without a repeated id")
    sets = _lists(members, "claim_sets")
    if sets and len(identifiers) < max(len(claims), 1):
        raise members.refuse("claim_sets", "given only with claims that all have an id")
    if not {name for names in sets for name in names} <= set(identifiers):
        raise members.refuse("claim_sets", "made of the ids of claims")
    return sets


def _lists(members: Members, name: str) -> tuple[tuple[str, ...], ...]:
    """A non-empty array of non-empty arrays of distinct strings, or () where the member is absent."""
    if not members.has(name):
        return ()
    match members.raw[name]:
        case [*lists] if 0 < len(lists) <= MOST_SETS:
            what = f"{members.what}: {name}"
            return tuple(
                Members(raw={"an entry": entry}, what=what, refusal=members.refusal).texts("an entry")
                for entry in lists
            )
    raise members.refuse(name, f"a non-empty array of at most {MOST_SETS} arrays")
