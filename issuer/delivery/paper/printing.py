"""Printing an award: a copy without a holder's key at a place of its own, and the certificate that holds it.

The order is that of every copy: the place goes into the books, then the copy is signed. Printing twice gives the same
copy once more: same place, same day. It claims nothing, so that the award can still be taken into a wallet; it stays
good until the award, or with `offer-again` its copies, are revoked. Where a PIN guards the claim it guards the paper.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from credentials.credential import Format
from credentials.learning import reading
from credentials.learning.award import Award
from credentials.learning.findings import Finding
from credentials.learning.micro_credential import MicroCredential
from issuer import awards, copies, identifiers
from issuer.books.store_awards import StoredAward
from issuer.books.store_copies import Books, Wanted
from issuer.configurations.content import Copy
from issuer.configurations.table import SD_JWT
from issuer.delivery.errors import NotPrintable, UnknownCertificate, WrongPin
from issuer.delivery.paper import certificate, store_papers
from issuer.delivery.paper.certificate import Certificate
from issuer.delivery.paper.store_papers import PAPER, Paper
from issuer.delivery.tongues import Tongue
from issuer.errors import UnfitCredential
from issuer.issuer import Issuer
from issuer.standing import Standing
from issuer.tenancy.offices import Office
from keys import sealing, strict_json
from service.pages import Pages
from service.paper.press import Template

FORM = Format.SD_JWT_VC
LEARNER = "learner"
TEMPLATE = "certificate.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A certificate as a file."""

    pdf: bytes
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What can be said of a certificate on paper: the award it is of, and how its copy stands."""

    award: StoredAward
    record: MicroCredential
    paper: Paper


async def check_pin(issuer: Issuer, *, office: Office, award: StoredAward, pin: str) -> None:
    """Returns if the award asks for no PIN or for this one; raises WrongPin, and counts the guess."""
    if award.pin is None:
        return
    digest = office.seals.pin_digest(pin, award=award.id)
    right = await issuer.database.write(
        lambda books: store_papers.guess(books, institution=office.slug, award=award.id, pin=digest)
    )
    if not right:
        raise WrongPin("This is not the PIN of this award.")


async def print_award(
    issuer: Issuer, *, office: Office, award: StoredAward, pages: Pages, language: str, actor: str, now: datetime
) -> Printed:
    """The certificate of an award; raises NotPrintable where it is not valid, not released yet, or has run out."""
    paper = await take(issuer, office=office, award=award, actor=actor, now=now)
    record = await record_of(issuer, office=office, award=award)
    issued_at = datetime.fromtimestamp(paper.issued_at, tz=UTC)
    content = copies.content(
        issuer.type_document, office=office, award=award.id, record=record, status_list=paper.list, issued_at=issued_at
    )
    copy = Copy(holder=None, place=paper.place)
    (text,) = copies.sign(content, copies=(copy,), configuration=SD_JWT, office=office, now=now)
    made = Certificate(
        record=record,
        credentials=(certificate.attach(text, form=FORM),),
        address=address_of(office, award=award.id, paper=paper),
        issued_at=issued_at,
    )
    sheet = certificate.set_out(
        made,
        template=Template.load("issuer.delivery.paper", name=TEMPLATE),
        languages=certificate.languages_of(record, preferred=language),
        tongues=lambda tag: Tongue.of(pages, language=tag),
    )
    return Printed(pdf=await issuer.press.print_pdf(sheet), file_name=made.file_name)


async def check(issuer: Issuer, *, office: Office, token: str) -> Checked:
    """What is known of the certificate whose address ends in `token`; raises UnknownCertificate."""
    name = office.seals.award_of_certificate(token)
    if name is not None:
        found = await issuer.database.read(
            lambda books: store_papers.papers(books, institution=office.slug, award=name)
        )
        for paper in found:
            if sealing.equal(office.seals.certificate_token(name, place=(paper.list, paper.place)), token):
                award = await awards.find(issuer.database, institution=office.slug, award=name)
                return Checked(award=award, paper=paper, record=await record_of(issuer, office=office, award=award))
    raise UnknownCertificate("No certificate was given with this address.")


async def record_of(issuer: Issuer, *, office: Office, award: StoredAward) -> MicroCredential:
    """The micro-credential that was awarded; raises UnfitCredential where it cannot be read any more."""
    course = await issuer.courses.find(office.slug, slug=award.course, version=award.course_version)
    return MicroCredential(course=course, award=read_award(award))


def read_award(award: StoredAward) -> Award:
    """What was awarded to whom; raises UnfitCredential where it cannot be read any more."""
    found: list[Finding] = []
    held = reading.read_award(strict_json.parse(award.learner), path="", into=found)
    if found:
        raise UnfitCredential("What was awarded cannot be read any more.", retry_after=60)
    return held


def address_of(office: Office, *, award: str, paper: Paper) -> str:
    """Where the certificate is checked."""
    token = office.seals.certificate_token(award, place=(paper.list, paper.place))
    return f"{office.identifier}/certificates/{token}"


def may_be_printed(award: StoredAward, *, now: datetime) -> bool:
    """Whether the award is valid, released, and has not run out."""
    moment = now.timestamp()
    lasts = award.expires_at == 0 or award.expires_at > moment
    return award.standing is Standing.VALID and award.release_at <= moment and lasts


async def take(issuer: Issuer, *, office: Office, award: StoredAward, actor: str, now: datetime) -> Paper:
    """The place of the copy without a holder, as it is in the books; raises NotPrintable."""
    there = await issuer.database.read(
        lambda books: store_papers.living(books, institution=office.slug, award=award.id)
    )
    status_list = await issuer.lists.current(office.slug, wanted=0 if there else 1)
    moment = int(now.timestamp())
    wanted = Wanted(
        institution=office.slug, award=award.id, configuration=PAPER, list=status_list.id,
        list_size=status_list.size, issued_at=int(copies.midnight(now).timestamp()), count=1,
    )  # fmt: skip
    entry = {
        "institution": office.slug, "id": identifiers.create(now), "at": moment, "actor": actor,
        "event": "printed", "subject": award.id, "reason": "",
    }  # fmt: skip

    def enter(books: Books) -> Paper | None:
        return store_papers.take(books, wanted=wanted, entry=entry, now=moment)

    taken = await issuer.database.write(enter)
    if taken is None:
        raise NotPrintable("This award cannot be printed: it is not valid, not released yet, or has run out.")
    return taken
