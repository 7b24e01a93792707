"""What a claim is called and says, for people: on cards, consent pages and in SD-JWT VC type metadata, by language."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from credentials.learning import tagged, tongues, vocabularies
from credentials.learning.vocabularies import Code, countries, fields_of_study, languages

ENGLISH: Mapping[str, tuple[str, str]] = {
    "title": ("Title", "What the micro-credential is called."),
    "alternative_title": ("Other title", "What the catalogue calls it, where that differs."),
    "description": ("Description", "What the micro-credential is about."),
    "awarding_body": ("Awarded by", "The organisation that awards the micro-credential."),
    "country": ("Country", "Where the awarding body is."),
    "region": ("Region", "The region of the awarding body."),
    "award_date": ("Awarded on", "The day of the award."),
    "valid_until": ("Valid until", "The last day on which the credential is valid."),
    "learner": ("Learner", "Who earned the micro-credential."),
    "given_name": ("Given name", "The learner's given name."),
    "family_name": ("Family name", "The learner's family name."),
    "birth_date": ("Date of birth", "The learner's date of birth."),
    "learner_id": ("Learner number", "A number that identifies the learner."),
    "learner_id_scheme": ("Kind of learner number", "Who gives the learner number."),
    "learner_id_country": ("Country of the learner number", "Where the learner number is valid."),
    "learning_outcomes": ("Learning outcomes", "What the learner knows and can do."),
    "learning_outcome_count": ("Number of learning outcomes", "How many learning outcomes were awarded."),
    "learning_outcome_summary": ("Learning outcomes in short", "The learning outcomes in a few sentences."),
    "esco_skills": ("Skills (ESCO)", "Skills of the European classification that the outcomes are linked to."),
    "skills": ("Other skills", "Skills of other frameworks that the outcomes are linked to."),
    "workload": ("Workload", "How much work it was, in credits and hours."),
    "ects": ("ECTS credits", "The workload in European credits."),
    "workload_hours": ("Hours of work", "The workload in hours."),
    "level": ("Level", "The level in words."),
    "eqf_level": ("EQF level", "The level in the European Qualifications Framework, 1 to 8."),
    "qf_ehea_cycle": ("Cycle", "The cycle in the European Higher Education Area."),
    "nqf_level": ("National level", "The level in a national qualifications framework."),
    "assessment_type": ("Assessment", "How the learning outcomes were assessed."),
    "assessment_description": ("About the assessment", "What the assessment consisted of."),
    "assessment_mode": ("Form of assessment", "Whether the assessment was on site, online or blended."),
    "participation_mode": ("Form of participation", "Whether learners took part on site, online or blended."),
    "learning_setting": ("Learning setting", "Formal or non-formal learning."),
    "learning_schedule": ("Schedule", "Full-time or part-time."),
    "quality_assurance": ("Quality assurance", "What assures the quality of the micro-credential."),
    "prerequisites": ("Prerequisites", "What was needed to enrol."),
    "supervision": ("Supervision of the assessment", "How the assessment was supervised, and identity verified."),
    "identity_verified": ("Identity verified", "Whether the learner's identity was verified during assessment."),
    "grade": ("Grade", "The grade that the learner achieved."),
    "grading_scheme": ("Grading scheme", "How grades are given."),
    "stackability": ("Stackability", "Whether it stands alone or counts towards another credential."),
    "further_information": ("Further information", "More about the micro-credential."),
    "homepage": ("Web page", "Where to read more."),
    "catalogue_uri": ("Catalogue entry", "The entry in the awarding body's catalogue."),
    "field_of_study": ("Field of study", "The field of study in words."),
    "isced_f": ("Field of study (ISCED-F)", "The code of the field of study."),
    "language": ("Language of instruction", "The language in which the learner learned."),
    "kind": ("Kind of learning", "What kind of learning it was."),
    "certificate_number": ("Certificate number", "The number of this certificate."),
    "locale": ("Language of the texts", "The language of texts without a language tag."),
    "annex_i": ("Elements awarded", "The elements of the European approach that this credential holds."),
    "content_digest": ("Fingerprint of the award", "Proves that two credentials are the same award."),
    "content_salt": ("Salt of the fingerprint", "Lets one who knows every fact check the fingerprint."),
}

LANGUAGES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": ENGLISH,
    **{tag: {claim: (label, "") for claim, label in said.items()} for tag, said in tongues.CLAIMS.items()},
}
"""A language is added by adding its module among the tongues; what it lacks is said in English."""

NAMES: Mapping[str, tuple[str, str]] = {
    "en": (
        "Micro-credential",
        "A record of what a learner has learned, after transparent assessment (EU 2022/C 243/02).",
    ),
    **tongues.NAMES,
}
"""What the credential type is called."""


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

CODES: Mapping[str, type[Code]] = {
    "assessment_type": vocabularies.AssessmentType,
    "assessment_mode": vocabularies.Mode,
    "participation_mode": vocabularies.Mode,
    "learning_setting": vocabularies.Setting,
    "learning_schedule": vocabularies.Schedule,
    "supervision": vocabularies.Supervision,
    "kind": vocabularies.LearningOpportunity,
    "quality_assurance": vocabularies.AccreditationType,
    "stackability": vocabularies.Stackability,
}
"""The claims whose values are codes."""

INNER = ("name", "text", "title", "label", "uri", "type", "agency", "description", "part_of")
"""What is said of a claim that is an object, in this order; the rest of it is for machines."""


def claim(name: str, *, language: str = "en") -> str:
    """What the claim `name` is called; the name itself where there is no word for it."""
    bare = tagged.bare(name)
    return _said(bare, language)[0]


def description(name: str, *, language: str = "en") -> str:
    """What the claim `name` means, in a sentence; empty where there is none."""
    return _said(tagged.bare(name), language)[1]


def _said(name: str, language: str) -> tuple[str, str]:
    return LANGUAGES.get(language, ENGLISH).get(name) or ENGLISH.get(name, (name.replace("_", " "), ""))


def value(name: str, said: Any, *, language: str = "en") -> str:
    """The value `said` of the claim `name` in plain words, as a consent page shows it; never raises."""
    bare = tagged.bare(name)
    return "; ".join(dict.fromkeys(part for part in _words(bare, said, language) if part))


def items(name: str, said: Any, *, language: str = "en") -> tuple[str, ...]:
    """The same apart: one text for each entry of a list, its parts with a dot between them."""
    bare = tagged.bare(name)
    entries = said if isinstance(said, list | tuple) else (said,)
    told = (" · ".join(dict.fromkeys(filter(None, _words(bare, entry, language)))) for entry in entries)
    return tuple(dict.fromkeys(text for text in told if text))


def day(when: date) -> str:
    """A day in words: "30 June 2026"."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def _words(name: str, said: Any, language: str) -> Iterator[str]:
    match said:
        case list() | tuple():
            for item in said:
                yield from _words(name, item, language)
        case Mapping():
            for inner in INNER:
                tagged_too = said.get(f"{inner}#{language}", said.get(inner))
                yield from _words(inner if inner != "type" else name, tagged_too, language)
                if inner in {"name", "text", "label"} and tagged_too:
                    return
        case bool():
            yield "yes" if said else "no"
        case str() | int() | float():
            yield _word(name, str(said))


def _word(name: str, said: str) -> str:
    code = _code(name, said)
    if code is not None:
        return code.label
    if name in {"country", "learner_id_country"} and (country := countries.find(said)):
        return country.label
    if name in {"language", "locale"} and (language := languages.find(said)):
        return language.label
    if name == "isced_f":
        return fields_of_study.label(said)
    if name == "eqf_level" and (level := vocabularies.eqf_level(said)):
        return vocabularies.eqf_label(level)
    return _day(said) if name.endswith("_date") else said


def _code(name: str, said: str) -> Code | None:
    of = CODES.get(name)
    return of.recognise(said) if of else None


def _day(said: str) -> str:
    try:
        return day(date.fromisoformat(said))
    except ValueError:
        return said
