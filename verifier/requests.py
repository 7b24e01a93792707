"""Starting a request and handing it to a wallet: OpenID4VP 1.0 sections 5.1, 5.7, 5.9, 5.10 and 14.4.3.

The request object is made when a wallet fetches it, so that it can carry that wallet's nonce; a wallet that lost the
answer may fetch again until the request is answered or over. Client identifier, nonce, state and key stay the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from exchange import request_object, web_address
from exchange.client import ClientId, ClientMetadata, Prefix
from exchange.errors import InvalidRequest
from exchange.request_link import SCHEME, RequestReference
from exchange.request_object import AuthorizationRequest
from exchange.states import Presentation
from keys import sealing, strict_json, x509
from keys.algorithms import ACCEPTED
from keys.did import methods
from keys.errors import InvalidSealed
from service.errors import NotFound
from trust.errors import TrustError
from trust.policies.rules import Rule
from verifier import settings, store
from verifier.desk import Verifier
from verifier.errors import InvalidOrder, NoTypes
from verifier.orders import Flow, Order
from verifier.recent import Open
from verifier.store import Pending, Row
from verifier.templates import TEMPLATES, Template
from verifier.vault import Secrets
from verifier.verdicts import house_rules

HERE = "here"  # the end of addresses that were opened on the device that asks
ALGORITHMS = tuple(sorted(ACCEPTED))
OVER = "This request is unknown, was answered already, or is over."
FORMATS = {"dc+sd-jwt": ALGORITHMS, "jwt_vc_json": ALGORITHMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way to a wallet: what it is called (empty for any wallet app) and the address to open."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A request as whoever asked it sees it; `code` is the link for another device, `links` those for this one."""

    id: str
    client_id: str
    ends_at: datetime
    code: str | None
    links: tuple[Link, ...]
    purpose: str


async def start(desk: Verifier, *, order: Order, asker: str) -> Started:
    """A new request for `asker`; raises InvalidOrder or NoTypes."""
    settled = await _settle(desk, order)
    held = Secrets.draw(mode=settled.mode, purpose=settled.purpose)
    moment = desk.moment
    ends = moment + int(desk.settings.request_life.total_seconds())
    row = Row(
        digest=sealing.digest(held.id),
        ticket=sealing.digest(held.ticket),
        asker=asker,
        state=Presentation.CREATED,
        asked=strict_json.dump(settled.to_json()),
        secrets=desk.vault.seal(held),
        made_at=moment,
        ends_at=ends,
        kept_until=ends + int(settings.UNREAD.total_seconds()),
    )
    await desk.database.write(lambda books: store.add(books, row=row))
    desk.recent.keep(row.ticket, Open(order=settled, held=held, ends_at=ends))
    return _shown(desk, order=settled, held=held, ends_at=ends)


def show(desk: Verifier, *, row: Row, id_: str) -> Started:
    """The links of a request that still waits for an answer, for the asker who has its id."""
    held = open_secrets(
        desk, pending=Pending(asked=row.asked, secrets=row.secrets or b"", ends_at=row.ends_at), ticket=row.ticket
    )
    if not sealing.equal(held.id, id_):
        raise NotFound("There is no such request.")
    return _shown(desk, order=desk.order_of(row.asked), held=held, ends_at=row.ends_at)


async def fetch(desk: Verifier, *, ticket: str, here: bool, wallet_nonce: str | None = None) -> str:
    """The signed request object for the wallet that has `ticket`; raises InvalidRequest where it is over."""
    digest, moment = sealing.digest(ticket), desk.moment
    pending = await desk.database.write(lambda books: store.fetch(books, ticket=digest, now=moment))
    if pending is None:
        raise InvalidRequest(OVER)
    found = _remembered(desk, pending=pending, ticket=digest)
    check_flow(found.order, here=here)
    asked = replace(authorization(desk, order=found.order, held=found.held, here=here), wallet_nonce=wallet_nonce)
    if not asked.client_id.is_signed:
        raise InvalidRequest("This request is sent with its link, and not fetched.")
    entry = desk.keyring.active
    return await request_object.create(
        asked, signer=entry.signer, chain=entry.chain, key_url=_key_url(asked.client_id), now=desk.now(),
        lifetime=timedelta(seconds=max(1, pending.ends_at - moment)),
    )  # fmt: skip


async def find(desk: Verifier, *, ticket: str) -> Open:
    """The request whose ticket has this digest, if it may still be open; raises InvalidRequest."""
    moment = desk.moment
    found = desk.recent.find(ticket, now=moment)
    if found is not None:
        return found
    pending = await desk.database.read(lambda books: store.look(books, ticket=ticket, now=moment))
    if pending is None:
        raise InvalidRequest(OVER)
    return _remembered(desk, pending=pending, ticket=ticket)


def _remembered(desk: Verifier, *, pending: Pending, ticket: str) -> Open:
    found = desk.recent.find(ticket, now=desk.moment)
    if found is None:
        held = open_secrets(desk, pending=pending, ticket=ticket)
        found = Open(order=desk.order_of(pending.asked), held=held, ends_at=pending.ends_at)
        desk.recent.keep(ticket, found)
    return found


def open_secrets(desk: Verifier, *, pending: Pending, ticket: str) -> Secrets:
    """The secrets of a pending request; raises InvalidRequest where they cannot be opened any more."""
    try:
        return desk.vault.open(pending.secrets, ticket=ticket)
    except InvalidSealed as error:
        raise InvalidRequest(OVER) from error


