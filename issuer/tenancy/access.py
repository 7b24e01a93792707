"""API keys: `prg_<prefix>_<secret>`, shown once, kept as SHA-256, each with scopes, or with a person's role.

The prefix finds the row, so that the secret is only ever compared by digest; secret scanners know the form. A person's
key allows what the role of the person allows, now: a change of role needs no new key.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from issuer.books.store_catalogue import StoredKey
from keys import base64url, sealing
from service.errors import Forbidden, NotSignedIn

FORM = re.compile(r"prg_([a-z2-7]{8})_([A-Za-z0-9_-]{43})")
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


class Scope(StrEnum):
    """What an API key may be used for."""

    AWARDS_WRITE = "awards:write"
    AWARDS_READ = "awards:read"
    APPROVE = "awards:approve"
    REVOKE = "revoke"
    CATALOGUE = "catalogue"
    PEOPLE = "people"
    KEYS = "keys"
    WEBHOOKS = "webhooks"
    AUDIT_READ = "audit:read"
    CONSOLE = "console"


class Role(StrEnum):
    """What a person does at an institution."""

    REGISTRAR = "registrar"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


SCOPES_OF: Mapping[Role, frozenset[Scope]] = {
    Role.REGISTRAR: frozenset({Scope.CONSOLE, Scope.AWARDS_READ, Scope.AWARDS_WRITE, Scope.REVOKE, Scope.CATALOGUE}),
    Role.APPROVER: frozenset({Scope.CONSOLE, Scope.AWARDS_READ, Scope.APPROVE, Scope.REVOKE}),
    Role.AUDITOR: frozenset({Scope.CONSOLE, Scope.AWARDS_READ, Scope.AUDIT_READ}),
    Role.ADMINISTRATOR: frozenset({Scope.CONSOLE, Scope.PEOPLE, Scope.KEYS, Scope.WEBHOOKS, Scope.CATALOGUE}),
}
"""Who may award cannot approve, and who looks after people and keys sees no learner."""

MACHINE = frozenset({Scope.AWARDS_WRITE, Scope.AWARDS_READ, Scope.REVOKE, Scope.CATALOGUE, Scope.WEBHOOKS})
"""What a key made at the console can be for: a machine approves nothing and manages nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key at the one moment when its text is known."""

    text: str
    stored: StoredKey

    def __repr__(self) -> str:
        """The key without its secret."""
        return f"NewKey({self.stored.prefix!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls an API or uses the console: for which institution, by which key, allowed what."""

    institution: str
    key: str
    label: str
    scopes: frozenset[str]
    person: str | None = None
    role: Role | None = None

    @property
    def who(self) -> str:
        """Who acts, as far as four eyes are to be told apart: the person, or the key where it is nobody's own."""
        return self.person or self.key

    def may(self, scope: Scope) -> bool:
        """Whether `scope` is allowed."""
        return scope.value in self.scopes

    def require(self, scope: Scope) -> None:
        """Raises Forbidden where `scope` is not allowed."""
        if not self.may(scope):
            whose = "This API key" if self.role is None else f"Your role, {self.role.value},"
            raise Forbidden(f"{whose} does not allow {scope.value}.")


def create(*, institution: str, scopes: Iterable[Scope], label: str, person: str | None = None) -> NewKey:
    """A fresh key with 256 bits of secret; a person's own has no scopes beside those of the role."""
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(8))
    text = f"prg_{prefix}_{base64url.encode(secrets.token_bytes(32))}"
    allowed = frozenset(Scope(scope).value for scope in scopes)
    digest = sealing.digest(text)
    stored = StoredKey(
        institution=institution, prefix=prefix, digest=digest, scopes=allowed, label=label, person=person
    )
    return NewKey(text=text, stored=stored)


def prefix_of(text: str) -> str:
    """The prefix of what is written like a key; NotSignedIn for anything else."""
    found = FORM.fullmatch(text)
    if found is None:
        raise NotSignedIn("An API key is needed: Authorization: Bearer prg_…")
    return found[1]


def recognise(text: str, *, stored: StoredKey | None) -> Caller:
    """Who calls with this key; NotSignedIn unless it is the very key that is stored."""
    if stored is None or not sealing.equal(stored.digest, sealing.digest(text)):
        raise NotSignedIn("This API key is unknown or withdrawn.")
    return caller_of(stored)


def caller_of(stored: StoredKey) -> Caller:
    """Who acts with a key that is known to be theirs."""
    role = None if stored.role is None else Role(stored.role)
    scopes = stored.scopes if role is None else frozenset(scope.value for scope in SCOPES_OF[role])
    return Caller(
        institution=stored.institution, key=stored.prefix, label=stored.label, scopes=scopes, person=stored.person,
        role=role,
    )  # fmt: skip
