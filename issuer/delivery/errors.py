"""Why something is not delivered."""

from service.errors import Act, Conflict, Forbidden, InvalidInput, NotFound


class NotPrintable(Conflict):
    """An award that is not valid, not released yet, or has run out has no certificate."""

    code = "not_printable"
    todo = "Look at the state of the award."


class UnknownCertificate(NotFound):
    """The address on a certificate leads to none that was given here."""

    todo = "Type the address exactly as it is printed. If it is, the certificate is not one of ours."


class WrongPin(Forbidden):
    """The PIN that guards the claim was not given, or too many were tried."""

    code = "wrong_pin"
    todo = "Look for the PIN that your university gave you apart from the link, or ask for a new one."


class InvalidAddress(InvalidInput):
    """What should be an e-mail address is none that can be written to."""

    code = "invalid_address"


class NothingToSend(Conflict):
    """The award has no address, or nothing that could be claimed."""

    code = "nothing_to_send"
    title = "There is nothing to send"
    todo = "Give an address with the request, or look at the state of the award."


class MailIsOff(Conflict):
    """This deployment sends no mail."""

    code = "mail_is_off"
    title = "No mail is sent here"
    act = Act.OPERATOR
    todo = "Ask the operator to set ISSUER_SMTP_HOST, or hand out the claim link another way."


class UnknownMail(NotFound):
    """This institution sent no such mail."""

    todo = "Look for the Message-ID of the mail that came back."


class MailServerAway(Exception):
    """The mail server cannot be reached, or does not let us in; the code is what it said."""

    code = "mail_server_away"


class AnswerLost(Exception):
    """The connection ended while a message went over it: nobody knows who has it (RFC 5321, 6.1)."""

    code = "answer_lost"
