"""The verifier's own refusals, beside those of the packages below it."""

from service.errors import InvalidInput, Unavailable
from trust.report import ReasonCode


class InvalidOrder(InvalidInput):
    """What is to be asked for is not a template and not a query that can be sent."""

    code = "invalid_order"


class NoTypes(Unavailable):
    """No credential types are known: the list of accredited issuers cannot be had and none are configured."""

    code = "no_types"


class NotRead(Exception):
    """What was brought cannot be checked: why, by a code of the closed list and a case of its own, in a sentence."""

    def __init__(
        self, message: str, *, case: str, code: ReasonCode = ReasonCode.UNSUPPORTED_FORMAT, unsure: bool = False
    ) -> None:
        super().__init__(message)
        self.case = case
        self.code = code
        self.unsure = unsure  # it could not be had now, which is no word against it
