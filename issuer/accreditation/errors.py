"""What is said where an institution is not accredited for what it is about to do, or where nobody can tell."""

from service.errors import Act, Forbidden, Unavailable


class NotAccredited(Forbidden):
    """The institution holds no accreditation for this type of credential, place and level."""

    code = "not_accredited"
    title = "This institution is not accredited for this"
    act = Act.OTHER_PARTY
    todo = "Ask the body that accredits your institution, or leave the format out of the course."


class AccreditationUnknown(Unavailable):
    """The registry of accreditations does not answer, and nothing fresh is remembered."""

    code = "accreditation_unknown"
    title = "The registry of accreditations does not answer"
    act = Act.OTHER_PARTY
