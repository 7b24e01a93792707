"""The micro-credential in a W3C credential (VCDM 2.0) in the words of the European Learning Model 3.2, profile EDC 1.2.

The ELM context and that of VCDM 2.0 define a term differently, so this content is JSON under an enveloping signature
(vc+jwt) and is never canonicalised as RDF. It follows EBSI's JSON Schema of the European digital credential; that
knows no status list, so a `credentialStatus` is the one thing of ours that it does not expect.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from credentials import validity
from credentials.content_digest import ContentDigest
from credentials.formats import vc_jwt_reading
from credentials.learning import elm, view
from credentials.learning.elm import display, writing
from credentials.learning.findings import Finding
from credentials.learning.mappings import open_badge
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import View

CONTEXTS = ("http://data.europa.eu/snb/model/context/edc-ap",)
TYPES = ("VerifiableAttestation", "EuropeanDigitalCredential")
"""What a credential adds to the context and the type of VCDM."""
SHAPES = "http://data.europa.eu/snb/model/ap/edc-generic-full"
EBSI_SCHEMA = (
    "https://api-pilot.ebsi.eu/trusted-schemas-registry/v3/schemas/"
    "0x7ff3bc76bd5e37b3d29721b8698646a722a24a4f4ab0a0ba63d4bbbe0ef9758d"
)
SCHEMAS: tuple[Mapping[str, str], ...] = (
    {"id": SHAPES, "type": "ShaclValidator2017"},
    {"id": EBSI_SCHEMA, "type": "JsonSchema"},
)
"""What EBSI's own examples of this credential are checked with."""
LOST: Mapping[str, str] = writing.LOST
"""What a reader of these claims does not get back, and why."""


def to_subject(record: MicroCredential, *, holder_id: str | None = None) -> dict[str, Any]:
    """The credentialSubject that says what `record` says; `holder_id` is the DID of the holder's key."""
    return writing.subject(record, holder_id=holder_id)


def to_properties(
    record: MicroCredential, *, issued_at: datetime | None = None, proof_of_content: ContentDigest | None = None
) -> dict[str, Any]:
    """The members of the credential itself that come from `record`, beside its subject and its expiry."""
    return {
        **(proof_of_content.to_claims() if proof_of_content else {}),
        **({"issued": validity.to_timestamp(issued_at)} if issued_at else {}),
        "credentialSchema": [dict(schema) for schema in SCHEMAS],
        **display.members(record),
    }


def read(claims: Mapping[str, Any]) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential in `claims`, complete or not, and what was odd; None without title or date."""
    return elm.read(claims)


def from_claims(claims: Mapping[str, Any]) -> View:
    """What a reader of the W3C credential `claims` (VCDM 1.1 or 2.0) sees, an Open Badge too: nothing is withheld."""
    record, found = open_badge.read(claims) if vc_jwt_reading.is_badge(claims) else read(claims)
    return view.unread(findings=found) if record is None else view.of_record(record, findings=found)
