"""The type metadata of the deployment's own SD-JWT VC type, as it is served and as credentials name it."""

from dataclasses import dataclass

from credentials import type_metadata
from credentials.learning import flat_claims, labels
from credentials.type_metadata import TypeMetadata
from keys import strict_json


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDocument:
    """The type metadata of our credentials as it is served, with the digest that credentials carry."""

    vct: str
    body: bytes
    integrity: str
    metadata: TypeMetadata


def type_document(vct: str) -> TypeDocument:
    """The type metadata of the credentials of this deployment."""
    body = strict_json.dump(flat_claims.type_metadata(vct, languages=tuple(labels.NAMES)))
    return TypeDocument(vct=vct, body=body, integrity=type_metadata.integrity(body), metadata=type_metadata.parse(body))
