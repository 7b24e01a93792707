"""The `status` claim of a token that is in a status list: draft-ietf-oauth-status-list-20 section 6.2."""

from collections.abc import Mapping
from typing import Any

from credentials.credential import StatusKind, StatusReference
from credentials.errors import InvalidStatusList


def parse(claims: Mapping[str, Any]) -> tuple[StatusReference, ...]:
    """The places that the claim `status` names, none where there is no such claim; raises InvalidStatusList.

    A status mechanism that is not understood is refused: a credential that may be revoked unseen is not a good one.
    """
    if "status" not in claims:
        return ()
    try:
        entry = claims["status"]["status_list"]
        index, uri = entry["idx"], entry["uri"]
    except (KeyError, TypeError) as error:
        raise InvalidStatusList("The claim status names no status list that is understood here.") from error
    if type(index) is not int or index < 0 or not isinstance(uri, str) or not uri:
        raise InvalidStatusList("The claim status names no place in a status list.")
    return (StatusReference(kind=StatusKind.TOKEN, uri=uri, index=index),)


def to_claim(status: StatusReference) -> dict[str, Any]:
    """The value of the claim `status`; raises InvalidStatusList for a place in a list of another kind."""
    if status.kind is not StatusKind.TOKEN:
        raise InvalidStatusList("The claim status names a place in a token status list.")
    return {"status_list": {"idx": status.index, "uri": status.uri}}
