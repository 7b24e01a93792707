"""The status lists of an institution as EBSI has them: StatusList2021 of VCDM 1.1, signed under the institution's DID.

They tell what its other lists tell, from the same rows. Verifiers fetch them through the proxy of the registry; they
name themselves by their own address, which ends as the proxied one does.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from credentials.status import bits, status_list_2021
from credentials.status.bits import Order
from credentials.status.status_list_2021 import SCHEMA, Content
from issuer.accreditation.identity import LegalEntity
from issuer.accreditation.source import Accreditations
from issuer.books import store_lists
from issuer.books.store_lists import StoredList
from issuer.lists import LIFE, LOOK_AGAIN, MEANING
from issuer.standing import STATUS
from service.database import Database
from service.errors import NotFound

PATH: Final = "ebsi-status"
KEPT: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed list, the state that it tells, and when it was last held against the books."""

    token: str
    state: tuple[int, str]  # the number of the last change, and the key
    signed_at: datetime
    looked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedLists:
    """Signs them when something changed or half their life is over."""

    database: Database
    accreditations: Accreditations
    _signed: dict[tuple[str, str, str], Signed] = field(default_factory=dict)

    async def published(self, institution: str, *, identifier: str, name: str, purpose: str, now: datetime) -> str:
        """The list for one purpose, as new as a second ago; raises NotFound where the institution has no DID."""
        key = (institution, name, purpose)
        known = self._signed.get(key)
        if known is not None and now - known.looked_at < LOOK_AGAIN:
            return known.token
        entity = await self.accreditations.entity(institution)
        stored = await self.database.read(lambda books: store_lists.find(books, institution=institution, name=name))
        if entity is None or stored is None:
            raise NotFound("There is no such list.")
        state = (stored.version, entity.key_id)
        if known is None or known.state != state or now - known.signed_at > LIFE / 2:
            uri = f"{identifier}/{PATH}/{name}/{purpose}"
            token = await self._sign(stored, entity=entity, uri=uri, purpose=purpose, now=now)
            known = Signed(token=token, state=state, signed_at=now, looked_at=now)
        self._signed[key] = Signed(token=known.token, state=state, signed_at=known.signed_at, looked_at=now)
        while len(self._signed) > KEPT:
            self._signed.pop(next(iter(self._signed)))
        return known.token

    async def _sign(self, stored: StoredList, *, entity: LegalEntity, uri: str, purpose: str, now: datetime) -> str:
        marked = await self.database.read(
            lambda books: store_lists.marked(books, institution=stored.institution, name=stored.id)
        )
        array = bits.create(stored.size)
        for place, status in marked:
            if status == STATUS[MEANING[purpose]]:
                bits.put(array, place, status=1, order=Order.MOST_FIRST)
        registry = self.accreditations.registry
        base = "" if registry is None else registry.base
        moment = now.replace(microsecond=0) - timedelta(seconds=1)  # a reader's clock may be a little behind
        content = Content(
            uri=uri, issuer=entity.did, purpose=purpose, issued_at=moment, expires=moment + LIFE,
            schemas=(f"{base}/trusted-schemas-registry/v3/schemas/{SCHEMA}",),
        )  # fmt: skip
        signer = entity.keyring.active.signer
        return status_list_2021.issue_now(array, content=content, signer=signer, kid=entity.key_id)
