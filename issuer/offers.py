"""Offers and tokens: each visit to a claim link gives a fresh code, a code gives one token. OpenID4VCI 1.0, 4 and 6.

What is sent to a learner lives long and can be shown again; what a wallet redeems lives ten minutes at most, is told
once, and is stored as a digest. Section 13.6: guesses at a transaction code are counted for the code and for the award.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from exchange.errors import ExchangeError, InvalidAuthorizationDetails, InvalidGrant, InvalidRequest
from exchange.oauth import AuthorizationDetail, TokenRequest, TokenResponse
from exchange.offer import CredentialOffer, OfferReference, PreAuthorizedGrant, TxCode
from issuer.books import store_awards, store_offers
from issuer.books.store_awards import StoredAward
from issuer.books.store_offers import Grant, Redemption
from issuer.courses import AwardedCourses
from issuer.delivery import claim_links
from issuer.errors import OfferUsed, UnknownClaim
from issuer.standing import Standing
from issuer.tenancy import seals
from issuer.tenancy.offices import Office
from issuer.tenancy.seals import PIN_DIGITS
from issuer.tenancy.tokens import AccessToken
from keys import sealing
from service.database import Database

OFFER_LIFE = timedelta(minutes=10)
CLAIM_LIFE = timedelta(days=180)
TOKEN_SECONDS = 300
PIN_HINT = "The PIN that your university gave you apart from the link"

REFUSALS: Mapping[Grant, ExchangeError] = {
    Grant.UNKNOWN: InvalidGrant("The pre-authorized code is unknown or has run out."),
    Grant.USED: InvalidGrant("The pre-authorized code was used before."),
    Grant.PIN_WRONG: InvalidGrant("The transaction code is wrong."),
    Grant.PIN_MISSING: InvalidRequest("The transaction code is missing."),
    Grant.PIN_UNASKED: InvalidRequest("A transaction code was given, but none is expected."),
    Grant.NOT_CLAIMABLE: InvalidGrant("What was offered cannot be claimed any more."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOffer:
    """An offer that waits to be fetched once."""

    reference: OfferReference
    expires: datetime

    @property
    def uri(self) -> str:
        """The link that a wallet follows."""
        return self.reference.to_uri()


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A token, and what it is good for."""

    token: str
    configurations: tuple[str, ...]


async def find_claim(database: Database, *, office: Office, token: str) -> StoredAward:
    """The award behind a claim link; raises UnknownClaim."""
    award = office.seals.award_of_claim(token)
    if award is not None:
        found = await database.read(lambda books: store_awards.find(books, institution=office.slug, award=award))
        if found is not None and found.link_number == office.seals.number_of_claim(token):
            return found
    raise UnknownClaim("This claim link leads nowhere, or was replaced by another one.")


def is_claimable(award: StoredAward) -> bool:
    """Whether somebody can still claim the award."""
    return award.standing is Standing.VALID and award.claimed_at is None


def is_far(award: StoredAward, *, now: datetime) -> bool:
    """Whether the award is released so late that no token of today will live to see it."""
    return award.release_at > now.timestamp() + TOKEN_SECONDS


async def open_offer(
    database: Database, *, office: Office, award: StoredAward, courses: AwardedCourses, now: datetime,
    life: timedelta = OFFER_LIFE,
) -> OpenOffer:  # fmt: skip
    """A fresh offer of an award, under an address that answers once."""
    awarded = await courses.look_up(office.slug, slug=award.course, version=award.course_version)
    secret = seals.create_secret()
    expires = now + life
    await database.write(
        lambda books: store_offers.open_offer(
            books, institution=office.slug, reference=sealing.digest(secret), award=award.id, pin=award.pin,
            formats=awarded.formats, expires_at=int(expires.timestamp()),
        )
    )  # fmt: skip
    return OpenOffer(reference=OfferReference(uri=f"{office.identifier}/offers/{secret}"), expires=expires)


