"""Languages: who gets which, how each counts and writes days, and what becomes of sentences that code has made."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.languages import choosing, facts, locales
from service.languages.catalogues import Languages
from service.languages.sentences import Sentences

POLISH = """
msgid ""
msgstr "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{count} fact"
msgid_plural "{count} facts"
msgstr[0] "{count} dana"
msgstr[1] "{count} dane"
msgstr[2] "{count} danych"
"""


@pytest.fixture(scope="module")
def ours() -> Languages:
    return Languages.load()


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("it", "it"),
        ("de-AT, en;q=0.5", "de"),
        ("tlh, fr;q=0.4", "fr"),
        ("en;q=0.3, pt-BR;q=0.9", "pt"),
        ("it;q=0, el", "el"),
        ("it;q=high, es;q=0.1", "es"),
        ("ja", "en"),
        ("", "en"),
    ],
)
def test_a_browser_gets_the_best_of_our_languages(ours: Languages, header: str, tag: str) -> None:
    assert choosing.preferred(header, languages=ours) == tag


async def test_a_choice_is_remembered_and_goes_before_the_browser(serve: Callable[..., Any]) -> None:
    client = await serve()

    chosen = await client.get("/language?to=pl&back=/help%3Fa=1", allow_redirects=False)
    page = await client.get("/help", headers={"Accept": "text/html", "Accept-Language": "it"})

    assert (chosen.status, chosen.headers["Location"]) == (303, "/help?a=1")
    assert "Max-Age=31536000" in chosen.headers["Set-Cookie"]
    assert "SameSite=Lax" in chosen.headers["Set-Cookie"]
    assert page.headers["Content-Language"] == "pl"
    assert 'lang="pl" dir="ltr"' in await page.text()
    assert "Cookie" in page.headers["Vary"]


async def test_a_page_offers_every_language_by_its_own_name(serve: Callable[..., Any]) -> None:
    text = await (await (await serve()).get("/help", headers={"Accept": "text/html"})).text()

    for tag, name in locales.OWN_NAMES.items():
        assert f'<option value="{tag}" lang="{tag}"' in text
        assert f">{name}</option>" in text


async def test_a_language_that_is_not_ours_is_refused_and_sets_nothing(serve: Callable[..., Any]) -> None:
    answer = await (await serve()).get("/language?to=tlh", headers={"Accept": "text/html"}, allow_redirects=False)

    assert answer.status == 400
    assert "Set-Cookie" not in answer.headers


async def test_a_cookie_that_names_no_language_of_ours_is_as_good_as_none(serve: Callable[..., Any]) -> None:
    client = await serve()
    client.session.cookie_jar.update_cookies({choosing.COOKIE: "../../etc"})

    page = await client.get("/help", headers={"Accept": "text/html", "Accept-Language": "it"})

    assert page.headers["Content-Language"] == "it"


@pytest.mark.parametrize("away", ["//evil.example", "https://evil.example", "/\\evil.example", "", "help", "/a\r\nb"])
def test_a_choice_never_leads_to_another_site(away: str) -> None:
    assert choosing.back_to(away) == "/"


def test_a_language_counts_in_its_own_way(tmp_path: Path) -> None:
    (tmp_path / "pl.po").write_text(POLISH, "utf-8")
    polish = Languages.load(tmp_path).of("pl")

    told = [polish.tn("{count} fact", "{count} facts", count) for count in (1, 2, 5, 22, 12_400)]

    assert told == ["1 dana", "2 dane", "5 danych", "22 dane", "12\u00a0400 danych"]


def test_what_a_language_lacks_is_said_in_english_whole(tmp_path: Path) -> None:
    (tmp_path / "pl.po").write_text(POLISH, "utf-8")
    polish = Languages.load(tmp_path).of("pl")

    assert polish.t("{n} of {all}", n=1, all=2) == "1 of 2"
    assert polish.tn("a day", "{count} days", 2) == "2 days"


@pytest.mark.parametrize(
    ("tag", "day", "moment", "span", "number"),
    [
        ("en", "1 March 2026", "1 March 2026, 14:05 UTC", "90 minutes", "12,400"),
        ("it", "1 marzo 2026", "1 marzo 2026, 14:05 UTC", "90 minuti", "12.400"),
        ("de", "1. März 2026", "1. März 2026, 14:05 UTC", "90 Minuten", "12.400"),
        ("pl", "1 marca 2026", "1 marca 2026, 14:05 UTC", "90 minut", "12\u00a0400"),
        ("el", "1 Μαρτίου 2026", "1 Μαρτίου 2026, 14:05 UTC", "90 λεπτά", "12.400"),
        ("pt", "1 de março de 2026", "1 de março de 2026, 14:05 UTC", "90 minutos", "12\u00a0400"),
    ],
)
def test_days_and_numbers_are_written_as_the_language_does(
    tag: str, day: str, moment: str, span: str, number: str
) -> None:
    assert locales.day(date(2026, 3, 1), language=tag) == day
    assert locales.moment(datetime(2026, 3, 1, 14, 5, tzinfo=UTC), language=tag) == moment
    assert locales.span(timedelta(minutes=90), language=tag) == span
    assert locales.thousands(12_400, language=tag) == number


def test_several_things_are_one_sentence() -> None:
    assert locales.listed(["a", "b", "c"], language="de") == "a, b und c"
    assert locales.listed([], language="de") == ""


@pytest.fixture(scope="module")
def sentences() -> Sentences:
    said = {
        "{name} did not take the answer: {error}": "{name} nahm nicht: {error}",
        "{a}: {b}": "no",
        "It ends on {day}.": "Endet am {day}.",
    }
    return Sentences(said, language="de")


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("Acme did not take the answer: too late", "Acme nahm nicht: too late"),
        ("{name} did not take the answer: {error}", "{name} nahm nicht: {error}"),
        ("It ends on 1 March 2026.", "Endet am 1. März 2026."),
        ("It ends on 99 March 2026.", "Endet am 99 March 2026."),
        ("Acme: too late", "Acme: too late"),
        ("nobody wrote this", "nobody wrote this"),
    ],
)
def test_a_sentence_that_code_made_is_told_by_its_template(sentences: Sentences, made: str, told: str) -> None:
    assert sentences.tell(made) == told


@pytest.mark.parametrize(
    ("english", "italian"),
    [
        ("EQF 7 · master level · second cycle", "EQF 7 · livello di laurea magistrale · secondo ciclo"),
        ("EQF\u00a07 · master level · 3\u00a0ECTS", "EQF\u00a07 · livello di laurea magistrale · 3\u00a0ECTS"),
        ("3 ECTS · 75 hours", "3 ECTS · 75 ore"),
        ("30 June 2026", "30 giugno 2026"),
        ("Germany", "Germania"),
        ("Italian", "italiano"),
        ("portfolio · ANVUR · until 2 May 2029", "portfolio · ANVUR · fino al 2 maggio 2029"),
        ("Data Literacy for Everyone", "Data Literacy for Everyone"),
        ("An oral examination of an hour", "An oral examination of an hour"),
    ],
)  # fmt: skip
def test_codes_and_days_of_a_fact_are_told_and_texts_are_left(ours: Languages, english: str, italian: str) -> None:
    assert facts.item_of(english, language=ours.of("it")) == italian
    assert facts.item_of(english, language=ours.of("en")) == english


def test_a_day_that_is_filled_into_a_sentence_is_written_as_the_language_does(ours: Languages) -> None:
    assert ours.of("de").t("Now, {day}", day="1 March 2026") == "Jetzt, 1. März 2026"
    assert ours.of("en").t("Now, {day}", day="1 March 2026") == "Now, 1 March 2026"
