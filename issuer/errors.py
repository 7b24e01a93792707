"""The issuer's own refusals, beside those of the service and of OpenID4VCI."""

from service.errors import Conflict, Forbidden, Gone, InvalidInput, NotFound, Unavailable


class UnknownInstitution(NotFound):
    """No institution goes by this name here."""


class UnknownAward(NotFound):
    """This institution has no such award; what other institutions have is not told."""

    todo = "Check the address, or look for the award in your list."


class UnknownCourse(NotFound):
    """This institution has no such course."""


class UnknownClaim(NotFound):
    """The claim link leads to no award."""

    todo = "Open the link exactly as it was sent to you, or ask your university for it once more."


class UnknownPerson(NotFound):
    """This institution has no such person."""


class UnknownKey(NotFound):
    """This institution has no such API key."""


class UnknownInvitation(NotFound):
    """The invitation was used, has run out, or was never given."""

    title = "This invitation no longer counts"
    todo = "Ask the person who invited you for a new one."


class LastAdministrator(Conflict):
    """Without this person nobody could let anybody in."""

    code = "last_administrator"
    title = "This is the last administrator"
    todo = "Make somebody else an administrator first, and wait until they have joined."


class OfferUsed(Gone):
    """The offer was fetched before, ran out, or its award cannot be claimed any more."""

    todo = "Open your claim link again: every visit gives a fresh code."


class RevocationIsFinal(Conflict):
    """A revoked award stays revoked (ARF 3.0, VCR_04)."""

    code = "revocation_is_final"
    todo = "Award the micro-credential again if the revocation was a mistake."


class StandingUnchanged(Conflict):
    """The award already stands that way."""

    code = "standing_unchanged"


class FourEyes(Forbidden):
    """Who awarded cannot approve."""

    code = "four_eyes"
    title = "Another person must approve this"
    todo = "Ask a colleague who may approve awards."


class Superseded(Conflict):
    """The award was corrected by another one already."""

    code = "superseded"
    todo = "Correct the award that took its place."


class OtherBody(InvalidInput):
    """The idempotency key was used for another request."""

    code = "idempotency_key_reused"
    title = "This key belongs to another request"
    todo = "Send a new Idempotency-Key with a new request."


class UnfitCredential(Unavailable):
    """The credential that was just signed does not pass our own check; it is not handed out."""

    code = "unfit_credential"


class KeysMissing(Unavailable):
    """The signing keys of an institution cannot be read."""

    code = "keys_missing"


class UnknownBatch(NotFound):
    """This institution has no such batch."""


class BatchEnded(Conflict):
    """The batch is in a state from which this is not to be had."""

    code = "batch_ended"


class BatchRuns(Conflict):
    """The batch is still being made."""

    code = "batch_runs"
    todo = "Wait until every row is made, or cancel what is left."


class UnknownWebhook(NotFound):
    """This institution has no such webhook, or no such message."""


class PartMissing(Conflict):
    """A part of a batch that was to be awarded is not there."""

    code = "part_missing"
