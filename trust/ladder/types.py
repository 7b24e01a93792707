"""The type of a credential as its publisher describes it, and what it extends: SD-JWT VC, "Type Metadata"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from credentials import type_metadata
from credentials.credential import Credential
from credentials.errors import InvalidTypeMetadata
from credentials.type_metadata import TypeMetadata
from trust.errors import ResolutionFailed
from trust.resolver import Resolver, TypeDocument

LONGEST: Final = 8


async def describe(credential: Credential, *, resolver: Resolver | None, now: datetime) -> TypeMetadata:
    """The type metadata of `credential`; raises ResolutionFailed, or InvalidTypeMetadata if it is not as promised."""
    if resolver is None:
        raise ResolutionFailed("there is no way here to look up types")
    documents: list[TypeDocument] = []
    wanted: str | None = credential.types[0]
    while wanted is not None:
        _check_line(documents, wanted=wanted)
        documents.append(await resolver.type_metadata(wanted, now=now))
        wanted = documents[-1].metadata.extends
    return _folded(documents, credential=credential)


def describe_now(credential: Credential, *, resolver: Resolver, now: datetime) -> TypeMetadata | None:
    """The same if all of it is at hand, else None; raises as `describe` does."""
    documents: list[TypeDocument] = []
    wanted: str | None = credential.types[0]
    while wanted is not None:
        _check_line(documents, wanted=wanted)
        document = resolver.type_metadata_now(wanted, now=now)
        if document is None:
            return None
        documents.append(document)
        wanted = document.metadata.extends
    return _folded(documents, credential=credential)


def _check_line(documents: Sequence[TypeDocument], *, wanted: str) -> None:
    """A type extends neither itself nor without end (SD-JWT VC, "Circular extends Dependencies")."""
    if len(documents) >= LONGEST or any(document.metadata.vct == wanted for document in documents):
        raise InvalidTypeMetadata("the types extend one another in a circle, or without end")


def _folded(documents: Sequence[TypeDocument], *, credential: Credential) -> TypeMetadata:
    promised = credential.claims.get("vct#integrity")
    wanted: str | None = credential.types[0]
    for document in documents:
        if promised is not None:
            type_metadata.check_integrity(document.raw, promised=str(promised))
        if document.metadata.vct != wanted:
            raise InvalidTypeMetadata("the type metadata describes another type")
        wanted, promised = document.metadata.extends, document.metadata.extends_integrity
    whole = documents[-1].metadata
    for document in reversed(documents[:-1]):
        whole = type_metadata.extend(document.metadata, base=whole)
    return whole
