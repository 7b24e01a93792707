"""The type of a credential as its publisher describes it, and what it extends: SD-JWT VC, "Type Metadata"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from credentials import type_metadata
from credentials.credential import Credential, Format
from credentials.errors import CredentialsError, InvalidTypeMetadata
from credentials.type_metadata import TypeMetadata
from trust.errors import ResolutionFailed
from trust.ladder import rungs, words
from trust.ladder.question import Question
from trust.policy import TypeUse
from trust.report import Finding, Rung
from trust.resolver import Resolver, TypeDocument

LONGEST: Final = 8


async def check(credential: Credential, *, question: Question) -> Finding:
    """The finding of the rung of the claims, fetching type metadata where the policy requires it."""
    found = check_now(credential, question=question)
    if found is not None:
        return found
    try:
        metadata = await describe(credential, resolver=question.resolver, now=question.now)
    except CredentialsError as error:
        return words.refused(Rung.CLAIMS, error=error)
    return rungs.check_claims(credential, metadata=metadata, complete=question.received)


def check_now(credential: Credential, *, question: Question) -> Finding | None:
    """The same without waiting, or None where the policy requires type metadata that is not at hand."""
    use = question.policy.type_metadata if credential.format is Format.SD_JWT_VC else TypeUse.IGNORED
    metadata = None
    if use is not TypeUse.IGNORED and question.resolver is not None:
        try:
            metadata = describe_now(credential, resolver=question.resolver, now=question.now)
        except ResolutionFailed:
            metadata = None
        except CredentialsError as error:
            return words.refused(Rung.CLAIMS, error=error)
    if metadata is None and use is TypeUse.REQUIRED:
        return None
    return rungs.check_claims(credential, metadata=metadata, complete=question.received)


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
