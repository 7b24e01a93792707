"""The verifier's own refusals, beside those of the packages below it."""

from service.errors import InvalidInput, Unavailable


class InvalidOrder(InvalidInput):
    """What is to be asked for is not a template and not a query that can be sent."""

    code = "invalid_order"


class NoTypes(Unavailable):
    """No credential types are known: the list of accredited issuers cannot be had and none are configured."""

    code = "no_types"
