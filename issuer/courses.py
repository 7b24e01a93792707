"""Versions of courses that were awarded: they never change again, so they are read once and remembered."""

from collections import OrderedDict

from credentials.learning.course import Course
from issuer import institutions
from issuer.books import store_catalogue
from issuer.errors import UnknownCourse
from service.database import Database

REMEMBERED = 512

Version = tuple[str, str, int]


class AwardedCourses:
    """The courses behind awards, by institution, short name and version."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[Version, Course] = OrderedDict()

    async def find(self, institution: str, *, slug: str, version: int) -> Course:
        """One version of a course; raises UnknownCourse."""
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
        course = institutions.read_course(stored.document)
        if stored.frozen:
            self._known[key] = course
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return course
