"""The catalogues: each holds every text of the tree, fills in the same names, counts as its language does."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from service import languages
from service.languages import catalogues, surfaces, upkeep
from service.languages.extraction import Message

ROOT = Path(languages.__file__).parents[2]
FOLDER = Path(languages.__file__).parent
TAGS = ("de", "el", "es", "fr", "it", "pl", "pt")
FIELD = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def told() -> dict[Message, tuple[str, ...]]:
    return dict(upkeep.messages(ROOT))


@pytest.fixture(scope="module", params=TAGS)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return catalogues.read(FOLDER / f"{request.param}.po")


def forms(string: object) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())  # type: ignore[call-overload, no-any-return]  # forms of a plural


def test_every_language_of_the_issue_has_its_catalogue() -> None:
    assert tuple(sorted(file.stem for file in FOLDER.glob("*.po"))) == TAGS


def test_every_text_of_the_tree_is_in_it(told: dict[Message, tuple[str, ...]], catalogue: Catalog) -> None:
    """If this fails, run `make languages`: it writes the new texts into each catalogue."""
    held = {message.id for message in catalogue if message.id}

    assert {message for message in told if message not in held} == set()


def test_a_translation_fills_in_the_names_of_its_text(catalogue: Catalog) -> None:
    wrong = [
        (message.id, form)
        for message in catalogue
        if message.id
        for form in forms(message.string)
        if form and not set(FIELD.findall(form)) <= set(FIELD.findall(" ".join(forms(message.id))))
    ]
    lost = [
        message.id
        for message in catalogue
        if isinstance(message.id, str) and message.string
        if set(FIELD.findall(message.id)) != set(FIELD.findall(str(message.string)))
    ]

    assert wrong == []
    assert lost == []


def test_a_text_that_counts_has_every_form_of_its_language(catalogue: Catalog) -> None:
    said = [message for message in catalogue if message.pluralizable and any(forms(message.string))]

    assert [message.id for message in said if len(forms(message.string)) != catalogue.num_plurals] == []
    assert [message.id for message in said if not all(forms(message.string))] == []


def test_its_file_is_as_the_command_writes_it(catalogue: Catalog) -> None:
    assert catalogue.locale is not None
    assert (FOLDER / f"{catalogue.locale.language}.po").read_bytes() == upkeep.text_of(catalogue)


@pytest.mark.parametrize("surface", surfaces.COMPLETE)
def test_a_surface_that_is_complete_has_all_its_words(told: dict[Message, tuple[str, ...]], surface: str) -> None:
    needed = [
        message for message, places in told.items() if any(surfaces.belongs(place, surface=surface) for place in places)
    ]
    assert needed

    silent = {
        (tag, message)
        for tag in surfaces.COMPLETE[surface]
        for known in [catalogues.read(FOLDER / f"{tag}.po")]
        for message in needed
        for found in [known.get(message)]
        if found is None or found.fuzzy or not all(forms(found.string)) or not forms(found.string)
    }
    assert silent == set()


def test_the_documentation_says_which_surfaces_are_complete() -> None:
    text = (ROOT / "docs" / "languages.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z ]+) \| (en, [a-z, ]+) \|$", text, re.MULTILINE)

    assert {surface: tuple(tags.split(", ")) for surface, tags in rows} == {
        surface: ("en", *tags) for surface, tags in surfaces.COMPLETE.items()
    }
