"""The press makes PDF/A-3 that says what it was given, in every European script, and reaches for nothing else."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from service.paper.errors import LetterMissing, Unprintable
from service.paper.press import Attachment, Press, Sheet, Template

LETTERS = {
    "el": "Εφαρμοσμένη Προστασία Δεδομένων, ΐ ΰ ϊ",
    "bg": "Приложна защита на личните данни, ѝ ъ ю",
    "pl": "Zażółć gęślą jaźń, ŁÓDŹ",
    "mt": "Ħarsien tad-data applikat: ġ ċ ż għ",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "hu": "Árvíztűrő tükörfúrógép",
    "ro": "Șapte țări, ștrengar, împărat",
    "is": "Þú átt að læra, Ðæðalus",
    "lv": "Ģērbonis, ķīlis, ņemt, šūpoles",
    "ka": "გამოყენებითი მონაცემები",
    "hy": "Կիրառական տվյալների",
    "sr": "Ђорђе Љубишић Џон",
}
SHEET = Sheet(
    template=Template.parse("= #values.title\n#values.body\n"),
    values={"title": "A title", "body": "A body"},
    title="A title",
    author="Alma University",
    language="en",
    written_at=datetime(2026, 7, 1, tzinfo=UTC),
)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


async def test_a_sheet_is_a_tagged_pdf_a_3_in_its_language(press: Press) -> None:
    made = read(await press.print_pdf(replace(SHEET, language="mt")))

    root: Any = made.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/Lang"] == "mt"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert made.metadata is not None
    assert (made.metadata.title, made.metadata.author) == ("A title", "Alma University")


@pytest.mark.parametrize("language", LETTERS)
async def test_the_letters_of_every_language_come_out_as_they_went_in(press: Press, language: str) -> None:
    words = LETTERS[language]

    made = await press.print_pdf(replace(SHEET, language=language, values={"title": "T", "body": words}))

    assert words in text_of(made)


async def test_what_is_attached_is_read_back_byte_for_byte(press: Press) -> None:
    content = bytes(range(256)) * 9
    attached = Attachment(name="record.bin", content=content, media_type="application/vc+jwt", description="The record")

    made = read(await press.print_pdf(replace(SHEET, attachments=(attached,))))

    assert dict(made.attachments) == {"record.bin": [content]}
    (listed,) = made.attachment_list
    assert listed.subtype == "/application/vc+jwt"
    assert str(listed.associated_file_relationship) == "/Alternative"


async def test_values_are_data_and_never_markup(press: Press) -> None:
    body = '#read("/etc/hostname") *bold* $x$ #sys.version \\ = heading @ref <label> "quoted" // no comment'

    made = await press.print_pdf(replace(SHEET, values={"title": "T", "body": body}))

    assert body in text_of(made)


@pytest.mark.parametrize(
    "source", ['#read("/etc/hostname")', '#read("../../etc/hostname")', '#image("/etc/hostname")', '#include "x.typ"']
)
async def test_a_template_reaches_no_file(press: Press, source: str, tmp_path: Path) -> None:
    (tmp_path / "x.typ").write_text("there", "utf-8")

    with pytest.raises(Unprintable):
        await press.print_pdf(replace(SHEET, template=Template.parse(source)))


def test_a_template_that_asks_for_a_package_is_refused_before_anything_is_fetched() -> None:
    with pytest.raises(Unprintable):
        Template.parse('#import "@preview/cetz:0.4.0": canvas')


async def test_a_letter_that_no_font_has_is_told_and_not_printed_as_a_box(press: Press) -> None:
    with pytest.raises(LetterMissing, match="王"):
        await press.print_pdf(replace(SHEET, values={"title": "T", "body": "王"}))


async def test_the_same_sheet_gives_the_same_bytes(press: Press) -> None:
    assert await press.print_pdf(SHEET) == await Press(at_once=1).print_pdf(SHEET)


async def test_the_pages_can_be_looked_at(press: Press) -> None:
    pages = await press.draw(replace(SHEET, template=Template.parse("a #pagebreak() b")), dots_per_inch=30)

    assert [page[:8] for page in pages] == [b"\x89PNG\r\n\x1a\n"] * 2