def check_flow(order: Order, *, here: bool) -> None:
    """Raises InvalidRequest where a request for one device comes back from the other."""
    if order.flow is not Flow.EITHER and here is not (order.flow is Flow.SAME_DEVICE):
        raise InvalidRequest("This request was made for a wallet on another device.")


def authorization(desk: Verifier, *, order: Order, held: Secrets, here: bool) -> AuthorizationRequest:
    """The authorization request, as it is the same for each wallet."""
    response_uri = f"{desk.settings.base.base_url}/responses/{held.ticket}" + (f"/{HERE}" if here else "")
    return AuthorizationRequest(
        client_id=client_id(desk, prefix=order.prefix or desk.settings.prefix, response_uri=response_uri),
        response_uri=response_uri,
        response_mode=order.mode,
        nonce=held.nonce,
        state=held.state,
        query=order.asked,
        purpose=held.purpose or None,
        client_metadata=ClientMetadata(
            formats=FORMATS, encryption_key=held.public, claimed_name=name_of(desk)
        ),
    )  # fmt: skip


def name_of(desk: Verifier) -> str:
    """What this verifier calls itself: the name in its certificate, so that a wallet can compare the two."""
    chain = desk.keyring.active.chain
    return (desk.names_of(chain)[0] if chain else "") or desk.settings.name


def client_id(desk: Verifier, *, prefix: Prefix, response_uri: str) -> ClientId:
    """Who asks, in the words of `prefix`; raises InvalidOrder where the signing key has no certificate for it."""
    entry = desk.keyring.active
    if prefix in {Prefix.X509_SAN_DNS, Prefix.X509_HASH} and not entry.chain:
        raise InvalidOrder("The key of this verifier has no certificate, which this client_id_prefix needs.")
    match prefix:
        case Prefix.X509_SAN_DNS:
            return ClientId(prefix=prefix, name=desk.settings.base.host_name)
        case Prefix.X509_HASH:
            return ClientId(prefix=prefix, name=x509.x509_hash(entry.chain[0]))
        case Prefix.DECENTRALIZED_IDENTIFIER:
            return ClientId(prefix=prefix, name=methods.create_jwk(entry.signer.public))
    return ClientId(prefix=prefix, name=response_uri)


def _key_url(client: ClientId) -> str | None:
    return methods.key_id(client.name) if client.prefix is Prefix.DECENTRALIZED_IDENTIFIER else None


def _shown(desk: Verifier, *, order: Order, held: Secrets, ends_at: int) -> Started:
    there = authorization(desk, order=order, held=held, here=False)
    code = None if order.flow is Flow.SAME_DEVICE else _link(desk, order=order, held=held, here=False, endpoint=SCHEME)
    links: list[Link] = []
    if order.flow is not Flow.CROSS_DEVICE:
        wallets = [(wallet.name, wallet.endpoint) for wallet in desk.settings.web_wallets]
        links = [
            Link(name=name, address=_link(desk, order=order, held=held, here=True, endpoint=endpoint))
            for name, endpoint in (*wallets, ("", SCHEME))
        ]
    return Started(
        id=held.id, client_id=str(there.client_id), ends_at=datetime.fromtimestamp(ends_at, tz=UTC), code=code,
        links=tuple(links), purpose=held.purpose,
    )  # fmt: skip


def _link(desk: Verifier, *, order: Order, held: Secrets, here: bool, endpoint: str) -> str:
    asked = authorization(desk, order=order, held=held, here=here)
    if asked.client_id.is_signed:
        uri = f"{desk.settings.base.base_url}/requests/{held.ticket}" + (f"/{HERE}" if here else "")
        reference = RequestReference(client_id=str(asked.client_id), request_uri=uri, method=order.method)
        return reference.to_uri(endpoint=endpoint)
    parameters = {
        name: value if isinstance(value, str) else strict_json.dump(value).decode()
        for name, value in asked.to_json().items()
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{web_address.encode_query(parameters)}"


async def _settle(desk: Verifier, order: Order) -> Order:
    """The order with its query; a template asks for the types that are configured, else for those on the list."""
    client_id(desk, prefix=order.prefix or desk.settings.prefix, response_uri=desk.settings.base.base_url)
    if order.query is not None:
        return order
    template = TEMPLATES[str(order.template)]
    rule = house_rules.both(rule_of(desk, template), order.rule)
    return replace(order, query=template.query(types=await types(desk)), rule=rule)


def rule_of(desk: Verifier, template: Template) -> Rule | None:
    """What is asked of every answer to `template`: its own rule, and the one of the settings."""
    return house_rules.both(template.rule, desk.settings.policies.templates.get(template.id))


async def types(desk: Verifier) -> Sequence[str]:
    """The credential types that templates ask for; none where nothing says which. Raises NoTypes."""
    source = desk.grounds.accreditation
    if desk.settings.types or source is None:
        return desk.settings.types
    try:
        listed = await source.current(now=desk.now())
    except TrustError as error:
        raise NoTypes("The list of accredited issuers cannot be had, so it is not known what to ask for.") from error
    named = {
        name for organisation in listed.organisations for each in organisation.accreditations for name in each.types
    }
    return tuple(sorted(name for name in named if ":" in name))
