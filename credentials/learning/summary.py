"""A micro-credential as a person reads it: labels and values in plain words, for cards, consent pages and reports."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from credentials.credential import Credential, Format
from credentials.learning import flat_claims, labels, vocabularies, w3c_claims
from credentials.learning.award import Award
from credentials.learning.course import Course
from credentials.learning.findings import ANNEX_I
from credentials.learning.mappings import dc4eu, eudi_learning
from credentials.learning.text import Text
from credentials.learning.view import State, View
from credentials.learning.vocabularies import countries, fields_of_study, languages

BETWEEN = " · "  # between the parts of one value

ELEMENTS: Mapping[str, str] = {
    "title": "M2",
    "alternative_title": "M2",
    "awarding_body": "M4",
    "country": "M3",
    "learner": "M1",
    "birth_date": "M1",
    "learner_id": "M1",
    "award_date": "M5",
    "valid_until": "M5",
    "workload": "M7",
    "level": "M8",
    "grade": "O3",
    "learning_outcomes": "M6",
    "esco_skills": "M6",
    "assessment_type": "M9",
    "assessment_description": "M9",
    "participation_mode": "M10",
    "quality_assurance": "M11",
    "supervision": "O2",
    "prerequisites": "O1",
    "stackability": "O4",
    "further_information": "O5",
    "homepage": "O5",
    "catalogue_uri": "O5",
    "field_of_study": "+",
    "language": "+",
    "kind": "+",
    "certificate_number": "+",
}
"""The facts in the order of a card; the first fact of an element stands for it where it is withheld or absent."""

READERS: Mapping[str, Callable[..., View]] = {
    eudi_learning.VCT: eudi_learning.from_claims,
    dc4eu.VCT: dc4eu.from_claims,
}
"""The types of SD-JWT VC whose claims are not ours, and what reads them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a card: what it is called, what it says, its element of Annex I, and whether it is there.

    `withheld` counts the items beside those shown that the holder keeps back.
    """

    label_key: str
    label: str
    element: str
    state: State = State.PRESENT
    items: tuple[str, ...] = field(default=())
    withheld: int = 0

    @property
    def value(self) -> str:
        """What the fact says, on one line; empty where it is withheld or absent."""
        return "; ".join(self.items)

    def to_json(self) -> dict[str, object]:
        """The fact as the API shows it."""
        return {
            "label_key": self.label_key,
            "label": self.label,
            "value": self.value,
            "items": list(self.items),
            "withheld": self.withheld,
            "element": self.element,
            "state": self.state.value,
        }


def see(credential: Credential) -> View:
    """The micro-credential that `credential` shows, in whatever format it is."""
    if credential.format is Format.SD_JWT_VC:
        return reader(credential.types)(credential.claims, disclosable=credential.disclosable)
    return w3c_claims.from_claims(credential.claims)


def reader(types: Sequence[str]) -> Callable[..., View]:
    """What reads the claims of an SD-JWT VC of the type `types`: that of the type, or that of our own claims."""
    return READERS.get(types[0] if types else "", flat_claims.from_claims)


def facts(view: View, *, language: str = "en") -> tuple[Fact, ...]:
    """Everything `view` shows, in the order of a card; an element it does not show is a fact without items."""
    said: dict[str, tuple[str, ...]] = {}
    if view.record is not None:
        said = _said(course_items(view.record.course, language=language) | _award(view.record.award))
    said.setdefault("esco_skills", _skills_beside(view))
    found = _facts(said, states={name: view.state(name) for name in ANNEX_I}, language=language)
    return tuple(replace(fact, withheld=_kept_back(fact, view)) for fact in found)


def tongues(view: View, *, language: str) -> dict[str, str]:
    """The language of each fact whose text `view` does not hold in `language`, by what `facts` calls the fact."""
    if view.record is None:
        return {}
    course = view.record.course
    texts: dict[str, Text | None] = {
        "title": course.title, "alternative_title": course.alternative_title,
        "assessment_description": course.assessment_description, "prerequisites": course.prerequisites,
        "further_information": course.further_information,
        "learning_outcomes": next((outcome.text for outcome in course.learning_outcomes), None),
        "awarding_body": next((body.name for body in course.awarding_bodies), None),
    }  # fmt: skip
    return {name: text.main for name, text in texts.items() if text is not None and language not in text.languages}


def in_short(facts: Iterable[Fact]) -> str:
    """Level and credits, as short as a card needs them: "EQF 7 · master level · 3 ECTS"."""
    said = {fact.label_key: fact.value.split(BETWEEN) for fact in facts if fact.value}
    return BETWEEN.join([*said.get("level", [])[:2], *said.get("workload", [])[:1]])


def course_facts(course: Course, *, language: str = "en") -> tuple[Fact, ...]:
    """What a catalogue says of `course`, in the order of a card."""
    return _facts(_said(course_items(course, language=language)), states={}, language=language)


def course_items(course: Course, *, language: str = "en") -> dict[str, Iterable[str]]:
    """The words of each fact of the catalogue."""
    return {
        "title": _text(course.title, language),
        "alternative_title": _text(course.alternative_title, language),
        "awarding_body": [body.name.best(language, "en") for body in course.awarding_bodies],
        "country": [_country(code) for code in course.countries] + [term.label or "" for term in course.regions],
        "workload": [workload(course)],
        "level": [level(course)],
        "learning_outcomes": [outcome.text.best(language, "en") for outcome in course.learning_outcomes],
        "esco_skills": [
            skill.label or skill.uri or "" for outcome in course.learning_outcomes for skill in outcome.esco_skills
        ],
        "assessment_type": [kind.label for kind in course.assessment_types],
        "assessment_description": _text(course.assessment_description, language),
        "participation_mode": _participation(course),
        "quality_assurance": [_quality(course, language)],
        "supervision": [course.supervision.label] if course.supervision else [],
        "prerequisites": _text(course.prerequisites, language),
        "stackability": [_stackability(course, language)],
        "further_information": _text(course.further_information, language),
        "homepage": [course.homepage or ""],
        "catalogue_uri": [course.catalogue_uri or ""],
        "field_of_study": [fields_of_study.label(code) for code in course.isced_f],
        "language": [languages.LANGUAGES[code].label for code in course.languages],
        "kind": [course.kind.label] if course.kind else [],
    }


def workload(course: Course) -> str:
    """The workload in words: "3 ECTS · 75 hours"."""
    ects = f"{plain(course.ects)} ECTS" if course.ects is not None else ""
    hours = f"{plain(course.workload_hours)} hours" if course.workload_hours is not None else ""
    return _together(ects, hours)


def level(course: Course) -> str:
    """The level in words: "EQF 7 · master level · second cycle"."""
    eqf = vocabularies.eqf_label(course.eqf_level) if course.eqf_level else ""
    cycle = course.qf_ehea_cycle.label if course.qf_ehea_cycle else ""
    national = course.nqf_level.label or course.nqf_level.uri if course.nqf_level else ""
    return _together(eqf, cycle, national or "")


def plain(number: Decimal) -> str:
    """A number as people write it, without trailing zeros."""
    return f"{number.normalize():f}"


def _award(award: Award) -> dict[str, Iterable[str]]:
    learner = award.learner
    country = _country(learner.learner_id_country) if learner.learner_id_country else ""
    origin = ", ".join(part for part in (learner.learner_id_scheme, country) if part)
    number = f"{learner.learner_id} ({origin})" if learner.learner_id and origin else learner.learner_id
    return {
        "learner": [learner.name],
        "birth_date": [labels.day(learner.birth_date)] if learner.birth_date else [],
        "learner_id": [number or ""],
        "award_date": [labels.day(award.award_date)],
        "valid_until": [labels.day(award.valid_until)] if award.valid_until else [],
        "grade": [award.grade or ""],
        "certificate_number": [award.certificate_number or ""],
    }


def _said(items: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found = {key: tuple(dict.fromkeys(part for part in parts if part)) for key, parts in items.items()}
    return {key: parts for key, parts in found.items() if parts}


def _facts(said: Mapping[str, tuple[str, ...]], *, states: Mapping[str, State], language: str) -> tuple[Fact, ...]:
    lead = {ELEMENTS[key]: key for key in reversed(list(ELEMENTS))}
    silent = {element: state for element, state in states.items() if state is not State.PRESENT}
    found = []
    for key, element in ELEMENTS.items():
        label = labels.claim(key, language=language)
        if element in silent and lead[element] == key:
            found.append(Fact(label_key=key, label=label, element=element, state=silent[element]))
        elif said.get(key):
            found.append(Fact(label_key=key, label=label, element=element, items=said[key]))
    return tuple(found)


def _skills_beside(view: View) -> tuple[str, ...]:
    """The labels of skills whose learning outcomes the holder keeps back."""
    skills = view.elements["M6"].value.get("esco_skills")
    found = [skill.get("label") for skill in skills if isinstance(skill, Mapping)] if isinstance(skills, list) else []
    return tuple(label for label in found if isinstance(label, str))


def _kept_back(fact: Fact, view: View) -> int:
    """How many learning outcomes were awarded beyond those that are shown."""
    awarded = view.elements["M6"].value.get("learning_outcome_count")
    if fact.label_key != "learning_outcomes" or not isinstance(awarded, int):
        return 0
    return max(0, awarded - len(fact.items))


def _participation(course: Course) -> list[str]:
    extra = [entry.label for entry in (course.learning_setting, course.learning_schedule) if entry]
    return [mode.label for mode in course.participation_modes] + extra


def _quality(course: Course, language: str) -> str:
    quality = course.quality_assurance
    if quality is None:
        return ""
    since = f"from {labels.day(quality.valid_from)}" if quality.valid_from else ""
    until = f"until {labels.day(quality.valid_to)}" if quality.valid_to else ""
    words = quality.description.best(language, "en") if quality.description else ""
    period = " ".join(part for part in (since, until) if part)
    kind = quality.type.label if quality.type else ""
    said = _together(kind, quality.agency or "", words, period)
    return said or quality.report_uri or quality.agency_id or ""


def _stackability(course: Course, language: str) -> str:
    stacking = course.stackability
    if stacking is None:
        return ""
    wholes = ", ".join(whole.label or whole.uri or "" for whole in stacking.part_of)
    words = stacking.description.best(language, "en") if stacking.description else ""
    return _together(stacking.type.label, wholes, words)


def _country(code: str) -> str:
    country = countries.find(code)
    return country.label if country else code


def _text(words: Text | None, language: str) -> list[str]:
    return [words.best(language, "en")] if words else []


def _together(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
