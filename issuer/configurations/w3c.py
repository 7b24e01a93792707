"""Configurations of W3C credentials as JWTs: VCDM 2.0 (`vc+jwt`) and 1.1, in the words of ELM, EBSI or Open Badges."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from credentials.content_digest import ContentDigest
from credentials.credential import Format
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning.micro_credential import MicroCredential
from exchange.proof import Proof
from issuer.configurations import content as said
from issuer.configurations.content import Content, Copy, Signatory
from issuer.configurations.sd_jwt import nothing_lacks
from keys.did import methods


class Words(Protocol):
    """A module of credentials.learning: how a micro-credential becomes a subject, in one vocabulary."""

    @property
    def CONTEXTS(self) -> tuple[str, ...]:  # noqa: N802  # a constant of the module
        """The contexts beside that of VCDM."""

    @property
    def TYPES(self) -> tuple[str, ...]:  # noqa: N802  # a constant of the module
        """The types beside VerifiableCredential."""

    def to_subject(self, record: MicroCredential, *, holder_id: str | None = None) -> dict[str, Any]:
        """The credentialSubject of `record`."""

    def to_properties(
        self, record: MicroCredential, *, issued_at: datetime, proof_of_content: ContentDigest | None = None
    ) -> dict[str, Any]:
        """The members of the credential itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class W3cConfiguration:
    """A type of W3C credential in one version of the data model."""

    name: str
    title: str
    format: Format
    words: Words
    lacking: Callable[[MicroCredential], tuple[str, ...]] = nothing_lacks

    @property
    def is_own(self) -> bool:
        """Whether the type is ours, so that its metadata travels with it."""
        return False

    def types(self, *, vct: str) -> tuple[str, ...]:
        """The types as metadata names them; `vct` is of no concern here."""
        del vct
        return ("VerifiableCredential", *self.words.TYPES)

    def sign(self, content: Content, *, copies: tuple[Copy, ...], by: Signatory) -> tuple[str, ...]:
        """The signed copies, in order."""
        subject = self.words.to_subject(content.record)
        properties = self.words.to_properties(
            content.record, issued_at=content.issued_at, proof_of_content=content.proof
        )
        return tuple(
            vc_jwt.issue_now(
                VcJwtContent(
                    id=f"urn:uuid:{uuid.uuid4()}",
                    types=self.words.TYPES,
                    contexts=self.words.CONTEXTS,
                    issuer=by.identifier,
                    subject=subject,
                    holder_id=_subject(copy.holder),
                    properties=properties,
                    issued_at=content.issued_at,
                    expires=content.expires,
                    status=said.references(content, copy=copy, form=self.format),
                ),
                signer=by.signer,
                version=self.format,
                x5c=by.x5c,
            )
            for copy in copies
        )


def _subject(holder: Proof | None) -> str | None:
    return None if holder is None else holder.holder_id or methods.create_jwk(holder.key)
