"""What the copies of one award say, and what each has for itself: a holder's key, and a place in the status list."""

from dataclasses import dataclass
from datetime import datetime

from credentials.content_digest import ContentDigest
from credentials.learning.micro_credential import MicroCredential
from exchange.proof import Proof
from issuer.configurations.type_document import TypeDocument
from keys.signer import SoftwareSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """Who signs: the institution by its identifier, with its active key and the chain that certifies it."""

    identifier: str
    signer: SoftwareSigner
    x5c: tuple[str, ...]
    key_id: str | None = None  # the DID URL of the key, where a DID says who signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Accredited:
    """What an institution issues under that a registry of EBSI's kind accredits: its DID, and the accreditation."""

    signatory: Signatory
    registry: str  # its base address
    terms_of_use: str  # the address of the accreditation
    schemas: tuple[str, ...]  # ids of schemas in the registry, that of attestations first
    list_uri: str  # of the status list, through the registry's proxy; without the purpose
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What every copy says; `proof` is the same for all formats of the award."""

    record: MicroCredential
    proof: ContentDigest
    type_document: TypeDocument
    list_uri: str
    issued_at: datetime
    expires: datetime | None
    accredited: Accredited | None = None  # for the configuration that wants it, and only for that


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What one copy has for itself: the holder's key (None: it is for paper), and its place in the status list."""

    holder: Proof | None
    place: int
