"""What our own issuer would sign, from claims as the peers write them: all in one object."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from credentials.claims_path import ClaimsPath
from credentials.credential import StatusKind, StatusReference
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from keys.jwk import PublicJwk

REGISTERED = {"iss", "vct", "iat", "exp", "status"}


def content(claims: Mapping[str, Any], *, disclosable: Collection[ClaimsPath], holder_key: PublicJwk) -> SdJwtVcContent:
    """The content whose payload is `claims`."""
    return SdJwtVcContent(
        vct=claims["vct"],
        issuer=claims["iss"],
        claims={name: value for name, value in claims.items() if name not in REGISTERED},
        disclosable=disclosable,
        holder_key=holder_key,
        issued_at=datetime.fromtimestamp(claims["iat"], tz=UTC),
        expires=datetime.fromtimestamp(claims["exp"], tz=UTC),
        status=_status(claims.get("status")),
    )


def _status(claim: Mapping[str, Any] | None) -> StatusReference | None:
    if claim is None:
        return None
    place = claim["status_list"]
    return StatusReference(kind=StatusKind.TOKEN, uri=place["uri"], index=place["idx"])
