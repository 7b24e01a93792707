"""Issuers by certificate: which chain is believed, when, and for whom it speaks."""

from datetime import timedelta

import pytest

from keys import x509
from tests.trust.builders import DAY, ISSUER, NOON, make_authority, make_party
from trust.errors import UntrustedIssuer
from trust.identity import Kind, SignerIdentity
from trust.x509_anchors import IssuerAnchors

ROOT = make_authority()
ANCHORS = IssuerAnchors([ROOT[1]])
UNIVERSITY = make_party(ROOT)


def identify(x5c: list[str], *, anchors: IssuerAnchors = ANCHORS, **changes: object) -> SignerIdentity:
    asked: dict[str, object] = {"issuer": ISSUER, "now": NOON, "issued_at": NOON - DAY, **changes}
    return anchors.identify(x5c, **asked)


def test_a_chain_under_an_anchor_says_who_signed() -> None:
    signer = identify(UNIVERSITY.x5c)

    assert (signer.kind, signer.id, signer.key) == (Kind.CERTIFICATE, ISSUER, UNIVERSITY.key.public)
    assert signer.path == (*UNIVERSITY.chain, ROOT[1])
    assert signer.name == "University of the North"
    assert signer.anchored


def test_a_chain_under_another_authority_of_the_same_name_is_not_believed() -> None:
    namesake = make_party(make_authority())

    with pytest.raises(UntrustedIssuer, match="no valid path"):
        identify(namesake.x5c)


def test_without_anchors_nobody_is_believed() -> None:
    with pytest.raises(UntrustedIssuer):
        identify(UNIVERSITY.x5c, anchors=IssuerAnchors())


@pytest.mark.parametrize("x5c", [[], ["!"], ["AAAA"], UNIVERSITY.x5c * 9])
def test_what_is_no_chain_is_not_believed(x5c: list[str]) -> None:
    with pytest.raises(UntrustedIssuer):
        identify(x5c)


def test_an_anchor_inside_the_chain_is_refused() -> None:
    with_anchor = [*UNIVERSITY.x5c, x509.to_pem(ROOT[1]).decode().replace("\n", "")[27:-25]]

    with pytest.raises(UntrustedIssuer):
        identify(with_anchor)


def test_the_anchor_itself_is_not_a_leaf() -> None:
    with pytest.raises(UntrustedIssuer):
        identify([x509.to_pem(ROOT[1]).decode().replace("\n", "")[27:-25]], issuer="")


@pytest.mark.parametrize("now", [NOON - 101 * DAY, NOON + 300 * DAY])
def test_a_certificate_speaks_only_in_its_time(now: object) -> None:
    with pytest.raises(UntrustedIssuer):
        identify(UNIVERSITY.x5c, now=now, issued_at=None)


def test_a_chain_that_was_believed_once_ends_all_the_same() -> None:
    anchors = IssuerAnchors([ROOT[1]])
    identify(UNIVERSITY.x5c, anchors=anchors)

    for now in (NOON + 300 * DAY, NOON - 101 * DAY):
        with pytest.raises(UntrustedIssuer):
            identify(UNIVERSITY.x5c, anchors=anchors, now=now, issued_at=None)


def test_a_credential_is_not_dated_after_its_certificate() -> None:
    ended = NOON + 266 * DAY

    with pytest.raises(UntrustedIssuer, match="dated outside"):
        identify(UNIVERSITY.x5c, issued_at=ended)


def test_a_credential_is_not_dated_before_its_certificate_by_more_than_a_rounded_day() -> None:
    assert identify(UNIVERSITY.x5c, issued_at=NOON - 100 * DAY - timedelta(hours=12))

    with pytest.raises(UntrustedIssuer, match="dated outside"):
        identify(UNIVERSITY.x5c, issued_at=NOON - 102 * DAY)


