"""Courses across versions and institutions, as the catalogue shows them to everybody.

Trusted with nothing that is not public: whoever alters courses alters what credentials say (see store_catalogue).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, desc, func, select, tuple_

from issuer.books.tables import COURSES

INSTITUTION: BindParameter[Any] = bindparam("institution_")
SLUG: BindParameter[Any] = bindparam("slug_")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One version of a course of one institution; its document is JSON."""

    institution: str
    slug: str
    version: int
    document: str
    frozen: bool
    created_at: int


_OF_COURSE = (
    select(COURSES)
    .where(COURSES.c.institution == INSTITUTION, COURSES.c.slug == SLUG)
    .order_by(desc(COURSES.c.version))
)
_NEWEST = (
    select(COURSES.c.institution, COURSES.c.slug, func.max(COURSES.c.version).label("version"))
    .group_by(COURSES.c.institution, COURSES.c.slug)
    .subquery()
)
_PAGE = (
    select(COURSES)
    .join(
        _NEWEST,
        (_NEWEST.c.institution == COURSES.c.institution)
        & (_NEWEST.c.slug == COURSES.c.slug)
        & (_NEWEST.c.version == COURSES.c.version),
    )
    .where(tuple_(COURSES.c.institution, COURSES.c.slug) > tuple_(bindparam("after_"), bindparam("after_slug_")))
    .order_by(COURSES.c.institution, COURSES.c.slug)
    .limit(bindparam("count_"))
)


def of_course(connection: Connection, *, institution: str, slug: str) -> tuple[StoredVersion, ...]:
    """Every version of a course, the newest first."""
    return tuple(_of(row) for row in connection.execute(_OF_COURSE, {"institution_": institution, "slug_": slug}))


def page(connection: Connection, *, after: tuple[str, str], count: int) -> tuple[StoredVersion, ...]:
    """The latest version of up to `count` courses after (institution, slug), of all institutions, in that order."""
    values = {"after_": after[0], "after_slug_": after[1], "count_": count}
    return tuple(_of(row) for row in connection.execute(_PAGE, values))


def _of(row: Any) -> StoredVersion:
    return StoredVersion(
        institution=row.institution, slug=row.slug, version=row.version, document=row.document,
        frozen=bool(row.frozen), created_at=row.created_at,
    )  # fmt: skip
