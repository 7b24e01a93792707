"""Why there is no dossier."""

from service.errors import InvalidInput, ServiceError


class NotReadable(InvalidInput):
    """What was handed over is no credential and no document of one."""

    code = "malformed"


class NothingShown(InvalidInput):
    """The answer that was kept shows nothing of a certificate that could be weighed."""

    code = "nothing_shown"


class InvalidCourse(InvalidInput):
    """The course to compare with is not told in a way that can be read."""

    code = "invalid_course"


class InvalidCriteria(ServiceError):
    """The table of criteria is not one: a fault of whoever runs this service."""

    status = 500
    code = "invalid_criteria"
    title = "The table of criteria cannot be read"


class InvalidStatement(InvalidInput):
    """The outcome that is to be signed lacks something."""

    code = "invalid_statement"