def test_by_issue_date_an_ended_certificate_counts_for_its_days() -> None:
    later = NOON + 1000 * DAY

    assert identify(UNIVERSITY.x5c, now=later, issued_at=NOON, by_issue_date=True)
    with pytest.raises(UntrustedIssuer):
        identify(UNIVERSITY.x5c, now=later, issued_at=later, by_issue_date=True)
    with pytest.raises(UntrustedIssuer, match="does not say when"):
        identify(UNIVERSITY.x5c, now=later, issued_at=None, by_issue_date=True)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://uni.example/south",
        "https://uni.example",
        "https://uni.example/north/",
        "HTTPS://uni.example/north",
        "x",
    ],
)
def test_a_leaf_with_an_address_speaks_for_that_address_alone(issuer: str) -> None:
    with pytest.raises(UntrustedIssuer, match="does not speak"):
        identify(UNIVERSITY.x5c, issuer=issuer)


HOST_ONLY = make_party(ROOT, uri=None, dns=("uni.example",))


def test_a_leaf_with_a_host_alone_speaks_for_https_addresses_on_it() -> None:
    assert identify(HOST_ONLY.x5c, issuer="https://uni.example/any").id == "https://uni.example/any"


@pytest.mark.parametrize(
    "issuer",
    [
        "http://uni.example/any",
        "https://uni.example.evil.example",
        "https://evil.example/uni.example",
        "https://uni.example@evil.example",
        "https://evil.example@uni.example",
        "https://uni.example/?x",
        "https://[",
        "did:web:uni.example",
        "https://sub.uni.example",
        "https://unı.example",
    ],
)
def test_a_host_is_compared_whole(issuer: str) -> None:
    with pytest.raises(UntrustedIssuer, match="does not speak"):
        identify(HOST_ONLY.x5c, issuer=issuer)


def test_a_credential_without_iss_is_its_leafs() -> None:
    assert identify(UNIVERSITY.x5c, issuer="").id == ISSUER
    assert identify(HOST_ONLY.x5c, issuer="").id == f"x509_hash:{x509.x509_hash(HOST_ONLY.chain[0])}"


FOREIGN_ROOT = make_authority("Foreign Authority")
FOREIGN = make_party(FOREIGN_ROOT)


def test_a_leaf_whose_hash_is_pinned_needs_no_anchor() -> None:
    pinned = {x509.x509_hash(FOREIGN.chain[0])}

    signer = identify(FOREIGN.x5c, pinned=pinned)

    assert signer.path == FOREIGN.chain
    assert not signer.anchored


def test_a_pin_that_is_taken_back_ends_what_was_remembered() -> None:
    anchors = IssuerAnchors()
    identify(FOREIGN.x5c, anchors=anchors, pinned={x509.x509_hash(FOREIGN.chain[0])})

    with pytest.raises(UntrustedIssuer):
        identify(FOREIGN.x5c, anchors=anchors)


@pytest.mark.parametrize("now", [NOON - 101 * DAY, NOON + 300 * DAY])
def test_a_pinned_leaf_has_its_time_too(now: object) -> None:
    with pytest.raises(UntrustedIssuer):
        identify(FOREIGN.x5c, pinned={x509.x509_hash(FOREIGN.chain[0])}, now=now, issued_at=None)


def test_two_certificates_in_one_text_are_not_the_chain_that_is_remembered() -> None:
    anchors = IssuerAnchors([ROOT[1]])
    identify(UNIVERSITY.x5c, anchors=anchors)

    for odd in (["|".join(["", *UNIVERSITY.x5c])], ["1", *UNIVERSITY.x5c], [UNIVERSITY.x5c[0] + "|"]):
        with pytest.raises(UntrustedIssuer):
            identify(odd, anchors=anchors)


def test_the_memory_of_chains_is_bounded() -> None:
    anchors = IssuerAnchors([ROOT[1]], capacity=2)

    for _ in range(4):
        identify(make_party(ROOT).x5c, anchors=anchors)

    assert anchors.remembered == 2
