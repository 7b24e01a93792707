"""The press: a typst template and values become PDF/A-3a and PDF/UA-1 (ISO 19005-3, ISO 14289-1), or pictures of it.

A template is ours and read from a package; values are foreign and are handed over as data: nothing in them is ever read
as markup. The press sees no file and no network: its root is the null device, packages are refused, and fonts are those
inside typst plus a folder that the operator names. It works in threads, not many at a time.
"""

import asyncio
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal, Self

import typst

from keys import strict_json
from service.paper.errors import LetterMissing, Unprintable

AT_ONCE: Final = 2
NOTHING: Final = Path(os.devnull)  # a root below which there is no file
STANDARDS: "Final[list[typst.PDFStandard]]" = ["a-3a", "ua-1"]  # a name of the stub alone
PACKAGE: Final = re.compile(r"[\"']@")
MISSING: Final = re.compile(r"the text `\"(.+?)\"` could not be displayed")
PREAMBLE: Final = """\
#let values = json(bytes(sys.inputs.values))
#let frame = json(bytes(sys.inputs.frame))
#set document(title: frame.title, author: frame.author, keywords: frame.keywords)
#set text(lang: frame.language, hyphenate: false)
#for each in frame.attachments {
  pdf.attach(
    each.name, bytes(each.content), mime-type: each.media_type, relationship: each.relationship,
    description: each.description,
  )
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A typst source that asks for nothing but its values."""

    source: str

    @classmethod
    def load(cls, package: str, *, name: str) -> Self:
        """The template `name` of a package."""
        return cls.parse((resources.files(package) / name).read_text("utf-8"))

    @classmethod
    def parse(cls, source: str) -> Self:
        """The template that `source` is; raises Unprintable where it would fetch a package."""
        if PACKAGE.search(source):
            raise Unprintable("A template uses no packages: they would be fetched.")
        return cls(source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the PDF (ISO 19005-3, 6.8); `relationship` says what it is to the page."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: Literal["source", "data", "alternative", "supplement"] = "alternative"

    def to_json(self) -> dict[str, Any]:
        """The attachment as the preamble reads it."""
        return {
            "name": self.name, "content": list(self.content), "media_type": self.media_type,
            "description": self.description, "relationship": self.relationship,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A document to be: its template, its values, what it is called, its language, and what is attached."""

    template: Template
    values: Mapping[str, Any]
    title: str
    author: str
    language: str
    written_at: datetime
    keywords: Sequence[str] = ()
    attachments: Sequence[Attachment] = field(default=())

    @property
    def inputs(self) -> dict[str, str]:
        """What the template is told, as data."""
        frame = {
            "title": self.title,
            "author": self.author,
            "language": self.language,
            "keywords": list(self.keywords),
            "attachments": [each.to_json() for each in self.attachments],
        }
        return {"values": strict_json.dump(dict(self.values)).decode(), "frame": strict_json.dump(frame).decode()}


class Press:
    """Prints sheets. `fonts` is a folder of more fonts, for scripts that typst's own do not have."""

    def __init__(self, *, fonts: Path | None = None, at_once: int = AT_ONCE) -> None:
        self._fonts = typst.Fonts(include_system_fonts=False, font_paths=[fonts] if fonts else [])
        self._turns = asyncio.Semaphore(at_once)

    async def print_pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF/A-3a and PDF/UA-1; the same sheet gives the same bytes. Raises LetterMissing."""
        async with self._turns:
            return (await asyncio.to_thread(self._set, sheet, form="pdf"))[0]

    async def draw(self, sheet: Sheet, *, dots_per_inch: int = 144) -> list[bytes]:
        """The pages of the sheet as PNG pictures, as print_pdf sets them."""
        async with self._turns:
            return await asyncio.to_thread(self._set, sheet, form="png", dots_per_inch=dots_per_inch)

    def _set(self, sheet: Sheet, *, form: Literal["pdf", "png"], dots_per_inch: int = 144) -> list[bytes]:
        source = f"{PREAMBLE}{sheet.template.source}".encode()
        compiler = typst.Compiler(
            source, root=NOTHING, font_paths=self._fonts, ignore_system_fonts=True, sys_inputs=sheet.inputs,
            package_path=NOTHING, package_cache_path=NOTHING,
        )  # fmt: skip
        try:
            made = compiler.compile(
                format=form, ppi=dots_per_inch, timestamp=int(sheet.written_at.timestamp()),
                pdf_standards=STANDARDS if form == "pdf" else [],
            )  # fmt: skip
        except typst.TypstError as error:
            raise _reason(error) from error
        return made if isinstance(made, list) else [made or b""]


def _reason(error: typst.TypstError) -> LetterMissing | Unprintable:
    missing = MISSING.search(str(error))
    if missing is not None:
        return LetterMissing(f"No font here has the letter {missing[1]}.")
    return Unprintable("The document could not be set.")
