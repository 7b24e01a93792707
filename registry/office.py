"""What every part of the registry holds in its hands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import hdrs, web

from keys import sealing
from keys.keyring import Keyring
from registry.ebsi.custody import Custody
from registry.ebsi.shelf import Shelf
from registry.errors import NotYours
from registry.offprints import Offprints
from registry.publishing import Press
from service.database import Database
from service.errors import NotSignedIn
from service.outbound import Outbound
from service.sessions import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Somebody who may enter revisions, told by the SHA-256 of an API key; `did` where only for that body."""

    name: str
    digest: str
    did: str = ""

    def may_act_for(self, did: str) -> None:
        """Returns if this writer may do what the body `did` does; raises NotYours."""
        if self.did not in {"", did}:
            raise NotYours("This key may enter changes of one body only, and this is another's.")

    def must_be_office(self) -> None:
        """Returns if this writer may enter changes of everybody; raises NotYours."""
        if self.did:
            raise NotYours("Only the registry's own office does this.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The service: `root` is its own identifier, the root of every path of accreditation."""

    root: str
    name: str
    writers: tuple[Writer, ...]
    database: Database
    keyring: Keyring
    press: Press
    shelf: Shelf
    offprints: Offprints
    sessions: Sessions
    outbound: Outbound
    custody: Custody
    now: Callable[[], datetime]


REGISTRY = web.AppKey("REGISTRY", Registry)


def recognise(writers: Sequence[Writer], *, key: str) -> Writer | None:
    """The writer who has `key`, None where nobody has."""
    digest = sealing.digest(key.strip())
    found = [writer for writer in writers if sealing.equal(writer.digest, digest)]
    return found[0] if found else None


def writer_of(request: web.Request) -> Writer:
    """Who asks, by the key in the Authorization header; raises NotSignedIn."""
    scheme, _, key = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    writer = recognise(request.app[REGISTRY].writers, key=key)
    if scheme.casefold() != "bearer" or writer is None:
        raise NotSignedIn("Writing needs an API key of this registry: Authorization: Bearer <key>.")
    return writer
