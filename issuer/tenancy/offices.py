"""An institution as it issues: its facts, its identifier, its keys and seals, ready in memory. Read again now and then.

OpenID4VCI 1.0 section 12.2.1: the credential issuer identifier is `{base}/{slug}`; it is also the `iss` of everything
the institution signs, and the URI its certificate names.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from issuer.books import store_catalogue
from issuer.errors import KeysMissing, UnknownInstitution
from issuer.tenancy import seals
from issuer.tenancy.institution import Institution
from issuer.tenancy.metadata import VCT_PATH, Documents
from issuer.tenancy.seals import Seals
from keys import keyring_files, strict_json, x509
from keys.errors import KeysError
from keys.keyring import KeyEntry, Keyring
from service.database import Database
from service.settings import Settings

KEPT = 256
SEAL = "seal"  # the folder with the keyring that seals documents
READ_AGAIN = timedelta(seconds=4)  # a rotated key signs within five seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An institution with all that it needs to issue."""

    institution: Institution
    identifier: str  # its `iss`
    keyring: Keyring
    x5c: tuple[str, ...]  # of the active key
    seals: Seals
    seal: KeyEntry | None  # what it seals documents with (JAdES); none where it has no seal certificate
    documents: Documents
    read_at: datetime
    keys_stamp: int  # changes when the key files do

    @property
    def slug(self) -> str:
        """The short name."""
        return self.institution.slug


class Offices:
    """The offices of this process, read from database and key files when first asked for; not many at a time."""

    def __init__(self, settings: Settings, *, database: Database, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._database = database
        self._now = now
        self._known: OrderedDict[str, Office] = OrderedDict()
        self._reading: dict[str, asyncio.Task[Office]] = {}

    async def of(self, slug: str) -> Office:
        """The office of this institution; raises UnknownInstitution or KeysMissing."""
        known = self._known.get(slug)
        if known is not None and self._now() - known.read_at < READ_AGAIN:
            return known
        task = self._reading.get(slug)
        if task is None:
            task = asyncio.create_task(self._read(slug, known=known))
            self._reading[slug] = task
            task.add_done_callback(lambda _: self._reading.pop(slug, None))
        return await asyncio.shield(task)

    async def check(self) -> None:
        """Returns if every institution has its key files; raises KeysMissing."""
        known = await self._database.read(store_catalogue.all_institutions)
        missing = [slug for slug, _ in known if not keyring_files.exists(self._settings.keys / slug)]
        if missing:
            raise KeysMissing(f"The signing keys of {missing[0]} are missing.", retry_after=60)

    def forget(self, slug: str) -> None:
        """Reads this institution anew at the next chance."""
        self._known.pop(slug, None)

    async def _read(self, slug: str, *, known: Office | None) -> Office:
        document = await self._database.read(lambda books: store_catalogue.find_institution(books, slug=slug))
        if document is None:
            raise UnknownInstitution("No institution goes by this name here.")
        office = await self._build(slug, document=strict_json.parse_object(document), known=known)
        self._known[slug] = office
        self._known.move_to_end(slug)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return office

    async def _build(self, slug: str, *, document: Mapping[str, Any], known: Office | None) -> Office:
        folder, passphrase = self._settings.keys / slug, self._settings.key_passphrase or ""
        stamp = hash((keyring_files.stamp(folder), keyring_files.stamp(folder / SEAL)))
        if known is not None and stamp == known.keys_stamp:
            keyring, sealed, seal = known.keyring, known.seals, known.seal
        else:
            keyring, sealed, seal = await asyncio.to_thread(_load, folder, passphrase=passphrase)
        identifier = f"{self._settings.base_url}/{slug}"
        institution = Institution.parse(document, slug=slug)
        vct = f"{self._settings.base_url}{VCT_PATH}"
        return Office(
            institution=institution,
            identifier=identifier,
            documents=Documents.of(institution, identifier=identifier, keyring=keyring, vct=vct),
            keyring=keyring,
            x5c=tuple(x509.to_x5c(keyring.active.chain)),
            seals=sealed,
            seal=seal,
            read_at=self._now(),
            keys_stamp=stamp,
        )


def _load(folder: Path, *, passphrase: str) -> tuple[Keyring, Seals, KeyEntry | None]:
    """The keys of the institution whose folder this is; takes its time (scrypt)."""
    sealing = folder / SEAL
    try:
        seal = keyring_files.load(sealing, passphrase=passphrase).active if keyring_files.exists(sealing) else None
        return keyring_files.load(folder, passphrase=passphrase), seals.load(folder, passphrase=passphrase), seal
    except KeysError as error:
        raise KeysMissing("The signing keys of this institution cannot be read.", retry_after=60) from error
