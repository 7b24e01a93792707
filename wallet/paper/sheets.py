"""A sheet of paper: a heading, rows of facts, and where there is one an address to open (service/paper sets it)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from service import qr
from service.languages.catalogues import Language
from service.pages import PAGES
from service.paper.press import Attachment, Sheet, Template

TEMPLATE = "sheet.typ"


def tongue_of(request: web.Request) -> Language:
    """The language of whoever asks, for what no template has."""
    family = request.config_dict[PAGES]
    return family.language(family.language_of(request))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is printed: all of it text for people, already in their language."""

    above: str
    heading: str
    lead: tuple[str, ...]
    header: tuple[str, str]
    rows: Sequence[tuple[str, tuple[str, ...]]]
    footer: str
    language: str
    written_at: datetime
    address: str = ""
    check: str = ""
    code_label: str = ""
    attachments: tuple[Attachment, ...] = ()

    def to_sheet(self) -> Sheet:
        """The sheet that the press sets."""
        values = {
            "above": self.above, "heading": self.heading, "lead": list(self.lead), "header": list(self.header),
            "rows": [{"label": label, "items": list(items)} for label, items in self.rows], "footer": self.footer,
            "address": self.address, "code": qr.svg(self.address, label="") if self.address else "",
            "check": self.check, "code_label": self.code_label,
        }  # fmt: skip
        return Sheet(
            template=Template.load("wallet.paper", name=TEMPLATE), values=values, title=self.heading,
            author=self.above, language=self.language, written_at=self.written_at, attachments=self.attachments,
        )  # fmt: skip
