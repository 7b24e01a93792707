"""The form in which a course is written: sections in the order of Annex I, each with its fields. Data, not markup."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from credentials.learning import vocabularies
from credentials.learning.vocabularies import Code, countries, fields_of_study, languages
from issuer.catalogue.course_form import BOXES, FORMATS, CourseForm
from issuer.configurations.table import CONFIGURATIONS

Options = tuple[tuple[str, str], ...]

NOTHING: Options = (("", "—"),)
SCHEMES = ("deqar", "eter", "schac", "erasmus", "pic", "vat", "eidas", "registration", "tax")


class Kind(StrEnum):
    """How a field is filled in."""

    LINE = "text"
    NUMBER = "number"
    DAY = "date"
    ADDRESS = "url"
    PAGE = "page"
    SELECT = "select"
    BOXES = "boxes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; a text in several languages is one for each."""

    name: str
    label: str
    kind: Kind = Kind.LINE
    hint: str = ""
    options: Options = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together, under a heading of their own; `folded` ones are seldom needed."""

    fields: tuple[Field, ...]
    legend: str = ""
    hint: str = ""
    name: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the form; `adds` is what can be added to it, and the words of that button."""

    id: str
    title: str
    elements: str
    groups: tuple[Group, ...]
    adds: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How many of each thing the form has room for, and in which languages it is written."""

    tags: tuple[str, ...]
    outcomes: int = 1
    bodies: int = 1
    more: Mapping[str, int] = field(default_factory=dict)  # rooms in the lists that a form with fewer would not show

    @classmethod
    def of(cls, form: CourseForm, *, adding: str = "", language: str = "") -> "Shape":
        """Room for all that `form` says, and for what is being added."""
        tags = form.languages or ("en",)
        if language and language not in tags and languages.find(language):
            tags = (*tags, language)
        names = [name for name in form.values if "." in name]
        lists = {name.rpartition(".")[0].rpartition(".")[0] for name in names} | {n.rpartition(".")[0] for n in names}
        return cls(
            tags=tags,
            outcomes=max(1, form.count("learning_outcomes") + (adding == "outcome")),
            bodies=max(1, form.count("awarding_bodies") + (adding == "body")),
            more={name: form.count(name, filled=True) for name in lists},
        )

    def room(self, name: str) -> range:
        """The places of a list: those that are filled, and one more."""
        return range(self.more.get(name, 0) + 1)


def sections(shape: Shape) -> tuple[Section, ...]:
    """The whole form."""
    return (
        Section(id="about", title="What it is", elements="M2", groups=tuple(_about(shape))),
        Section(
            id="bodies", title="Who awards it", elements="M3, M4", adds=("body", "Add an awarding body"),
            groups=tuple(group for index in range(shape.bodies) for group in _body(shape, index=index)),
        ),
        Section(
            id="outcomes", title="What one learns", elements="M6", adds=("outcome", "Add a learning outcome"),
            groups=(
                *(group for index in range(shape.outcomes) for group in _outcome(shape, index=index)),
                _texts(shape, "learning_outcome_summary", "All of it in a few sentences", page=True, folded=True),
            ),
        ),
        Section(id="work", title="How much, and at which level", elements="M7, M8", groups=tuple(_work())),
        Section(
            id="assessment", title="How it is assessed", elements="M9, O2, O3", groups=tuple(_assessment(shape))
        ),
        Section(id="taking-part", title="How one takes part", elements="M10", groups=tuple(_participation())),
        Section(id="quality", title="What assures its quality", elements="M11", groups=tuple(_quality(shape))),
        Section(id="more", title="Before, after and beyond", elements="O1, O4, O5", groups=tuple(_beyond(shape))),
        Section(id="formats", title="How it is handed out", elements="", groups=(_formats(),)),
    )  # fmt: skip


def names(form: Iterable[Section]) -> frozenset[str]:
    """The names of all fields; of boxes, the name of the group."""
    return frozenset(each.name for section in form for group in section.groups for each in group.fields)


def near(name: str, shown: frozenset[str]) -> str:
    """The field that stands for `name`: itself, the first one beneath it, or the one above; empty where none is."""
    beneath = sorted(each for each in shown if each.startswith(f"{name}."))
    above = name.rpartition(".")[0]
    return next((each for each in (name, *beneath, above) if each in shown), "")


def hidden(form: CourseForm, *, shown: Sequence[Section]) -> dict[str, str]:
    """What the course says that the form does not show: it goes along, so that saving loses nothing."""
    known = names(shown)
    return {
        name: value
        for name, value in form.values.items()
        if name not in known and name.partition(".")[0] not in BOXES and value
    }


def _about(shape: Shape) -> Iterator[Group]:
    yield _texts(shape, "title", "Title", hint="As it stands on the certificate.")
    yield _texts(shape, "description", "Description", page=True, hint="What it is about, for whoever chooses it.")
    yield Group(
        fields=(
            *(
                _select(f"languages.{n}", _nth("Language of instruction", n), _languages())
                for n in shape.room("languages")
            ),
            *(
                _select(f"isced_f.{n}", _nth("Field of study", n), _fields_of_study(), hint="ISCED-F 2013")
                for n in shape.room("isced_f")
            ),
            _select("kind", "What it crowns", _codes(vocabularies.LearningOpportunity)),
        )
    )  # fmt: skip
    yield _texts(shape, "alternative_title", "Another title", folded=True)


def _body(shape: Shape, *, index: int) -> Iterator[Group]:
    at = f"awarding_bodies.{index}"
    title = "Awarding body" if index == 0 else f"Awarding body {index + 1}"
    yield _texts(shape, f"{at}.name", f"{title}: legal name")
    yield Group(
        legend=f"{title}: where it is, and how registers know it",
        fields=(
            _select(f"{at}.country", "Country", _countries()),
            _address(f"{at}.homepage", "Homepage"),
            *(
                each
                for n in shape.room(f"{at}.identifiers")
                for each in (
                    _select(f"{at}.identifiers.{n}.scheme", _nth("Register", n), _schemes()),
                    Field(name=f"{at}.identifiers.{n}.value", label=_nth("Number there", n)),
                )
            ),
        ),
    )


def _outcome(shape: Shape, *, index: int) -> Iterator[Group]:
    at = f"learning_outcomes.{index}"
    hint = "Begin with what the learner can do: assess, write, compare … An outcome left empty is not kept."
    yield _texts(shape, f"{at}.text", f"Learning outcome {index + 1}", page=True, hint=hint if index == 0 else "")
    yield Group(
        legend=f"Skills of outcome {index + 1}",
        folded=True,
        fields=(
            *(
                each
                for n in shape.room(f"{at}.esco_skills")
                for each in (
                    Field(name=f"{at}.esco_skills.{n}.uri", label=_nth("ESCO skill", n), hint=ESCO if n == 0 else ""),
                    Field(name=f"{at}.esco_skills.{n}.label", label=_nth("Its name", n)),
                )
            ),
            _select(f"{at}.kind", "Knowledge or skill", _codes(vocabularies.SkillKind)),
            _select(f"{at}.reuse", "How widely it can be used", _codes(vocabularies.SkillReuse)),
        ),
    )


def _work() -> Iterator[Group]:
    levels = tuple((str(level), vocabularies.eqf_label(level)) for level in range(1, 9))
    cycles = tuple((cycle.value, cycle.label) for cycle in vocabularies.Cycle)
    yield Group(
        fields=(
            Field(name="ects", label="ECTS credits", kind=Kind.NUMBER, hint="Half points as 2.5"),
            Field(name="workload_hours", label="Hours of work", kind=Kind.NUMBER, hint="25 to 30 for each credit"),
            _select("eqf_level", "EQF level", (*NOTHING, *levels)),
            _select("qf_ehea_cycle", "QF-EHEA cycle", (*NOTHING, *cycles)),
        )
    )
    yield Group(
        legend="National level",
        folded=True,
        fields=(
            Field(name="nqf_level.label", label="Level", hint="As your framework names it"),
            Field(name="nqf_level.uri", label="Its address", hint="http://data.europa.eu/snb/qdr/…"),
        ),
    )


def _assessment(shape: Shape) -> Iterator[Group]:
    yield _boxes("assessment_types", "Types of assessment", vocabularies.AssessmentType)
    yield Group(fields=(_select("supervision", "Supervision and identity", _codes(vocabularies.Supervision)),))
    yield _texts(shape, "assessment_description", "In words", folded=True)
    yield _boxes("assessment_modes", "Where it is assessed", vocabularies.Mode, folded=True)
    yield _texts(shape, "grading_scheme.title", "Grading scheme", folded=True)
    yield Group(
        legend="Grades in numbers",
        folded=True,
        hint="With these, each award's grade is checked.",
        fields=tuple(
            Field(name=f"grading_scheme.{name}", label=label, kind=Kind.NUMBER)
            for name, label in (("lowest", "Lowest"), ("passing", "Needed to pass"), ("highest", "Highest"))
        ),
    )
    yield _texts(shape, "grading_scheme.description", "How grades are given", page=True, folded=True)


def _participation() -> Iterator[Group]:
    yield _boxes("participation_modes", "Forms of participation", vocabularies.Mode)
    yield Group(
        fields=(
            _select("learning_setting", "Setting", _codes(vocabularies.Setting)),
            _select("learning_schedule", "Schedule", _codes(vocabularies.Schedule)),
        )
    )


def _quality(shape: Shape) -> Iterator[Group]:
    at = "quality_assurance"
    yield Group(
        fields=(
            _select(f"{at}.type", "Type", _codes(vocabularies.AccreditationType)),
            Field(name=f"{at}.agency", label="Agency"),
            Field(name=f"{at}.agency_id", label="The agency in a register", hint="https://data.deqar.eu/agency/…"),
            _address(f"{at}.report_uri", "Report", hint="https://data.deqar.eu/report/…"),
            Field(name=f"{at}.valid_from", label="Valid from", kind=Kind.DAY),
            Field(name=f"{at}.valid_to", label="Valid until", kind=Kind.DAY),
        )
    )
    yield _texts(shape, f"{at}.description", "In words", page=True, folded=True)


def _beyond(shape: Shape) -> Iterator[Group]:
    yield _texts(shape, "prerequisites", "Prerequisites to enrol", page=True)
    yield Group(
        fields=(
            _select("stackability.type", "Stand-alone or stackable", _codes(vocabularies.Stackability)),
            *(
                each
                for n in shape.room("stackability.part_of")
                for each in (
                    Field(name=f"stackability.part_of.{n}.label", label=_nth("Counts towards", n)),
                    Field(name=f"stackability.part_of.{n}.uri", label=_nth("Its address", n)),
                )
            ),
        )
    )
    yield _texts(shape, "stackability.description", "How it is stacked", page=True, folded=True)
    yield _texts(shape, "further_information", "Further information", page=True)
    yield Group(fields=(_address("homepage", "Homepage of the course"),))


def _formats() -> Group:
    options = tuple((name, each.title) for name, each in CONFIGURATIONS.items())
    chosen = Field(name=FORMATS, label="Formats", kind=Kind.BOXES, options=options)
    return Group(
        fields=(chosen,),
        legend="Formats",
        hint="A wallet is offered all of them at once. Without a choice: the usual ones.",
    )


ESCO = "http://data.europa.eu/esco/skill/…"


def _texts(shape: Shape, name: str, label: str, *, page: bool = False, hint: str = "", folded: bool = False) -> Group:
    kind = Kind.PAGE if page else Kind.LINE
    found = [(tag, languages.find(tag)) for tag in shape.tags]
    fields = tuple(
        Field(name=f"{name}.{tag}", label=known.label if known else tag, kind=kind, language=tag)
        for tag, known in found
    )
    return Group(fields=fields, legend=label, hint=hint, name=name, folded=folded)


def _boxes(name: str, label: str, codes: type[Code], *, folded: bool = False) -> Group:
    options = tuple((code.value, code.label) for code in codes)
    return Group(fields=(Field(name=name, label=label, kind=Kind.BOXES, options=options),), folded=folded, legend=label)


def _select(name: str, label: str, options: Options, *, hint: str = "") -> Field:
    return Field(name=name, label=label, kind=Kind.SELECT, options=options, hint=hint)


def _address(name: str, label: str, *, hint: str = "https://…") -> Field:
    return Field(name=name, label=label, kind=Kind.ADDRESS, hint=hint)


def _codes(codes: type[Code]) -> Options:
    return (*NOTHING, *((code.value, code.label) for code in codes))


def _countries() -> Options:
    return (*NOTHING, *sorted(((each.alpha2, each.label) for each in countries.COUNTRIES.values()), key=_by_label))


def _languages() -> Options:
    return (*NOTHING, *sorted(((each.code, each.label) for each in languages.LANGUAGES.values()), key=_by_label))


def _fields_of_study() -> Options:
    return (*NOTHING, *((code, f"{code} {label}") for code, label in sorted(fields_of_study.FIELDS_OF_STUDY.items())))


def _schemes() -> Options:
    return (*NOTHING, *((scheme, scheme.upper()) for scheme in SCHEMES))


def _by_label(option: tuple[str, str]) -> str:
    return option[1]


def _nth(label: str, number: int) -> str:
    return label if number == 0 else f"{label} {number + 1}"
