"""Institutions, their API keys and their courses. A course's version freezes when it is first awarded.

Trusted: a course's document is what credentials say; whoever adds an API key here can award. Keys are SHA-256 digests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, desc, func, insert, select, update

from issuer.books.tables import API_KEYS, COURSES, INSTITUTIONS, PEOPLE

INSTITUTION: BindParameter[Any] = bindparam("institution_")
SLUG: BindParameter[Any] = bindparam("slug_")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCourse:
    """One version of a course; its document is JSON."""

    slug: str
    version: int
    document: str
    frozen: bool
    formats: tuple[str, ...] = ()  # the credential configurations it is awarded in; none: the usual ones


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """An API key as far as it is kept; a person's own has the role and the name of the person."""

    institution: str
    prefix: str
    digest: str
    scopes: frozenset[str]
    label: str
    person: str | None = None
    role: str | None = None
    created_at: int = 0


_ADD_INSTITUTION = insert(INSTITUTIONS)
_CHANGE_INSTITUTION = (
    update(INSTITUTIONS)
    .where(INSTITUTIONS.c.slug == SLUG)
    .values(document=bindparam("document_"))
    .returning(INSTITUTIONS.c.slug)
)
_INSTITUTION = select(INSTITUTIONS.c.document).where(INSTITUTIONS.c.slug == SLUG)
_INSTITUTIONS = select(INSTITUTIONS.c.slug, INSTITUTIONS.c.document).order_by(INSTITUTIONS.c.slug)
_ADD_KEY = insert(API_KEYS)
_KEYS = select(API_KEYS, PEOPLE.c.role, PEOPLE.c.name).outerjoin(
    PEOPLE, (PEOPLE.c.institution == API_KEYS.c.institution) & (PEOPLE.c.id == API_KEYS.c.person)
)
_KEY = _KEYS.where(
    API_KEYS.c.prefix == bindparam("prefix_"),
    API_KEYS.c.withdrawn_at.is_(None),
    API_KEYS.c.person.is_(None) | (PEOPLE.c.id.is_not(None) & PEOPLE.c.ended_at.is_(None)),
)
_MACHINES = _KEYS.where(
    API_KEYS.c.institution == INSTITUTION, API_KEYS.c.person.is_(None), API_KEYS.c.withdrawn_at.is_(None)
).order_by(API_KEYS.c.created_at, API_KEYS.c.prefix)
_WITHDRAW_KEY = (
    update(API_KEYS)
    .where(
        API_KEYS.c.institution == INSTITUTION,
        API_KEYS.c.prefix == bindparam("prefix_"),
        API_KEYS.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("now_"))
    .returning(API_KEYS.c.prefix)
)
_SHOWN = (COURSES.c.slug, COURSES.c.version, COURSES.c.document, COURSES.c.frozen, COURSES.c.formats)
_LATEST = (
    select(*_SHOWN)
    .where(COURSES.c.institution == INSTITUTION, COURSES.c.slug == SLUG)
    .order_by(desc(COURSES.c.version))
    .limit(1)
)
_VERSION = select(*_SHOWN).where(
    COURSES.c.institution == INSTITUTION, COURSES.c.slug == SLUG, COURSES.c.version == bindparam("version_")
)
_NEWEST = select(COURSES.c.slug, func.max(COURSES.c.version).label("version")).where(
    COURSES.c.institution == INSTITUTION
)
_NEWEST_OF_ALL = _NEWEST.group_by(COURSES.c.slug).subquery()
_ALL = (
    select(*_SHOWN)
    .join(_NEWEST_OF_ALL, (_NEWEST_OF_ALL.c.slug == COURSES.c.slug) & (_NEWEST_OF_ALL.c.version == COURSES.c.version))
    .where(COURSES.c.institution == INSTITUTION)
    .order_by(COURSES.c.slug)
)
_ADD_COURSE = insert(COURSES)
_CHANGE_COURSE = (
    update(COURSES)
    .where(
        COURSES.c.institution == INSTITUTION,
        COURSES.c.slug == SLUG,
        COURSES.c.version == bindparam("version_"),
        COURSES.c.frozen == 0,
    )
    .values(document=bindparam("document_"), formats=bindparam("formats_"))
    .returning(COURSES.c.version)
)
_FREEZE = (
    update(COURSES)
    .where(COURSES.c.institution == INSTITUTION, COURSES.c.slug == SLUG, COURSES.c.version == bindparam("version_"))
    .values(frozen=1)
    .returning(COURSES.c.document)
)


