from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from credentials.learning import micro_credential, profiles
from credentials.learning.findings import Severity
from credentials.learning.micro_credential import MicroCredential
from tests.credentials.learning.strategies import JSON, MICRO_CREDENTIALS

Json = dict[str, Any]
Change = Callable[[Json], None]
Wrong = tuple[str, str, str]
"""Element, code, path."""


def setting(**members: Any) -> Change:
    return lambda changed: changed.update(members)


def inside(name: str, /, *, index: int | None = None, **members: Any) -> Change:
    def change(changed: Json) -> None:
        (changed[name] if index is None else changed[name][index]).update(members)

    return change


def without(name: str, **members: Any) -> Change:
    def change(changed: Json) -> None:
        del changed[name]
        changed.update(members)

    return change


def test_a_complete_course_and_award_pass_without_a_finding(course: Json, award: Json) -> None:
    read, findings = micro_credential.parse({"course": course, "award": award})

    assert findings == ()
    assert read is not None
    assert read.course.ects == Decimal(3)
    assert read.course.countries == ("IT",)
    assert read.award.learner.name == "Ana Andromeda"


@given(MICRO_CREDENTIALS)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(record: MicroCredential) -> None:
    assert micro_credential.read(record.to_json()) == (record, ())


@given(JSON)
@settings(max_examples=80, deadline=None)
def test_garbage_gives_findings_and_no_exception(garbage: Any) -> None:
    for raw in (garbage, {"course": garbage, "award": garbage}):
        read, findings = micro_credential.parse(raw)
        assert read is None
        assert findings


@given(JSON)
@settings(max_examples=80, deadline=None)
def test_garbage_in_any_member_of_a_course_gives_no_exception(garbage: Any) -> None:
    from credentials.learning import award, course  # noqa: PLC0415  # names that the fixtures of this module shadow

    raw = {"course": dict.fromkeys(course.ELEMENTS, garbage), "award": dict.fromkeys(award.ELEMENTS, garbage)}
    _, findings = micro_credential.parse(raw)
    assert findings


REFUSED_COURSES: list[tuple[Wrong, Change]] = [
    (("M2", "missing", "/title"), without("title")),
    (("M2", "missing", "/title"), setting(title={"en": " "})),
    (("M2", "not_multilingual", "/title"), setting(title="Data")),
    (("M2", "too_long", "/title"), setting(title={"en": "x" * 501})),
    (("M2", "unknown_language", "/title"), setting(title={"en": "x", "qq": "y"})),
    (("M2", "markup", "/title"), setting(title={"en": "<script>x</script>"})),
    (("M2", "hidden_character", "/title"), setting(title={"en": "Data \u202etcetorP"})),
    (("M2", "control_character", "/title"), setting(title={"en": "Data\u0000"})),
    (("M3", "missing", "/awarding_bodies/0/country"), inside("awarding_bodies", index=0, country=None)),
    (("M3", "unknown_code", "/awarding_bodies/0/country"), inside("awarding_bodies", index=0, country="ZZ")),
    (("M4", "missing", "/awarding_bodies"), setting(awarding_bodies=[])),
    (("M4", "missing", "/awarding_bodies/0/name"), inside("awarding_bodies", index=0, name=None)),
    (("M4", "unknown_member", "/awarding_bodies/0/nam"), inside("awarding_bodies", index=0, nam="x")),
    (
        ("M4", "not_a_uri", "/awarding_bodies/0/homepage"),
        inside("awarding_bodies", index=0, homepage="http://x.example"),
    ),
    (
        ("M4", "missing", "/awarding_bodies/0/identifiers/0/scheme"),
        inside("awarding_bodies", index=0, identifiers=[{"value": "IT9999"}]),
    ),
    (
        ("M4", "duplicate", "/awarding_bodies/0/identifiers/1/scheme"),
        inside(
            "awarding_bodies", index=0, identifiers=[{"scheme": "vat", "value": "1"}, {"scheme": "vat", "value": "2"}]
        ),
    ),
    (("M4", "not_an_object", "/awarding_bodies/1"), lambda changed: changed["awarding_bodies"].append("University")),
    (("M6", "too_many", "/learning_outcomes"), setting(learning_outcomes=[{"text": {"en": "Apply the law."}}] * 101)),
    (("M6", "not_text", "/learning_outcomes/0/text"), inside("learning_outcomes", index=0, text={"en": 7})),
    (("O2", "missing", "/supervision"), without("supervision", identity_verified=True)),
    (("O4", "missing", "/stackability/type"), setting(stackability={"part_of": ["https://x.example/diploma"]})),
    (("M6", "missing", "/learning_outcomes"), setting(learning_outcomes=[])),
    (("M6", "too_short", "/learning_outcomes/0/text"), inside("learning_outcomes", index=0, text={"en": "Apply"})),
    (
        ("M6", "not_an_esco_skill", "/learning_outcomes/1/esco_skills/0"),
        inside("learning_outcomes", index=1, esco_skills=["https://x.example/skill"]),
    ),
    (("M7", "out_of_range", "/ects"), setting(ects=60)),
    (("M7", "out_of_step", "/ects"), setting(ects="2.3")),
    (("M7", "not_a_number", "/ects"), setting(ects="three")),
    (("M7", "not_a_number", "/workload_hours"), setting(workload_hours="P60M")),
    (("M7", "out_of_range", "/workload_hours"), setting(workload_hours=0)),
    (("M8", "out_of_range", "/eqf_level"), setting(eqf_level=9)),
    (("M8", "level_and_cycle_disagree", "/qf_ehea_cycle"), setting(qf_ehea_cycle="first")),
    (("M8", "unknown_code", "/qf_ehea_cycle"), setting(qf_ehea_cycle="fourth")),
    (("M9", "missing", "/assessment_types"), setting(assessment_types=None)),
    (("M9", "unknown_code", "/assessment_types/1"), setting(assessment_types=["quiz", "duel"])),
    (("M10", "missing", "/participation_modes"), setting(participation_modes=[])),
    (("M11", "missing", "/quality_assurance"), without("quality_assurance")),
    (("M11", "not_a_date", "/quality_assurance/valid_to"), inside("quality_assurance", valid_to="2029-02-30")),
    (("M11", "ends_early", "/quality_assurance/valid_to"), inside("quality_assurance", valid_to="2023-12-31")),
    (("O1", "too_long", "/prerequisites"), setting(prerequisites={"en": "x" * 2001})),
    (("O2", "unknown_code", "/supervision"), setting(supervision="watched")),
    (("O2", "contradiction", "/identity_verified"), setting(identity_verified=False)),
    (("O2", "not_a_boolean", "/identity_verified"), setting(identity_verified="yes")),
    (("O3", "out_of_range", "/grading_scheme"), inside("grading_scheme", passing=31)),
    (("O4", "missing", "/stackability/part_of"), setting(stackability={"type": "stackable"})),
    (("O4", "contradiction", "/stackability/part_of"), inside("stackability", type="standalone")),
    (("O5", "not_a_uri", "/homepage"), setting(homepage="javascript:alert(1)")),
    (("+", "unknown_code", "/isced_f/0"), setting(isced_f=["1234"])),
    (("+", "unknown_code", "/languages/0"), setting(languages=["qq"])),
    (("+", "unknown_member", "/titel"), setting(titel={"en": "Data"})),
]


