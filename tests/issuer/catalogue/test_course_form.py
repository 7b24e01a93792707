"""A course and its form say the same: nothing is lost between them, and each finding knows its field."""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.learning import course as courses
from credentials.learning import micro_credential, reading
from credentials.learning.course import Course
from issuer.catalogue import completeness, course_form, form_fields
from issuer.catalogue.course_form import CourseForm
from issuer.catalogue.form_fields import Shape
from tests.credentials.learning.strategies import COURSES
from tests.issuer.universities import COURSE


def form_of(raw: dict[str, Any]) -> CourseForm:
    return CourseForm.parse(dict(course_form.fields(raw)))


def drawn(form: CourseForm) -> dict[str, str]:
    """What a browser would send of the form as it is drawn: its fields and what goes along hidden."""
    shown = form_fields.sections(Shape.of(form))
    boxes = {
        f"{each.name}.{code}": code
        for section in shown for group in section.groups for each in group.fields if each.kind == "boxes"
        for code in form.chosen(each.name)
    }  # fmt: skip
    plain = {name: form.values.get(name, "") for name in form_fields.names(shown)}
    return {**plain, **boxes, **form_fields.hidden(form, shown=shown)}


def told(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What is read of it; ticked boxes have no order."""
    read = reading.read_course({name: value for name, value in raw.items() if name != "formats"}, path="", into=[])
    return {
        name: sorted(value) if name in course_form.BOXES else value for name, value in read.to_json().items()
    }  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COURSES)
def test_a_course_goes_through_its_form_unchanged(course: Course) -> None:
    form = CourseForm.of(course, formats=())

    sent = CourseForm.parse(drawn(form))

    assert told(sent.raw) == told(course.to_json())


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=8))
def test_whatever_is_sent_is_read_and_only_courses_members_are_kept(sent: dict[str, str]) -> None:
    form = CourseForm.parse(sent)

    completeness.check(form.raw)
    assert set(form.raw) <= {*courses.ELEMENTS, "formats"}


def test_the_formats_go_along() -> None:
    course, _ = micro_credential.parse_course(COURSE)
    assert course is not None

    form = CourseForm.of(course, formats=("micro-credential_dc+sd-jwt",))

    assert CourseForm.parse(drawn(form)).raw["formats"] == ["micro-credential_dc+sd-jwt"]


def test_what_stands_between_empty_fields_finds_its_place() -> None:
    form = CourseForm.parse(
        {"title.en": "X", "learning_outcomes.0.text.en": " ", "learning_outcomes.3.text.en": "<b>Assess</b> things"}
    )

    errors = course_form.errors_of(form, findings=completeness.check(form.raw).findings)

    assert form.raw["learning_outcomes"] == [{"text": {"en": "<b>Assess</b> things"}}]
    assert any(name.startswith("learning_outcomes.3.text") for name in errors)


def test_a_field_that_contradicts_another_is_left_out() -> None:
    assert CourseForm.parse({"title": "X", "title.en": "Y"}).raw == {"title": "X"}
    assert CourseForm.parse({"title.en.x": "X", "title.en": "Y"}).raw == {"title": {"en": {"x": "X"}}}


def test_a_language_is_added_with_its_fields() -> None:
    form = form_of(dict(COURSE))

    names = form_fields.names(form_fields.sections(Shape.of(form, language="de")))

    assert {"title.en", "title.it", "title.de", "learning_outcomes.1.text.de"} <= names
    assert Shape.of(form, language="xx").tags == ("en", "it")


def test_completeness_counts_what_a_course_can_give() -> None:
    nothing, whole = completeness.check({}), completeness.check(COURSE)

    assert nothing.sentence.startswith("0 of 9 mandatory elements are given. To do: Title of the micro-credential")
    assert whole.sentence == "9 of 9 mandatory elements are given. The course is complete."
    assert whole.complete
    assert {element.id for element in whole.elements if element.state == "award"} == {"M1", "M5", "O3"}


def test_what_is_wrong_is_not_called_missing() -> None:
    checked = completeness.check({**COURSE, "ects": "many"})

    states = {element.id: element.state for element in checked.elements}
    assert states["M7"] == "wrong"
    assert not checked.complete
    assert "One thing needs correcting." in checked.sentence
