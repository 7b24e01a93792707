import re
from pathlib import Path

import pytest

from credentials.learning import vocabularies
from credentials.learning.vocabularies import (
    AccreditationType,
    AssessmentType,
    Code,
    Cycle,
    LearningOpportunity,
    Mode,
    Schedule,
    Setting,
    SkillReuse,
    Supervision,
    countries,
    fields_of_study,
    languages,
    verbs,
)

LISTS: list[tuple[type[Code], str, int]] = [
    (AssessmentType, "europass-learning-assessment-types.xsd", 14),
    (Mode, "europass-modes.xsd", 6),
    (Setting, "europass-learning-setting-types.xsd", 2),
    (Schedule, "europass-learning-schedule-types.xsd", 3),
    (LearningOpportunity, "europass-learning-opportunity-types.xsd", 12),
    (AccreditationType, "europass-accreditation-types-2026.xsd", 6),
    (SkillReuse, "skill-reuse-levels.xsd", 4),
    (Supervision, "supervision-verification.json", 4),
]


def uris(path: Path) -> set[str]:
    found = set(re.findall(r'"(http://data\.europa\.eu/snb/[^"]+)"', path.read_text("utf-8")))
    return {uri for uri in found if not uri.endswith("25831c2")}


@pytest.mark.parametrize(("codes", "file", "size"), LISTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_code_list_is_the_official_one(data: Path, codes: type[Code], file: str, size: int) -> None:
    assert {code.uri for code in codes} == uris(data / "elm-codelists" / file)
    assert len(codes) == size


@pytest.mark.parametrize(("codes", "file", "size"), LISTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_code_is_recognised_by_slug_uri_and_label(codes: type[Code], file: str, size: int) -> None:
    for code in codes:
        assert {codes.recognise(name) for name in (code.value, code.uri, code.label, code.label.upper())} == {code}
    assert codes.recognise("") is None
    assert codes.recognise("no such thing") is None


def test_the_fields_of_study_are_the_official_ones(data: Path) -> None:
    assert {fields_of_study.uri(code) for code in fields_of_study.FIELDS_OF_STUDY} == uris(
        data / "elm-codelists/isced-f.xsd"
    )
    assert len(fields_of_study.FIELDS_OF_STUDY) == 220


def test_a_field_of_study_is_recognised_in_both_namespaces() -> None:
    assert fields_of_study.find("http://data.europa.eu/snb/isced-f/0421") == "0421"
    assert fields_of_study.find("http://data.europa.eu/esco/isced-f/0421") == "0421"
    assert fields_of_study.find("0421") == "0421"
    assert fields_of_study.find("4210") is None
    assert fields_of_study.label("0421") == "Law"


def test_every_country_has_the_uri_of_the_authority_table(data: Path) -> None:
    table = (data / "elm-codelists" / "country.xsd").read_text("utf-8")
    assert [country.alpha2 for country in countries.COUNTRIES.values() if f'"{country.uri}"' not in table] == []
    assert len(countries.COUNTRIES) == 250


@pytest.mark.parametrize(
    ("written", "alpha2"),
    [("IT", "IT"), ("ita", "IT"), ("EL", "GR"), ("UK", "GB"), ("XKX", "XK"), ("1A0", "XK"), ("ATF", "TF")],
)
def test_a_country_is_recognised_however_it_is_written(written: str, alpha2: str) -> None:
    country = countries.find(written)
    assert country is not None
    assert country.alpha2 == alpha2
    assert countries.find(country.uri) == country


def test_a_language_is_recognised_by_both_codes_a_tag_and_its_uri() -> None:
    english = languages.find("en")
    assert english is not None
    assert {languages.find("eng"), languages.find("en-GB"), languages.find(english.uri)} == {english}
    assert english.uri == "http://publications.europa.eu/resource/authority/language/ENG"
    assert languages.find("ise") == languages.LANGUAGES["ise"]  # Italian Sign Language has no two letters
    assert languages.find("qq") is None


@pytest.mark.parametrize("written", ["7", "EQF 7", "Level 7", "http://data.europa.eu/snb/eqf/7"])
def test_a_level_is_recognised_however_it_is_written(written: str) -> None:
    assert vocabularies.eqf_level(written) == 7


@pytest.mark.parametrize("written", ["0", "9", "seven", "", "٧"])
def test_what_is_no_level_is_none(written: str) -> None:
    assert vocabularies.eqf_level(written) is None


def test_levels_and_cycles_are_said_in_words() -> None:
    assert vocabularies.eqf_label(7) == "EQF 7 · master level"
    assert vocabularies.eqf_label(3) == "EQF 3"
    assert [cycle.eqf_level for cycle in Cycle] == [5, 6, 7, 8]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("Analyse the risks of a study.", None),
        ("The learner will be able to design a study.", None),
        ("Developing digital content", None),
        ("To critically evaluate sources", None),
        ("Students can plan a project.", None),
        ("Understand the law", "vague_verb"),
        ("On successful completion, students will know the law", "vague_verb"),
        ("Communication, collaboration and creativity", "no_active_verb"),
        ("", "no_active_verb"),
    ],
)
def test_an_outcome_begins_with_what_the_learner_can_do(outcome: str, code: str | None) -> None:
    weakness = verbs.weakness(outcome)
    assert (weakness[0] if weakness else None) == code
