"""No text in templates that has no way into another language; pages that can run leftwards."""

import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from jinja2 import DictLoader, Environment

from service import languages, pages
from service.languages.catalogues import Language, Languages
from service.languages.sentences import Sentences
from service.pages import Face, Pages

ROOT = Path(languages.__file__).parents[2]
TEMPLATES = sorted(
    file
    for package in ("service", "issuer", "wallet", "verifier", "registry", "pergamena")
    for file in (ROOT / package).rglob("*")
    if file.suffix in {".html", ".txt"} and file.parent.name in {"pages", "templates", "mail", "recognition"}
)
STYLES = sorted(ROOT.glob("*/assets/*.css"))
SPOKEN = re.compile(r'\b(?:aria-label|alt|title|placeholder|data-[a-z]+)="([^"]*)"')
LETTERS = re.compile(r"[^\W\d_]{2,}")
NAMES = frozenset({"Pergamena", "EQF", "PIN", "PDF", "JSON", "https", "example", "DCQL", "CSV", "URL", "JWK", "Set"})
ATTRIBUTE = re.compile(r' (?:[a-z-]+="[^"]*"|required|selected|checked)')  # what a macro puts inside a tag
PHYSICAL = re.compile(r"(?:margin|padding|border)-(?:left|right)|text-align: *(?:left|right)|[{; ](?:left|right):")
UNTOLD = Sentences({}, language="en")
OPEN, CLOSE = "\u27e6", "\u27e7"


class Marked(Language):
    """A language that puts brackets around everything that it says."""

    def t(self, message: str, /, **values: object) -> str:
        return f"{OPEN}{super().t(message, **values)}{CLOSE}"

    def tn(self, one: str, many: str, count: int, /, **values: object) -> str:
        return f"{OPEN}{super().tn(one, many, count, **values)}{CLOSE}"


class Texts(HTMLParser):
    """Every text that a reader meets, those of attributes too, but for code and what is no words of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"code", "pre", "script", "style", "title", "option"}
        self.found += [value for name, value in attrs if name in {"aria-label", "alt", "placeholder"} and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"code", "pre", "script", "style", "title", "option"}

    def handle_data(self, data: str) -> None:
        if not self._silent and LETTERS.search(data):
            self.found.append(data.strip())


def bare_texts(source: str) -> Iterator[str]:
    """What a template says without t(): its own text between tags, and in attributes that people are told."""
    data = "".join(
        value if kind == "data" else "\x00" if kind in {"variable_end", "block_end"} else ""
        for _, kind, value in Environment(autoescape=True).lex(source)
    )
    for spoken in SPOKEN.findall(data):
        if spoken[:1].isupper() or " " in spoken:
            yield from LETTERS.findall(spoken)
    shown = re.sub(r"<(style|script|code|title)\b.*?</\1>", " ", data, flags=re.DOTALL)
    untagged = re.sub(r"<[^>]*>|&[a-z]+;", " ", shown, flags=re.DOTALL)
    yield from LETTERS.findall(re.sub(ATTRIBUTE, " ", untagged))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_template_has_no_text_of_its_own(template: Path) -> None:
    assert [text for text in bare_texts(template.read_text("utf-8")) if text not in NAMES] == []


@pytest.mark.parametrize(
    "fault", ["<p>Hello</p>", '<a aria-label="Close">{{ x }}</a>', "{% if a %}<b>Oh no</b>{% endif %}"]
)
def test_a_text_that_went_past_is_found(fault: str) -> None:
    assert list(bare_texts(fault))


@pytest.mark.parametrize("name", ["help.html", "privacy.html", "accessibility.html"])
@pytest.mark.parametrize("package", ["wallet", "issuer", "verifier", "registry"])
def test_every_text_of_a_rendered_page_went_through_the_translator(package: str, name: str) -> None:
    marked = Languages({"qps": lambda: Marked(tag="en", words=NullTranslations(), sentences=UNTOLD)})
    told = Texts()

    told.feed(family(package, marked).text(name, language="qps"))

    face = ("Our service", "What it does")
    assert [
        text for text in told.found if text not in face and not (text.startswith(OPEN) and text.endswith(CLOSE))
    ] == []


def test_a_page_runs_leftwards_where_its_language_does(tmp_path: Path) -> None:
    (tmp_path / "ar.po").write_text('msgid "Your data"\nmsgstr "بياناتك"\n', "utf-8")

    text = family("wallet", Languages.load(tmp_path)).text("privacy.html", language="ar")

    assert '<html lang="ar" dir="rtl">' in text
    assert "<h1>بياناتك</h1>" in text


@pytest.mark.parametrize("style", STYLES, ids=lambda file: file.name)
def test_a_style_knows_start_and_end_and_neither_left_nor_right(style: Path) -> None:
    lines = style.read_text("utf-8").splitlines()

    assert [line for line in lines if PHYSICAL.search(line) and "rotate(" not in line] == []


def family(package: str, spoken: Languages) -> Pages:
    folders = (ROOT / package, ROOT / "service")
    face = Face(title="Our service", tagline="What it does", told={"kept": "a day", "unread": "an hour"})
    return Pages(face=face, folders=folders, development=True, languages=spoken)


def test_filters_follow_the_language_of_the_page() -> None:
    made = family("wallet", Languages.load())
    made._environment.loader.loaders.insert(0, DictLoader({"n.html": "{{ 12400|thousands }} {{ 'Germany'|told }}"}))  # type: ignore[union-attr]  # a ChoiceLoader

    assert made.text("n.html", language="de") == "12.400 Deutschland"
    assert pages.thousands(12_400) == "12,400"


def test_a_catalogue_of_nothing_is_english() -> None:
    empty = Language.of(Catalog(locale="de"), tag="de")

    assert empty.t("Nothing.") == "Nothing."
