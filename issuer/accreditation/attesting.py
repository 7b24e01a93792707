"""Under what an institution issues an attestation of EBSI: found when copies are made, refused where nothing is."""

from datetime import datetime
from typing import Final

from credentials.learning.course import Course
from credentials.learning.mappings.ebsi_attestation import ATTESTATION
from exchange.errors import CredentialRequestDenied
from issuer.accreditation import gate, record
from issuer.accreditation.errors import AccreditationUnknown
from issuer.accreditation.lists import PATH
from issuer.accreditation.record import Accreditation, Standing
from issuer.configurations.content import Accredited, Signatory
from issuer.configurations.table import CONFIGURATIONS, EBSI
from issuer.issuer import Issuer
from issuer.tenancy.offices import Office

DENIED: Final = "The institution is not accredited for this credential: it must be accredited before this can be had."


async def of(
    desk: Issuer, *, office: Office, configuration: str, course: Course, status_list: str, now: datetime
) -> Accredited | None:
    """What the attestation is issued under; None for other configurations and where no registry is configured.

    Raises CredentialRequestDenied where the institution is not accredited, or AccreditationUnknown; in the development
    profile it is then issued as any W3C credential.
    """
    if configuration != EBSI or desk.accreditations.registry is None:
        return None
    lenient = desk.settings.base.development
    try:
        standing = await desk.accreditations.of(office.slug)
    except AccreditationUnknown:
        if lenient:
            return None
        raise
    scope = gate.scope_of(CONFIGURATIONS[EBSI], course=course, vct=desk.settings.vct)
    found = standing.find(scope, at=now)
    if found is None:
        if lenient:
            return None
        raise CredentialRequestDenied(DENIED)
    return await _accredited(desk, office=office, standing=standing, found=found, status_list=status_list, now=now)


async def _accredited(  # what an attestation says is made of all of these
    desk: Issuer, *, office: Office, standing: Standing, found: Accreditation, status_list: str, now: datetime
) -> Accredited | None:
    entity = await desk.accreditations.entity(office.slug)
    if entity is None:
        return None
    ours = f"{office.identifier}/{PATH}"
    named = {id_ for entry in found.entries for id_ in entry.schemas}
    urls = [record.schema_url(found.place.registry, id_).rpartition("/")[2] for id_ in sorted(named)]
    return Accredited(
        signatory=Signatory(
            identifier=entity.did, signer=entity.keyring.active.signer, x5c=(), key_id=entity.key_id
        ),
        registry=found.place.registry.base,
        terms_of_use=found.place.url,
        schemas=tuple(dict.fromkeys((ATTESTATION, *urls))),
        list_uri=f"{(standing.proxies or {}).get(ours, ours)}/{status_list}",
        issued_at=max(now.replace(second=0, microsecond=0), found.since),
    )  # fmt: skip
