"""Why something is not delivered."""

from service.errors import Conflict, Forbidden, NotFound


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