@pytest.mark.parametrize(("wrong", "change"), REFUSED_COURSES)
def test_a_course_with_one_thing_wrong_is_refused_for_that(course: Json, wrong: Wrong, change: Change) -> None:
    change(course)

    read, findings = micro_credential.parse_course(course)

    assert read is None
    assert [(f.element, f.code, f.path) for f in findings if f.severity is Severity.ERROR] == [wrong]


REFUSED_AWARDS: list[tuple[Wrong, Change]] = [
    (("M1", "missing", "/learner"), setting(learner={"given_name": "Ana"})),
    (("M1", "unknown_member", "/learner/name"), inside("learner", name="Ana")),
    (("M1", "not_a_date", "/learner/birth_date"), inside("learner", birth_date="2.10.1999")),
    (("M1", "out_of_range", "/learner/birth_date"), inside("learner", birth_date="2031-10-02")),
    (("M1", "unknown_code", "/learner/learner_id_country"), inside("learner", learner_id_country="XX")),
    (("M1", "missing", "/learner/learner_id"), inside("learner", learner_id=None)),
    (("M1", "not_an_email", "/learner/email"), inside("learner", email="ana@learner")),
    (("M1", "hidden_character", "/learner/given_name"), inside("learner", given_name="Ana\u200b")),
    (("M5", "missing", "/award_date"), without("award_date")),
    (("M5", "missing", "/award_date"), setting(award_date="")),
    (("M5", "not_a_date", "/award_date"), setting(award_date="30/06/2026")),
    (("M5", "in_the_future", "/award_date"), setting(award_date="2026-07-03")),
    (("M5", "ends_early", "/valid_until"), setting(valid_until="2026-06-30")),
    (("O3", "out_of_range", "/grade"), setting(grade="17/30")),
    (("O3", "out_of_range", "/grade"), setting(grade="31")),
    (("+", "ends_early", "/learning_period/end"), inside("learning_period", end="2026-03-01")),
    (("+", "unknown_member", "/mark"), setting(mark="28")),
]


@pytest.mark.parametrize(("wrong", "change"), REFUSED_AWARDS)
def test_an_award_with_one_thing_wrong_is_refused_for_that(
    course: Json, award: Json, wrong: Wrong, change: Change
) -> None:
    taught, _ = micro_credential.parse_course(course)
    change(award)

    read, findings = micro_credential.parse_award(award, course=taught, today=date(2026, 7, 1))

    assert read is None
    assert [(f.element, f.code, f.path) for f in findings] == [wrong]


