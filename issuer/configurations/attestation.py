"""EBSI's verifiable attestation: of an accredited institution under its DID, else as any W3C credential of VCDM 1.1.

Accredited, it names the accreditation (termsOfUse), the schemas in the registry and the status list behind the
registry's proxy (StatusList2021), and its subject is a did:key as EBSI has it; ebsi.md calls this the EBSI profile.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from credentials.credential import StatusKind, StatusReference
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning.mappings import ebsi_attestation
from credentials.learning.mappings.ebsi_attestation import Registries
from exchange.proof import Proof
from issuer.configurations.content import Accredited, Content, Copy, Signatory
from issuer.configurations.w3c import W3cConfiguration
from keys.did import methods

EBSI_DIDS = ("did:key:", "did:ebsi:")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationConfiguration(W3cConfiguration):
    """The attestation, which knows whether who issues it is accredited."""

    def references(self, content: Content, *, copy: Copy) -> tuple[StatusReference, ...]:
        """Where the status of a copy stands: behind the registry's proxy where the issuer is accredited."""
        accredited = content.accredited
        if accredited is None:
            return W3cConfiguration.references(self, content, copy=copy)
        return tuple(
            StatusReference(
                kind=StatusKind.STATUS_LIST_2021, uri=f"{accredited.list_uri}/{purpose}", index=copy.place,
                purpose=purpose,
            )
            for purpose in self.purposes
        )  # fmt: skip

    def sign(self, content: Content, *, copies: tuple[Copy, ...], by: Signatory) -> tuple[str, ...]:
        """The signed copies, in order."""
        accredited = content.accredited
        if accredited is None:
            return W3cConfiguration.sign(self, content, copies=copies, by=by)
        subject = self.subject(content.record, by.identifier)
        properties = _properties(content, accredited=accredited)
        return tuple(
            vc_jwt.issue_now(
                VcJwtContent(
                    id=f"urn:uuid:{uuid.uuid4()}",
                    types=self.added_types,
                    contexts=self.contexts,
                    issuer=by.identifier,
                    subject=subject,
                    holder_id=_holder(copy.holder),
                    properties=properties,
                    issued_at=accredited.issued_at,
                    expires=content.expires,
                    status=self.references(content, copy=copy),
                ),
                signer=by.signer,
                version=self.format,
                kid=by.key_id,
            )
            for copy in copies
        )


def _properties(content: Content, *, accredited: Accredited) -> dict[str, Any]:
    return ebsi_attestation.to_properties(
        content.record,
        issued_at=accredited.issued_at,
        schemas=accredited.schemas,
        terms_of_use=accredited.terms_of_use,
        registries=Registries(base=accredited.registry),
        proof_of_content=content.proof,
    )


def _holder(holder: Proof | None) -> str | None:
    """The holder by a DID that EBSI knows: its own where it proved one of these, or the key itself."""
    if holder is None:
        return None
    named = holder.holder_id
    return named if named is not None and named.startswith(EBSI_DIDS) else methods.create_ebsi_key(holder.key)
