"""How many awards there were, by course and day; nothing in these answers is about a person.

Trusted with nothing: figures for people, by which nothing is decided.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, func, select

from issuer.books.tables import AWARDS
from issuer.standing import Standing

INSTITUTION: BindParameter[Any] = bindparam("institution_")
DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """What became of the awards of one course of one day."""

    course: str
    day: int  # since 1970
    awarded: int
    claimed: int
    revoked: int


_DAY = AWARDS.c.created_at // DAY
_COUNTS = (
    select(
        AWARDS.c.course,
        _DAY.label("day"),
        func.count().label("awarded"),
        func.sum(case((AWARDS.c.claimed_at.is_not(None), 1), else_=0)).label("claimed"),
        func.sum(case((AWARDS.c.standing == Standing.REVOKED.value, 1), else_=0)).label("revoked"),
    )
    .where(AWARDS.c.institution == INSTITUTION, AWARDS.c.created_at >= bindparam("since_"))
    .group_by(AWARDS.c.course, "day")
)


def by_day(connection: Connection, *, institution: str, since: int) -> tuple[DayCount, ...]:
    """The counts of every course and day from `since` on."""
    rows = connection.execute(_COUNTS, {"institution_": institution, "since_": since})
    return tuple(
        DayCount(course=row.course, day=row.day, awarded=row.awarded, claimed=row.claimed, revoked=row.revoked)
        for row in rows
    )
