"""The signing keys that the registry holds for bodies that have no key service of their own: one keyring each.

Trusted with much: who has this folder and the passphrase can accredit in the name of these bodies, as long as the
registry takes it in. A body that keeps its own key hands over signed credentials instead, and has nothing here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from keys import keyring_files
from keys.algorithms import Algorithm
from keys.did import ebsi
from keys.jwk import PrivateJwk, PublicJwk
from keys.keyring import KeyEntry
from registry.errors import NoCustody

BODIES: Final = "bodies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """The keyrings of the bodies under `folder`, each in a folder named by its method-specific id."""

    folder: Path
    passphrase: str = field(repr=False)

    def holds(self, did: str) -> bool:
        """Whether the key of `did` is here."""
        return keyring_files.exists(self._place(did))

    async def create(self, did: str) -> PublicJwk:
        """The first key of `did`, made and kept here; raises NoCustody where nothing can be kept."""
        return await self._keep(keyring_files.create, did)

    async def rotate(self, did: str) -> PublicJwk:
        """The next key of `did`; raises KeyFileMissing where it has none here, or NoCustody."""
        return await self._keep(keyring_files.rotate, did)

    async def key_of(self, did: str) -> KeyEntry:
        """What signs for `did`; raises KeyFileMissing or KeyFileLocked."""
        keyring = await asyncio.to_thread(keyring_files.load, self._place(did), passphrase=self.passphrase)
        return keyring.active

    async def _keep(self, write: Callable[..., str], did: str) -> PublicJwk:
        key = PrivateJwk.generate(Algorithm.ES256)
        try:
            await asyncio.to_thread(write, self._place(did), key=key, passphrase=self.passphrase)
        except OSError as error:
            raise NoCustody("This registry keeps no keys for others: name the public keys of the body.") from error
        return key.public

    def _place(self, did: str) -> Path:
        return self.folder / ebsi.check(did).removeprefix(ebsi.PREFIX)
