"""The family: strict templates, no inline script or style, colours in one file, words that can be translated."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, UndefinedError

from service import pages
from service.languages.catalogues import Languages
from service.pages import Face, Pages

SERVICE = Path(pages.__file__).parent
FACE = Face(title="Trial service", tagline="Only for tests")


def family(**templates: str) -> Pages:
    made = Pages.of("service", face=FACE, development=True)
    made._environment.loader.loaders.insert(0, DictLoader({f"{name}.html": text for name, text in templates.items()}))  # type: ignore[union-attr]  # a ChoiceLoader
    return made


def test_values_are_escaped() -> None:
    made = family(page="<p>{{ name }}</p>")

    assert made.text("page.html", name="<script>") == "<p>&lt;script&gt;</p>"


def test_a_name_that_nobody_gave_is_a_fault_and_not_a_blank() -> None:
    made = family(page="{{ nmae }}")

    with pytest.raises(UndefinedError):
        made.text("page.html", name="x")


def test_a_symbol_is_drawn_in_place_and_hidden_from_readers() -> None:
    text = family(page="{{ icon('check') }}").text("page.html")

    assert text.startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"')


def test_of_several_items_a_fact_makes_a_list_and_of_a_web_address_a_link() -> None:
    made = family(page='{% import "ui.html" as ui with context %}{{ ui.fact_list(pairs) }}')

    text = made.text(
        "page.html", pairs=[("One", "https://a.example"), ("Two", ["<b>", "c"]), ("Three", ("https://d.example/?a&b",))]
    )

    told = re.findall(r"<dd>(.*?)</dd>", text, re.DOTALL)
    address = "https://d.example/?a&amp;b"
    assert told == [
        "https://a.example",
        "<ul><li>&lt;b&gt;</li><li>c</li></ul>",
        f'<a href="{address}" rel="noopener nofollow noreferrer">{address}</a>',
    ]


@pytest.mark.parametrize("item", ["javascript:alert(1)", "see https://a.example", "https://a.example and more"])
def test_what_is_no_web_address_is_no_link(item: str) -> None:
    made = family(page='{% import "ui.html" as ui with context %}{{ ui.fact_list(pairs) }}')

    assert f"<dd>{item}</dd>" in made.text("page.html", pairs=[("One", [item])])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(600, "10 minutes"), (3600, "1 hour"), (90, "90 seconds"), (172_800, "2 days"), (5400, "90 minutes")],
)
def test_a_span_is_told_in_the_largest_unit_that_says_it_whole(seconds: int, words: str) -> None:
    assert pages.span(timedelta(seconds=seconds)) == words


def test_an_asset_is_addressed_by_its_content() -> None:
    text = family(page="{{ asset('tokens.css') }}").text("page.html")

    assert re.fullmatch(r"/assets/[0-9a-f]{12}/tokens\.css", text)


async def test_assets_are_cached_for_ever_under_their_own_address_only(serve: Callable[..., Any]) -> None:
    client = await serve()
    current = client.app[pages.PAGES].assets["tokens.css"].path

    now = await client.get(current)
    old = await client.get("/assets/000000000000/tokens.css")

    assert now.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert now.content_type == "text/css"
    assert (old.status, old.headers["Cache-Control"]) == (200, "no-cache")
    assert (await client.get("/assets/x/..%2f..%2fapp.py")).status == 404


@pytest.mark.parametrize("path", ["/help", "/privacy", "/accessibility"])
async def test_every_service_explains_itself(serve: Callable[..., Any], path: str) -> None:
    answer = await (await serve()).get(path, headers={"Accept": "text/html"})
    text = await answer.text()

    assert answer.status == 200
    assert text.count("<h1>") == 1
    assert 'href="/privacy"' in text


def test_words_come_in_the_language_of_the_reader(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text('msgid "{n} facts"\nmsgstr "{n} Angaben"\n', "utf-8")
    made = Pages(face=FACE, folders=(SERVICE,), development=True, languages=Languages.load(tmp_path))
    made._environment.loader.loaders.append(DictLoader({"page.html": "{{ t('{n} facts', n=3) }}"}))  # type: ignore[union-attr]  # a ChoiceLoader

    assert made.text("page.html") == "3 facts"
    assert made.text("page.html", language="de") == "3 Angaben"


async def test_an_unknown_language_is_english(serve: Callable[..., Any]) -> None:
    answer = await (await serve()).get("/help", headers={"Accept": "text/html", "Accept-Language": "tlh, ja;q=0.5"})

    assert answer.headers["Content-Language"] == "en"


def test_dates_and_numbers_are_told_in_words() -> None:
    brussels = timezone(timedelta(hours=2))

    assert pages.day(date(2026, 6, 3)) == "3 June 2026"
    assert pages.moment(datetime(2026, 6, 3, 1, 5, tzinfo=brussels)) == "2 June 2026, 23:05 UTC"
    assert pages.moment(datetime(2026, 6, 3, 1, 5, tzinfo=UTC)) == "3 June 2026, 01:05 UTC"
    assert pages.thousands(12400) == "12,400"


def test_no_template_has_inline_script_or_style() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)|javascript:", re.IGNORECASE)

    for file in (SERVICE / "templates").glob("*.html"):
        assert not inline.search(file.read_text("utf-8")), file.name


def test_colours_are_defined_in_the_tokens_and_nowhere_else() -> None:
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\brgb\(|\bhsl\(", re.IGNORECASE)

    assert not colour.search((SERVICE / "assets" / "components.css").read_text("utf-8"))


def test_every_token_that_is_used_is_defined() -> None:
    styles = [(SERVICE / "assets" / name).read_text("utf-8") for name in ("tokens.css", "components.css")]
    defined = set(re.findall(r"(--[a-z0-9-]+):", "".join(styles)))
    used = set(re.findall(r"var\((--[a-z0-9-]+)", "".join(styles)))

    assert used - defined == set()
