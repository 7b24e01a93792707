"""From access token and key proofs to copies: OpenID4VCI 1.0, 8 (credential), 9 (deferred), 11 (notification).

The order is a promise: proofs are checked, then nonce, claim, places and records go into the books in one transaction,
and only then is anything signed. A credential that left has a record; a revoked award gives none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from credentials.learning import micro_credential
from credentials.learning.micro_credential import MicroCredential
from exchange import proof
from exchange.errors import (
    CredentialRequestDenied,
    ExchangeError,
    InvalidCredentialRequest,
    InvalidNonce,
    InvalidNotificationId,
    InvalidToken,
    InvalidTransactionId,
    UnknownCredentialConfiguration,
    UnknownCredentialIdentifier,
)
from exchange.issuance import CredentialRequest, CredentialResponse, DeferredRequest, DeferredResponse, Notification
from exchange.proof import Proof
from issuer import copies
from issuer.books import store_copies
from issuer.books.store_copies import Access, Books, Deferral, Wanted
from issuer.books.store_lists import StoredList
from issuer.copies import Content, Copy
from issuer.errors import UnfitCredential
from issuer.issuer import Issuer
from issuer.tenancy import seals
from issuer.tenancy.metadata import BATCH_SIZE, FORMAT_OF
from issuer.tenancy.offices import Office
from keys import sealing, strict_json
from keys.jwk import PublicJwk

NONCE_LIFE = timedelta(seconds=300)
DENIED = "This credential is not issued: it was claimed by another wallet, withdrawn, or asked for too often."
LONGEST_INTERVAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What the books say after an entry: what the token opened, what was asked for, and the places given."""

    opened: Access
    configuration: str
    places: tuple[int, ...]  # none: it was promised for later


async def issue(
    issuer: Issuer, *, office: Office, token: str, request: CredentialRequest, now: datetime
) -> CredentialResponse | DeferredResponse:
    """The copies for a token and proofs, or the promise of them; raises what sections 8.3.1.1 and 8.3.1.2 name."""
    digest, transaction, moment = sealing.digest(token), seals.create_secret(), int(now.timestamp())
    try:
        proofs, nonce = _proofs(request, office=office, now=now)
    except ExchangeError:  # who has no token learns nothing but that
        await _open(issuer, office=office, token=digest, now=now)
        raise
    status_list = await issuer.lists.current(office.slug, wanted=len(proofs))

    def enter(books: Books) -> Entered:
        opened = _find(books, office=office, token=digest, moment=moment)
        configuration = _configuration(request, opened=opened)
        _use_nonce(books, office=office, nonce=nonce, now=now)
        _claim(books, office=office, opened=opened, count=len(proofs), moment=moment)
        if opened.release_at > moment:
            deferral = Deferral(
                award=opened.award, token=digest, configuration=configuration, holder_keys=_write_holders(proofs)
            )
            store_copies.defer(
                books, institution=office.slug, transaction=sealing.digest(transaction), deferral=deferral
            )
            return Entered(opened=opened, configuration=configuration, places=())
        wanted = _wanted(opened, configuration=configuration, status_list=status_list, count=len(proofs), now=now)
        return Entered(opened=opened, configuration=configuration, places=store_copies.record(books, wanted=wanted))

    entered = await issuer.database.write(enter)
    if not entered.places:
        return DeferredResponse(transaction_id=transaction, interval=_interval(entered.opened.release_at, now=now))
    return _sign(issuer, office=office, entered=entered, proofs=proofs, status_list=status_list, now=now)


async def resume(
    issuer: Issuer, *, office: Office, token: str, request: DeferredRequest, now: datetime
) -> CredentialResponse | DeferredResponse:
    """The copies that were promised, or the promise once more; raises InvalidTransactionId or InvalidToken."""
    digest, moment = sealing.digest(token), int(now.timestamp())
    opened = await _open(issuer, office=office, token=digest, now=now)
    promised = {"institution": office.slug, "transaction": sealing.digest(request.transaction_id), "token": digest}
    deferral = await issuer.database.read(lambda books: store_copies.find_deferral(books, **promised))
    if deferral is None:
        raise InvalidTransactionId("This transaction is unknown here, or was served before.")
    if opened.release_at > moment:
        return DeferredResponse(transaction_id=request.transaction_id, interval=_interval(opened.release_at, now=now))
    proofs, configuration = _read_holders(deferral.holder_keys), deferral.configuration
    status_list = await issuer.lists.current(office.slug, wanted=len(proofs))
    wanted = _wanted(opened, configuration=configuration, status_list=status_list, count=len(proofs), now=now)

    def enter(books: Books) -> Entered:
        if not store_copies.serve_deferral(books, **promised, now=moment):
            raise InvalidTransactionId("This transaction was served before.")
        if not store_copies.stands(books, institution=office.slug, award=opened.award):
            raise CredentialRequestDenied(DENIED)
        return Entered(opened=opened, configuration=configuration, places=store_copies.record(books, wanted=wanted))

    entered = await issuer.database.write(enter)
    return _sign(issuer, office=office, entered=entered, proofs=proofs, status_list=status_list, now=now)


