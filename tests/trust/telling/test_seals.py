"""The first of three sources: what the trusted lists say of a signature's certificate, one thing changed at a time."""

from typing import Any

import pytest

from keys import x509
from tests.keys.certificates import NOW
from tests.trust.builders import signer_by_did
from tests.trust.trusted_lists import test_source as publishers
from tests.trust.trusted_lists.sealing import DAY, Sealer, authority, withdrawing
from trust.grounds import Grounds
from trust.identity import Kind, SignerIdentity
from trust.telling import seals
from trust.telling.seals import Seal, SealAnswer
from trust.trusted_lists.source import TrustedListSource
from trust.trusted_lists.vouching import Quality
from trust.x509_anchors import IssuerAnchors

CERTIFICATE = publishers.SEAL
FILES = {"a": publishers.lotl(), "b": publishers.national()}


def signed(*path: Any) -> SignerIdentity:
    return SignerIdentity(
        kind=Kind.CERTIFICATE, id="https://uni.example", key=x509.public_jwk(path[0]), path=tuple(path),
        hashes=frozenset(x509.x509_hash(each) for each in path), anchored=True,
    )  # fmt: skip


NOT_WITHDRAWN = (withdrawing(publishers.CA),)


def grounds(*, files: dict[str, bytes] | None = None, revocations: Any = NOT_WITHDRAWN) -> Grounds:
    lists = TrustedListSource(signers=[publishers.UNION.held])
    lists.load(FILES if files is None else files, now=NOW)
    return Grounds(lists=lists, anchors=IssuerAnchors([publishers.CA.held], revocations=revocations))


def ask(signer: SignerIdentity, *, on: Grounds | None = None, days: int = 1) -> SealAnswer:
    return seals.of(signer, grounds=on or grounds(), at=NOW - days * DAY, now=NOW)


SIGNER = signed(CERTIFICATE, publishers.CA.held)


def test_a_qualified_certificate_that_nobody_withdrew_is_told_with_its_holder_and_its_list() -> None:
    found = ask(SIGNER)

    assert (found.status, found.quality) == (Seal.QUALIFIED, Quality.QUALIFIED.value)
    assert found.evidence["name"] == "University of Example"
    assert found.evidence["trusted_list"] == "XN"
    assert found.evidence["trust_service_provider"] == "Trust Provider"
    assert found.evidence["trusted_list_as_of"].startswith("20")


SERIAL = CERTIFICATE.serial_number
CASES: dict[str, tuple[SignerIdentity, Grounds, Seal]] = {
    "withdrawn": (SIGNER, grounds(revocations=[withdrawing(publishers.CA, SERIAL)]), Seal.LISTED),
    "nobody says": (SIGNER, grounds(revocations=()), Seal.UNKNOWN),
    "forged list of withdrawals": (SIGNER, grounds(revocations=[withdrawing(authority())]), Seal.UNKNOWN),
    "old list of withdrawals": (SIGNER, grounds(revocations=[withdrawing(publishers.CA, starts=-9 * DAY, ends=-DAY)]),
                                Seal.UNKNOWN),
    "not for seals": (signed(Sealer(by=publishers.CA, statements=None).certified(), publishers.CA.held), grounds(),
                      Seal.LISTED),
    "another maker": (signed(Sealer(by=authority("Other CA")).certified()), grounds(), Seal.UNLISTED),
    "no list at hand": (SIGNER, grounds(files={}), Seal.UNKNOWN),
    "no lists followed": (SIGNER, Grounds(), Seal.NOT_ASKED),
    "no certificate": (signer_by_did("did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"), grounds(), Seal.NONE),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_whatever_else_is_not_qualified(case: str) -> None:
    signer, on, status = CASES[case]

    assert ask(signer, on=on).status is status


def test_what_was_not_asked_is_not_known_to_a_policy() -> None:
    assert ask(SIGNER, on=Grounds()).quality == Quality.UNKNOWN.value
    assert seals.stranger(claimed="https://a.example", now=NOW).quality == Quality.UNKNOWN.value


def test_before_the_service_was_granted_the_seal_is_not_qualified() -> None:
    assert ask(SIGNER, days=99).status is Seal.QUALIFIED
    assert ask(SIGNER, days=150).status is not Seal.QUALIFIED  # before the certificate itself


async def test_the_same_question_costs_no_second_path_and_a_new_list_is_asked_anew() -> None:
    web = publishers.net()
    lists = TrustedListSource(signers=[publishers.UNION.held], url=publishers.LOTL, fetch=web, refresh=DAY)
    on = Grounds(lists=lists, anchors=IssuerAnchors(revocations=[withdrawing(publishers.CA)]))
    assert ask(SIGNER, on=on).status is Seal.UNKNOWN
    await lists.renew(now=NOW)
    web.asked.clear()

    first, second = lists.ask(SIGNER.path, at=NOW - DAY, now=NOW), lists.ask(SIGNER.path, at=NOW - DAY, now=NOW)

    assert first is second
    assert ask(SIGNER, on=on).status is Seal.QUALIFIED
    assert web.asked == []


@pytest.mark.parametrize("claimed", ["https://uni.example/\u202eevil", "x\ny"])
def test_what_a_stranger_calls_itself_is_not_shown_where_it_could_deceive(claimed: str) -> None:
    assert "claimed" not in seals.stranger(claimed=claimed, now=NOW).evidence