def save_institution(connection: Connection, *, slug: str, document: str, now: int) -> None:
    """Adds an institution, or changes what is said of it."""
    if connection.execute(_CHANGE_INSTITUTION, {"slug_": slug, "document_": document}).one_or_none() is None:
        connection.execute(_ADD_INSTITUTION, {"slug": slug, "document": document, "created_at": now})


def find_institution(connection: Connection, *, slug: str) -> str | None:
    """The document of an institution."""
    return connection.execute(_INSTITUTION, {"slug_": slug}).scalar()


def all_institutions(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Slug and document of every institution."""
    return tuple((row.slug, row.document) for row in connection.execute(_INSTITUTIONS))


def add_key(connection: Connection, *, key: StoredKey, now: int) -> None:
    """Adds an API key."""
    row = {
        "institution": key.institution, "prefix": key.prefix, "digest": key.digest, "label": key.label,
        "scopes": " ".join(sorted(key.scopes)), "created_at": now, "withdrawn_at": None, "person": key.person,
    }  # fmt: skip
    connection.execute(_ADD_KEY, row)


def find_key(connection: Connection, *, prefix: str) -> StoredKey | None:
    """The API key with this prefix, unless it was withdrawn or the person whose it is has left."""
    row = connection.execute(_KEY, {"prefix_": prefix}).one_or_none()
    return None if row is None else _key(row)


def machine_keys(connection: Connection, *, institution: str) -> tuple[StoredKey, ...]:
    """The API keys of an institution that are nobody's own, the oldest first."""
    return tuple(_key(row) for row in connection.execute(_MACHINES, {"institution_": institution}))


def withdraw_key(connection: Connection, *, institution: str, prefix: str, now: int) -> bool:
    """Ends an API key; False if there is none."""
    values = {"institution_": institution, "prefix_": prefix, "now_": now}
    return connection.execute(_WITHDRAW_KEY, values).one_or_none() is not None


def save_course(
    connection: Connection, *, institution: str, slug: str, document: str, now: int, formats: Sequence[str] = ()
) -> int:
    """Saves a course and returns its version: a new one where the latest was awarded already."""
    latest = find_course(connection, institution=institution, slug=slug)
    version = 1 if latest is None else latest.version
    if latest is not None:
        if (latest.document, latest.formats) == (document, tuple(formats)):
            return version
        values = {"institution_": institution, "slug_": slug, "version_": version}
        said = {"document_": document, "formats_": " ".join(formats)}
        if connection.execute(_CHANGE_COURSE, values | said).one_or_none() is not None:
            return version
        version += 1
    row = {"institution": institution, "slug": slug, "version": version, "document": document, "frozen": 0}
    row["formats"] = " ".join(formats)
    connection.execute(_ADD_COURSE, {**row, "created_at": now})
    return version


def find_course(connection: Connection, *, institution: str, slug: str) -> StoredCourse | None:
    """The latest version of a course."""
    row = connection.execute(_LATEST, {"institution_": institution, "slug_": slug}).one_or_none()
    return None if row is None else _course(row)


def find_version(connection: Connection, *, institution: str, slug: str, version: int) -> StoredCourse | None:
    """One version of a course."""
    values = {"institution_": institution, "slug_": slug, "version_": version}
    row = connection.execute(_VERSION, values).one_or_none()
    return None if row is None else _course(row)


def all_courses(connection: Connection, *, institution: str) -> tuple[StoredCourse, ...]:
    """The latest version of every course of an institution."""
    return tuple(_course(row) for row in connection.execute(_ALL, {"institution_": institution}))


def freeze(connection: Connection, *, institution: str, slug: str, version: int) -> str | None:
    """Freezes a version of a course and returns its document: from here on it says what it says now."""
    values = {"institution_": institution, "slug_": slug, "version_": version}
    return connection.execute(_FREEZE, values).scalar()


def _key(row: Any) -> StoredKey:
    return StoredKey(
        institution=row.institution, prefix=row.prefix, digest=row.digest, scopes=frozenset(row.scopes.split()),
        label=row.name or row.label, person=row.person, role=row.role, created_at=row.created_at,
    )  # fmt: skip


def _course(row: Any) -> StoredCourse:
    formats = tuple(row.formats.split())
    return StoredCourse(
        slug=row.slug, version=row.version, document=row.document, frozen=bool(row.frozen), formats=formats
    )
