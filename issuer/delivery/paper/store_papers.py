"""Copies on paper: one place in a status list for each award that was printed, taken before anything is signed.

A paper copy has no holder's key. It is revoked, suspended and reinstated with its award like every other copy, and it
claims nothing: the award stays free for a wallet. Trusted as store_copies.py is: revocation acts on these rows.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, or_, select, update

from issuer.books import store_copies
from issuer.books.store_copies import Wanted
from issuer.books.tables import AUDIT, AWARDS, CREDENTIALS
from issuer.standing import Standing
from keys import sealing

PAPER = "paper"
"""The configuration of the copies here: no wallet can ask for it."""
GUESSES_PER_AWARD = 20

INSTITUTION: BindParameter[Any] = bindparam("institution_")
AWARD: BindParameter[Any] = bindparam("award_")
NOW: BindParameter[Any] = bindparam("now_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One copy on paper: where its status stands and how, and the day it says it was issued."""

    list: str
    place: int
    status: int
    issued_at: int


_OF_AWARD = (AWARDS.c.institution == INSTITUTION, AWARDS.c.id == AWARD)
_TAKE = (  # the row of the award is taken first, as in a claim and in a revocation: whoever comes second sees the other
    update(AWARDS)
    .where(
        *_OF_AWARD,
        AWARDS.c.standing == Standing.VALID.value,
        AWARDS.c.release_at <= NOW,
        or_(AWARDS.c.expires_at == 0, AWARDS.c.expires_at > NOW),
    )
    .values(copies=AWARDS.c.copies)
    .returning(AWARDS.c.id)
)
_PAPERS = (
    select(CREDENTIALS.c.list, CREDENTIALS.c.place, CREDENTIALS.c.status, CREDENTIALS.c.issued_at)
    .where(CREDENTIALS.c.institution == INSTITUTION, CREDENTIALS.c.award == AWARD, CREDENTIALS.c.configuration == PAPER)
    .order_by(CREDENTIALS.c.list, CREDENTIALS.c.place)
)
_GUESS = (
    update(AWARDS)
    .where(*_OF_AWARD, AWARDS.c.pin_guesses < GUESSES_PER_AWARD)
    .values(pin_guesses=AWARDS.c.pin_guesses + 1)
    .returning(AWARDS.c.pin)
)
_FORGET_GUESSES = update(AWARDS).where(*_OF_AWARD).values(pin_guesses=0)
_WRITE_DOWN = AUDIT.insert()


def papers(connection: Connection, *, institution: str, award: str) -> tuple[Paper, ...]:
    """Every copy on paper that an award ever had."""
    rows = connection.execute(_PAPERS, {"institution_": institution, "award_": award})
    return tuple(Paper(list=row.list, place=row.place, status=row.status, issued_at=row.issued_at) for row in rows)


def living(connection: Connection, *, institution: str, award: str) -> Paper | None:
    """The copy on paper that is not revoked."""
    found = papers(connection, institution=institution, award=award)
    return next((paper for paper in found if paper.status != Standing.REVOKED.status), None)


def take(connection: Connection, *, wanted: Wanted, entry: dict[str, Any], now: int) -> Paper | None:
    """The award's living copy on paper, at a fresh place if there was none; None where the award may not be printed.

    `entry` is the line of the history for a fresh one.
    """
    keys = {"institution_": wanted.institution, "award_": wanted.award}
    if connection.execute(_TAKE, {**keys, "now_": now}).one_or_none() is None:
        return None
    there = living(connection, institution=wanted.institution, award=wanted.award)
    if there is not None:
        return there
    (place,) = store_copies.record(connection, wanted=wanted)
    connection.execute(_WRITE_DOWN, entry)
    return Paper(list=wanted.list, place=place, status=0, issued_at=wanted.issued_at)


def guess(connection: Connection, *, institution: str, award: str, pin: str) -> bool:
    """Whether the PIN (as digest) is the award's; every look at it is counted with those of wallets."""
    keys = {"institution_": institution, "award_": award}
    row = connection.execute(_GUESS, keys).one_or_none()
    if row is None or row.pin is None or not sealing.equal(row.pin, pin):
        return False
    connection.execute(_FORGET_GUESSES, keys)
    return True
