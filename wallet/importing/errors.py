"""Why something cannot be added by hand."""

from service.errors import InvalidInput


class NothingInside(InvalidInput):
    """There is no certificate in it that can be kept."""

    code = "nothing_inside"
    title = "There is no certificate in it"
    safe = "Nothing in your wallet was changed."
    todo = "Choose the file that you were given with the certificate, or ask for it in another form."


class NotGenuine(InvalidInput):
    """It is damaged, or was altered after it was signed."""

    code = "not_genuine"
    title = "This is not what its issuer signed"
    safe = "It was not kept, and nothing in your wallet was changed."
    todo = "Ask whoever gave it to you for the original file."
