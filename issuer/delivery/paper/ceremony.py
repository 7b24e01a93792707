"""A sheet of codes for a ceremony: one slip for each learner who has still to claim, to be cut up and handed out.

A slip has the learner's name, what was awarded and the code of the claim link. It never has the PIN: whoever finds a
slip has a link, and no more than that where a PIN guards the claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from issuer import awards
from issuer.awards import Links
from issuer.books import search
from issuer.books.search import Search, State
from issuer.books.store_awards import StoredAward
from issuer.delivery.paper import printing
from issuer.delivery.tongues import Tongue
from issuer.issuer import Issuer
from issuer.tenancy.offices import Office
from service import qr
from service.pages import ENGLISH
from service.paper.press import Sheet, Template

MOST = 240
TEMPLATE = "ceremony.typ"
NOT_EMPTY = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How slips lie on a page of A4: columns, their height and the code's side in millimetres, the size of the text."""

    columns: int
    height: float
    code: float
    size: float
    whole: bool = True  # whether there is room for more than the name and the title


LAYOUTS: Mapping[int, Layout] = {
    2: Layout(columns=1, height=128, code=90, size=16),
    6: Layout(columns=2, height=85, code=42, size=11),
    8: Layout(columns=2, height=64, code=40, size=11),
    12: Layout(columns=2, height=42.5, code=32, size=10),
    24: Layout(columns=3, height=32, code=24, size=7.5, whole=False),
}
"""By how many slips a page has."""
USUAL = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What one learner is handed."""

    learner: str
    title: str
    title_language: str
    link: str
    guarded: bool

    @property
    def code(self) -> str:
        """The code of the claim link, as SVG."""
        return qr.svg(self.link, label="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """Some slips, by family name, and where the next ones begin."""

    slips: tuple[Slip, ...]
    cursor: str | None


async def collect(issuer: Issuer, *, office: Office, course: str, cursor: str | None) -> Slips:
    """The slips of learners who have still to claim, of one course or of all."""
    wanted, found = Search.of(course=course, state=State.WAITING.value), list[StoredAward]()
    after = cursor
    while len(found) < MOST:
        count = min(MOST - len(found), awards.MOST_PAGE)
        page = await awards.page(issuer.database, institution=office.slug, cursor=after, count=count, wanted=wanted)
        found += page.awards
        after = page.cursor
        if after is None:
            break
    named = sorted([(_order(award), award) for award in found], key=lambda pair: pair[0])
    return Slips(slips=tuple([await _slip(issuer, office=office, award=award) for _, award in named]), cursor=after)


def set_out(slips: Slips, *, office: Office, layout: Layout, tongue: Tongue, now: datetime) -> Sheet:
    """The sheet of these slips; takes its time (codes): call it in a thread."""
    t, name = tongue.t, office.institution.name.best(tongue.language, ENGLISH)
    heading = t("{name}: codes to claim micro-credentials", name=name)
    values = {
        "institution": name,
        "heading": heading,
        "columns": layout.columns,
        "height": layout.height,
        "code": layout.code,
        "size": layout.size,
        "whole": layout.whole,
        "slips": [_told(slip, tongue=tongue) for slip in slips.slips],
    }
    template = Template.load("issuer.delivery.paper", name=TEMPLATE)
    return Sheet(template=template, values=values, title=heading, author=name, language=tongue.language, written_at=now)


def _told(slip: Slip, *, tongue: Tongue) -> dict[str, Any]:
    return {
        "learner": slip.learner,
        "title": slip.title,
        "title_language": slip.title_language,
        "code": slip.code,
        "code_label": tongue.t("QR code of the claim link of {name}", name=slip.learner),
        "hint": hint(slip, tongue=tongue),
    }


def hint(slip: Slip, *, tongue: Tongue) -> str:
    """What the learner does with the slip."""
    scan = tongue.t("Scan it with the camera of your phone.")
    return f"{scan} {tongue.t('You will be asked for your PIN.')}" if slip.guarded else scan


async def _slip(issuer: Issuer, *, office: Office, award: StoredAward) -> Slip:
    course = await issuer.courses.find(office.slug, slug=award.course, version=award.course_version)
    learner = printing.read_award(award).learner
    return Slip(
        learner=learner.name or learner.learner_id or NOT_EMPTY,
        title=course.title.best(ENGLISH),
        title_language=course.title.main,
        link=Links.of(office, award.id, number=award.link_number).claim_url,
        guarded=award.pin is not None,
    )


def _order(award: StoredAward) -> tuple[str, str, str]:
    """Where a slip lies in the pile: by family name, as people look for it."""
    learner = printing.read_award(award).learner
    names = (learner.family_name or learner.learner_id or "", learner.given_name or "")
    return " ".join(search.words(names[0])), " ".join(search.words(names[1])), award.id
