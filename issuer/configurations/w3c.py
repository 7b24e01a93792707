"""Configurations of W3C credentials as JWTs: VCDM 2.0 (`vc+jwt`) and 1.1, in the words of ELM, EBSI or Open Badges."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from credentials.credential import Format, StatusKind, StatusReference
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning.micro_credential import MicroCredential
from exchange.proof import Proof
from issuer.configurations.content import Content, Copy, Signatory
from issuer.configurations.sd_jwt import nothing_lacks
from keys.did import methods

PURPOSES = ("revocation", "suspension")
KEYS_PATH = "/keys"
"""Where each key of an institution is fetched by its name, under the institution's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class W3cConfiguration:
    """A type of W3C credential in one version of the data model; its words come from a module of credentials.learning.

    `subject` and `properties` are given the identifier of the issuer beside what is said.
    """

    name: str
    title: str
    format: Format
    added_types: tuple[str, ...]
    contexts: tuple[str, ...]
    subject: Callable[[MicroCredential, str], dict[str, Any]]
    properties: Callable[[Content, str], dict[str, Any]]
    typ: str | None = None  # of the JWT, where a profile wants another than the data model
    registered: bool = False  # whether the JWT repeats what the credential says
    key_address: bool = False  # whether `kid` is the address where anybody gets the key
    purposes: tuple[str, ...] = PURPOSES  # of the status entries that there is room for
    lacking: Callable[[MicroCredential], tuple[str, ...]] = nothing_lacks

    @property
    def is_own(self) -> bool:
        """Whether the type is ours, so that its metadata travels with it."""
        return False

    def types(self, *, vct: str) -> tuple[str, ...]:
        """The types as metadata names them; `vct` is of no concern here."""
        del vct
        return ("VerifiableCredential", *self.added_types)

    def references(self, content: Content, *, copy: Copy) -> tuple[StatusReference, ...]:
        """Where the status of a copy stands: the same place of the same list, once for each purpose."""
        return tuple(
            StatusReference(
                kind=StatusKind.BITSTRING, uri=f"{content.list_uri}/{purpose}", index=copy.place, purpose=purpose
            )
            for purpose in self.purposes
        )

    def sign(self, content: Content, *, copies: tuple[Copy, ...], by: Signatory) -> tuple[str, ...]:
        """The signed copies, in order."""
        subject, properties = self.subject(content.record, by.identifier), self.properties(content, by.identifier)
        return tuple(
            vc_jwt.issue_now(
                VcJwtContent(
                    id=f"urn:uuid:{uuid.uuid4()}",
                    types=self.added_types,
                    contexts=self.contexts,
                    issuer=by.identifier,
                    subject=subject,
                    holder_id=_subject(copy.holder),
                    properties=properties,
                    issued_at=content.issued_at,
                    expires=content.expires,
                    status=self.references(content, copy=copy),
                    registered=self.registered,
                ),
                signer=by.signer,
                version=self.format,
                x5c=by.x5c,
                typ=self.typ,
                kid=f"{by.identifier}{KEYS_PATH}/{by.signer.public.kid}" if self.key_address else None,
            )
            for copy in copies
        )


def _subject(holder: Proof | None) -> str | None:
    return None if holder is None else holder.holder_id or methods.create_jwk(holder.key)
