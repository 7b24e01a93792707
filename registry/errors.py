"""What the registry refuses, each with a sentence for whoever writes into it."""

from service.errors import BadRequest, Conflict, Forbidden


class InvalidChange(BadRequest):
    """The change is not of a kind that this registry keeps, or lacks what its kind needs."""

    code = "invalid_change"
    title = "This change cannot be entered"


class NotEntitled(Forbidden):
    """Nobody on the way to the registry's own root may accredit for these types at this time."""

    code = "not_entitled"
    title = "This body may not accredit for that"
    todo = "Accredit the accrediting body first, for the same types and for at least as long."


class BrokenChain(Conflict):
    """The kept history does not follow from itself: somebody altered the store behind the registry's back."""

    code = "broken_chain"
    title = "The history of this registry was altered"
    todo = "Tell the operator at once. Nothing is published from an altered history."
