"""Opening an offer: OpenID4VCI 1.0 sections 4, 12.2 and 12.3. Who offers what is known before anything is promised.

Until something is signed, who an issuer is can be told only by its exact address on the list of accredited issuers.
An issuer that a list which is at hand does not name is shown, and neither a code nor a PIN ever goes there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from exchange import display, issuer_metadata, offer, web_address
from exchange.errors import ExchangeError
from exchange.issuer_metadata import CredentialConfiguration, IssuerMetadata
from exchange.oauth import Grant, ServerMetadata
from exchange.offer import CredentialOffer, OfferReference, TxCode
from exchange.states import Issuance
from keys.algorithms import Algorithm
from service.errors import NotFound
from trust.errors import StaleAccreditation, TrustError
from trust.identity import Step
from trust.telling import statement as statements
from wallet import peer, store
from wallet.claiming.dossier import Dossier, Introduction, Parcel
from wallet.custody import Vault
from wallet.errors import OfferRefused
from wallet.store import OFFERS, Errand
from wallet.wallet import Wallet, new_id

KIND = "offer"
ALGORITHMS = (Algorithm.ES256,)
LIFE_SECONDS = 90 * 86_400
OPEN = (Issuance.OFFERED.value, Issuance.REDEEMED.value, Issuance.DEFERRED.value, Issuance.ISSUED.value)


class Standing(StrEnum):
    """What can be said of an issuer before it has signed anything."""

    TRUSTED = "trusted"  # on the list, for all that is offered
    UNLISTED = "unlisted"  # there is a list, and it does not name this issuer
    UNCHECKED = "unchecked"  # this wallet follows no list: it is judged by its certificate when it signs
    LATER = "later"  # there is a list, and it cannot be had now


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An offer of one account, and how far it has come."""

    errand: Errand
    dossier: Dossier

    @property
    def id(self) -> str:
        """Its name."""
        return self.errand.id

    @property
    def state(self) -> Issuance:
        """Where it stands."""
        return Issuance(self.errand.state)

    @property
    def tx_code(self) -> TxCode | None:
        """The PIN that is asked for, if one is."""
        grant = self.dossier.offer.pre_authorized
        return None if grant is None else grant.tx_code

    @property
    def configurations(self) -> tuple[CredentialConfiguration, ...]:
        """What will be taken in."""
        known = self.dossier.metadata.configurations
        return tuple(known[parcel.configuration] for parcel in self.dossier.parcels)


async def open_link(wallet: Wallet, vault: Vault, link: str) -> str:
    """Reads an offer in any form, looks up who is behind it, and keeps it; its id. OfferRefused, PartySilent."""
    wallet.limits.openings.take(vault.account)
    try:
        found = offer.parse(link)
        read = await _fetched(wallet, found) if isinstance(found, OfferReference) else found
        dossier = await _prepare(wallet, read)
    except ExchangeError as error:
        raise OfferRefused(str(error)) from error
    id_, now = new_id(), wallet.moment
    errand = Errand(
        id=id_, account=vault.account, state=Issuance.OFFERED.value,
        sealed=vault.seal(dossier.to_json(), kind=KIND, row=id_), made_at=now, ends_at=now + LIFE_SECONDS,
    )  # fmt: skip
    await wallet.database.write(lambda books: store.add_errand(books, OFFERS, errand=errand))
    return id_


async def find(wallet: Wallet, vault: Vault, id_: str) -> Offered:
    """The offer with that id; NotFound where this account has none."""
    errand = await wallet.database.read(lambda books: store.errand(books, OFFERS, id_=id_, account=vault.account))
    if errand is None:
        raise NotFound("There is no such offer in your wallet, or it has ended.")
    return opened(vault, errand)


async def waiting(wallet: Wallet, vault: Vault, *, states: Sequence[str] = OPEN) -> tuple[Offered, ...]:
    """The offers in `states`, as a rule all that are not settled, the latest first."""
    found = await wallet.database.read(lambda books: store.errands(books, OFFERS, account=vault.account, states=states))
    return tuple(opened(vault, errand) for errand in found)


def opened(vault: Vault, errand: Errand) -> Offered:
    """The offer in its row."""
    raw = vault.open(errand.sealed, kind=KIND, row=errand.id)
    return Offered(errand=errand, dossier=Dossier.load(raw))


async def _fetched(wallet: Wallet, reference: OfferReference) -> CredentialOffer:
    return CredentialOffer.parse(await peer.fetch(wallet.outbound, reference.uri, once=True))


