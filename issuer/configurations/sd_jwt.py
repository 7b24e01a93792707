"""Configurations of `dc+sd-jwt`: the flat claims of our own type, and the types of others that say the same award."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from credentials.claims_path import ClaimsPath
from credentials.content_digest import ContentDigest
from credentials.credential import Format, StatusKind, StatusReference
from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.learning.micro_credential import MicroCredential
from issuer.configurations.content import Content, Copy, Signatory


class Claims(Protocol):
    """A module of credentials.learning: how a micro-credential becomes the claims of one type."""

    def to_claims(self, record: MicroCredential, *, proof_of_content: ContentDigest | None = None) -> dict[str, Any]:
        """The claims of `record`."""

    def disclosable(self, claims: Mapping[str, Any]) -> tuple[ClaimsPath, ...]:
        """The paths of the claims that the holder may keep back."""


def nothing_lacks(_record: MicroCredential) -> tuple[str, ...]:
    """Of a type that any record fills."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwtConfiguration:
    """A type of SD-JWT VC; `vct` is None for the deployment's own, whose metadata it publishes."""

    name: str
    title: str
    claims: Claims
    vct: str | None = None
    has_jti: bool = False
    lacking: Callable[[MicroCredential], tuple[str, ...]] = nothing_lacks

    @property
    def format(self) -> Format:
        """How it is secured."""
        return Format.SD_JWT_VC

    @property
    def is_own(self) -> bool:
        """Whether the type is ours, so that its metadata travels with it."""
        return self.vct is None

    def types(self, *, vct: str) -> tuple[str, ...]:
        """The type as metadata names it, where `vct` is the deployment's own."""
        return (self.vct or vct,)

    def references(self, content: Content, *, copy: Copy) -> tuple[StatusReference, ...]:
        """Where the status of a copy stands."""
        return (StatusReference(kind=StatusKind.TOKEN, uri=content.list_uri, index=copy.place),)

    def sign(self, content: Content, *, copies: tuple[Copy, ...], by: Signatory) -> tuple[str, ...]:
        """The signed copies, in order."""
        claims = self.claims.to_claims(content.record, proof_of_content=content.proof)
        disclosable = self.claims.disclosable(claims)
        return tuple(
            sd_jwt_vc.issue_now(
                SdJwtVcContent(
                    vct=self.vct or content.type_document.vct,
                    vct_integrity=content.type_document.integrity if self.is_own else None,
                    issuer=by.identifier,
                    claims={**claims, "jti": f"urn:uuid:{uuid.uuid4()}"} if self.has_jti else claims,
                    disclosable=disclosable,
                    holder_key=copy.holder.key if copy.holder else None,
                    issued_at=content.issued_at,
                    expires=content.expires,
                    status=self.references(content, copy=copy)[0],
                ),
                signer=by.signer,
                x5c=by.x5c,
            )
            for copy in copies
        )
