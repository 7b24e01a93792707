"""From access token and key proofs to copies: OpenID4VCI 1.0, 8 (credential), 9 (deferred), 11 (notification).

The order is a promise: proofs are checked, then nonce, claim, places and records go into the books in one transaction,
and only then is anything signed. A credential that left has a record; a revoked award gives none. What is released
later is promised, which claims nothing: a wallet that comes back in time gets it, and the claim link stays good.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from credentials.learning import reading
from credentials.learning.findings import Finding
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
from issuer.accreditation import attesting
from issuer.books import store_copies
from issuer.books.store_copies import Awarded, Books, Deferral, Wanted
from issuer.books.store_lists import StoredList
from issuer.configurations.content import Copy
from issuer.configurations.table import CONFIGURATIONS
from issuer.errors import UnfitCredential
from issuer.issuer import Issuer
from issuer.tenancy import seals, tokens
from issuer.tenancy.metadata import BATCH_SIZE
from issuer.tenancy.offices import Office
from issuer.tenancy.tokens import AccessToken
from keys import sealing, strict_json
from keys.jwk import PublicJwk

NONCE_LIFE = timedelta(seconds=300)
DENIED = "This credential is not issued: it was claimed by another wallet, withdrawn, or asked for too often."
STALE = "The access token is unknown, has run out, or was withdrawn."
LONGEST_INTERVAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What the books say after an entry: what was awarded, what was recorded (None: promised), and the places given."""

    awarded: Awarded
    wanted: Wanted | None = None
    places: tuple[int, ...] = ()


async def issue(
    issuer: Issuer, *, office: Office, token: str, request: CredentialRequest, now: datetime
) -> CredentialResponse | DeferredResponse:
    """The copies for a token and proofs, or the promise of them; raises what sections 8.3.1.1 and 8.3.1.2 name."""
    facts = _read(token, office=office, now=now)
    configuration = _configuration(request, facts=facts)
    proofs, nonce = _proofs(request, office=office, now=now)
    status_list = await issuer.lists.current(office.slug, wanted=len(proofs))
    transaction, moment = seals.create_secret(), int(now.timestamp())
    count, formats = len(proofs), len(facts.configurations)

    def enter(books: Books) -> Entered:
        _use_nonce(books, office=office, nonce=nonce, now=now)
        kept = {"institution": office.slug, "token": sealing.digest(token)}
        awarded = store_copies.claim(books, **kept, count=count, formats=formats, now=moment)
        if awarded is not None:
            wanted = _wanted(awarded.id, configuration=configuration, status_list=status_list, count=count, now=now)
            return Entered(awarded=awarded, wanted=wanted, places=store_copies.record(books, wanted=wanted))
        promised = store_copies.promisable(books, **kept, now=moment)
        if promised is None:
            raise _refusal(books, office=office, token=token, now=now)
        deferral = Deferral(
            award=promised.id, token=kept["token"], configuration=configuration, holder_keys=_write_holders(proofs)
        )
        digest = sealing.digest(transaction)
        store_copies.defer(books, institution=office.slug, transaction=digest, deferral=deferral)
        return Entered(awarded=promised)

    entered = await issuer.database.write(enter)
    if entered.wanted is None:
        return DeferredResponse(transaction_id=transaction, interval=_interval(entered.awarded.release_at, now=now))
    return await _sign(issuer, office=office, entered=entered, proofs=proofs, now=now)


async def resume(
    issuer: Issuer, *, office: Office, token: str, request: DeferredRequest, now: datetime
) -> CredentialResponse | DeferredResponse:
    """The copies that were promised, or the promise once more; raises InvalidTransactionId or InvalidToken."""
    digest, moment = sealing.digest(token), int(now.timestamp())
    awarded = await _open(issuer, office=office, token=token, now=now)
    formats = len(_read(token, office=office, now=now).configurations)
    promised = {"institution": office.slug, "transaction": sealing.digest(request.transaction_id), "token": digest}
    deferral = await issuer.database.read(lambda books: store_copies.find_deferral(books, **promised))
    if deferral is None:
        raise InvalidTransactionId("This transaction is unknown here, or was served before.")
    if awarded.release_at > moment:
        return DeferredResponse(transaction_id=request.transaction_id, interval=_interval(awarded.release_at, now=now))
    proofs = _read_holders(deferral.holder_keys)
    status_list = await issuer.lists.current(office.slug, wanted=len(proofs))
    wanted = _wanted(
        deferral.award, configuration=deferral.configuration, status_list=status_list, count=len(proofs), now=now
    )

    def enter(books: Books) -> Entered:
        if not store_copies.serve_deferral(books, **promised, now=moment):
            raise InvalidTransactionId("This transaction was served before.")
        claimed = store_copies.claim(
            books, institution=office.slug, token=digest, count=len(proofs), formats=formats, now=moment
        )
        if claimed is None:
            raise CredentialRequestDenied(DENIED)
        return Entered(awarded=awarded, wanted=wanted, places=store_copies.record(books, wanted=wanted))

    entered = await issuer.database.write(enter)
    return await _sign(issuer, office=office, entered=entered, proofs=proofs, now=now)


