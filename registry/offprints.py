"""Other forms of what the registry holds, signed and kept until something changes or half their life is over."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import ModuleType
from typing import Final

from keys import jws, x509
from keys.keyring import Keyring
from registry import snapshot, trusted_entities
from registry.ebsi.shelf import Shelf
from registry.trusted_entities import NO_CERTIFICATES, Certificates

LIFE: Final = timedelta(hours=24)


class Form(StrEnum):
    """What is printed."""

    SNAPSHOT = "snapshot"
    TRUSTED_ENTITIES = "trusted-entities"


WRITERS: Final[Mapping[Form, ModuleType]] = {Form.SNAPSHOT: snapshot, Form.TRUSTED_ENTITIES: trusted_entities}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offprint:
    """A signed text, the revision that it reaches to, and until when it may be used."""

    token: str
    digest: str
    expires: datetime
    etag: str


class Offprints:
    """Prints them. Not trusted: what was kept is thrown away when the history has moved on."""

    def __init__(
        self, *, shelf: Shelf, keyring: Keyring, root: str, name: str, now: Callable[[], datetime],
        certificates: Certificates = NO_CERTIFICATES,
    ) -> None:  # fmt: skip
        self._shelf = shelf
        self._keyring = keyring
        self._root = root
        self._name = name
        self._now = now
        self._more: Mapping[Form, Mapping[str, Certificates]] = {Form.TRUSTED_ENTITIES: {"certificates": certificates}}
        self._latest: dict[Form, Offprint] = {}

    async def current(self, form: Form) -> Offprint:
        """The print of everything entered until now; raises BrokenChain rather than print an altered history."""
        register, now = await self._shelf.current(), self._now()
        latest = self._latest.get(form)
        if latest is not None and latest.digest == register.digest and latest.expires - now > LIFE / 2:
            return latest
        writer, expires = WRITERS[form], now + LIFE
        more = self._more.get(form, {})
        claims = writer.to_json(register, issuer=self._root, name=self._name, now=now, expires=expires, **more)
        active = self._keyring.active
        header = {"x5c": x509.to_x5c(active.chain)} if active.chain else {"kid": active.kid}
        token = await jws.create(claims, signer=active.signer, typ=writer.TYP, header=header)
        etag = f'"{hashlib.sha256(token.encode()).hexdigest()[:32]}"'
        self._latest[form] = Offprint(token=token, digest=register.digest, expires=expires, etag=etag)
        return self._latest[form]
