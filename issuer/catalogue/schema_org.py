"""A course in the words of schema.org (schema.org/Course), for search engines, and lists of courses.

It stands in pages as a data block, `<script type="application/ld+json">`: nothing that a browser runs (HTML, 4.12.1).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from credentials.learning import vocabularies
from credentials.learning.course import present
from credentials.learning.vocabularies import fields_of_study
from issuer.catalogue.shelf import Offered
from keys import strict_json

CONTEXT = "https://schema.org"
Node = dict[str, Any]


def course(offered: Offered, *, language: str) -> Node:
    """One course, in the reader's language where it has that."""
    told = offered.course
    level = vocabularies.eqf_label(told.eqf_level) if told.eqf_level else None
    return present(
        {
            "@context": CONTEXT,
            "@type": "Course",
            "@id": offered.version_address,
            "url": offered.address,
            "courseCode": offered.slug,
            "name": told.title.best(language, "en"),
            "description": told.description.best(language, "en") if told.description else None,
            "provider": _provider(offered, language=language),
            "inLanguage": list(told.languages),
            "numberOfCredits": _credits(told.ects),
            "timeRequired": f"PT{told.workload_hours.normalize():f}H" if told.workload_hours is not None else None,
            "educationalLevel": level,
            "about": [fields_of_study.label(code) for code in told.isced_f],
            "teaches": [outcome.text.best(language, "en") for outcome in told.learning_outcomes],
            "competencyRequired": told.prerequisites.best(language, "en") if told.prerequisites else None,
            "educationalCredentialAwarded": {
                "@type": "EducationalOccupationalCredential",
                "credentialCategory": "Micro-credential",
                "name": told.title.best(language, "en"),
            },
        }
    )


def listed(offered: Iterable[Offered], *, language: str) -> Node:
    """A list of courses."""
    items = [
        {
            "@type": "ListItem",
            "position": place,
            "item": {
                "@type": "Course",
                "@id": each.version_address,
                "url": each.address,
                "name": each.course.title.best(language, "en"),
                "provider": _provider(each, language=language),
            },
        }
        for place, each in enumerate(offered, 1)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "itemListElement": items}


def block(node: Node) -> Markup:
    """The JSON as it may stand inside a data block: no character of it can end the block."""
    text = strict_json.dump(node).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # what could be markup is written as \u escapes


def _provider(offered: Offered, *, language: str) -> Node:
    body = offered.institution.body
    return present(
        {
            "@type": "CollegeOrUniversity",
            "name": body.name.best(language, "en"),
            "url": body.homepage or offered.identifier,
        }
    )


def _credits(ects: Decimal | None) -> Any:
    """Whole credits are a number; schema.org has a structured value for others."""
    if ects is None:
        return None
    if ects == ects.to_integral_value():
        return int(ects)
    return {"@type": "StructuredValue", "name": "ECTS", "value": float(ects)}
