"""The history of an institution: who did what to which subject, when and why. Lines are added, never changed.

Trusted: what an auditor reads. Nobody signs by what stands here.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, desc, insert, select

from issuer.books.tables import AUDIT

INSTITUTION: BindParameter[Any] = bindparam("institution_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the history: who did what to which subject, and why."""

    institution: str
    id: str
    at: int
    actor: str
    who: str
    event: str
    subject: str
    reason: str = ""


_WRITE_DOWN = insert(AUDIT)
_PAGE = (
    select(AUDIT)
    .where(AUDIT.c.institution == INSTITUTION, AUDIT.c.id < bindparam("before_"))
    .order_by(desc(AUDIT.c.id))
    .limit(bindparam("count_"))
)


def write_down(connection: Connection, *, line: Line) -> None:
    """Adds a line to the history."""
    row = {
        "institution": line.institution, "id": line.id, "at": line.at, "actor": line.actor, "who": line.who,
        "event": line.event, "subject": line.subject, "reason": line.reason,
    }  # fmt: skip
    connection.execute(_WRITE_DOWN, row)


def page(connection: Connection, *, institution: str, before: str, count: int) -> tuple[Line, ...]:
    """Up to `count` lines that are older than the identifier `before`, the newest first."""
    values = {"institution_": institution, "before_": before, "count_": count}
    return tuple(
        Line(
            institution=row.institution, id=row.id, at=row.at, actor=row.actor, who=row.who, event=row.event,
            subject=row.subject, reason=row.reason,
        )
        for row in connection.execute(_PAGE, values)
    )  # fmt: skip
