"""The columns of a cohort's file: their names, what they mean, and where each stands in an award.

The names are those of the API for single awards. A heading is recognised in any case, with blanks, hyphens or accents,
in the words that student systems use; what is close to a name is asked about.
"""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CLOSE = 0.6
SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `path` is the JSON pointer of what it holds in an award; `synonyms` are other headings for it."""

    name: str
    path: str
    meaning: str
    is_day: bool = False
    synonyms: Sequence[str] = ()


COLUMNS: Sequence[Column] = (
    Column(
        name="given_name", path="/learner/given_name", meaning="All given names, as in the register",
        synonyms=("first_name", "firstname", "forename", "given_names", "prenom", "vorname", "nome", "nombre"),
    ),
    Column(
        name="family_name", path="/learner/family_name", meaning="The family name",
        synonyms=("last_name", "lastname", "surname", "family_names", "nom", "nachname", "cognome", "apellidos"),
    ),
    Column(
        name="birth_date", path="/learner/birth_date", meaning="The date of birth, YYYY-MM-DD", is_day=True,
        synonyms=("date_of_birth", "birthdate", "birthday", "dob", "geburtsdatum", "data_di_nascita"),
    ),
    Column(
        name="learner_id", path="/learner/learner_id", meaning="The learner's number; enough where names are not given",
        synonyms=("student_id", "student_number", "matriculation_number", "matricola", "matrikelnummer", "id"),
    ),
    Column(
        name="learner_id_scheme", path="/learner/learner_id_scheme", meaning="Who gave the number, such as ESI",
        synonyms=("student_id_scheme", "id_scheme"),
    ),
    Column(
        name="learner_id_country", path="/learner/learner_id_country", meaning="The country of the number: IT or ITA",
        synonyms=("student_id_country", "id_country"),
    ),
    Column(
        name="email", path="/learner/email", meaning="For delivery alone; it never stands in a credential",
        synonyms=("e_mail", "mail", "email_address", "e_mail_address"),
    ),
    Column(
        name="award_date", path="/award_date", meaning="The day of the award, YYYY-MM-DD", is_day=True,
        synonyms=("date_of_award", "awarded_on", "date_awarded", "issue_date", "date"),
    ),
    Column(
        name="grade", path="/grade", meaning="The grade, as it is written at the institution",
        synonyms=("mark", "result", "note", "voto"),
    ),
    Column(
        name="valid_until", path="/valid_until", meaning="The last day it is valid; empty: for ever", is_day=True,
        synonyms=("expires", "expiry", "expiry_date", "valid_to", "expiration_date"),
    ),
    Column(
        name="certificate_number", path="/certificate_number", meaning="The number of the certificate",
        synonyms=("certificate_no", "certificate_id"),
    ),
    Column(
        name="learning_start", path="/learning_period/start", meaning="The first day of learning", is_day=True,
        synonyms=("start_date", "learning_period_start", "course_start"),
    ),
    Column(
        name="learning_end", path="/learning_period/end", meaning="The last day of learning", is_day=True,
        synonyms=("end_date", "learning_period_end", "course_end"),
    ),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
DAYS = frozenset(column.name for column in COLUMNS if column.is_day)
COLUMN_AT: Mapping[str, str] = {column.path: column.name for column in COLUMNS}
KNOWN: Mapping[str, str] = {heading: column.name for column in COLUMNS for heading in (column.name, *column.synonyms)}


def recognise(heading: str) -> str | None:
    """The name of the column that `heading` means."""
    return KNOWN.get(_plain(heading))


def suggest(heading: str) -> str | None:
    """The name of the column that was probably meant."""
    near = difflib.get_close_matches(_plain(heading), list(KNOWN), n=1, cutoff=CLOSE)
    return KNOWN[near[0]] if near else None


def shown(heading: str) -> str:
    """A heading as a sentence may repeat it: short, and without what nobody can read."""
    readable = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in heading)
    return readable[:SHOWN]


def _plain(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading[: SHOWN * 2]).casefold()
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return re.sub(r"[\s_\-./()]+", "_", bare).strip("_*: ")
