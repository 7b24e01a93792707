"""Keeping what was added by hand: verified as far as that goes, labelled by it, and never twice.

This wallet has no key for it: it cannot be shown to a verifier that asks for a proof of who holds it. What is damaged
or was altered is not kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from credentials.errors import CredentialsError
from keys.errors import KeysError
from trust import verification
from trust.report import Outcome, Report, Rung
from wallet import history, holding
from wallet.backup import making, store_copies
from wallet.custody import Vault
from wallet.history import Entry, Event
from wallet.holding import Holding
from wallet.importing.errors import NotGenuine, NothingInside
from wallet.wallet import Wallet, new_id

BOUNDS = (Rung.PARSE, Rung.ALGORITHM, Rung.SIGNATURE)
"""What fails one of these is no certificate, or not the one that was signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was added, and what was held before."""

    added: tuple[Holding, ...]
    known: tuple[str, ...]  # ids of certificates

    def to_json(self) -> dict[str, Any]:
        """Their ids."""
        return {"added": [each.id for each in self.added], "known": list(self.known)}


async def add(wallet: Wallet, vault: Vault, texts: Sequence[str]) -> Added:
    """Keeps each of the texts that is not held; raises NotGenuine or NothingInside, and then keeps none."""
    wallet.limits.openings.take(vault.account)
    there = await _there(wallet, vault)
    known = [there[signed(text)] for text in texts if signed(text) in there]
    fresh = {signed(text): text for text in texts if signed(text) not in there}
    found = [await _judged(wallet, text) for text in fresh.values()]
    for each in found:
        await _keep(wallet, vault, each)
    return Added(added=tuple(found), known=tuple(dict.fromkeys(known)))


def signed(text: str) -> str:
    """The part that an issuer signed: two SD-JWTs that differ in what they disclose are one certificate."""
    return text.partition("~")[0]


async def _there(wallet: Wallet, vault: Vault) -> Mapping[str, str]:
    rows = await wallet.database.read(lambda books: store_copies.copies(books, account=vault.account))
    return {signed(making.open_copy(vault, row).raw): row.credential for row in rows}


async def _judged(wallet: Wallet, text: str) -> Holding:
    try:
        credential = holding.read(text)
    except (CredentialsError, KeysError) as error:
        raise NothingInside("There is no certificate in it that can be read here.") from error
    report = await verification.verify(
        text, policy=wallet.policy, grounds=wallet.grounds, now=wallet.now(), holder=credential.holder_key
    )  # fmt: skip
    _check(report)
    issuer, check = holding.judge(report, credential=credential, at=wallet.moment)
    return Holding(
        id=new_id(), raw=text, credential=credential, title=holding.title_of(credential), issuer=issuer, check=check,
        received_at=datetime.fromtimestamp(wallet.moment, tz=UTC), provenance=holding.ADDED,
    )  # fmt: skip


def _check(report: Report) -> None:
    for rung in BOUNDS:
        finding = report.finding(rung)
        if finding is not None and finding.outcome is Outcome.FAILED:
            raise NotGenuine(f"{finding.message[:1].upper()}{finding.message[1:]}")


async def _keep(wallet: Wallet, vault: Vault, held: Holding) -> None:
    row = holding.seal(vault, held)
    copy = holding.copy(vault, held.raw, key=None, credential=held.id)
    entry = Entry(event=Event.ADDED, party=held.issuer.name, host="", certificates=(held.title,))
    note = history.seal(vault, entry, now=wallet.moment)
    brought = store_copies.Brought(whole=((row, (copy,)),), copies=(), uses=(), notes=(note,))
    await wallet.database.write(lambda books: store_copies.bring(books, account=vault.account, brought=brought))
