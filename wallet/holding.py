"""What is held: each credential with its trust as found when it was taken in, and how it stood when last looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from credentials import formats
from credentials.credential import Credential
from credentials.learning import summary
from credentials.learning.summary import Fact
from credentials.learning.view import State
from exchange.display import Display
from service.errors import NotFound
from trust import verification
from trust.identity import SignerIdentity
from trust.report import Outcome, ReasonCode, Report, Rung
from trust.telling import statement as statements
from wallet import history, store
from wallet.claiming import offers
from wallet.custody import Vault
from wallet.history import Entry, Event
from wallet.shelf import glance
from wallet.store import Copy, Sealed
from wallet.wallet import Wallet, new_id

KIND = "credential"
COPY_KIND = "copy"
AWARDED, ADDED = "awarded", "added"
STANDINGS: Mapping[ReasonCode, str] = {
    ReasonCode.REVOKED: "revoked",
    ReasonCode.SUSPENDED: "suspended",
    ReasonCode.TEMPORAL: "expired",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How a credential stood at one moment: a state of the card, and a sentence."""

    standing: str
    sentence: str
    at: int
    before: str = ""  # how it stood until it was found to stand in another way
    changed_at: int = 0

    @property
    def moment(self) -> datetime:
        """When that was."""
        return datetime.fromtimestamp(self.at, tz=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Who signed, as far as that was proved: `standing` is trusted, or unknown for a name that nobody has proved."""

    id: str
    name: str
    sentence: str
    chain: tuple[tuple[str, str], ...] = ()
    standing: str = "trusted"
    trust: Mapping[str, Any] | None = None  # the three sources, as `trust.telling` writes them


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One credential of an account, read from one of its copies."""

    id: str
    raw: str = field(repr=False)
    credential: Credential = field(repr=False)
    title: str
    issuer: Vouched
    check: Check
    received_at: datetime
    provenance: str = AWARDED  # awarded to its holder by an offer, or added by them

    @property
    def bound(self) -> bool:
        """Whether this wallet has the keys that prove who holds it."""
        return self.provenance == AWARDED

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Everything that Annex I knows of it."""
        return summary.facts(summary.see(self.credential))

    def titled(self, language: str) -> tuple[str, str]:
        """What it is called in `language`, else in its own words; with the language of these, empty for the same."""
        record = summary.see(self.credential).record
        if record is None:
            return self.title, ""
        title = record.course.title
        return title.best(language), "" if language in title.languages else title.main

    def standing(self, now: datetime) -> str:
        """The state of its card: as last looked up, and expired once its time is over."""
        if self.check.standing == "valid" and self.credential.expires is not None and self.credential.expires <= now:
            return "expired"
        return self.check.standing


async def held(wallet: Wallet, vault: Vault) -> tuple[Holding, ...]:
    """All that is held, the latest first."""
    rows = await wallet.database.read(lambda books: store.credentials(books, account=vault.account))
    return tuple(unseal(vault, row) for row in rows)


async def find(wallet: Wallet, vault: Vault, id_: str) -> Holding:
    """One of them; NotFound where this account has none of that name."""
    row = await wallet.database.read(lambda books: store.credential(books, id_=id_, account=vault.account))
    if row is None:
        raise NotFound("There is no such certificate in your wallet.")
    return unseal(vault, row)


async def copies_of(wallet: Wallet, vault: Vault, id_: str) -> tuple[int, int]:
    """How many copies there are, and how many of them nobody has seen."""
    return await wallet.database.read(lambda books: store.count_copies(books, credential=id_, account=vault.account))


async def check(wallet: Wallet, vault: Vault, id_: str, *, keep: bool = False) -> Holding:
    """Looks up how a credential stands now: its signature, its issuer, its status.

    With `keep`, what could not be found out leaves what was known.
    """
    holding = await find(wallet, vault, id_)
    report = await verification.verify(
        holding.raw,
        policy=wallet.policy,
        grounds=wallet.grounds,
        now=wallet.now(),
        holder=holding.credential.holder_key,
    )
    found = _checked(report, at=wallet.moment)
    if keep and found.standing == "unchecked":
        found = replace(holding.check, at=wallet.moment)
    checked = replace(holding, check=_compared(found, holding.check))
    told = trust_of(wallet, report, credential=holding.credential)
    vouched, _ = judge(report, credential=holding.credential, at=wallet.moment, trust=told)
    if vouched.standing == "trusted":
        checked = replace(checked, issuer=vouched)
    row = seal(vault, checked)
    await wallet.database.write(lambda books: store.rewrite_credential(books, account=vault.account, credential=row))
    return checked


async def remove(wallet: Wallet, vault: Vault, id_: str) -> None:
    """Removes a credential with all its copies and keys."""
    holding = await find(wallet, vault, id_)
    entry = Entry(event=Event.REMOVED, party=holding.issuer.name, host="", certificates=(holding.title,))
    await wallet.database.write(lambda books: store.remove_credential(books, id_=id_, account=vault.account))
    await history.note(wallet, vault, entry)


def prepare(
    vault: Vault, *, report: Report, copies: Mapping[str, Mapping[str, Any]], display: Display | None, now: int,
    trust: Mapping[str, Any] | None = None,
) -> tuple[Holding, Sealed, tuple[Copy, ...]]:  # fmt: skip
    """The rows of a credential that was found good: `copies` are the keys of its holder, under each text."""
    if report.credential is None or report.identity is None:
        raise ValueError("only what was verified is kept")
    raw = next(iter(copies))
    received = datetime.fromtimestamp(now, tz=UTC)
    holding = Holding(
        id=new_id(), raw=raw, credential=read(raw), title=title_of(read(raw), display=display),
        issuer=replace(_vouched(report.identity), trust=trust), check=_checked(report, at=now), received_at=received,
    )  # fmt: skip
    rows = tuple(copy(vault, text, key=key, credential=holding.id) for text, key in copies.items())
    return holding, seal(vault, holding), rows


def trust_of(wallet: Wallet, report: Report, *, credential: Credential) -> Mapping[str, Any]:
    """What the three sources say now of whoever signed what `report` is about; it asks nobody."""
    signature = report.finding(Rung.SIGNATURE)
    genuine = report.identity is not None and signature is not None and signature.outcome is Outcome.PASSED
    view = summary.see(credential) if genuine else None
    return statements.of(report, view=view, grounds=wallet.grounds, now=wallet.now()).to_json()


def judge(
    report: Report, *, credential: Credential, at: int, trust: Mapping[str, Any] | None = None
) -> tuple[Vouched, Check]:
    """Who vouches for a credential that came without an offer, and how it stands: no more than the report proves."""
    signature = report.finding(Rung.SIGNATURE)
    if report.identity is not None and signature is not None and signature.outcome is Outcome.PASSED:
        return replace(_vouched(report.identity), trust=trust), _checked(report, at=at)
    said = f"Nobody we trust vouches for it. It names {credential.issuer} as its issuer."
    stranger = Vouched(
        id=credential.issuer, name=credential.issuer, sentence=said, standing="unknown", trust=trust
    )  # fmt: skip
    return stranger, _checked(report, at=at)


def read(raw: str) -> Credential:
    """A held text as a credential; it was parsed before it was kept."""
    parsed = formats.FORMATS[formats.recognise(raw)].parse_issued(raw)
    found: Credential = parsed.credential
    return found


def title_of(credential: Credential, *, display: Display | None = None) -> str:
    """What a credential is called: by itself, else by its issuer, else by its type."""
    facts = {fact.label_key: fact for fact in summary.facts(summary.see(credential)) if fact.state is State.PRESENT}
    if "title" in facts and facts["title"].items:
        return facts["title"].items[0]
    if display is not None and display.name:
        return display.name
    return credential.types[-1].rpartition("/")[2] or "Certificate"


def _compared(found: Check, before: Check) -> Check:
    """What was found, with what it changes; the same finding changes nothing that was told before."""
    if found.standing == before.standing:
        return replace(found, before=before.before, changed_at=before.changed_at)
    if "unchecked" in (found.standing, before.standing):
        return found
    return replace(found, before=before.standing, changed_at=found.at)


def _checked(report: Report, *, at: int) -> Check:
    problem = report.problem
    if problem is None:
        finding = report.finding(Rung.STATUS)
        kept = finding is not None and finding.outcome is Outcome.PASSED
        said = "It is genuine and stands." if kept else "It is genuine. Its issuer keeps no list of withdrawals."
        return Check(standing="valid", sentence=said, at=at)
    standing = STANDINGS.get(problem.code, "unchecked") if problem.code is not None else "unchecked"
    return Check(standing=standing, sentence=f"{problem.message[:1].upper()}{problem.message[1:]}", at=at)


def _vouched(signer: SignerIdentity) -> Vouched:
    name = signer.name or signer.id
    if signer.accredited:
        return Vouched(
            id=signer.id, name=name, sentence=offers.sentence_of(signer.accredited),
            chain=offers.chain_of(signer.accredited),
        )  # fmt: skip
    return Vouched(id=signer.id, name=name, sentence=f"{name}, whose certificate this wallet trusts.")


def copy(vault: Vault, text: str, *, key: Mapping[str, Any] | None, credential: str, uses: int = 0) -> Copy:
    """The row of one copy with the key of its holder; there is none for what was added by hand."""
    id_ = new_id()
    sealed = vault.seal({"raw": text, "key": None if key is None else dict(key)}, kind=COPY_KIND, row=id_)
    return Copy(id=id_, credential=credential, uses=uses, sealed=sealed)


def seal(vault: Vault, holding: Holding) -> Sealed:
    """The row of a credential."""
    issuer, check_ = holding.issuer, holding.check
    said = {
        "raw": holding.raw,
        "title": holding.title,
        "issuer": {"id": issuer.id, "name": issuer.name, "sentence": issuer.sentence, "chain": list(issuer.chain),
                   "standing": issuer.standing, "trust": issuer.trust},
        "check": {"standing": check_.standing, "sentence": check_.sentence, "at": check_.at,
                  "before": check_.before, "changed_at": check_.changed_at},
        "glance": glance.of(holding.credential),
        "provenance": holding.provenance,
    }  # fmt: skip
    at = int(holding.received_at.timestamp())
    return Sealed(id=holding.id, at=at, sealed=vault.seal(said, kind=KIND, row=holding.id))


def unseal(vault: Vault, row: Sealed) -> Holding:
    """The credential in a row."""
    said = vault.open(row.sealed, kind=KIND, row=row.id)
    issuer = {**said["issuer"], "chain": tuple((name, meaning) for name, meaning in said["issuer"]["chain"])}
    return Holding(
        id=row.id, raw=said["raw"], credential=read(said["raw"]), title=said["title"], issuer=Vouched(**issuer),
        check=Check(**said["check"]), received_at=datetime.fromtimestamp(row.at, tz=UTC),
        provenance=said.get("provenance", AWARDED),
    )  # fmt: skip
