"""What each line of a history says, and the message that asks a verifier to delete (GDPR article 17)."""

from collections.abc import Callable, Mapping

from wallet.history import Entry, Event

Say = Callable[..., str]
WORDS: Mapping[Event, str] = {
    Event.RECEIVED: "Taken in from {party}",
    Event.REJECTED: "Not taken in from {party}",
    Event.SHARED: "Shared with {party}",
    Event.DECLINED: "You said no to {party}",
    Event.FAILED: "Could not be shared with {party}",
    Event.REMOVED: "Removed, from {party}",
    Event.TURNED_DOWN: "You turned down what {party} offered",
    Event.ADDED: "You added it by hand; it names {party}",
    Event.BACKED_UP: "You made a backup",
    Event.BROUGHT_IN: "You brought in a backup of {party}",
    Event.LINKED: "You made a share link for {party}",
    Event.WITHDRAWN: "You withdrew the share link for {party}",
    Event.DELETION_ASKED: "You prepared a message that asks {party} to delete",
}
"""One sentence for each event."""
DELETABLE = frozenset({Event.SHARED, Event.FAILED})
"""After these, the other side may have something that can be deleted."""


def line(entry: Entry, *, t: Say) -> str:
    """What happened, in one sentence."""
    return t(WORDS[entry.event], party=entry.party)


def deletion(entry: Entry, *, day: str, t: Say) -> tuple[str, str]:
    """Subject and text of a message that asks whoever saw something to delete it."""
    subject = t("Please delete the data that I shared with you")
    shown = t(
        "On {day} I showed you facts from this certificate: {titles}.", day=day, titles=", ".join(entry.certificates)
    )
    text = "\n\n".join(
        (
            t("To {party} ({host}),", party=entry.party, host=entry.host),
            shown,
            t("These facts: {names}.", names=", ".join(entry.facts)),
            t("I ask you to delete them, with every copy, under article 17 of the General Data Protection Regulation."),
            t("Please confirm within one month that you have done so, or tell me which law obliges you to keep them."),
        )
    )
    return subject, text
