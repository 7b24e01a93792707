"""All that the issuer's handlers need, in one value, and where it lies in the application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from issuer.accreditation.lists import AttestedLists
from issuer.accreditation.source import Accreditations
from issuer.catalogue.shelf import Shelf
from issuer.cohorts.batches import Batches
from issuer.configurations.type_document import TypeDocument
from issuer.courses import AwardedCourses
from issuer.lists import StatusLists
from issuer.notices.webhooks import Webhooks
from issuer.settings import IssuerSettings
from issuer.tenancy.offices import Office, Offices
from service.database import Database
from service.paper.press import Press
from service.rate_limits import RateLimit
from service.sessions import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The issuer of this process."""

    settings: IssuerSettings
    database: Database
    offices: Offices
    lists: StatusLists
    type_document: TypeDocument
    courses: AwardedCourses
    shelf: Shelf  # the catalogue
    sessions: Sessions
    sign_ins: RateLimit
    nonces: RateLimit
    openings: RateLimit  # by network: each offer that is opened makes a row
    press: Press  # prints what learners keep on paper
    batches: Batches
    webhooks: Webhooks
    accreditations: Accreditations
    attested_lists: AttestedLists
    now: Callable[[], datetime]

    async def office(self, request: web.Request) -> Office:
        """The office that the path of `request` names; raises UnknownInstitution."""
        return await self.offices.of(request.match_info["institution"])


ISSUER = web.AppKey("ISSUER", Issuer)


def of(request: web.Request) -> Issuer:
    """The issuer that answers `request`."""
    return request.app[ISSUER]
