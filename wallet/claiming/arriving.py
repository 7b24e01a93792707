"""What came is looked at before it is kept: RFC 9901 section 7.2, SD-JWT VC, OpenID4VCI 1.0 section 11.

Every copy climbs the ladder of `trust` with the very key that was made for it; its issuer must be the one who offered
it, its type the one that was promised. What fails is not kept, and the issuer is told; what could not be checked waits.
"""

from collections.abc import Sequence
from dataclasses import replace

from credentials import formats
from credentials.credential import Credential, Format
from credentials.errors import CredentialsError
from exchange import display
from exchange.errors import ExchangeError
from exchange.issuance import Notification, NotificationEvent
from exchange.issuer_metadata import CredentialConfiguration
from keys.did import methods
from keys.errors import KeysError
from keys.jwk import PrivateJwk
from service import telemetry
from service.errors import ServiceError
from trust import verification
from trust.report import Report, Verdict
from wallet import history, holding, peer
from wallet.claiming.dossier import Parcel
from wallet.claiming.work import Work
from wallet.history import Entry, Event
from wallet.store import Kept


class UnfitError(Exception):
    """Something that came is not what was promised; the message is a sentence for the learner."""


class UnsureError(Exception):
    """Whether it is could not be found out now; the message says what is missing."""


async def settle(work: Work, parcel: Parcel) -> None:
    """Checks what came and keeps it, or refuses it, or leaves it to be checked later."""
    try:
        copies = pair(parcel, configuration=work.dossier.metadata.configurations[parcel.configuration])
        reports = [await _examine(work, raw, key=key) for raw, key in copies.items()]
    except UnfitError as error:
        await _refuse(work, parcel, why=str(error))
    except UnsureError as error:
        await work.save(work.dossier.with_parcel(replace(parcel, unsure=str(error))))
    else:
        await _keep(work, parcel, copies=copies, report=reports[0])


def pair(parcel: Parcel, *, configuration: CredentialConfiguration) -> dict[str, PrivateJwk]:
    """Each copy with the key that was made for it; raises UnfitError."""
    free = list(parcel.keys)
    found: dict[str, PrivateJwk] = {}
    for raw in parcel.arrived:
        credential = _read(raw)
        if not _is_of(credential, configuration):
            raise UnfitError("The university sent another kind of certificate than it offered.")
        own = next((key for key in free if _is_for(credential, key)), None)
        if own is None:
            raise UnfitError("The university sent a certificate that is made for somebody else's key.")
        free.remove(own)
        found[raw] = own
    return found


def _read(raw: str) -> Credential:
    try:
        return holding.read(raw)
    except (CredentialsError, KeysError) as error:
        raise UnfitError(f"What the university sent is not a certificate that can be read: {error}") from error


def _is_of(credential: Credential, configuration: CredentialConfiguration) -> bool:
    if formats.recognise(credential.raw).openid_name != configuration.format:
        return False
    if credential.format is Format.SD_JWT_VC:
        return credential.types == configuration.types
    return set(configuration.types) <= set(credential.types)


def _is_for(credential: Credential, key: PrivateJwk) -> bool:
    if credential.holder_key is not None:
        return credential.holder_key == key.public
    return credential.holder_id in {methods.create_jwk(key.public), methods.create_key(key.public)}


async def _examine(work: Work, raw: str, *, key: PrivateJwk) -> Report:
    """The report on one copy; raises UnfitError or UnsureError unless it is a yes."""
    wallet = work.wallet
    report = await verification.verify(
        raw, policy=wallet.policy, grounds=wallet.grounds, now=wallet.now(), holder=key.public
    )
    problem = report.problem
    if problem is not None:
        told = f"{problem.message[:1].upper()}{problem.message[1:]}"
        raise UnsureError(told) if report.verdict is Verdict.NOT_SURE else UnfitError(told)
    if not await _is_from(work, report):
        raise UnfitError("The certificate is not from the university that offered it.")
    return report


async def _is_from(work: Work, report: Report) -> bool:
    """Whether the issuer is the one who offered: by the same address, or as the same organisation on the list."""
    address = work.dossier.offer.credential_issuer
    if report.identity is None or report.credential is None:
        return False
    if address in {report.credential.issuer, report.identity.id}:
        return True
    source = work.wallet.grounds.accreditation
    listed = source.at_hand(now=work.wallet.now()) if source is not None else None
    organisation = listed.organisation(address) if listed is not None else None
    return organisation is not None and organisation.id == report.identity.organisation


async def _keep(work: Work, parcel: Parcel, *, copies: dict[str, PrivateJwk], report: Report) -> None:
    configuration = work.dossier.metadata.configurations[parcel.configuration]
    shown = display.choose(configuration.display, languages=("en",))
    keys = {raw: key.to_json() for raw, key in copies.items()}
    now = work.wallet.moment
    told = holding.trust_of(work.wallet, report, credential=holding.read(next(iter(copies))))
    kept, row, rows = holding.prepare(work.vault, report=report, copies=keys, display=shown, now=now, trust=told)
    entry = _entry(work, Event.RECEIVED, titles=[kept.title])
    notes = (history.seal(work.vault, entry, now=now),)
    done = replace(parcel, credential=kept.id, keys=(), arrived=(), unsure=None)  # the keys live with their copies now
    await work.save(work.dossier.with_parcel(done), kept=Kept(credential=row, copies=rows, notes=notes))
    await _tell(work, parcel, event=NotificationEvent.ACCEPTED)


async def _refuse(work: Work, parcel: Parcel, *, why: str) -> None:
    entry = _entry(work, Event.REJECTED, titles=[], sentence=why)
    notes = (history.seal(work.vault, entry, now=work.wallet.moment),)
    done = replace(parcel, refused=why, keys=(), arrived=(), unsure=None)
    await work.save(work.dossier.with_parcel(done), kept=Kept(notes=notes))
    await _tell(work, parcel, event=NotificationEvent.FAILURE)


def _entry(work: Work, event: Event, *, titles: Sequence[str], sentence: str = "") -> Entry:
    who = work.dossier.introduction
    return Entry(event=event, party=who.name, host=who.host, certificates=tuple(titles), sentence=sentence)


async def _tell(work: Work, parcel: Parcel, *, event: NotificationEvent) -> None:
    """Tells the issuer what became of it (section 11); what has been settled here does not hang on its answer."""
    endpoint = work.dossier.metadata.notification_endpoint
    if endpoint is None or parcel.notification is None:
        return
    message = Notification(notification_id=parcel.notification, event=event)
    try:
        await peer.post_json(
            work.wallet.outbound, endpoint, message.to_json(), token=str(work.dossier.token), good=peer.TAKEN
        )
    except (ExchangeError, ServiceError):
        telemetry.note("notification_lost", outcome=event.value)