async def _prepare(wallet: Wallet, read: CredentialOffer) -> Dossier:
    """The offer with all that is public about it; raises ExchangeError, PartySilent or OfferRefused."""
    grant = read.pre_authorized
    if grant is None:
        raise OfferRefused("This offer asks you to sign in at the university first, which this wallet cannot do yet.")
    url = web_address.well_known(read.credential_issuer, name=issuer_metadata.WELL_KNOWN)
    document = await peer.fetch(wallet.outbound, url)
    metadata = IssuerMetadata.parse(document, credential_issuer=read.credential_issuer)
    if metadata.encryption_required:
        raise OfferRefused("The university wants encrypted requests, which this wallet cannot make yet.")
    chosen = _choose(metadata, read)
    metadata = replace(metadata, configurations={name: metadata.configurations[name] for name in chosen})
    server = await _server(wallet, read, metadata)
    return Dossier(
        offer=read, metadata=metadata, token_endpoint=server.token_endpoint,
        introduction=await introduce(wallet, metadata), parcels=tuple(Parcel(configuration=name) for name in chosen),
    )  # fmt: skip


def _choose(metadata: IssuerMetadata, read: CredentialOffer) -> tuple[str, ...]:
    """Which of the offered configurations are taken: those that can hold facts back, else the first that is spoken."""
    usable = {
        name: each for name, each in metadata.of_offer(read).items() if each.bound and not each.key_attestation_required
    }
    if not usable:
        raise OfferRefused("The university wants guarantees about your device that this wallet cannot give.")
    for each in usable.values():
        each.choose_algorithm(ours=ALGORITHMS)
    selective = [name for name, each in usable.items() if each.format == "dc+sd-jwt"]
    return tuple(selective or list(usable)[:1])


async def _server(wallet: Wallet, read: CredentialOffer, metadata: IssuerMetadata) -> ServerMetadata:
    hint = read.pre_authorized.authorization_server if read.pre_authorized else None
    name = read.choose_server(metadata.authorization_servers, hint=hint)
    url = web_address.well_known(name, name="oauth-authorization-server")
    server = ServerMetadata.parse(await peer.fetch(wallet.outbound, url), issuer=name)
    if Grant.PRE_AUTHORIZED_CODE not in server.grant_types_supported:
        raise OfferRefused("The university's server does not take the code that its offer carries.")
    return server


async def introduce(wallet: Wallet, metadata: IssuerMetadata) -> Introduction:
    """Who offers, by the list of accredited issuers where one is followed."""
    address = metadata.credential_issuer
    shown = display.choose(metadata.display, languages=("en",))
    host = web_address.host(address)
    claimed = (shown.name if shown else None) or host
    standing, said, path = await _vouched(wallet, metadata, host=host)
    trust = statements.before_signing(address, path=path, grounds=wallet.grounds, now=wallet.now()).to_json()
    if not path:
        return Introduction(name=host, host=host, standing=standing, sentence=said, claimed=claimed, trust=trust)
    return Introduction(
        name=path[0].name, host=host, standing=standing, sentence=said, chain=chain_of(path), trust=trust
    )  # fmt: skip


async def _vouched(wallet: Wallet, metadata: IssuerMetadata, *, host: str) -> tuple[Standing, str, tuple[Step, ...]]:
    """Whether the list vouches for the issuer and all that it offers, in a sentence, and by which path."""
    source = wallet.grounds.accreditation
    if source is None:
        said = f"{host} is checked by its certificate when it sends something. Go on only if you expect this."
        return Standing.UNCHECKED, said, ()
    try:
        listed = await source.current(now=wallet.now())
        paths = [
            listed.expects(metadata.credential_issuer, types=each.types, at=wallet.now())
            for each in metadata.configurations.values()
        ]
    except StaleAccreditation:
        said = "The list of recognised institutions cannot be had at the moment, so we cannot tell who this is."
        return Standing.LATER, said, ()
    except TrustError:
        return Standing.UNLISTED, f"Nobody we trust vouches for {host}.", ()
    return Standing.TRUSTED, sentence_of(paths[0]), paths[0]


def sentence_of(path: tuple[Step, ...]) -> str:
    """One sentence about a path of accreditation."""
    first = path[0]
    until = f" until {first.until:%-d %B %Y}" if first.until else ""
    return f"{first.name}, accredited by {first.accredited_by_name}{until}."


def chain_of(path: tuple[Step, ...]) -> tuple[tuple[str, str], ...]:
    """The path for people: nearest first, root last."""
    steps = tuple((step.name, f"accredited by {step.accredited_by_name}") for step in path)
    return (*steps, (path[-1].accredited_by_name, "the root of trust that this wallet follows"))
