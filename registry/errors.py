"""What the registry refuses, each with a sentence for whoever writes into it or reads from it."""

from typing import ClassVar

from keys import strict_json
from service.errors import Act, BadRequest, Conflict, Forbidden, NotFound, ServiceError


class InvalidChange(BadRequest):
    """The change is not of a kind that this registry keeps, or lacks what its kind needs."""

    code = "invalid_change"
    title = "This change cannot be entered"


class NotEntitled(Forbidden):
    """Nobody on the way to the registry's own root may accredit for these types at this time."""

    code = "not_entitled"
    title = "This body may not accredit for that"
    todo = "Accredit the accrediting body first, for the same types and for at least as long."


class NotYours(Forbidden):
    """The key is for the changes of another body."""

    code = "not_yours"
    title = "This key is for another body"
    todo = "Use the key of the body that acts, or ask the registry's office to do it."


class NoCustody(Conflict):
    """No folder for the keys of bodies can be written to."""

    code = "no_custody"
    title = "This registry keeps no keys for others"
    todo = "Hand over public keys, or ask the operator for a folder that can be written to (REGISTRY_BODY_KEYS)."


class BrokenChain(Conflict):
    """The kept history does not follow from itself: somebody altered the store behind the registry's back."""

    code = "broken_chain"
    title = "The history of this registry was altered"
    todo = "Tell the operator at once. Nothing is published from an altered history."


# -- what EBSI's read API answers; the titles are EBSI's ---------------------------------------------------------------


class EbsiBadRequest(BadRequest):
    """A parameter is wrong; EBSI tells each complaint in a JSON array inside the detail."""

    title = "Bad Request"
    type: ClassVar[str] = "about:blank"

    def __init__(self, *complaints: str) -> None:
        super().__init__(strict_json.dump(list(complaints)).decode())


class EbsiNotFound(NotFound):
    """What was asked for is not in this registry."""

    type: ClassVar[str] = "about:blank"


class IdentifierNotFound(EbsiNotFound):
    """No such DID."""

    title = "Identifier Not Found"


class IssuerNotFound(EbsiNotFound):
    """No such issuer."""

    title = "Issuer Not Found"


class AttributeNotFound(EbsiNotFound):
    """The issuer has no such attribute."""

    title = "Attribute Not Found"


class RevisionNotFound(EbsiNotFound):
    """The attribute or schema has no such revision."""

    title = "Revision Not Found"


class ProxyNotFound(EbsiNotFound):
    """The issuer has no such proxy."""

    title = "Proxy Not Found"


class SchemaNotFound(EbsiNotFound):
    """No such schema."""

    title = "Schema Not Found"


class MetadataNotFound(EbsiNotFound):
    """The schema has no such metadata."""

    title = "Metadata Not Found"


class PolicyNotFound(EbsiNotFound):
    """No such policy."""

    title = "Policy Not Found"


class UserNotFound(EbsiNotFound):
    """No such user of the ledger."""

    title = "User Not Found"


class NotAcceptable(ServiceError):
    """The document is not to be had in the form that was asked for."""

    status = 406
    code = "not_acceptable"
    title = "Not Acceptable"
    type: ClassVar[str] = "about:blank"


class InvalidStatusListCredential(ServiceError):
    """The issuer's status list is not one."""

    status = 500
    code = "invalid_status_list"
    title = "Invalid Status List Credential"
    type: ClassVar[str] = "about:blank"
    act = Act.OTHER_PARTY


class UnreachableStatusListCredential(InvalidStatusListCredential):
    """The issuer's status list does not answer."""

    title = "Unreachable Status List Credential"
