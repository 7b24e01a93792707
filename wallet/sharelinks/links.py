"""Making, opening and ending share links.

The secret of an address is 256 bits of chance. What the link shows is one copy with the chosen facts alone; it does not
prove that whoever sends the link is the one it was awarded to. It is sealed under a key from the secret, so that only
somebody with the address opens it.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from credentials import content_digest
from credentials.credential import Credential, Format
from credentials.formats import sd_jwt
from credentials.learning import tagged
from exchange.dcql import Option
from keys import sealing
from keys.errors import InvalidSealed
from service.errors import InvalidInput, NotFound, Problem
from trust import verification
from trust.report import Report
from wallet import history, holding, store
from wallet.custody import Vault
from wallet.errors import NothingFits
from wallet.history import Entry, Event
from wallet.sharelinks import store_links
from wallet.sharelinks.errors import LinkEnded
from wallet.sharelinks.store_links import Row
from wallet.showing import disclosing
from wallet.showing.disclosing import Disclosure
from wallet.wallet import Wallet, new_id

KIND = "share link"
SECRET_BYTES = 32
PURPOSE = "what a share link shows"
DAYS = (1, 7, 30, 90, 365)
VIEWS = (1, 5, 20, 100)
LONGEST_LABEL = 80
BOUND, UNBOUND = b"+", b"-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as its owner sees it."""

    row: Row = field(repr=False)
    address: str = field(repr=False)
    label: str
    title: str
    issuer: str
    facts: tuple[str, ...]
    text: str = field(repr=False)  # the copy that it shows; empty once it has ended

    @property
    def id(self) -> str:
        """Its name, which opens nothing."""
        return self.row.id

    @property
    def ends(self) -> datetime:
        """Until when it shows something."""
        return datetime.fromtimestamp(self.row.ends_at, tz=UTC)

    def state(self, now: datetime) -> str:
        """open, withdrawn, expired, or used up."""
        if self.row.withdrawn:
            return "withdrawn"
        if self.ends <= now:
            return "expired"
        return "open" if self.row.views < self.row.most_views else "used_up"


def disclosure_of(credential: Credential, names: Collection[str]) -> Disclosure:
    """What a link with the facts `names` shows of a credential, and what stays."""
    return disclosing.of(credential, _option(credential, names))


def offered(credential: Credential) -> Disclosure:
    """The facts that can be chosen (those that stay) and those that every copy shows."""
    return disclosure_of(credential, ())


async def make(
    wallet: Wallet, vault: Vault, credential: str, *, label: str, names: Collection[str], days: int, views: int
) -> Link:
    """A new link to the facts `names` of a certificate; InvalidInput for a wrong choice, NotFound."""
    held = await holding.find(wallet, vault, credential)
    _check(held.credential, label=label, names=names, days=days, views=views)
    text = await _text(wallet, vault, held.id, names=names)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    digest, id_ = sealing.digest(secret), new_id()
    facts = tuple(row.label for row in disclosure_of(held.credential, names).leaving)
    said = {
        "secret": secret, "label": label.strip(), "title": held.title, "issuer": held.issuer.name,
        "facts": list(facts),
    }  # fmt: skip
    ends = wallet.now() + timedelta(days=days)
    row = Row(
        id=id_, account=vault.account, digest=digest, credential=held.id, withdrawn=False, views=0, most_views=views,
        sealed=vault.seal(said, kind=KIND, row=id_),
        shown=sealing.seal(_marked(text, bound=held.bound), key=_key(secret), aad=_place(digest)),
        made_at=wallet.moment, ends_at=int(ends.timestamp()),
    )  # fmt: skip
    await wallet.database.write(lambda books: store_links.add(books, row=row))
    entry = Entry(event=Event.LINKED, party=label.strip(), host="", certificates=(held.title,), facts=facts)
    await history.note(wallet, vault, entry)
    return _opened(wallet, vault, row)


async def made(wallet: Wallet, vault: Vault) -> tuple[Link, ...]:
    """Every link of an account, the latest first."""
    rows = await wallet.database.read(lambda books: store_links.links(books, account=vault.account))
    return tuple(_opened(wallet, vault, row) for row in rows)


async def find(wallet: Wallet, vault: Vault, id_: str) -> Link:
    """One of them; NotFound where this account has none of that name."""
    row = await wallet.database.read(lambda books: store_links.link(books, id_=id_, account=vault.account))
    if row is None:
        raise NotFound("There is no such share link in your wallet.")
    return _opened(wallet, vault, row)


