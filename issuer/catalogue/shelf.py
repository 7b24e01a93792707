"""All courses of all institutions in their latest versions, read again every few seconds: the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials.learning.course import Course
from issuer import institutions
from issuer.books import store_catalogue, store_versions
from issuer.books.store_versions import StoredVersion
from issuer.catalogue import addresses
from issuer.tenancy.institution import Institution
from keys import strict_json
from service.database import Database

READ_AGAIN = timedelta(seconds=5)

Key = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A version of a course as the catalogue offers it."""

    institution: Institution
    identifier: str  # the institution's address, which is its name as an issuer
    slug: str
    version: int
    frozen: bool
    course: Course
    changed_at: int = 0

    @property
    def id(self) -> str:
        """The UUID of the course."""
        return addresses.course_id(self.institution.slug, slug=self.slug)

    @property
    def address(self) -> str:
        """The page of the course, in whatever version is the latest."""
        return addresses.course(self.identifier, slug=self.slug)

    @property
    def version_address(self) -> str:
        """The page of this version, for ever: the specification id of its credentials."""
        return addresses.version(self.identifier, slug=self.slug, number=self.version)


class Shelf:
    """The catalogue of this process. Not trusted: what is awarded is read from the books each time."""

    def __init__(self, database: Database, *, base_url: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._base_url = base_url
        self._now = now
        self._read_at: datetime | None = None
        self._offered: tuple[Offered, ...] = ()
        self._institutions: Mapping[str, Institution] = {}
        self._parsed: dict[Key, Offered] = {}

    async def everything(self) -> tuple[Offered, ...]:
        """Every course, by institution and short name."""
        await self._look()
        return self._offered

    async def institutions(self) -> Mapping[str, Institution]:
        """Every institution, by short name."""
        await self._look()
        return self._institutions

    async def _look(self) -> None:
        if self._read_at is not None and self._now() - self._read_at < READ_AGAIN:
            return
        async with self._database.reading() as connection:
            known = await connection.run_sync(store_catalogue.all_institutions)
            found = await connection.run_sync(store_versions.newest)
        self._institutions = {
            slug: Institution.parse(strict_json.parse_object(document), slug=slug) for slug, document in known
        }
        before = self._parsed
        self._parsed = {}
        for stored in found:
            key = (stored.institution, stored.slug, stored.version, stored.document)
            self._parsed[key] = before.get(key) or self.offer(stored, self._institutions[stored.institution])
        self._offered = tuple(self._parsed.values())
        self._read_at = self._now()

    def offer(self, stored: StoredVersion, institution: Institution) -> Offered:
        """A stored version of a course of this institution, as the catalogue offers it."""
        return Offered(
            institution=institution, identifier=f"{self._base_url}/{institution.slug}", slug=stored.slug,
            version=stored.version, frozen=stored.frozen, course=institutions.read_course(stored.document),
            changed_at=stored.created_at,
        )  # fmt: skip
