"""Why a document cannot be printed."""

from service.errors import Act, ServiceError


class LetterMissing(ServiceError):
    """A text has a letter that no font here has; printing it as a blank box would be worse than not printing it."""

    status = 422
    code = "letter_missing"
    title = "This cannot be printed here"
    act = Act.OPERATOR
    safe = "Nothing was changed, and nothing was printed with a letter left out."
    todo = "Ask the operator to add a font that has this letter."


class Unprintable(ServiceError):
    """The template or its values are not what the press can set: a fault of ours."""

    status = 500
    code = "unprintable"
    title = "This document cannot be printed"
    act = Act.OPERATOR
    todo = "Tell the operator the reference below."