async def withdraw(wallet: Wallet, vault: Vault, id_: str) -> Link:
    """Ends a link at once, and forgets what it showed."""
    link = await find(wallet, vault, id_)
    if await wallet.database.write(lambda books: store_links.withdraw(books, id_=id_, account=vault.account)):
        entry = Entry(event=Event.WITHDRAWN, party=link.label, host="", certificates=(link.title,))
        await history.note(wallet, vault, entry)
    return replace(link, row=replace(link.row, withdrawn=True, shown=b""), text="")


async def remove(wallet: Wallet, vault: Vault, id_: str) -> None:
    """Takes a link off the list; one that still shows something is withdrawn first."""
    await withdraw(wallet, vault, id_)
    await wallet.database.write(lambda books: store_links.remove(books, id_=id_, account=vault.account))


async def is_open(wallet: Wallet, secret: str) -> bool:
    """Whether there is anything behind an address. Asking is not counted, so that a preview uses nothing up."""
    digest, now = sealing.digest(secret), wallet.moment
    return await wallet.database.read(lambda books: store_links.is_open(books, digest=digest, now=now))


async def show(wallet: Wallet, secret: str) -> Report:
    """What is behind an address, verified now, and counted; LinkEnded where there is nothing (any more)."""
    digest, now = sealing.digest(secret), wallet.moment
    shown = await wallet.database.write(lambda books: store_links.view(books, digest=digest, now=now))
    if not shown:
        raise LinkEnded("There is nothing to see at this address.")
    try:
        text, bound = _unmarked(sealing.open(shown, key=_key(secret), aad=_place(digest)))
    except InvalidSealed as error:
        raise LinkEnded("There is nothing to see at this address.") from error
    holder = holding.read(text).holder_key if bound else None  # the wallet that made the link had this very key
    return await verification.verify(
        text, policy=wallet.policy, grounds=wallet.grounds, now=wallet.now(), holder=holder
    )  # fmt: skip


async def _text(wallet: Wallet, vault: Vault, id_: str, *, names: Collection[str]) -> str:
    """A copy that nobody has seen while there is one, with the chosen facts alone."""
    drawn = await wallet.database.write(lambda books: store.draw_copy(books, credential=id_, account=vault.account))
    if drawn is None:
        raise NothingFits("This certificate is not in your wallet any more.")
    raw = str(vault.open(drawn.sealed, kind=holding.COPY_KIND, row=drawn.id)["raw"])
    credential = holding.read(raw)
    if credential.format is not Format.SD_JWT_VC:
        return raw
    return sd_jwt.select(sd_jwt.parse_issued(raw), disclose=_option(credential, names).disclose).raw


def _option(credential: Credential, names: Collection[str]) -> Option:
    there = [path for path in credential.disclosable if _name(path) not in content_digest.CLAIMS]
    chosen = tuple(path for path in there if _name(path) in names)
    return Option(
        claim_set=0, disclose=chosen, shown=chosen, withheld=tuple(path for path in there if path not in chosen)
    )


def _name(path: tuple[object, ...]) -> str:
    return tagged.bare(str(path[0]))


def _check(credential: Credential, *, label: str, names: Collection[str], days: int, views: int) -> None:
    problems = []
    if not 1 <= len(label.strip()) <= LONGEST_LABEL or not label.isprintable():
        problems.append(Problem(path="/label", message=f"Say for whom it is, in up to {LONGEST_LABEL} characters."))
    if not {row.name for row in offered(credential).staying} >= set(names):
        problems.append(Problem(path="/facts", message="One of these facts is not in the certificate."))
    if days not in DAYS:
        problems.append(Problem(path="/days", message="Choose one of the times that are offered."))
    if views not in VIEWS:
        problems.append(Problem(path="/views", message="Choose one of the numbers that are offered."))
    if problems:
        raise InvalidInput(problems[0].message, problems=problems)


def _opened(wallet: Wallet, vault: Vault, row: Row) -> Link:
    said = vault.open(row.sealed, kind=KIND, row=row.id)
    text = ""
    if row.shown:
        text, _ = _unmarked(sealing.open(row.shown, key=_key(said["secret"]), aad=_place(row.digest)))
    return Link(
        row=row, address=f"{wallet.settings.base.base_url}/s/{said['secret']}", label=said["label"],
        title=said["title"], issuer=said["issuer"], facts=tuple(said["facts"]), text=text,
    )  # fmt: skip


def _marked(text: str, *, bound: bool) -> bytes:
    """What is sealed: whether its owner had the key of the copy, and the copy."""
    return (BOUND if bound else UNBOUND) + text.encode()


def _unmarked(shown: bytes) -> tuple[str, bool]:
    return shown[1:].decode(), shown[:1] == BOUND


def _key(secret: str) -> bytes:
    return sealing.derive(secret.encode(), purpose=PURPOSE)


def _place(digest: str) -> bytes:
    return f"share link\n{digest}".encode()
