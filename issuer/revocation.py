"""Approving, revoking, suspending, reinstating: one transaction for the award, its copies, their lists and the history.

A claim and a revocation take the award's row first, so whichever comes second sees the other: a revoked award has no
live copy. Revocation is final (ARF 3.0, VCR_04).
"""

from datetime import datetime

from issuer import identifiers
from issuer.books import store_awards
from issuer.books.store_awards import Change, StoredAward
from issuer.errors import FourEyes, RevocationIsFinal, StandingUnchanged, UnknownAward
from issuer.standing import Act, Standing
from issuer.tenancy.access import Caller
from service.database import Database

LONGEST_REASON = 500


async def change(
    database: Database, *, institution: str, award: str, act: Act, reason: str, caller: Caller, now: datetime
) -> StoredAward:
    """Does `act` to an award with every copy of it; returns it as it stands then.

    Raises UnknownAward, FourEyes, RevocationIsFinal or StandingUnchanged.
    """
    wanted = Change(
        institution=institution, award=award, act=act, entry=identifiers.create(now), actor=caller.label,
        who=caller.who, reason=reason, second=identifiers.create(now), now=int(now.timestamp()),
    )  # fmt: skip
    changed = await database.write(lambda books: store_awards.change(books, change=wanted))
    found = await database.read(lambda books: store_awards.find(books, institution=institution, award=award))
    if found is None:
        raise UnknownAward("This institution has no such award.")
    if changed is None and act is Act.APPROVE and found.standing is Standing.PENDING:
        raise FourEyes("Whoever awarded cannot approve the award.")
    if changed is None and found.standing is Standing.REVOKED:
        raise RevocationIsFinal("This award was revoked, and a revocation is final.")
    if changed is None:
        raise StandingUnchanged(f"This award is {found.standing.value}; there is nothing to {act.value}.")
    return found


async def offer_again(
    database: Database, *, institution: str, award: str, reason: str, caller: Caller, now: datetime
) -> StoredAward:
    """Makes an award claimable once more: an answer was lost, or a phone. Every copy given so far is revoked.

    Raises UnknownAward, or StandingUnchanged where the award is not valid.
    """
    wanted = Change(
        institution=institution, award=award, act=None, entry=identifiers.create(now), actor=caller.label,
        who=caller.who, reason=reason, now=int(now.timestamp()),
    )  # fmt: skip
    done = await database.write(lambda books: store_awards.offer_again(books, change=wanted))
    found = await database.read(lambda books: store_awards.find(books, institution=institution, award=award))
    if found is None:
        raise UnknownAward("This institution has no such award.")
    if not done:
        raise StandingUnchanged(f"This award is {found.standing.value}; it cannot be offered again.")
    return found
