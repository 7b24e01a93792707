"""Taking in what is offered: OpenID4VCI 1.0 sections 6 to 9 and 11, in steps that survive a restart between any two.

Each step is written down before the next: the keys before they are proved, what came before it is checked. One window
works on an offer at a time (a lease), since a code that is sent twice is a code that is lost.
"""

from collections.abc import Mapping
from dataclasses import replace

from exchange import issuance, proof
from exchange.errors import (
    CredentialRequestDenied,
    ExchangeError,
    InvalidGrant,
    InvalidNonce,
    InvalidRequest,
    InvalidToken,
    InvalidTransactionId,
)
from exchange.issuance import CredentialRequest, CredentialResponse, DeferredRequest, NonceResponse, Proofs
from exchange.oauth import TokenRequest, TokenResponse
from exchange.offer import InputMode
from exchange.states import Issuance
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from wallet import history, peer
from wallet.claiming import arriving, offers
from wallet.claiming.dossier import Dossier, Parcel
from wallet.claiming.offers import OPEN, Offered, Standing
from wallet.claiming.work import Work, on_offer
from wallet.custody import Vault
from wallet.errors import (
    ConfirmationNeeded,
    OfferRefused,
    OfferSpent,
    PinNeeded,
    UnlikelyPin,
    UntrustedIssuer,
    WrongPin,
)
from wallet.history import Entry, Event
from wallet.store import Kept
from wallet.wallet import Wallet

ACCEPTED = frozenset({200, 202})
LOST: Mapping[type[ExchangeError], str] = {
    InvalidToken: "The university's permission to collect it has run out.",
    InvalidTransactionId: "The university does not know of its promise any more.",
    CredentialRequestDenied: "The university says that it will not give out this certificate.",
}
"""Refusals after which asking again does not help."""
AGAIN_SECONDS = 5  # between two looks at what was promised for later, at least


async def accept(
    wallet: Wallet, vault: Vault, id_: str, *, tx_code: str | None = None, known: bool = False
) -> Offered:  # fmt: skip
    """Takes in what offer `id_` promises, as far as it goes now; a WalletError says what stands in the way."""
    async with on_offer(wallet, vault, id_) as work:
        if work.dossier.token is None:
            check_standing(work.dossier, known=known)
            _check_pin(work.dossier, tx_code)
            await _redeem(work, tx_code=tx_code)
        await _proceed(work)
        return work.offered


async def resume(wallet: Wallet, vault: Vault, id_: str) -> Offered:
    """Goes on with an offer that was accepted before: asks for what was promised, checks what has come."""
    found = await offers.find(wallet, vault, id_)
    if found.state is Issuance.OFFERED or found.errand.state not in OPEN:
        return found
    async with on_offer(wallet, vault, id_) as work:
        await _proceed(work)
        return work.offered


async def decline(wallet: Wallet, vault: Vault, id_: str) -> None:
    """Puts an offer away; its issuer is not told, since nothing was ever sent to them."""
    async with on_offer(wallet, vault, id_) as work:
        parcels = tuple(
            each if each.settled else replace(each, refused="You declined.") for each in work.dossier.parcels
        )
        who = work.dossier.introduction
        entry = Entry(event=Event.TURNED_DOWN, party=who.name, host=who.host)
        kept = Kept(notes=(history.seal(vault, entry, now=wallet.moment),))
        await work.save(replace(work.dossier, parcels=parcels, token=work.dossier.token or ""), kept=kept)


def check_standing(dossier: Dossier, *, known: bool) -> None:
    """Raises UntrustedIssuer or ConfirmationNeeded where no code may go to this issuer (security.md (b), wallet)."""
    match dossier.introduction.standing:
        case Standing.UNLISTED | Standing.LATER:
            raise UntrustedIssuer(dossier.introduction.sentence)
        case Standing.UNCHECKED if not known:
            raise ConfirmationNeeded(dossier.introduction.sentence)


def _check_pin(dossier: Dossier, tx_code: str | None) -> None:
    grant = dossier.offer.pre_authorized
    if grant is not None and grant.tx_code is not None and not tx_code:
        raise PinNeeded("The university asks for a PIN with this certificate.")
    asked = grant.tx_code if grant is not None else None
    if tx_code and asked is not None and asked.length is not None and len(tx_code) != asked.length:
        signs = "digits" if asked.input_mode is InputMode.NUMERIC else "characters"
        raise UnlikelyPin(f"The PIN has {asked.length} {signs}.")


