"""From access token and key proofs to copies: OpenID4VCI 1.0, 8 (credential), 9 (deferred), 11 (notification).

The order is a promise: proofs are checked, then nonce, claim, places and records go into the books in one transaction,
and only then is anything signed. A credential that left has a record; a revoked award gives none.
"""

from datetime import datetime, timedelta
from typing import Any

from credentials.learning import micro_credential
from credentials.learning.micro_credential import MicroCredential
from exchange import proof
from exchange.errors import (
    CredentialRequestDenied,
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
from issuer.issuer import Issuer
from issuer.standing import Standing
from issuer.tenancy import access, seals
from issuer.tenancy.metadata import BATCH_SIZE, FORMAT_OF
from issuer.tenancy.offices import Office
from keys import strict_json
from keys.jwk import PublicJwk

NONCE_LIFE = timedelta(seconds=300)
DENIED = "This credential is not issued: it was claimed by another wallet, withdrawn, or asked for too often."
LONGEST_INTERVAL = timedelta(hours=1)


async def issue(
    issuer: Issuer, *, office: Office, token: str, request: CredentialRequest, now: datetime
) -> CredentialResponse | DeferredResponse:
    """The copies for a token and proofs, or the promise of them; raises what sections 8.3.1.1 and 8.3.1.2 name."""
    opened = await _open(issuer, office=office, token=token, now=now)
    configuration = _configuration(request, opened=opened)
    tokens = request.demand_proofs(batch_size=BATCH_SIZE)
    proofs = proof.verify_all(tokens, audience=office.identifier, now=now)
    nonce = proof.nonce_of(proofs)
    if not office.seals.is_nonce(nonce, now=now):
        raise InvalidNonce("The nonce was not given by this issuer, or has run out.")
    if opened.release_at > now.timestamp():
        return await _promise(
            issuer, office=office, opened=opened, configuration=configuration, proofs=proofs, nonce=nonce, now=now
        )
    content = _content(issuer, opened=opened, now=now)
    places = await issuer.lists.current(office.slug, wanted=len(proofs))
    wanted = _wanted(opened, configuration=configuration, content=content, places=places, count=len(proofs))

    def enter(books: Books) -> tuple[int, ...]:
        _use_nonce(books, office=office, nonce=nonce, now=now)
        _claim(books, office=office, opened=opened, count=len(proofs), now=now)
        return store_copies.record(books, wanted=wanted)

    taken = await issuer.database.write(enter)
    return _sign(office, opened=opened, content=content, proofs=proofs, places=places, taken=taken,
                 configuration=configuration, now=now)  # fmt: skip


async def resume(
    issuer: Issuer, *, office: Office, token: str, request: DeferredRequest, now: datetime
) -> CredentialResponse | DeferredResponse:
    """The copies that were promised, or the promise once more; raises InvalidTransactionId or InvalidToken."""
    opened = await _open(issuer, office=office, token=token, now=now)
    transaction = access.digest(request.transaction_id)
    promised = {"institution": office.slug, "transaction": transaction, "token": opened.token}
    deferral = await issuer.database.read(lambda books: store_copies.find_deferral(books, **promised))
    if deferral is None:
        raise InvalidTransactionId("This transaction is unknown here, or was served before.")
    if opened.release_at > now.timestamp():
        return DeferredResponse(transaction_id=request.transaction_id, interval=_interval(opened.release_at, now=now))
    proofs = _read_holders(deferral.holder_keys)
    content = _content(issuer, opened=opened, now=now)
    places = await issuer.lists.current(office.slug, wanted=len(proofs))
    wanted = _wanted(opened, configuration=deferral.configuration, content=content, places=places, count=len(proofs))

    def enter(books: Books) -> tuple[int, ...]:
        if not store_copies.serve_deferral(books, **promised, now=int(now.timestamp())):
            raise InvalidTransactionId("This transaction was served before.")
        if not store_copies.stands(books, institution=office.slug, award=opened.award):
            raise CredentialRequestDenied(DENIED)
        return store_copies.record(books, wanted=wanted)

    taken = await issuer.database.write(enter)
    return _sign(office, opened=opened, content=content, proofs=proofs, places=places, taken=taken,
                 configuration=deferral.configuration, now=now)  # fmt: skip


async def note(issuer: Issuer, *, office: Office, token: str, notification: Notification, now: datetime) -> None:
    """Writes down what a wallet tells of its copies; raises InvalidToken or InvalidNotificationId."""
    opened = await _open(issuer, office=office, token=token, now=now)
    if office.seals.award_of_notification(notification.notification_id) != opened.award:
        raise InvalidNotificationId("The notification names no issuance of this token.")
    await issuer.database.write(
        lambda books: store_copies.note(
            books, institution=office.slug, award=opened.award,
            notification=access.digest(notification.notification_id), event=notification.event.value,
            description=notification.event_description, now=int(now.timestamp()),
        )
    )  # fmt: skip


async def _open(issuer: Issuer, *, office: Office, token: str, now: datetime) -> Access:
    digest, moment = access.digest(token), int(now.timestamp())
    opened = await issuer.database.read(
        lambda books: store_copies.find_access(books, institution=office.slug, token=digest, now=moment)
    )
    if opened is None:
        raise InvalidToken("The access token is unknown, has run out, or was withdrawn.")
    return opened


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


async def _promise(
    issuer: Issuer, *, office: Office, opened: Access, configuration: str, proofs: tuple[Proof, ...], nonce: str,
    now: datetime,
) -> DeferredResponse:  # fmt: skip
    transaction = seals.create_secret()
    deferral = Deferral(
        award=opened.award, token=opened.token, configuration=configuration, holder_keys=_write_holders(proofs)
    )

    def enter(books: Books) -> None:
        _use_nonce(books, office=office, nonce=nonce, now=now)
        _claim(books, office=office, opened=opened, count=len(proofs), now=now)
        store_copies.defer(books, institution=office.slug, transaction=access.digest(transaction), deferral=deferral)

    await issuer.database.write(enter)
    return DeferredResponse(transaction_id=transaction, interval=_interval(opened.release_at, now=now))


def _use_nonce(books: Books, *, office: Office, nonce: str, now: datetime) -> None:
    expires = int((now + NONCE_LIFE).timestamp())
    if not store_copies.use_nonce(books, institution=office.slug, nonce=access.digest(nonce), expires_at=expires):
        raise InvalidNonce("The nonce was used before.")


def _claim(books: Books, *, office: Office, opened: Access, count: int, now: datetime) -> None:
    claimed = store_copies.claim(
        books, institution=office.slug, award=opened.award, token=opened.token, count=count, now=int(now.timestamp())
    )
    if not claimed:
        raise CredentialRequestDenied(DENIED)


def _content(issuer: Issuer, *, opened: Access, now: datetime) -> Content:
    if opened.standing is not Standing.VALID:
        raise CredentialRequestDenied(DENIED)
    course = issuer.course_of(opened.course_document)
    award, _ = micro_credential.parse_award(strict_json.parse(opened.learner))
    if award is None:
        raise CredentialRequestDenied("What was awarded cannot be read any more.")
    if award.expires is not None and award.expires <= now:
        raise CredentialRequestDenied("What was awarded is past its last day.")
    document = issuer.type_document
    return Content(
        record=MicroCredential(course=course, award=award), vct=document.vct, vct_integrity=document.integrity,
        issued_at=copies.midnight(now), expires=award.expires,
    )  # fmt: skip


def _wanted(opened: Access, *, configuration: str, content: Content, places: StoredList, count: int) -> Wanted:
    return Wanted(
        institution=places.institution,
        award=opened.award,
        token=opened.token,
        configuration=configuration,
        list=places.id,
        list_size=places.size,
        issued_at=int(content.issued_at.timestamp()),
        expires_at=int(content.expires.timestamp()) if content.expires else 0,
        count=count,
    )


def _sign(
    office: Office, *, opened: Access, content: Content, proofs: tuple[Proof, ...], places: StoredList,
    taken: tuple[int, ...], configuration: str, now: datetime,
) -> CredentialResponse:  # fmt: skip
    list_uri = f"{office.identifier}/status/{places.id}"
    drafted = tuple(
        Copy(holder=holder, list_uri=list_uri, place=place) for holder, place in zip(proofs, taken, strict=True)
    )
    signed = copies.sign(content, copies=drafted, form=FORMAT_OF[configuration], office=office, now=now)
    return CredentialResponse(credentials=signed, notification_id=office.seals.notification_id(opened.award))


def _interval(release_at: int, *, now: datetime) -> int:
    left = release_at - int(now.timestamp())
    return max(1, min(left, int(LONGEST_INTERVAL.total_seconds())))


def _write_holders(proofs: tuple[Proof, ...]) -> str:
    return strict_json.dump([{"jwk": each.key.to_json(), "did": each.holder_id} for each in proofs]).decode()


def _read_holders(text: str) -> tuple[Proof, ...]:
    listed: Any = strict_json.parse(text)
    return tuple(Proof(key=PublicJwk.parse(each["jwk"]), nonce="", holder_id=each["did"]) for each in listed)
