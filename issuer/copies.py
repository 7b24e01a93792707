"""The copies of one micro-credential: each says the same to another key, at another place, with salts of its own.

Nothing but key, place and salts differs between copies, so that two of them cannot be told to belong together
(security.md (d)): all are issued at the same midnight. What is signed is read back and checked before it is handed out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from credentials.credential import Credential, Format, StatusKind, StatusReference
from credentials.errors import CredentialsError
from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.learning import flat_claims
from credentials.learning.micro_credential import MicroCredential
from exchange.proof import Proof
from issuer.errors import UnfitCredential
from issuer.tenancy.offices import Office
from keys.errors import KeysError


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What every copy says."""

    record: MicroCredential
    vct: str
    vct_integrity: str
    issued_at: datetime
    expires: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What one copy has for itself: the holder's key, and its place in the status list at `list_uri`."""

    holder: Proof
    list_uri: str
    place: int


def midnight(now: datetime) -> datetime:
    """The beginning of the day (UTC): the time of issue that all copies of a day share."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def sign(content: Content, *, copies: tuple[Copy, ...], form: Format, office: Office, now: datetime) -> tuple[str, ...]:
    """The signed copies, in order; raises UnfitCredential where one does not pass its own check."""
    signed = SIGN[form](content, copies, office)
    for copy, text in zip(copies, signed, strict=True):
        _check(text, copy=copy, content=content, office=office, now=now)
    return signed


def _sign_sd_jwt(content: Content, copies: tuple[Copy, ...], office: Office) -> tuple[str, ...]:
    claims = flat_claims.to_claims(content.record)
    disclosable = flat_claims.disclosable(claims)
    signer = office.keyring.active.signer
    return tuple(
        sd_jwt_vc.issue_now(
            SdJwtVcContent(
                vct=content.vct,
                vct_integrity=content.vct_integrity,
                issuer=office.identifier,
                claims=claims,
                disclosable=disclosable,
                holder_key=copy.holder.key,
                issued_at=content.issued_at,
                expires=content.expires,
                status=StatusReference(kind=StatusKind.TOKEN, uri=copy.list_uri, index=copy.place),
            ),
            signer=signer,
            x5c=office.x5c,
        )
        for copy in copies
    )


SIGN: Mapping[Format, Callable[[Content, tuple[Copy, ...], Office], tuple[str, ...]]] = {Format.SD_JWT_VC: _sign_sd_jwt}


def _check(text: str, *, copy: Copy, content: Content, office: Office, now: datetime) -> None:
    try:
        parsed = sd_jwt_vc.parse_issued(text)
        sd_jwt_vc.verify_signature(parsed, key=office.keyring.active.signer.public)
        sd_jwt_vc.check_time(parsed.credential, now=now)
    except (CredentialsError, KeysError) as error:
        raise UnfitCredential("The credential did not pass our own check and was not handed out.") from error
    if not _says_what_it_should(parsed.credential, copy=copy, content=content, office=office):
        raise UnfitCredential("The credential does not say what it should and was not handed out.")


def _says_what_it_should(credential: Credential, *, copy: Copy, content: Content, office: Office) -> bool:
    return (
        credential.issuer == office.identifier
        and credential.holder_key == copy.holder.key
        and [(status.uri, status.index) for status in credential.status] == [(copy.list_uri, copy.place)]
        and credential.expires == content.expires
    )
