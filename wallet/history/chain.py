"""The chain of a history: each line names the one before by its SHA-256, and a sealed head says where it ends.

Lines and head are sealed under the vault's key, so nobody else can write a line, change one, or end the chain earlier
or later. Whoever can write the database can still put an older state of it back as a whole: the fingerprint of the
head, which an export carries, is what shows that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from keys import sealing
from keys.errors import KeysError
from wallet.custody import Vault
from wallet.store import Sealed

HEAD_KIND: Final = "history head"
SHOWN: Final = 16  # letters of a fingerprint that a person compares


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a chain ends: the number and digest of its last line, and from where it counts (it may be cleared)."""

    number: int = 0
    digest: str = ""
    cleared: int = 0
    base: str = ""
    broken: bool = False  # it was found damaged, and went on

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def after_clearing(self) -> "Head":
        """The head of the same chain without its lines."""
        return replace(self, cleared=self.number, base=self.digest, broken=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line says, out of its row: its place in the chain (0 for one from before there was a chain)."""

    row: Sealed
    number: int
    previous: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """Whether a history is whole, how many lines it has, and the fingerprint of its end."""

    sound: bool
    lines: int
    fingerprint: str
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def open_head(vault: Vault, sealed: bytes | None, *, last: int) -> Head:
    """The head in its row; a broken one where it is gone although there are lines, or does not open."""
    if sealed is None:
        return Head(number=last, broken=last > 0)
    try:
        return Head(**vault.open(sealed, kind=HEAD_KIND, row=vault.account))
    except (KeysError, TypeError):
        return Head(number=last, broken=True)


def seal_head(vault: Vault, head: Head) -> bytes:
    """The row of a head."""
    return vault.seal(head.to_json(), kind=HEAD_KIND, row=vault.account)


def judge(head: Head, lines: Sequence[Line], *, unreadable: int) -> Soundness:
    """Whether `lines`, the oldest first, are all that were written since the last clearing, in their order."""
    chained = [line for line in lines if line.number]
    wrong = ""
    if unreadable:
        wrong = "Some lines were altered by somebody who does not have your keys."
    elif head.broken or not _linked(chained, head=head):
        wrong = "Lines are missing or were exchanged: somebody has changed what this wallet keeps of you."
    said = wrong or "Nothing is missing and nothing was altered, as far as your keys can tell."
    return Soundness(sound=not wrong, lines=len(lines), fingerprint=head.digest[:SHOWN], sentence=said)


def digest(sealed: bytes) -> str:
    """What the next line names this one by."""
    return sealing.digest(sealed)


def _linked(chained: Sequence[Line], *, head: Head) -> bool:
    number, previous = head.cleared, head.base
    for line in chained:
        number += 1
        if (line.number, line.previous) != (number, previous):
            return False
        previous = digest(line.row.sealed)
    return (number, previous) == (head.number, head.digest)
