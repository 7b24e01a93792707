"""The did:ebsi of an institution and the keys that sign under it: a keyring beside its others, and the DID in a file.

The registry gives the DID when it is told the public key (docs/operating.md): until then there is a key and no DID, and
nothing is signed with it.
"""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from issuer.errors import KeysMissing
from keys import keyring_files
from keys.did import ebsi
from keys.errors import KeysError
from keys.keyring import Keyring

FOLDER: Final = "ebsi"
FILE: Final = "did"
KEPT: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalEntity:
    """An institution as EBSI knows it."""

    did: str
    keyring: Keyring

    @property
    def key_id(self) -> str:
        """The DID URL of the key that signs now."""
        return f"{self.did}#{self.keyring.active.kid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """The DIDs of the institutions whose keys are under `folder`; read again where a key was rotated."""

    folder: Path
    passphrase: str = field(repr=False)
    _known: dict[str, tuple[int, LegalEntity]] = field(default_factory=dict, repr=False)

    async def of(self, slug: str) -> LegalEntity | None:
        """The DID of this institution with its keys, None where it has none; raises KeysMissing."""
        place = self.folder / slug / FOLDER
        stamp = hash((keyring_files.stamp(place), _stamp(place / FILE)))
        if not (place / FILE).is_file():
            return None
        known = self._known.get(slug)
        if known is not None and known[0] == stamp:
            return known[1]
        entity = await asyncio.to_thread(_load, place, passphrase=self.passphrase)
        self._known[slug] = (stamp, entity)
        while len(self._known) > KEPT:
            self._known.pop(next(iter(self._known)))
        return entity


def save(folder: Path, *, did: str) -> None:
    """Writes down which DID the registry gave for the keyring in `folder`; raises InvalidDid or KeysMissing."""
    if not keyring_files.exists(folder):
        raise KeysMissing(f"There is no keyring in {folder}: make the key before it gets a DID.")
    draft = folder / f"{FILE}.new"
    draft.write_text(ebsi.check(did) + "\n", "utf-8")
    draft.replace(folder / FILE)


def _load(place: Path, *, passphrase: str) -> LegalEntity:
    try:
        did = ebsi.check((place / FILE).read_text("utf-8").strip())
        return LegalEntity(did=did, keyring=keyring_files.load(place, passphrase=passphrase))
    except (KeysError, OSError, UnicodeDecodeError) as error:
        raise KeysMissing("The keys of this institution's did:ebsi cannot be read.", retry_after=60) from error


def _stamp(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
