"""Offers and tokens: a code is redeemed once, by compare-and-set. OpenID4VCI 1.0 sections 4.1.3, 6 and 13.6.

Trusted: whoever can add an offer or reset a state here can have a credential issued to a key of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, case, delete, insert, or_, select, update

from issuer.books.tables import AWARDS, OFFERS
from issuer.standing import Standing

FAILURES_PER_CODE = 5
GUESSES_PER_AWARD = 20  # over all its codes: a fresh code is no fresh chance

INSTITUTION: BindParameter[Any] = bindparam("institution_")
CODE: BindParameter[Any] = bindparam("code_")
PIN: BindParameter[Any] = bindparam("pin_")
NOW: BindParameter[Any] = bindparam("now_")
TOKEN: BindParameter[Any] = bindparam("token_")
TOKEN_EXPIRES_AT: BindParameter[Any] = bindparam("token_expires_at_")


class Offer(StrEnum):
    """The life of one offer; exchange/states.py has the same steps in the specification's words."""

    OPEN = "open"
    REDEEMED = "redeemed"
    WITHDRAWN = "withdrawn"  # used twice: its token is good for nothing more
    DEAD = "dead"  # too many wrong PINs


class Grant(StrEnum):
    """What became of one try to redeem a code."""

    GRANTED = "granted"
    UNKNOWN = "unknown"
    USED = "used"
    PIN_MISSING = "pin_missing"
    PIN_UNASKED = "pin_unasked"
    PIN_WRONG = "pin_wrong"
    NOT_CLAIMABLE = "not_claimable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A try to redeem a code for a token, both by their digests."""

    institution: str
    code: str
    token: str
    token_expires_at: int
    now: int

    @property
    def keys(self) -> dict[str, Any]:
        """What the statements ask for."""
        return {
            "institution_": self.institution, "code_": self.code, "now_": self.now, "token_": self.token,
            "token_expires_at_": self.token_expires_at,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An offer that was just fetched: whether it asks for a PIN, and the configurations it names."""

    with_pin: bool
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a code is for."""

    award: str
    formats: tuple[str, ...]


# By key, for the one offer: as EXISTS, PostgreSQL may read all awards of the institution to join them.
_CLAIMABLE = (
    OFFERS.c.award
    == select(AWARDS.c.id)
    .where(
        AWARDS.c.institution == OFFERS.c.institution,
        AWARDS.c.id == OFFERS.c.award,
        AWARDS.c.standing == Standing.VALID.value,
        AWARDS.c.claimed_at.is_(None),
    )
    .correlate(OFFERS)
    .scalar_subquery()
)


_LIVE = and_(
    OFFERS.c.institution == INSTITUTION,
    OFFERS.c.code == CODE,
    OFFERS.c.state == Offer.OPEN.value,
    OFFERS.c.failures < FAILURES_PER_CODE,
    OFFERS.c.expires_at > NOW,
)

NO_TOKEN = {"token": None, "token_expires_at": None}

_OPEN = insert(OFFERS)
_FETCH = (
    update(OFFERS)
    .where(
        OFFERS.c.institution == INSTITUTION,
        OFFERS.c.reference == bindparam("reference_"),
        OFFERS.c.code.is_(None),
        OFFERS.c.expires_at > NOW,
        _CLAIMABLE,
    )
    .values(code=CODE)
    .returning(OFFERS.c.pin, OFFERS.c.formats)
)
_REDEEM = (
    update(OFFERS)
    .where(_LIVE, OFFERS.c.pin.is_(None), _CLAIMABLE)
    .values(state=Offer.REDEEMED.value, token=TOKEN, token_expires_at=TOKEN_EXPIRES_AT)
    .returning(OFFERS.c.award)
)
_RIGHT = OFFERS.c.pin == PIN
_GUESS = (  # the look at the PIN and the count of the failure are one statement: no guess is free
    update(OFFERS)
    .where(_LIVE, OFFERS.c.pin.is_not(None), _CLAIMABLE)
    .values(
        state=case(
            (_RIGHT, Offer.REDEEMED.value),
            (OFFERS.c.failures + 1 >= FAILURES_PER_CODE, Offer.DEAD.value),
            else_=Offer.OPEN.value,
        ),
        failures=OFFERS.c.failures + case((_RIGHT, 0), else_=1),
        token=case((_RIGHT, TOKEN), else_=None),
        token_expires_at=TOKEN_EXPIRES_AT,
    )
    .returning(OFFERS.c.state)
)
_COUNT_GUESS = (
    update(AWARDS)
    .where(
        AWARDS.c.institution == INSTITUTION,
        AWARDS.c.id == bindparam("award_"),
        AWARDS.c.pin_guesses < GUESSES_PER_AWARD,
    )
    .values(pin_guesses=AWARDS.c.pin_guesses + 1)
    .returning(AWARDS.c.id)
)
_FORGET_GUESSES = (
    update(AWARDS).where(AWARDS.c.institution == INSTITUTION, AWARDS.c.id == bindparam("award_")).values(pin_guesses=0)
)
_LOOK = select(OFFERS.c.award, OFFERS.c.state, OFFERS.c.pin, OFFERS.c.expires_at, OFFERS.c.formats).where(
    OFFERS.c.institution == INSTITUTION, OFFERS.c.code == CODE
)
_WITHDRAW = (
    update(OFFERS)
    .where(OFFERS.c.institution == INSTITUTION, OFFERS.c.code == CODE, OFFERS.c.state == Offer.REDEEMED.value)
    .values(state=Offer.WITHDRAWN.value)
)
_FORGET_OFFERS = delete(OFFERS).where(
    OFFERS.c.expires_at <= NOW, or_(OFFERS.c.state == Offer.OPEN.value, OFFERS.c.expires_at <= NOW - 86_400)
)


def open_offer(
    connection: Connection, *, institution: str, reference: str, award: str, pin: str | None, expires_at: int,
    formats: Sequence[str], code: str | None = None,
) -> None:  # fmt: skip
    """Records an offer under the digest of its reference, or at once with the digest of its code."""
    row: dict[str, Any] = {
        "institution": institution, "reference": reference, "award": award, "pin": pin, "expires_at": expires_at,
        "formats": " ".join(formats), "code": code, "state": Offer.OPEN.value, "failures": 0, **NO_TOKEN,
    }  # fmt: skip
    connection.execute(_OPEN, row)


def fetch(connection: Connection, *, institution: str, reference: str, code: str, now: int) -> Fetched | None:
    """Puts the code into an offer that nobody fetched yet: what it offers; None where it was fetched or is over."""
    values = {"institution_": institution, "reference_": reference, "code_": code, "now_": now}
    row = connection.execute(_FETCH, values).one_or_none()
    return None if row is None else Fetched(with_pin=row.pin is not None, formats=tuple(row.formats.split()))


def redeem(connection: Connection, *, asked: Redemption) -> Grant:
    """Takes a code for which no PIN is asked, and records its token; a second use withdraws the token of the first."""
    if connection.execute(_REDEEM, asked.keys).one_or_none() is None:
        return _why_not(connection, asked=asked, with_pin=False)
    return Grant.GRANTED


def offered(connection: Connection, *, institution: str, code: str) -> Offered | None:
    """What a code is for: the award, so that a PIN can be digested for it, and the formats."""
    row = connection.execute(_LOOK, {"institution_": institution, "code_": code}).one_or_none()
    return None if row is None else Offered(award=row.award, formats=tuple(row.formats.split()))


def redeem_with_pin(connection: Connection, *, asked: Redemption, award: str, pin: str) -> Grant:
    """Takes a code by its PIN (as digest). Every look at the PIN is counted, for the code and for the award."""
    of_award = {"institution_": asked.institution, "award_": award}
    if connection.execute(_COUNT_GUESS, of_award).one_or_none() is None:
        return Grant.PIN_WRONG
    row = connection.execute(_GUESS, {**asked.keys, "pin_": pin}).one_or_none()
    if row is None:
        return _why_not(connection, asked=asked, with_pin=True)
    if row.state != Offer.REDEEMED.value:
        return Grant.PIN_WRONG
    connection.execute(_FORGET_GUESSES, of_award)
    return Grant.GRANTED


def forget(connection: Connection, *, now: int) -> None:
    """Removes offers that ran out unused, and what is a day past its end."""
    connection.execute(_FORGET_OFFERS, {"now_": now})


def _why_not(connection: Connection, *, asked: Redemption, with_pin: bool) -> Grant:
    keys = {"institution_": asked.institution, "code_": asked.code}
    row = connection.execute(_LOOK, keys).one_or_none()
    if row is None or row.expires_at <= asked.now:
        return Grant.UNKNOWN
    if row.state in {Offer.REDEEMED.value, Offer.WITHDRAWN.value}:
        connection.execute(_WITHDRAW, keys)
        return Grant.USED
    if row.pin is not None and not with_pin:
        return Grant.PIN_MISSING
    if row.pin is None and with_pin:
        return Grant.PIN_UNASKED
    return Grant.PIN_WRONG if row.state == Offer.DEAD.value else Grant.NOT_CLAIMABLE
