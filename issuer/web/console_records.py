"""What was done here: the history for auditors, line by line, and statistics for everybody, without personal data.

Statistics are counts by course and month. A count from 1 to 4 could point at a person, so whoever may not read the
awards themselves sees "fewer than 5" instead, and no sums from which it could be worked out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiohttp import web
from markupsafe import Markup
from yarl import URL

from credentials.learning import labels
from issuer import awards, institutions
from issuer.books import store_history, store_statistics
from issuer.books.store_history import Line
from issuer.books.store_statistics import DayCount
from issuer.tenancy.access import Scope
from issuer.web import console
from service import pages
from service.routes import Route

AUDIT = "/console/audit"
STATISTICS = "/console/statistics"
LINES = 50
MONTHS = 12
FEW = 5
HIDDEN = "fewer than 5"
ABOUT_AWARDS: Mapping[str, str] = {
    "awarded": "Awarded", "approve": "Approved", "reject": "Rejected", "revoke": "Revoked", "suspend": "Suspended",
    "reinstate": "Reinstated", "superseded": "Replaced by a corrected award", "offer_again": "Offered again",
}  # fmt: skip
EVENTS: Mapping[str, str] = {
    **ABOUT_AWARDS,
    "person_invited": "Invited a person",
    "person_invited_again": "Invited a person again",
    "person_joined": "Joined",
    "person_ended": "Ended a person",
    "role_changed": "Changed a role",
    "key_made": "Made an API key",
    "key_withdrawn": "Withdrew an API key",
    "course_saved": "Saved a course",
    "approval_asked_for": "Asked that a second person approve awards",
    "approval_not_asked_for": "Let awards go without a second person",
    "cancelled": "Cancelled a cohort",
}

Sums = dict[tuple[date, str], list[int]]


async def get_audit(request: web.Request) -> web.Response:
    """Who did what, when and why, the newest first."""
    desk, office, caller = await console.enter(request)
    cursor = request.query.get("cursor", "")
    found = await desk.database.read(
        lambda books: store_history.page(
            books, institution=office.slug, before=cursor or awards.NEWEST, count=LINES + 1
        )
    )
    shown = found[:LINES]
    further = str(URL(AUDIT).with_query(cursor=shown[-1].id)) if len(found) > LINES else ""
    rows = [_row(line, linked=caller.may(Scope.AWARDS_READ)) for line in shown]
    return pages.render(request, "console_audit.html", rows=rows, further=further, first=AUDIT if cursor else "")


async def get_statistics(request: web.Request) -> web.Response:
    """How many awards each month, course by course."""
    desk, office, caller = await console.enter(request)
    since = _months_before(desk.now().date(), count=MONTHS - 1)
    start = int(datetime(since.year, since.month, 1, tzinfo=UTC).timestamp())
    async with desk.database.reading() as connection:  # may have to look at a year of awards
        counts = await connection.run_sync(
            lambda books: store_statistics.by_day(books, institution=office.slug, since=start)
        )
    found = await institutions.list_courses(desk.database, institution=office.slug)
    titles = {entry.slug: entry.course.title.best("en") for entry in found}
    whole = caller.may(Scope.AWARDS_READ)
    rows, total = _table(by_month(counts), titles=titles, whole=whole)
    return pages.render(request, "console_statistics.html", rows=rows, total=total, whole=whole, since=since)


def by_month(counts: Iterable[DayCount]) -> Sums:
    """The counts of each month and course: awarded, claimed, revoked."""
    sums: Sums = defaultdict(lambda: [0, 0, 0])
    for count in counts:
        day = date(1970, 1, 1) + timedelta(days=count.day)
        figures = (count.awarded, count.claimed, count.revoked)
        kept = sums[day.replace(day=1), count.course]
        kept[:] = [before + more for before, more in zip(kept, figures, strict=True)]
    return dict(sums)


def told(count: int, *, whole: bool) -> str:
    """A count as it may be told: small ones only to those who may read the awards."""
    return HIDDEN if 0 < count < FEW and not whole else pages.thousands(count)


def _table(sums: Sums, *, titles: Mapping[str, str], whole: bool) -> tuple[list[list[str]], list[str]]:
    rows = [
        [f"{labels.MONTHS[month.month - 1]} {month.year}", titles.get(course, course)]
        + [told(figure, whole=whole) for figure in figures]
        for (month, course), figures in sorted(sums.items(), key=lambda each: (-each[0][0].toordinal(), each[0][1]))
    ]
    total = [pages.thousands(sum(column)) for column in zip(*sums.values(), strict=True)] if whole and sums else []
    return rows, total


def _months_before(day: date, *, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _row(line: Line, *, linked: bool) -> list[Any]:
    what: Any = EVENTS.get(line.event, line.event.replace("_", " ").capitalize())
    if line.event in ABOUT_AWARDS and linked:
        what = Markup('<a href="/console/awards/{}">{}</a>').format(line.subject, what)
    who: Any = line.actor
    if line.who:
        who = Markup('<span>{}<br><code class="quiet-text">{}</code></span>').format(line.actor, line.who)
    return [pages.moment(datetime.fromtimestamp(line.at, tz=UTC)), who, what, line.reason or "—"]


ROUTES: Sequence[Route] = (
    console.page_at(AUDIT, get_audit, "The history.", scope=Scope.AUDIT_READ),
    console.page_at(STATISTICS, get_statistics, "How many awards.", scope=Scope.CONSOLE),
)