async def _redeem(work: Work, *, tx_code: str | None) -> None:
    """The code for a token (section 6)."""
    grant = work.dossier.offer.pre_authorized
    if grant is None:
        raise OfferRefused("This offer carries no code.")
    asked = TokenRequest(pre_authorized_code=grant.code, tx_code=tx_code if grant.tx_code is not None else None)
    try:
        body = await peer.post_form(work.wallet.outbound, work.dossier.token_endpoint, asked.to_form())
        token = TokenResponse.parse(body)
    except (InvalidGrant, InvalidRequest) as error:
        if grant.tx_code is not None:
            raise WrongPin("The university did not accept this PIN.") from error
        raise OfferSpent("The university does not accept this offer any more: it was used, or is too old.") from error
    except ExchangeError as error:
        raise OfferRefused(f"The university does not give out the certificate: {error}") from error
    if token.token_type.casefold() != "bearer":
        raise OfferRefused("The university answers with a kind of token that this wallet cannot use.")
    named = {each.credential_configuration_id: each.credential_identifiers[0] for each in token.authorization_details}
    parcels = tuple(replace(each, identifier=named.get(each.configuration)) for each in work.dossier.parcels)
    await work.save(replace(work.dossier, token=token.access_token, parcels=parcels))


async def _proceed(work: Work) -> None:
    """Every parcel as far as it goes now."""
    for number in range(len(work.dossier.parcels)):
        parcel = work.dossier.parcels[number]
        if not parcel.settled and not parcel.arrived:
            await _ask(work, parcel)
            parcel = work.dossier.parcels[number]
        if not parcel.settled and parcel.arrived:
            await arriving.settle(work, parcel)


async def _ask(work: Work, parcel: Parcel) -> None:
    """Asks for the copies (section 8), or again for what was promised (section 9)."""
    try:
        if parcel.transaction is None:
            prepared = await _with_keys(work, parcel)
            answer = await _request_twice(work, prepared)
        elif work.wallet.moment < parcel.ask_after:
            return
        else:
            prepared, answer = parcel, await _request_later(work, parcel)
    except (InvalidToken, InvalidTransactionId, CredentialRequestDenied) as error:
        await work.save(work.dossier.with_parcel(replace(parcel, refused=LOST[type(error)], keys=())))
        return
    except ExchangeError as error:
        raise OfferRefused(f"The university does not give out the certificate: {error}") from error
    if isinstance(answer, CredentialResponse):
        came = replace(prepared, arrived=answer.credentials, notification=answer.notification_id, transaction=None)
        await work.save(work.dossier.with_parcel(came))
        return
    due = work.wallet.moment + max(answer.interval, AGAIN_SECONDS)
    await work.save(
        work.dossier.with_parcel(replace(prepared, transaction=answer.transaction_id, ask_after=due))
    )  # fmt: skip


async def _with_keys(work: Work, parcel: Parcel) -> Parcel:
    """The parcel with a fresh key for each copy, written down before any of them is used."""
    if parcel.keys:
        return parcel
    count = min(work.dossier.metadata.batch_size, work.wallet.settings.copies)
    keyed = replace(parcel, keys=tuple(PrivateJwk.generate(Algorithm.ES256) for _ in range(count)))
    await work.save(work.dossier.with_parcel(keyed))
    return keyed


async def _request_twice(work: Work, parcel: Parcel) -> CredentialResponse | issuance.DeferredResponse:
    """The request, and once more with a fresh nonce where the first was too old."""
    try:
        return await _request(work, parcel)
    except InvalidNonce:
        return await _request(work, parcel)


async def _request(work: Work, parcel: Parcel) -> CredentialResponse | issuance.DeferredResponse:
    metadata = work.dossier.metadata
    nonce = None
    if metadata.nonce_endpoint is not None:
        nonce = NonceResponse.parse(await peer.post_form(work.wallet.outbound, metadata.nonce_endpoint, {})).c_nonce
    proofs = tuple([await _prove(work, parcel, key=key, nonce=nonce) for key in parcel.keys])
    asked = CredentialRequest(
        credential_configuration_id=None if parcel.identifier else parcel.configuration,
        credential_identifier=parcel.identifier,
        proofs=Proofs(proof_type=issuance.JWT_PROOF, entries=proofs),
    )
    return await _send(work, metadata.credential_endpoint, asked.to_json())


async def _request_later(work: Work, parcel: Parcel) -> CredentialResponse | issuance.DeferredResponse:
    endpoint = work.dossier.metadata.deferred_credential_endpoint
    if endpoint is None:
        raise OfferRefused("The university promised the certificate for later and does not say where to ask.")
    return await _send(work, endpoint, DeferredRequest(transaction_id=str(parcel.transaction)).to_json())


async def _send(work: Work, url: str, value: object) -> CredentialResponse | issuance.DeferredResponse:
    body = await peer.post_json(
        work.wallet.outbound, url, value, token=str(work.dossier.token), good=ACCEPTED, limit=issuance.LONGEST_RESPONSE
    )
    return issuance.parse_response(body)


async def _prove(work: Work, parcel: Parcel, *, key: PrivateJwk, nonce: str | None) -> str:
    """The proof of one key (Appendix F.1): as a JWK where the issuer takes that, else by its did:jwk."""
    methods_taken = work.dossier.metadata.configurations[parcel.configuration].binding_methods
    url = None if "jwk" in methods_taken else methods.key_id(methods.create_jwk(key.public))
    return await proof.create(
        signer=SoftwareSigner(key), audience=work.dossier.offer.credential_issuer, nonce=nonce, now=work.wallet.now(),
        key_url=url,
    )  # fmt: skip
