"""Courses across versions and institutions, as the catalogue shows them to everybody.

Trusted with nothing that is not public: whoever alters courses alters what credentials say (see store_catalogue).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, desc, func, select

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
    formats: tuple[str, ...] = ()


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
_ALL_NEWEST = (
    select(COURSES)
    .join(
        _NEWEST,
        (_NEWEST.c.institution == COURSES.c.institution)
        & (_NEWEST.c.slug == COURSES.c.slug)
        & (_NEWEST.c.version == COURSES.c.version),
    )
    .order_by(COURSES.c.institution, COURSES.c.slug)
)


def of_course(connection: Connection, *, institution: str, slug: str) -> tuple[StoredVersion, ...]:
    """Every version of a course, the newest first."""
    return tuple(_of(row) for row in connection.execute(_OF_COURSE, {"institution_": institution, "slug_": slug}))


def newest(connection: Connection) -> tuple[StoredVersion, ...]:
    """The latest version of every course of every institution."""
    return tuple(_of(row) for row in connection.execute(_ALL_NEWEST))


def _of(row: Any) -> StoredVersion:
    return StoredVersion(
        institution=row.institution, slug=row.slug, version=row.version, document=row.document,
        frozen=bool(row.frozen), created_at=row.created_at, formats=tuple(row.formats.split()),
    )  # fmt: skip
