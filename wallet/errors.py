"""What can keep a learner from going on, each with what is safe and what to do next (pages.md, "Words")."""

from service.errors import BadRequest, Conflict, Forbidden, Gone, InvalidInput, Upstream


class WrongPassphrase(InvalidInput):
    """The name is not known here, or the passphrase is another one: which of the two is not told."""

    code = "wrong_passphrase"
    title = "Name and passphrase do not fit together"
    safe = "Nothing was changed."
    todo = "Check both, then try again. Nobody can look up or reset a passphrase, not even the operator."


class NameTaken(Conflict):
    """Somebody holds a wallet under this name."""

    code = "name_taken"
    title = "This name is taken"
    todo = "Choose another name, or sign in if it is yours."


class PasskeyRefused(InvalidInput):
    """What the device answered does not prove what it should; `problems` says which check failed."""

    code = "passkey_refused"
    title = "The passkey was not accepted"
    todo = "Try once more. If it stays so, use your passphrase or your recovery kit."


class PassphraseNeeded(Conflict):
    """The passkey says who it is, and its device gives no key: the vault opens by the passphrase only."""

    code = "passphrase_needed"
    title = "Your passphrase is needed as well"
    todo = "Enter your passphrase: this device cannot unlock the wallet by the passkey alone."


class MistypedCode(InvalidInput):
    """What was typed is no recovery code: a letter is wrong or missing."""

    code = "mistyped_code"
    title = "This is not a recovery code"
    todo = "Compare it with your printed kit, letter by letter."


class WrongCode(InvalidInput):
    """The code is well formed and opens nothing (any more)."""

    code = "wrong_code"
    title = "This code opens no wallet"
    todo = "If you made a newer kit, use that one: it has replaced this one."


class ProofNeeded(Forbidden):
    """The change is a grave one, and the last proof is too long ago."""

    code = "proof_needed"
    title = "Please confirm that it is you"
    todo = "Confirm with your passkey or your passphrase, then repeat the step."


class LastWayIn(Conflict):
    """Without it nothing but the recovery kit would open the wallet."""

    code = "last_way_in"
    title = "This is your last way in"
    todo = "Add another passkey or a passphrase first."


class UnreadableLink(BadRequest):
    """What was scanned or pasted is neither an offer nor a request."""

    code = "unreadable_link"
    title = "This is not a link for a wallet"
    safe = "Nothing was sent and nothing was changed."
    todo = "Scan the code once more, or copy the whole link from the page that shows it."


class OfferRefused(BadRequest):
    """The offer cannot be followed: its issuer says something impossible, or something unsafe."""

    code = "offer_refused"
    title = "This offer cannot be used"
    safe = "Nothing was sent on your behalf, and what you hold is untouched."
    todo = "Ask the university for a new link. If it happens again, show them the sentence above."


class OfferSpent(Gone):
    """The code in the offer was used, has expired, or was withdrawn."""

    code = "offer_spent"
    title = "This offer has ended"
    safe = "What you hold is untouched."
    todo = "Open the university's page once more for a fresh link. If you hold the certificate already, you are done."


class UntrustedIssuer(Forbidden):
    """Whoever offers this is not recognised, so neither a PIN nor anything else goes there."""

    code = "untrusted_issuer"
    title = "We do not know who offers this"
    safe = "Nothing was sent, and no PIN was asked for."
    todo = "Ask your university whether this link is theirs. If it is, they have to be put on the list first."


class ConfirmationNeeded(Conflict):
    """The issuer cannot be looked up beforehand: the learner has to say that they expect this."""

    code = "confirmation_needed"
    title = "Do you know who sent you this?"
    todo = "Go on only if you expected this certificate from this address, and say so."


class PinNeeded(Conflict):
    """The offer asks for a PIN."""

    code = "pin_needed"
    title = "A PIN is needed"
    todo = "Enter the PIN that the university gave you, apart from the link."


class WrongPin(InvalidInput):
    """The university did not accept the PIN (or the offer has ended: it does not say which)."""

    code = "wrong_pin"
    title = "The PIN was not accepted"
    safe = "Nothing is lost. After a few wrong PINs the university ends the offer."
    todo = "Check the PIN and enter it again. If it is right, the offer may have ended: ask for a new link."


class UnlikelyPin(WrongPin):
    """The PIN cannot be the right one, so the guess is not spent."""

    safe = "Nothing was sent."
    todo = "Enter it as the university gave it to you."


class PartySilent(Upstream):
    """The other side does not answer, or not in the way it should."""

    code = "party_silent"
    title = "The other side does not answer"
    safe = "Your wallet remembers where it was; nothing was lost."
    todo = "Try again in a few minutes."


class InProgress(Conflict):
    """The same step is being done by another window or device."""

    code = "in_progress"
    title = "This is already under way"
    safe = "The step is carried out once only."
    todo = "Wait a few seconds, then reload the page."


class Ended(Gone):
    """The offer or request was answered before, or its time has passed."""

    code = "ended"
    title = "This has ended"
    safe = "What you hold is untouched."
    todo = "If you still need it, ask for a new link."


class RequestRefused(BadRequest):
    """The request is not what it claims to be, or asks in a way that nobody should answer."""

    code = "request_refused"
    title = "This request cannot be answered"
    safe = "Nothing was shared. Whoever asked has not learned whether you hold anything."
    todo = "Ask them for a new link. If it happens again, show them the sentence above."


class UnknownVerifier(Forbidden):
    """Who asks could not be established."""

    code = "unknown_verifier"
    title = "We cannot tell who asks"
    safe = "Nothing was shared. Whoever asked has not learned whether you hold anything."
    todo = "Ask them to check their certificate. Share nothing by another way that you would not share here."


class NothingFits(Conflict):
    """Nothing that is held answers the request."""

    code = "nothing_fits"
    title = "You hold nothing that fits"
    safe = "Nothing was shared."
    todo = "Take in the certificate first, or decline the request."


class AnswerRefused(BadRequest):
    """The verifier took the answer and said no to it."""

    code = "answer_refused"
    title = "They could not use your answer"
    safe = "Your certificates are untouched. What you agreed to was sent once."
    todo = "Ask them what was wrong, and for a new link."
