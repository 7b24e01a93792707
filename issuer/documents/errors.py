"""Why a file cannot be made."""

from service.errors import Conflict


class NoSeal(Conflict):
    """There is nothing to seal with."""

    code = "no_seal"
    title = "This cannot be sealed yet"
    todo = "Ask for another file, or ask the university for a seal certificate."
