"""API keys: `prg_<prefix>_<secret>`, shown once, kept as SHA-256, each with the scopes it was given.

The prefix finds the row, so that the secret is only ever compared by digest; secret scanners know the form.
"""

import re
import secrets
from collections.abc import Iterable
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
    CONSOLE = "console"


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

    @property
    def who(self) -> str:
        """Who acts, as far as four eyes are to be told apart: the key."""
        return self.key

    def require(self, scope: Scope) -> None:
        """Raises Forbidden where the key does not allow `scope`."""
        if scope.value not in self.scopes:
            raise Forbidden(f"This API key does not allow {scope.value}.")


def create(*, institution: str, scopes: Iterable[Scope], label: str) -> NewKey:
    """A fresh key with 256 bits of secret."""
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(8))
    text = f"prg_{prefix}_{base64url.encode(secrets.token_bytes(32))}"
    allowed = frozenset(Scope(scope).value for scope in scopes)
    stored = StoredKey(institution=institution, prefix=prefix, digest=sealing.digest(text), scopes=allowed, label=label)
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
    return Caller(institution=stored.institution, key=stored.prefix, label=stored.label, scopes=stored.scopes)