async def note(issuer: Issuer, *, office: Office, token: str, notification: Notification, now: datetime) -> None:
    """Writes down what a wallet tells of its copies; raises InvalidToken or InvalidNotificationId."""
    awarded = await _open(issuer, office=office, token=token, now=now)
    if office.seals.award_of_notification(notification.notification_id) != awarded.id:
        raise InvalidNotificationId("The notification names no issuance of this token.")
    await issuer.database.write(
        lambda books: store_copies.note(
            books, institution=office.slug, award=awarded.id,
            notification=sealing.digest(notification.notification_id), event=notification.event.value,
            description=notification.event_description, now=int(now.timestamp()),
        )
    )  # fmt: skip


def _read(token: str, *, office: Office, now: datetime) -> AccessToken:
    """What the token says; that it was not withdrawn is found when the award is claimed."""
    facts = tokens.read(token, key=office.seals.tokens)
    if facts is None or facts.expires_at <= now.timestamp():
        raise InvalidToken(STALE)
    return facts


async def _open(issuer: Issuer, *, office: Office, token: str, now: datetime) -> Awarded:
    """What a living token opens."""
    _read(token, office=office, now=now)
    return await issuer.database.read(lambda books: _living(books, office=office, token=token, now=now))


def _living(books: Books, *, office: Office, token: str, now: datetime) -> Awarded:
    moment, digest = int(now.timestamp()), sealing.digest(token)
    awarded = store_copies.find_access(books, institution=office.slug, token=digest, now=moment)
    if awarded is None:
        raise InvalidToken(STALE)
    return awarded


def _proofs(request: CredentialRequest, *, office: Office, now: datetime) -> tuple[tuple[Proof, ...], str]:
    """The key proofs of a request and their nonce, which this issuer gave."""
    tokens = request.demand_proofs(batch_size=BATCH_SIZE)
    proofs = proof.verify_all(tokens, audience=office.identifier, now=now)
    nonce = proof.nonce_of(proofs)
    if not office.seals.is_nonce(nonce, now=now):
        raise InvalidNonce("The nonce was not given by this issuer, or has run out.")
    return proofs, nonce


def _configuration(request: CredentialRequest, *, facts: AccessToken) -> str:
    """The configuration asked for, by the one kind of name that this token allows (section 8.2)."""
    if request.credential_identifier is not None:
        if not facts.by_identifier or request.credential_identifier not in facts.configurations:
            raise UnknownCredentialIdentifier("This access token has no such credential identifier.")
        return request.credential_identifier
    name = str(request.credential_configuration_id)
    if name not in CONFIGURATIONS:
        raise UnknownCredentialConfiguration("This issuer has no such credential configuration.")
    if facts.by_identifier or name not in facts.configurations:
        raise InvalidCredentialRequest("Ask by the credential_identifier that came with the access token.")
    return name


def _use_nonce(books: Books, *, office: Office, nonce: str, now: datetime) -> None:
    expires = int((now + NONCE_LIFE).timestamp())
    if not store_copies.use_nonce(books, institution=office.slug, nonce=sealing.digest(nonce), expires_at=expires):
        raise InvalidNonce("The nonce was used before.")


def _refusal(books: Books, *, office: Office, token: str, now: datetime) -> ExchangeError:
    """Why an award was not claimed: the token, or the award."""
    moment, digest = int(now.timestamp()), sealing.digest(token)
    if store_copies.find_access(books, institution=office.slug, token=digest, now=moment) is None:
        return InvalidToken(STALE)
    return CredentialRequestDenied(DENIED)


def _wanted(award: str, *, configuration: str, status_list: StoredList, count: int, now: datetime) -> Wanted:
    return Wanted(
        institution=status_list.institution,
        award=award,
        configuration=configuration,
        list=status_list.id,
        list_size=status_list.size,
        issued_at=int(copies.midnight(now).timestamp()),
        count=count,
    )


async def _sign(
    issuer: Issuer, *, office: Office, entered: Entered, proofs: tuple[Proof, ...], now: datetime
) -> CredentialResponse:
    awarded, wanted = entered.awarded, entered.wanted
    if wanted is None:
        raise UnfitCredential("Nothing was recorded, so nothing is signed.", retry_after=60)
    drafted = tuple(Copy(holder=holder, place=place) for holder, place in zip(proofs, entered.places, strict=True))
    found: list[Finding] = []
    award = reading.read_award(strict_json.parse(awarded.learner), path="", into=found)
    if found:
        raise UnfitCredential("What was awarded cannot be read any more.", retry_after=60)
    course = await issuer.courses.find(office.slug, slug=awarded.course, version=awarded.course_version)
    accredited = await attesting.of(
        issuer, office=office, configuration=wanted.configuration, course=course, status_list=wanted.list, now=now
    )
    content = copies.content(
        issuer.type_document, office=office, award=awarded.id, record=MicroCredential(course=course, award=award),
        status_list=wanted.list, issued_at=copies.midnight(now), accredited=accredited,
    )  # fmt: skip
    signed = copies.sign(content, copies=drafted, configuration=wanted.configuration, office=office, now=now)
    return CredentialResponse(credentials=signed, notification_id=office.seals.notification_id(awarded.id))


def _interval(release_at: int, *, now: datetime) -> int:
    left = release_at - int(now.timestamp())
    return max(1, min(left, int(LONGEST_INTERVAL.total_seconds())))


def _write_holders(proofs: tuple[Proof, ...]) -> str:
    return strict_json.dump([{"jwk": each.key.to_json(), "did": each.holder_id} for each in proofs]).decode()


def _read_holders(text: str) -> tuple[Proof, ...]:
    listed: Any = strict_json.parse(text)
    return tuple(Proof(key=PublicJwk.parse(each["jwk"]), nonce="", holder_id=each["did"]) for each in listed)
