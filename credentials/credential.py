"""A credential as everybody above sees it, whatever secures it: who says what about whom, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from credentials.claims_path import ClaimsPath
from keys.jwk import PublicJwk


class Format(StrEnum):
    """The securing mechanisms spoken here."""

    SD_JWT_VC = "dc+sd-jwt"
    VC_JWT = "vc+jwt"  # VCDM 2.0, secured as W3C vc-jose-cose says
    VC_JWT_1 = "jwt_vc_json"  # VCDM 1.1, section 6.3.1

    @property
    def openid_name(self) -> str:
        """The format identifier on the wire of OpenID4VCI and OpenID4VP: both JWT forms share one."""
        return "dc+sd-jwt" if self is Format.SD_JWT_VC else "jwt_vc_json"


class StatusKind(StrEnum):
    """The ways in which a list says what became of a credential."""

    TOKEN = "token"  # noqa: S105  # the IETF's Token Status List, no secret
    BITSTRING = "bitstring"
    STATUS_LIST_2021 = "status_list_2021"  # what EBSI still has


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReference:
    """Where to look whether a credential still stands: place `index` of the list at `uri`."""

    kind: StatusKind
    uri: str
    index: int
    purpose: str | None = None  # of a bitstring entry: revocation, suspension, message, refresh
    size: int = 1  # bits an entry; a token list says its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What one credential says. Nothing in it is verified by being here."""

    format: Format
    raw: str
    header: Mapping[str, Any]
    types: tuple[str, ...]  # the vct, or every W3C type
    issuer: str
    holder_key: PublicJwk | None
    holder_id: str | None  # the DID of the subject, where that is how the holder is named
    claims: Mapping[str, Any]  # only what is disclosed
    disclosed: tuple[ClaimsPath, ...]  # what came by disclosure
    disclosable: tuple[ClaimsPath, ...]  # what can be held back when this text is presented
    issued_at: datetime | None
    not_before: datetime | None
    expires: datetime | None
    status: tuple[StatusReference, ...]  # every place has to be looked up; empty: the issuer keeps no status
    key_id: str | None
    chain_x5c: tuple[str, ...]
