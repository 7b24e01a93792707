"""Certificates that were withdrawn: who may say so, when that counts, and what is no answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509 as library
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from keys.certificates import revocation
from keys.certificates.revocation import Answer
from keys.errors import InvalidCertificate
from tests.keys.certificates import NOW, Party, name

ROOT = Party(subject="Root").self_signed()
NAMESAKE = Party(subject="Root").self_signed()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLACE = library.UniformResourceIdentifier("http://ca.example/1.crl")
POINTS = library.CRLDistributionPoints([library.DistributionPoint([PLACE], None, None, None)])
LEAF = ROOT.certify(Party(subject="University"), extra=[(POINTS, False)])


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A revocation list before it is signed; the defaults are right, and a test changes one."""

    by: Party = ROOT
    name: str = "Root"
    revoked: Sequence[int] = ()
    starts: timedelta = -HOUR
    ends: timedelta = DAY
    extensions: Sequence[tuple[library.ExtensionType, bool]] = field(default_factory=tuple)
    entry: Sequence[tuple[library.ExtensionType, bool]] = field(default_factory=tuple)

    def der(self) -> bytes:
        builder = library.CertificateRevocationListBuilder(
            issuer_name=name(self.name), last_update=NOW + self.starts, next_update=NOW + self.ends
        )
        for number in self.revoked:
            entry = library.RevokedCertificateBuilder(number, NOW - 2 * DAY)
            for extension, critical in self.entry:
                entry = entry.add_extension(extension, critical=critical)
            builder = builder.add_revoked_certificate(entry.build())
        for extension, critical in self.extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self.by.key.to_native(), hashes.SHA256()).public_bytes(Encoding.DER)


def answer(*drafts: Draft, leaf: Party = LEAF, issuer: Party = ROOT, later: timedelta = timedelta()) -> Answer:
    lists = [revocation.parse(draft.der()) for draft in drafts]
    return revocation.answer(leaf.held, issuer=issuer.held, lists=lists, now=NOW + later)[0]


THIS = LEAF.held.serial_number


def test_a_certificate_is_good_if_its_authority_says_so_now() -> None:
    assert answer(Draft()) is Answer.GOOD
    assert answer(Draft(revoked=[THIS + 1])) is Answer.GOOD


def test_a_withdrawn_certificate_is_known_with_its_day() -> None:
    found = revocation.parse(Draft(revoked=[THIS]).der())

    assert revocation.answer(LEAF.held, issuer=ROOT.held, lists=[found], now=NOW) == (Answer.REVOKED, NOW - 2 * DAY)


def scope(**changes: object) -> Sequence[tuple[library.ExtensionType, bool]]:
    said: dict[str, Any] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return [(library.IssuingDistributionPoint(**{**said, **changes}), True)]


ELSEWHERE = library.UniformResourceIdentifier("http://ca.example/2.crl")


@pytest.mark.parametrize("extensions", [scope(full_name=[PLACE]), scope(only_contains_user_certs=True)])
def test_a_list_for_such_certificates_answers(extensions: Sequence[tuple[library.ExtensionType, bool]]) -> None:
    assert answer(Draft(extensions=extensions)) is Answer.GOOD