async def note(issuer: Issuer, *, office: Office, token: str, notification: Notification, now: datetime) -> None:
    """Writes down what a wallet tells of its copies; raises InvalidToken or InvalidNotificationId."""
    opened = await _open(issuer, office=office, token=sealing.digest(token), now=now)
    if office.seals.award_of_notification(notification.notification_id) != opened.award:
        raise InvalidNotificationId("The notification names no issuance of this token.")
    await issuer.database.write(
        lambda books: store_copies.note(
            books, institution=office.slug, award=opened.award,
            notification=sealing.digest(notification.notification_id), event=notification.event.value,
            description=notification.event_description, now=int(now.timestamp()),
        )
    )  # fmt: skip


async def _open(issuer: Issuer, *, office: Office, token: str, now: datetime) -> Access:
    moment = int(now.timestamp())
    return await issuer.database.read(lambda books: _find(books, office=office, token=token, moment=moment))


def _find(books: Books, *, office: Office, token: str, moment: int) -> Access:
    opened = store_copies.find_access(books, institution=office.slug, token=token, now=moment)
    if opened is None:
        raise InvalidToken("The access token is unknown, has run out, or was withdrawn.")
    return opened


def _proofs(request: CredentialRequest, *, office: Office, now: datetime) -> tuple[tuple[Proof, ...], str]:
    """The key proofs of a request and their nonce, which this issuer gave."""
    tokens = request.demand_proofs(batch_size=BATCH_SIZE)
    proofs = proof.verify_all(tokens, audience=office.identifier, now=now)
    nonce = proof.nonce_of(proofs)
    if not office.seals.is_nonce(nonce, now=now):
        raise InvalidNonce("The nonce was not given by this issuer, or has run out.")
    return proofs, nonce


def _configuration(request: CredentialRequest, *, opened: Access) -> str:
    """The configuration asked for, by the one kind of name that this token allows (section 8.2)."""
    if request.credential_identifier is not None:
        if not opened.by_identifier or request.credential_identifier not in opened.configurations:
            raise UnknownCredentialIdentifier("This access token has no such credential identifier.")
        return request.credential_identifier
    name = str(request.credential_configuration_id)
    if name not in FORMAT_OF:
        raise UnknownCredentialConfiguration("This issuer has no such credential configuration.")
    if opened.by_identifier or name not in opened.configurations:
        raise InvalidCredentialRequest("Ask by the credential_identifier that came with the access token.")
    return name


def _use_nonce(books: Books, *, office: Office, nonce: str, now: datetime) -> None:
    expires = int((now + NONCE_LIFE).timestamp())
    if not store_copies.use_nonce(books, institution=office.slug, nonce=sealing.digest(nonce), expires_at=expires):
        raise InvalidNonce("The nonce was used before.")


def _claim(books: Books, *, office: Office, opened: Access, count: int, moment: int) -> None:
    """Takes the award for this token, in the same step that finds it valid."""
    kept = {"institution": office.slug, "award": opened.award, "token": opened.token}
    if 0 < opened.expires_at <= moment or not store_copies.claim(books, **kept, count=count, now=moment):
        raise CredentialRequestDenied(DENIED)


def _wanted(opened: Access, *, configuration: str, status_list: StoredList, count: int, now: datetime) -> Wanted:
    return Wanted(
        institution=status_list.institution,
        award=opened.award,
        configuration=configuration,
        list=status_list.id,
        list_size=status_list.size,
        issued_at=int(copies.midnight(now).timestamp()),
        expires_at=opened.expires_at,
        count=count,
    )


def _sign(
    issuer: Issuer, *, office: Office, entered: Entered, proofs: tuple[Proof, ...], status_list: StoredList,
    now: datetime,
) -> CredentialResponse:  # fmt: skip
    opened, list_uri = entered.opened, f"{office.identifier}/status/{status_list.id}"
    drafted = tuple(Copy(holder=holder, place=place) for holder, place in zip(proofs, entered.places, strict=True))
    content = _content(issuer, opened=opened, list_uri=list_uri, now=now)
    signed = copies.sign(content, copies=drafted, form=FORMAT_OF[entered.configuration], office=office, now=now)
    return CredentialResponse(credentials=signed, notification_id=office.seals.notification_id(opened.award))


def _content(issuer: Issuer, *, opened: Access, list_uri: str, now: datetime) -> Content:
    award, _ = micro_credential.parse_award(strict_json.parse(opened.learner))
    if award is None:
        raise UnfitCredential("What was awarded cannot be read any more.", retry_after=60)
    return Content(
        record=MicroCredential(course=issuer.course_of(opened.course_document), award=award),
        type_document=issuer.type_document,
        list_uri=list_uri,
        issued_at=copies.midnight(now),
        expires=award.expires,
    )


def _interval(release_at: int, *, now: datetime) -> int:
    left = release_at - int(now.timestamp())
    return max(1, min(left, int(LONGEST_INTERVAL.total_seconds())))


def _write_holders(proofs: tuple[Proof, ...]) -> str:
    return strict_json.dump([{"jwk": each.key.to_json(), "did": each.holder_id} for each in proofs]).decode()


def _read_holders(text: str) -> tuple[Proof, ...]:
    listed: Any = strict_json.parse(text)
    return tuple(Proof(key=PublicJwk.parse(each["jwk"]), nonce="", holder_id=each["did"]) for each in listed)