WARNED: list[tuple[str, str, Change]] = [
    ("M6", "no_active_verb", inside("learning_outcomes", index=0, text={"en": "Principles of data protection"})),
    ("M6", "vague_verb", inside("learning_outcomes", index=0, text={"en": "The learner will understand privacy law"})),
    ("M7", "unusual_workload", setting(workload_hours=40)),
    ("M8", "unusual_level", setting(eqf_level=4, qf_ehea_cycle=None)),
    ("M9", "attendance_only", setting(assessment_types=["attendance"])),
    ("M11", "weak", setting(quality_assurance={"description": {"en": "We care about quality."}})),
]


@pytest.mark.parametrize(("element", "code", "change"), WARNED)
def test_a_doubtful_course_passes_with_a_warning(course: Json, element: str, code: str, change: Change) -> None:
    change(course)

    read, findings = micro_credential.parse_course(course)

    assert read is not None
    assert [(f.element, f.code, f.severity) for f in findings] == [(element, code, Severity.WARNING)]


def test_an_award_before_the_learning_ended_passes_with_a_warning(award: Json) -> None:
    award["learning_period"]["end"] = "2026-07-12"

    read, findings = micro_credential.parse_award(award)

    assert read is not None
    assert [finding.code for finding in findings] == ["awarded_early"]


def test_all_problems_come_at_once_and_each_once(course: Json, award: Json) -> None:
    broken, spoilt = deepcopy(course), deepcopy(award)
    del broken["title"], broken["quality_assurance"]
    broken |= {"ects": 75, "supervision": "watched", "languages": ["qq"]}
    spoilt |= {"award_date": "yesterday", "grade": "<b>28</b>", "lerner": {}}

    read, findings = micro_credential.parse({"course": broken, "award": spoilt})

    assert read is None
    assert sorted(finding.path for finding in findings if finding.severity is Severity.ERROR) == [
        "/award/award_date",
        "/award/grade",
        "/award/lerner",
        "/course/ects",
        "/course/languages/0",
        "/course/quality_assurance",
        "/course/supervision",
        "/course/title",
    ]


@pytest.mark.parametrize(("written", "read"), [(3, "3"), ("2,5", "2.5"), ("2.50", "2.5"), (2.5, "2.5"), ("3.0", "3")])
def test_credits_are_decimals_and_a_comma_is_understood(course: Json, written: object, read: str) -> None:
    taught, _ = micro_credential.parse_course({**course, "ects": written, "workload_hours": None})
    assert taught is not None
    assert str(taught.ects) == read


def test_codes_are_understood_by_slug_uri_and_words(course: Json) -> None:
    course["participation_modes"] = [
        "Blended",
        "http://data.europa.eu/snb/learning-assessment/920fbb3cbe",
        "Work based",
    ]
    course["awarding_bodies"][0]["country"] = "http://publications.europa.eu/resource/authority/country/GRC"
    course["languages"] = ["ENG", "fur"]

    taught, findings = micro_credential.parse_course(course)

    assert taught is not None, findings
    assert taught.participation_modes == ("blended", "online", "work-based")
    assert taught.countries == ("GR",)
    assert taught.languages == ("en", "fur")


def test_a_misspelt_member_is_answered_with_the_right_spelling(course: Json) -> None:
    course["prerequisits"] = {"en": "None."}
    _, findings = micro_credential.parse_course(course)
    assert "did you mean prerequisites?" in findings[0].message


def test_a_credential_expires_with_the_last_second_of_its_last_day(record: MicroCredential) -> None:
    assert record.award.expires is not None
    assert record.award.expires.isoformat() == "2031-06-30T23:59:59+00:00"


def test_without_a_course_the_award_is_read_by_itself(award: Json) -> None:
    read, findings = micro_credential.parse_award(award, profile=profiles.DC4EU_HE)
    assert (read is not None, findings) == (True, ())


def test_a_flood_of_unknown_members_and_languages_is_answered_in_short(course: Json) -> None:
    course |= {f"x{index}": index for index in range(10_000)}
    course["title"] = {f"en-{index:04}": "x" for index in range(1000)}

    _, findings = micro_credential.parse_course(course)

    assert [finding.code for finding in findings] == ["unknown_member"] * 20 + ["too_many"]


def test_an_award_made_where_it_is_tomorrow_already_is_not_in_the_future(award: Json) -> None:
    assert micro_credential.parse_award(award, today=date(2026, 6, 29))[0] is not None


def test_a_finding_is_shown_with_all_its_parts(course: Json) -> None:
    course["ects"] = 60
    _, (finding,) = micro_credential.parse_course(course | {"workload_hours": None})
    assert finding.to_json() == {
        "element": "M7",
        "code": "out_of_range",
        "severity": "error",
        "path": "/ects",
        "message": "The profile deqar allows 0.5 to 59 ECTS, not 60.",
    }
