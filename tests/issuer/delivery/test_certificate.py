"""A certificate says what its record says, in the reader's language, and holds what it was given."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from credentials.credential import Format
from credentials.learning import summary, view
from issuer.delivery.paper import certificate
from issuer.delivery.paper.certificate import Certificate
from issuer.delivery.tongues import Tongue
from service import qr
from service.pages import Face, Pages
from service.paper.press import Press, Sheet, Template
from tests.issuer.delivery import papers, records

ADDRESS = "https://issuer.example/alma/certificates/AZ6F3C1Td8aKp2n8t0bQm1Vt1mYk2yHh7b0XwQ4rV3dUkEo"
SIGNED = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl~WyJzYWx0IiwiYSIsMV0~"


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


@pytest.fixture(scope="module")
def tongues() -> Callable[[str], Tongue]:
    pages = Pages.of("issuer", face=Face(title="Issuer", tagline=""), development=False)
    return lambda language: Tongue.of(pages, language=language)


def sheet(tongues: Callable[[str], Tongue], *, preferred: str, form: Format = Format.SD_JWT_VC) -> Sheet:
    record = records.everything()
    made = Certificate(
        record=record,
        credentials=(certificate.attach(SIGNED, form=form),),
        address=ADDRESS,
        issued_at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    return certificate.set_out(
        made,
        template=Template.load("issuer.delivery.paper", name="certificate.typ"),
        languages=certificate.languages_of(record, preferred=preferred),
        tongues=tongues,
    )


@pytest.mark.parametrize("language", ["en", "mt", "el"])
async def test_every_fact_of_the_record_stands_in_the_text(
    press: Press, tongues: Callable[[str], Tongue], language: str
) -> None:
    text = papers.text_of(await press.print_pdf(sheet(tongues, preferred=language)))

    facts = [fact for fact in summary.facts(view.of_record(records.everything()), language=language) if fact.items]
    items = [item for fact in facts for item in fact.items]
    assert len(facts) == 27
    assert [item for item in items if item not in text] == []
    assert [fact.label for fact in facts if fact.label_key not in {"title", "learner"} and fact.label not in text] == []
    assert ADDRESS in text.replace(" ", "")


async def test_the_address_for_delivery_is_not_on_it(press: Press, tongues: Callable[[str], Tongue]) -> None:
    pdf = await press.print_pdf(sheet(tongues, preferred="en"))

    assert "wincenty@example.org" not in papers.text_of(pdf)


@pytest.mark.parametrize(
    ("preferred", "languages"), [("mt", ("mt", "en")), ("en", ("en",)), ("el", ("el", "en")), ("fi", ("en",))]
)
async def test_it_is_in_the_readers_language_and_in_english(
    press: Press, tongues: Callable[[str], Tongue], preferred: str, languages: tuple[str, ...]
) -> None:
    record = records.everything()

    pdf = await press.print_pdf(sheet(tongues, preferred=preferred))

    assert certificate.languages_of(record, preferred=preferred) == languages
    assert papers.root_of(pdf)["/Lang"] == languages[0]
    titles = dict(record.course.title.entries)
    text = papers.text_of(pdf)
    assert {language for language in titles if titles[language] in text} == set(languages)


async def test_it_is_pdf_a_3(press: Press, tongues: Callable[[str], Tongue]) -> None:
    xmp = papers.root_of(await press.print_pdf(sheet(tongues, preferred="mt")))["/Metadata"].get_data().decode()

    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp


@pytest.mark.parametrize(
    ("form", "name", "media_type"),
    [
        (Format.SD_JWT_VC, "micro-credential.sd-jwt", "/application/dc+sd-jwt"),
        (Format.VC_JWT, "micro-credential.vc.jwt", "/application/vc+jwt"),
    ],
)
async def test_the_signed_credential_is_inside_byte_for_byte(
    press: Press, tongues: Callable[[str], Tongue], form: Format, name: str, media_type: str
) -> None:
    pdf = await press.print_pdf(sheet(tongues, preferred="en", form=form))

    assert papers.attached(pdf) == {name: SIGNED.encode()}
    (listed,) = papers.read(pdf).attachment_list
    assert listed.subtype == media_type


async def test_the_code_on_the_page_leads_to_where_it_is_checked(
    press: Press, tongues: Callable[[str], Tongue]
) -> None:
    pages = await press.draw(sheet(tongues, preferred="mt"), dots_per_inch=110)

    assert qr.read(pages[0]) == [ADDRESS]


async def test_a_name_of_three_alphabets_is_printed_whole(press: Press, tongues: Callable[[str], Tongue]) -> None:
    text = papers.text_of(await press.print_pdf(sheet(tongues, preferred="en")))

    assert "Wincenty Ángel Жечев-Παπαδόπουλος Ħaġarla" in text


def test_the_file_is_called_after_the_course_and_not_after_the_learner() -> None:
    made = Certificate(
        record=records.everything(), credentials=(), address=ADDRESS, issued_at=datetime(2026, 7, 1, tzinfo=UTC)
    )

    assert made.file_name == "Applied-Data-Protection-for-Researchers-and-Librarians.pdf"
    bare = replace(made.record.course, title=type(made.record.course.title).of({"en": "/ ../ \\"}))
    assert replace(made, record=replace(made.record, course=bare)).file_name == "micro-credential.pdf"