@pytest.mark.parametrize(
    "draft",
    [
        Draft(by=NAMESAKE),
        Draft(by=LEAF),
        Draft(name="Another"),
        Draft(starts=HOUR),
        Draft(starts=-2 * DAY, ends=-HOUR),
        Draft(extensions=[(library.DeltaCRLIndicator(1), True)]),
        Draft(extensions=[(library.UnrecognizedExtension(library.ObjectIdentifier("1.2.3"), b"\x05\x00"), True)]),
        Draft(extensions=scope(full_name=[ELSEWHERE])),
        Draft(extensions=scope(only_contains_ca_certs=True)),
        Draft(extensions=scope(only_contains_attribute_certs=True)),
        Draft(extensions=scope(full_name=[PLACE], indirect_crl=True)),
        Draft(extensions=scope(full_name=[PLACE], only_some_reasons=frozenset({library.ReasonFlags.key_compromise}))),
        Draft(revoked=[1], entry=[(library.CertificateIssuer([library.DirectoryName(name("Other"))]), True)]),
    ],
    ids=[
        "namesake", "signed-by-the-leaf", "another", "future", "past", "delta", "unknown-critical",
        "another-place", "authorities-only", "attributes-only", "indirect", "some-reasons", "for-another-issuer",
    ],
)  # fmt: skip
def test_a_list_with_one_thing_other_is_no_answer(draft: Draft) -> None:
    assert answer(draft) is Answer.UNKNOWN


def test_no_list_is_no_answer() -> None:
    assert answer() is Answer.UNKNOWN


def test_a_list_that_has_ended_still_proves_a_withdrawal() -> None:
    assert answer(Draft(revoked=[THIS], starts=-2 * DAY, ends=-HOUR)) is Answer.REVOKED


def test_the_list_of_one_who_may_not_sign_lists_is_no_answer() -> None:
    silent = Party(subject="Root", key=ROOT.key).self_signed(ca=False)

    assert answer(Draft(), issuer=silent) is Answer.UNKNOWN


def test_a_list_made_after_a_certificate_ended_need_not_name_it() -> None:
    ended = ROOT.certify(Party(subject="University"), days=(-30, -1))

    assert answer(Draft(), leaf=ended) is Answer.UNKNOWN


@pytest.mark.parametrize("drafts", [(Draft(revoked=[THIS]), Draft()), (Draft(), Draft(revoked=[THIS]))])
def test_of_two_lists_the_one_that_withdraws_counts(drafts: tuple[Draft, Draft]) -> None:
    assert answer(*drafts) is Answer.REVOKED


def test_the_lists_of_a_folder_are_read_in_both_forms(tmp_path: Path) -> None:
    der = Draft(revoked=[THIS]).der()
    (tmp_path / "1.crl").write_bytes(der)
    (tmp_path / "2.crl").write_bytes(library.load_der_x509_crl(der).public_bytes(Encoding.PEM))
    (tmp_path / "anchor.pem").write_bytes(b"no list")

    assert [dict(each.revoked) for each in revocation.load(tmp_path)] == [{THIS: NOW - 2 * DAY}] * 2
    with pytest.raises(InvalidCertificate, match="does not exist"):
        revocation.load(tmp_path / "nowhere")


@given(st.binary(max_size=100))
def test_garbage_raises_invalid_certificate_and_nothing_else(data: bytes) -> None:
    with pytest.raises(InvalidCertificate):
        revocation.parse(data)


def test_a_list_that_is_too_large_is_not_read() -> None:
    with pytest.raises(InvalidCertificate, match="at most"):
        revocation.parse(Draft().der() + bytes(revocation.LIMIT))


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (Draft(starts=-3 * DAY, ends=-DAY), Answer.GOOD),
        (Draft(starts=-HOUR, ends=DAY), Answer.GOOD),
        (Draft(starts=-5 * DAY, ends=-3 * DAY), Answer.UNKNOWN),
        (Draft(starts=HOUR, ends=DAY), Answer.UNKNOWN),
        (Draft(revoked=[THIS], starts=-HOUR), Answer.REVOKED),
        (Draft(by=NAMESAKE), Answer.UNKNOWN),
    ],
    ids=["of-then", "later", "earlier", "future", "withdrawn", "namesake"],
)
def test_a_list_tells_of_a_moment_that_is_past(draft: Draft, expected: Answer) -> None:
    lists = [revocation.parse(draft.der())]
    asked = revocation.answer_for(LEAF.held, issuer=ROOT.held, lists=lists, at=NOW - 2 * DAY, now=NOW)

    assert asked[0] is expected
