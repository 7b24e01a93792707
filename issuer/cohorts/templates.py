"""The file that an institution fills in: the columns of a cohort for one course, as CSV and as a workbook."""

from dataclasses import dataclass

from credentials.learning.course import Course
from issuer import institutions
from issuer.cohorts import columns, workbook
from service.database import Database

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # with it, Excel reads and saves UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The columns for one course, each with what it means there."""

    slug: str
    columns: tuple[tuple[str, str], ...]

    def to_csv(self) -> bytes:
        """The header alone: whatever stands below it is a learner."""
        return (MARK + ",".join(name for name, _ in self.columns) + "\r\n").encode("utf-8")

    def to_xlsx(self) -> bytes:
        """A workbook with the header, and a second sheet that explains."""
        return workbook.create(self.columns)


async def of(database: Database, *, institution: str, slug: str) -> Template:
    """The template of a course; raises UnknownCourse."""
    entry = await institutions.find_course(database, institution=institution, slug=slug)
    meanings = tuple((column.name, _meaning(column, course=entry.course)) for column in columns.COLUMNS)
    return Template(slug=slug, columns=meanings)


def _meaning(column: columns.Column, *, course: Course) -> str:
    scheme = course.grading_scheme
    if column.name == "grade" and scheme is not None and scheme.passing is not None:
        most = "" if scheme.highest is None else f" to {scheme.highest}"
        return f"{column.meaning}; passing is {scheme.passing}{most}"
    return column.meaning
