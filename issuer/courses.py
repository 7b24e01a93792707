"""Versions of courses that were awarded: they never change again, so they are read once and remembered."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from credentials.learning.course import Course
from issuer import institutions
from issuer.books import store_catalogue
from issuer.catalogue import addresses
from issuer.configurations import table
from issuer.errors import UnknownCourse
from service.database import Database

REMEMBERED = 512

Version = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """A version of a course, with the configurations that it is awarded in."""

    course: Course
    formats: tuple[str, ...]


class AwardedCourses:
    """The courses behind awards, by institution, short name and version.

    Each says under `catalogue_uri` where its version stands in our catalogue, for ever, whatever the institution wrote
    there: it is the specification id of its credentials.
    """

    def __init__(self, database: Database, *, base_url: str) -> None:
        self._database = database
        self._base_url = base_url
        self._known: OrderedDict[Version, Awarded] = OrderedDict()

    async def find(self, institution: str, *, slug: str, version: int) -> Course:
        """One version of a course; raises UnknownCourse."""
        return (await self.look_up(institution, slug=slug, version=version)).course

    async def look_up(self, institution: str, *, slug: str, version: int) -> Awarded:
        """One version of a course with its formats; raises UnknownCourse."""
        key = (institution, slug, version)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        stored = await self._database.read(
            lambda books: store_catalogue.find_version(books, institution=institution, slug=slug, version=version)
        )
        if stored is None:
            raise UnknownCourse("This institution has no such course.")
        here = addresses.version(f"{self._base_url}/{institution}", slug=slug, number=version)
        course = replace(institutions.read_course(stored.document), catalogue_uri=here)
        found = Awarded(course=course, formats=table.of_course(stored.formats))
        if stored.frozen:
            self._known[key] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found
