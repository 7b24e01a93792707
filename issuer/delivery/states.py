"""The life of a mail. RFC 5321 section 6.1: from the end of DATA to its answer, nobody knows whose the message is.

That span is a state of its own here, HANDING: it is in the books before the message goes over the wire. Whoever dies
before it is done again from the beginning; whoever dies in it leaves the mail UNSURE, and it is not sent a second time
by itself: people see it in the award's history of mails and can send again, and the reminder follows either way.
"""

from collections.abc import Mapping
from enum import StrEnum


class Mail(StrEnum):
    """Where a mail is."""

    QUEUED = "queued"
    SENDING = "sending"  # leased by one process, nothing of it has left
    HANDING = "handing"  # it is going over the wire
    SENT = "sent"  # a mail server has taken it over
    UNSURE = "unsure"  # perhaps it was taken over: the answer never came
    BOUNCED = "bounced"  # refused for good, at once or by a later notice
    FAILED = "failed"  # given up: refused for now too often, or because of how this service is set up
    WITHDRAWN = "withdrawn"  # there is nothing to tell any more, or the learner wants no mail


class Step(StrEnum):
    """What happens to a mail."""

    LEASE = "lease"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    POSTPONED = "postponed"
    LOST = "lost"
    NOTICE = "notice"
    GIVE_UP = "give_up"
    WITHDRAW = "withdraw"


NEXT: Mapping[tuple[Mail, Step], Mail] = {
    (Mail.QUEUED, Step.LEASE): Mail.SENDING,
    (Mail.SENDING, Step.LEASE): Mail.SENDING,  # once the lease of a dead process has run out
    (Mail.SENDING, Step.RELEASE): Mail.QUEUED,
    (Mail.SENDING, Step.POSTPONED): Mail.QUEUED,
    (Mail.SENDING, Step.REFUSED): Mail.BOUNCED,
    (Mail.SENDING, Step.GIVE_UP): Mail.FAILED,
    (Mail.SENDING, Step.WITHDRAW): Mail.WITHDRAWN,
    (Mail.SENDING, Step.HAND_OVER): Mail.HANDING,
    (Mail.HANDING, Step.ACCEPTED): Mail.SENT,
    (Mail.HANDING, Step.REFUSED): Mail.BOUNCED,
    (Mail.HANDING, Step.POSTPONED): Mail.QUEUED,  # refused for now: it was not taken over
    (Mail.HANDING, Step.GIVE_UP): Mail.FAILED,
    (Mail.HANDING, Step.LOST): Mail.UNSURE,
    (Mail.UNSURE, Step.ACCEPTED): Mail.SENT,  # by the process that was only slow
    (Mail.UNSURE, Step.NOTICE): Mail.BOUNCED,
    (Mail.SENT, Step.NOTICE): Mail.BOUNCED,
}


def sources(step: Step) -> frozenset[Mail]:
    """The states in which `step` can happen."""
    return frozenset(state for state, each in NEXT if each is step)


def result(step: Step) -> Mail:
    """The state after `step`, which is the same from every source."""
    return next(after for (_, each), after in NEXT.items() if each is step)


class Kind(StrEnum):
    """What a mail is about."""

    CLAIM = "claim"  # the link
    CORRECTION = "correction"  # the link to what takes the place of a wrong award
    PIN = "pin"  # the PIN, where the institution asked for it to be mailed apart
    REMINDER = "reminder"
