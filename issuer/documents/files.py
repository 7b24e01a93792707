"""Files of an award for those who keep files: they are copies without a holder, at the place of the copy on paper.

Whoever has the file has the credential, as with paper; it is revoked and suspended with the award. The seal is made
with the institution's own seal certificate, whose owner must be one of the awarding bodies (domain of the EDC, OWNER).
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from credentials.formats import jades
from credentials.learning import baking
from credentials.learning.baking import artwork
from credentials.learning.elm import documents
from issuer import copies
from issuer.books.store_awards import StoredAward
from issuer.configurations.content import Content, Copy
from issuer.configurations.table import BADGE
from issuer.delivery.paper import printing
from issuer.delivery.paper.store_papers import Paper
from issuer.documents.errors import NoSeal
from issuer.issuer import Issuer
from issuer.tenancy.offices import Office

LIST, CHECK = "Token Status List", "Certificate check"
"""What the identifiers are called that say where the status of a sealed document stands, and where a person looks."""


class Kind(StrEnum):
    """What can be had, by the last part of its address."""

    EUROPASS = "europass.json"
    BADGE_PNG = "badge.png"
    BADGE_SVG = "badge.svg"


MEDIA_TYPES = {
    Kind.EUROPASS: "application/jose+json",
    Kind.BADGE_PNG: "image/png",
    Kind.BADGE_SVG: "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to be kept."""

    content: bytes
    media_type: str
    name: str


async def make(issuer: Issuer, *, office: Office, award: StoredAward, kind: Kind, actor: str, now: datetime) -> File:
    """The file; raises NotPrintable where the award is not valid, not released yet or over, and NoSeal."""
    if kind is Kind.EUROPASS and office.seal is None:
        raise NoSeal("This institution has no seal certificate, so that it cannot seal documents.")
    paper = await printing.take(issuer, office=office, award=award, actor=actor, now=now)
    record = await printing.record_of(issuer, office=office, award=award)
    content = copies.content(
        issuer.type_document, office=office, award=award.id, record=record, status_list=paper.list,
        issued_at=datetime.fromtimestamp(paper.issued_at, tz=UTC),
    )  # fmt: skip
    if kind is Kind.EUROPASS:
        made = (await _sealed(content, office=office, award=award, paper=paper, now=now)).encode()
    else:
        made = _baked(content, office=office, place=paper.place, kind=kind, now=now)
    return File(content=made, media_type=MEDIA_TYPES[kind], name=f"{award.course}-{kind.value}")


async def _sealed(content: Content, *, office: Office, award: StoredAward, paper: Paper, now: datetime) -> str:
    if office.seal is None:
        raise NoSeal("This institution has no seal certificate, so that it cannot seal documents.")
    document = documents.document(
        content.record,
        id=f"urn:credential:{uuid.uuid4()}",
        issuer=documents.Issuer.of(office.seal.chain[0]),
        issued=content.issued_at,
        picture=artwork.seal(),
        proof_of_content=content.proof,
        status={
            LIST: f"{content.list_uri}#{paper.place}",
            CHECK: printing.address_of(office, award=award.id, paper=paper),
        },
    )
    return await jades.issue(document, signer=office.seal.signer, chain=office.seal.chain[:1], now=now)


def _baked(content: Content, *, office: Office, place: int, kind: Kind, now: datetime) -> bytes:
    copy = Copy(holder=None, place=place)
    (text,) = copies.sign(content, copies=(copy,), configuration=BADGE, office=office, now=now)
    title = content.record.course.title
    drawn = artwork.draw(title=title.best(title.main), issuer=office.institution.name.best(title.main))
    return baking.bake(artwork.seal() if kind is Kind.BADGE_PNG else drawn, credential=text)
