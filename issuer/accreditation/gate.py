"""No award without the right to it: what a course is awarded in is held against what the institution is accredited for.

In production an award that is not covered is refused before anything is written; in the development profile a warning
is left in the log, and the award is made. The console says both beforehand. With no registry configured nobody asks.
"""

import logging
from collections.abc import Iterable
from typing import Final

from credentials.learning.course import Course
from issuer import awards, institutions
from issuer.accreditation import record
from issuer.accreditation.errors import AccreditationUnknown, NotAccredited
from issuer.accreditation.record import Standing
from issuer.configurations.table import CONFIGURATIONS, Configuration
from issuer.errors import UnknownCourse
from issuer.institutions import CatalogueEntry
from issuer.issuer import Issuer
from issuer.tenancy.offices import Office
from service import telemetry
from trust.ebsi import coverage
from trust.ebsi.coverage import Scope

REFUSED: Final = "Nothing was awarded as {title}: {reason}."
SHUT: Final = "Nothing can be awarded as {title}: {reason}."
OPEN: Final = "This is a development profile, so awards as {title} are made all the same: {reason}."


async def check(desk: Issuer, *, office: Office, course: str) -> None:
    """Returns if the course may be awarded in all its formats; raises NotAccredited or AccreditationUnknown.

    A course that is not there is the business of who awards it.
    """
    if desk.accreditations.registry is None:
        return
    try:
        entry = await institutions.find_course(desk.database, institution=office.slug, slug=course)
        missing = await lacking(desk, office=office, entry=entry)
    except UnknownCourse:
        return
    except AccreditationUnknown:
        if not desk.settings.base.development:
            raise
        telemetry.note(AccreditationUnknown.code, level=logging.WARNING, service="issuer")
        return
    if missing and not desk.settings.base.development:
        raise NotAccredited(" ".join(missing))
    if missing:
        telemetry.note(NotAccredited.code, level=logging.WARNING, service="issuer")


async def check_again(desk: Issuer, *, office: Office, award: str) -> None:
    """The same for the course of an award that is to be corrected: that awards anew. Raises UnknownAward, too."""
    old = await awards.find(desk.database, institution=office.slug, award=award)
    await check(desk, office=office, course=old.course)


async def warnings(desk: Issuer, *, office: Office, entry: CatalogueEntry) -> tuple[str, ...]:
    """What the console says about a course before anybody awards it; nothing where every format is covered."""
    try:
        return await lacking(desk, office=office, entry=entry, said=OPEN if desk.settings.base.development else SHUT)
    except AccreditationUnknown as error:
        return (str(error),)


async def lacking(desk: Issuer, *, office: Office, entry: CatalogueEntry, said: str = REFUSED) -> tuple[str, ...]:
    """A sentence for each format of the course that no accreditation covers; raises AccreditationUnknown."""
    if desk.accreditations.registry is None:
        return ()
    standing = await desk.accreditations.of(office.slug)
    chosen = [CONFIGURATIONS[name] for name in entry.formats]
    reasons = _reasons(standing, chosen, course=entry.course, desk=desk)
    return tuple(said.format(title=title, reason=reason) for title, reason in reasons)


def scope_of(configuration: Configuration, *, course: Course, vct: str) -> Scope:
    """What awarding `course` in this configuration needs an accreditation for."""
    kinds, _ = coverage.of(configuration.types(vct=vct))
    return record.scope_of(kinds, course=course)


def _reasons(
    standing: Standing, chosen: Iterable[Configuration], *, course: Course, desk: Issuer
) -> Iterable[tuple[str, str]]:  # fmt: skip
    for each in chosen:
        reason = standing.lacks(scope_of(each, course=course, vct=desk.settings.vct), at=desk.now())
        if reason is not None:
            yield each.title, reason
