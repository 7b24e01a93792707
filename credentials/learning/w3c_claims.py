"""The micro-credential in a W3C credential (VCDM 2.0): a credentialSubject in the words of the European Learning Model.

The ELM context and that of VCDM 2.0 define a term differently, so this content is JSON under an enveloping signature
(vc+jwt) and is never canonicalised as RDF.
"""

from collections.abc import Mapping
from typing import Any

from credentials.content_digest import ContentDigest
from credentials.learning import elm, view
from credentials.learning.elm import writing
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import View

CONTEXTS = ("http://data.europa.eu/snb/model/context/edc-ap",)
TYPES = ("EuropeanDigitalCredential",)
"""What a credential adds to the context and the type of VCDM."""
LOST: Mapping[str, str] = writing.LOST
"""What a reader of these claims does not get back, and why."""


def to_subject(record: MicroCredential, *, holder_id: str | None = None) -> dict[str, Any]:
    """The credentialSubject that says what `record` says; `holder_id` is the DID of the holder's key."""
    return writing.subject(record, holder_id=holder_id)


def to_properties(record: MicroCredential, *, proof_of_content: ContentDigest | None = None) -> dict[str, Any]:
    """The members of the credential itself that come from `record`, beside its subject and its expiry."""
    proof = proof_of_content.to_claims() if proof_of_content else {}
    number = record.award.certificate_number
    certificate = {"type": "Identifier", "notation": number, "schemeName": {"en": ["Certificate number"]}}
    return proof | ({"identifier": [certificate]} if number else {})


def from_claims(claims: Mapping[str, Any]) -> View:
    """What a reader of the W3C credential `claims` (VCDM 1.1 or 2.0) sees. Nothing in it can be withheld."""
    record, found = elm.read(claims)
    return view.unread(findings=found) if record is None else view.of_record(record, findings=found)