async def fetch(
    database: Database, *, office: Office, reference: str, courses: AwardedCourses, now: datetime,
    life: timedelta = OFFER_LIFE, claim_life: timedelta = CLAIM_LIFE,
) -> CredentialOffer:  # fmt: skip
    """The offer at an address, with a code that is told this once; raises OfferUsed.

    The address is an offer opened on a claim page, or the lasting one of the claim link itself, which opens its own.
    """
    code = seals.create_secret()
    if office.seals.award_of_claim(reference) is not None:
        award = await find_claim(database, office=office, token=reference)
        if not is_claimable(award) or claim_links.has_ended(award, life=claim_life, now=now):
            raise OfferUsed("What this link offers was claimed or withdrawn, or the time of the link is over.")
        awarded = await courses.look_up(office.slug, slug=award.course, version=award.course_version)
        await database.write(
            lambda books: store_offers.open_offer(
                books, institution=office.slug, reference=sealing.digest(seals.create_secret()), award=award.id,
                pin=award.pin, formats=awarded.formats, code=sealing.digest(code),
                expires_at=int((now + life).timestamp()),
            )
        )  # fmt: skip
        return _offer(office, code=code, with_pin=award.pin is not None, formats=awarded.formats)
    found = await database.write(
        lambda books: store_offers.fetch(
            books, institution=office.slug, reference=sealing.digest(reference), code=sealing.digest(code),
            now=int(now.timestamp()),
        )
    )  # fmt: skip
    if found is None:
        raise OfferUsed("This offer was opened before, or its time is over.")
    return _offer(office, code=code, with_pin=found.with_pin, formats=found.formats)


async def grant(database: Database, *, office: Office, request: TokenRequest, now: datetime) -> TokenResponse:
    """The token for a code; raises InvalidGrant, InvalidRequest or InvalidAuthorizationDetails."""
    request.check_locations(credential_issuer=office.identifier)
    code, expires_at = sealing.digest(request.pre_authorized_code), int(now.timestamp()) + TOKEN_SECONDS

    def redeem(books: Any) -> Granted | Grant:
        offered = store_offers.offered(books, institution=office.slug, code=code)
        if offered is None:
            return Grant.UNKNOWN
        configurations = _configurations(request, formats=offered.formats)
        facts = AccessToken(
            expires_at=expires_at, configurations=configurations, by_identifier=bool(request.authorization_details)
        )
        token = facts.to_text(key=office.seals.tokens)
        asked = Redemption(
            institution=office.slug, code=code, token=sealing.digest(token), token_expires_at=expires_at,
            now=int(now.timestamp()),
        )  # fmt: skip
        if request.tx_code is None:
            outcome = store_offers.redeem(books, asked=asked)
        else:
            pin = office.seals.pin_digest(request.tx_code, award=offered.award)
            outcome = store_offers.redeem_with_pin(books, asked=asked, award=offered.award, pin=pin)
        return Granted(token=token, configurations=configurations) if outcome is Grant.GRANTED else outcome

    granted = await database.write(redeem)
    if isinstance(granted, Grant):
        raise REFUSALS[granted]
    details = tuple(
        AuthorizationDetail(credential_configuration_id=name, credential_identifiers=(name,))
        for name in granted.configurations
        if request.authorization_details
    )
    return TokenResponse(access_token=granted.token, expires_in=TOKEN_SECONDS, authorization_details=details)


def _configurations(request: TokenRequest, *, formats: Sequence[str]) -> tuple[str, ...]:
    """The configurations that the token is for: all, or those that the authorization details name (section 6.1.1)."""
    if not request.authorization_details:
        return tuple(formats)
    names = tuple(dict.fromkeys(detail.credential_configuration_id for detail in request.authorization_details))
    if not set(names) <= set(formats):
        raise InvalidAuthorizationDetails("The authorization details name what is not offered.")
    return names


def _offer(office: Office, *, code: str, with_pin: bool, formats: Sequence[str]) -> CredentialOffer:
    tx_code = TxCode(length=PIN_DIGITS, description=PIN_HINT) if with_pin else None
    return CredentialOffer(
        credential_issuer=office.identifier,
        configuration_ids=tuple(formats),
        pre_authorized=PreAuthorizedGrant(code=code, tx_code=tx_code),
    )
