"""Reading what became of a request: only by the one who asked, and on the same device only with the response code."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from exchange.states import Presentation
from keys import sealing, strict_json
from keys.errors import InvalidSealed
from service.errors import NotFound
from verifier import store, vault
from verifier.desk import Verifier
from verifier.store import Row

NOT_HERE = "There is no such request, or it is no longer kept."


class Phase(StrEnum):
    """Where a request stands, for the one who asked."""

    WAITING = "waiting"
    SCANNED = "scanned"
    ELSEWHERE = "answered_elsewhere"  # on this device: the window that the wallet opened shows the answer
    ANSWERED = "answered"
    DECLINED = "declined"
    EXPIRED = "expired"


OVER = frozenset({Phase.ANSWERED, Phase.DECLINED, Phase.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the asker may see now; `result` is there once it is answered or declined."""

    row: Row
    phase: Phase
    result: Mapping[str, Any] | None = None


async def see(desk: Verifier, *, id_: str, asker: str, code: str | None = None) -> Sight:
    """The request `id_` of `asker`; NotFound where there is none, or it is another's."""
    digest, moment = sealing.digest(id_), desk.moment
    row = await desk.database.read(lambda books: store.find(books, digest=digest, asker=asker))
    if row is None or row.kept_until < moment:
        raise NotFound(NOT_HERE)
    phase = _phase(row, moment=moment, code=code)
    if phase not in {Phase.ANSWERED, Phase.DECLINED} or row.result is None:
        return Sight(row=row, phase=phase)
    if row.read_at is None:
        until = moment + int(desk.settings.result_life.total_seconds())
        await desk.database.write(lambda books: store.note_read(books, digest=digest, now=moment, kept_until=until))
    try:
        return Sight(row=row, phase=phase, result=strict_json.parse_object(vault.open_result(row.result, id_=id_)))
    except InvalidSealed as error:
        raise NotFound(NOT_HERE) from error


async def come_back(desk: Verifier, *, code: str, asker: str) -> str:
    """The transaction id for the browser that the wallet sent back, if it is the one that asked; raises NotFound."""
    digest = sealing.digest(code)
    box = await desk.database.write(lambda books: store.open_box(books, code=digest, asker=asker))
    if box is None:
        raise NotFound("This answer belongs to another browser, or is no longer kept.")
    return vault.open_id(box, code=code)


def _phase(row: Row, *, moment: int, code: str | None) -> Phase:
    if row.state in {Presentation.CREATED, Presentation.FETCHED}:
        if row.ends_at < moment:
            return Phase.EXPIRED
        return Phase.SCANNED if row.state is Presentation.FETCHED else Phase.WAITING
    told = code is not None and row.code is not None and sealing.equal(sealing.digest(code), row.code)
    if row.code is not None and not row.opened and not told:
        return Phase.ELSEWHERE
    return Phase.DECLINED if row.state is Presentation.REFUSED else Phase.ANSWERED
