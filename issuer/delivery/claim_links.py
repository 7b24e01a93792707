"""How long a claim link is good, and which one it is.

A link is good for so many days from the award or its release. Sending it once more sends the same link and starts its
time anew, so that what was printed or sent before stays good as well. A link that went to the wrong person is replaced:
the award gets the next one, and every link before it leads nowhere from that moment on.
"""

from datetime import UTC, datetime, timedelta

from issuer.books.store_awards import StoredAward


def ends(award: StoredAward, *, life: timedelta) -> datetime:
    """Until when the claim link of an award is good: no longer than the micro-credential itself."""
    since = max(award.created_at, award.release_at, award.link_since)
    end = datetime.fromtimestamp(since, tz=UTC) + life
    return min(end, datetime.fromtimestamp(award.expires_at, tz=UTC)) if award.expires_at else end


def has_ended(award: StoredAward, *, life: timedelta, now: datetime) -> bool:
    """Whether the time of the link is over."""
    return ends(award, life=life) <= now
