import base64
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509 as library
from cryptography.x509.oid import ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from keys import x509
from keys.errors import InvalidCertificate, UntrustedCertificate
from tests.keys.certificates import NAMES, NOW, Party

ROOT = Party(subject="Root").self_signed()
BETWEEN = ROOT.certify(Party(subject="Between"), ca=True)
LEAF = BETWEEN.certify(Party(subject="University"))
CHAIN = (LEAF.held, BETWEEN.held)
ANCHORS = (ROOT.held,)


def test_a_chain_leads_to_its_anchor() -> None:
    assert x509.verify_path(CHAIN, anchors=ANCHORS, now=NOW, dns="Uni.Example") == (*CHAIN, ROOT.held)


def test_an_intermediate_may_be_the_anchor() -> None:
    assert x509.verify_path([LEAF.held], anchors=[BETWEEN.held], now=NOW) == (LEAF.held, BETWEEN.held)


def test_the_right_anchor_is_found_among_many() -> None:
    strangers = [Party(subject=f"Stranger {number}").self_signed().held for number in range(3)]

    assert x509.verify_path(CHAIN, anchors=[*strangers, ROOT.held], now=NOW)[-1] == ROOT.held


SELF_SIGNED = Party(subject="University").self_signed(ca=False)
IMPOSTOR = Party(subject="Root").self_signed()
BELOW_LEAF = LEAF.certify(Party(subject="Below a leaf"))
CROSSED = Party(subject="Crossed", key=LEAF.key)


@pytest.mark.parametrize(
    "chain",
    [
        (),
        (*CHAIN, ROOT.held),
        (LEAF.held,),
        (BETWEEN.held, LEAF.held),
        (LEAF.held, LEAF.held),
        (*CHAIN, BETWEEN.held),
        (LEAF.held, BETWEEN.held, ROOT.certify(Party(subject="Idle"), ca=True).held),
        (SELF_SIGNED.held,),
        (SELF_SIGNED.held, BETWEEN.held),
        (ROOT.held,),
        (IMPOSTOR.certify(Party(subject="University")).held,),
        (BELOW_LEAF.held, *CHAIN),
        (BETWEEN.held,),
        (BETWEEN.certify(Party(subject="Old"), days=(-30, -1)).held, BETWEEN.held),
        (BETWEEN.certify(Party(subject="Early"), days=(1, 30)).held, BETWEEN.held),
        (LEAF.held, ROOT.certify(Party(subject="Between", key=BETWEEN.key), ca=True, days=(-30, -1)).held),
        (LEAF.held, ROOT.certify(Party(subject="Between", key=BETWEEN.key), ca=False).held),
        (BETWEEN.certify(Party(subject="Authority"), ca=True).held, BETWEEN.held),
        (BETWEEN.certify(Party(subject="Encrypts"), signs=False).held, BETWEEN.held),
    ],
    ids=[
        "empty", "anchor-inside", "skipped", "reversed", "twice", "twice-between", "idle-member", "self-signed",
        "self-signed-first", "anchor-alone", "impostor-root", "leaf-as-authority", "authority-as-leaf-alone", "expired",
        "not-yet", "expired-between", "between-is-no-authority", "authority-as-leaf", "not-for-signatures",
    ],
)  # fmt: skip
def test_a_chain_with_one_thing_wrong_is_refused(chain: tuple[x509.Certificate, ...]) -> None:
    with pytest.raises(UntrustedCertificate):
        x509.verify_path(chain, anchors=ANCHORS, now=NOW)


@pytest.mark.parametrize("days", [-2, 31])
def test_a_chain_is_good_at_its_time_only(days: int) -> None:
    with pytest.raises(UntrustedCertificate):
        x509.verify_path(CHAIN, anchors=ANCHORS, now=NOW + timedelta(days=days))


@pytest.mark.parametrize("anchors", [(), (IMPOSTOR.held,), (LEAF.held,)], ids=["none", "impostor", "leaf"])
def test_a_chain_without_its_anchor_is_refused(anchors: tuple[x509.Certificate, ...]) -> None:
    with pytest.raises(UntrustedCertificate):
        x509.verify_path(CHAIN, anchors=anchors, now=NOW)


@pytest.mark.parametrize("dns", ["evil.example", "example", "www.uni.example", "", "uni.example."])
def test_a_leaf_speaks_for_the_host_it_names_only(dns: str) -> None:
    with pytest.raises(UntrustedCertificate):
        x509.verify_path(CHAIN, anchors=ANCHORS, now=NOW, dns=dns)


def test_a_wildcard_is_no_name() -> None:
    leaf = BETWEEN.certify(Party(subject="Wild"), names=[library.DNSName("*.uni.example")])

    with pytest.raises(UntrustedCertificate):
        x509.verify_path([leaf.held, BETWEEN.held], anchors=ANCHORS, now=NOW, dns="www.uni.example")


def constrained(*, permitted: str) -> Party:
    constraint = library.NameConstraints([library.DNSName(permitted)], None)
    return ROOT.certify(Party(subject="Constrained"), ca=True, extra=[(constraint, True)])


def test_name_constraints_of_an_authority_hold_for_hosts() -> None:
    allowed, other = constrained(permitted="uni.example"), constrained(permitted="college.example")

    leaf = allowed.certify(Party(subject="University")).held
    x509.verify_path([leaf, allowed.held], anchors=ANCHORS, now=NOW)

    leaf = other.certify(Party(subject="University")).held
    with pytest.raises(UntrustedCertificate):
        x509.verify_path([leaf, other.held], anchors=ANCHORS, now=NOW)


@pytest.mark.parametrize("uri", ["https://evil.example/issuer", "https://uni.example@evil.example", "urn:evil"])
def test_name_constraints_of_an_authority_hold_for_uris_too(uri: str) -> None:
    allowed = constrained(permitted="uni.example")
    leaf = allowed.certify(Party(subject="Sly"), names=[NAMES[0], library.UniformResourceIdentifier(uri)]).held

    with pytest.raises(UntrustedCertificate):
        x509.verify_path([leaf, allowed.held], anchors=ANCHORS, now=NOW)


def test_a_critical_extension_that_is_unknown_is_refused_and_another_is_not() -> None:
    unknown = library.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    ignorable, demanding = (
        BETWEEN.certify(Party(subject="Extended"), extra=[(unknown, critical)]).held for critical in (False, True)
    )

    x509.verify_path([ignorable, BETWEEN.held], anchors=ANCHORS, now=NOW)
    with pytest.raises(UntrustedCertificate):
        x509.verify_path([demanding, BETWEEN.held], anchors=ANCHORS, now=NOW)


def test_an_x5c_comes_back_without_the_anchor() -> None:
    written = x509.to_x5c([*CHAIN, ROOT.held])

    assert x509.parse_x5c(written) == CHAIN


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "MIIB",
        [],
        [None],
        ["MIIB"],
        [""],
        ["A" * 20_000],
        x509.to_x5c(CHAIN) * 3,
        [x509.to_pem(LEAF.held).decode()],
        [x509.to_x5c(CHAIN)[0] + "\n"],
        [x509.to_x5c(CHAIN)[0].replace("+", "-").replace("/", "_")],
        [base64.b64encode(b"\x30\x03\x02\x01\x01").decode()],
    ],
)
def test_an_x5c_that_cannot_be_read_is_refused(raw: object) -> None:
    with pytest.raises(InvalidCertificate):
        x509.parse_x5c(raw)


@given(st.lists(st.text() | st.binary().map(lambda data: base64.b64encode(data).decode())), st.binary())
def test_garbage_raises_invalid_certificate_and_nothing_else(texts: list[str], pem: bytes) -> None:
    with pytest.raises(InvalidCertificate):
        x509.parse_x5c(texts)
    with pytest.raises(InvalidCertificate):
        x509.load_pem(pem)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_certificate_is_refused_and_nothing_crashes(position: int, value: int) -> None:
    der = bytearray(base64.b64decode(x509.to_x5c(CHAIN)[0]))
    der[position % len(der)] = value
    try:
        chain = (*x509.parse_x5c([base64.b64encode(der).decode()]), BETWEEN.held)
        path = x509.verify_path(chain, anchors=ANCHORS, now=NOW)
    except (InvalidCertificate, UntrustedCertificate):
        return
    assert path[0] == LEAF.held


def test_a_certificate_has_one_spelling() -> None:
    while (leaf := BETWEEN.certify(Party(subject="University")).held).signature[-1] & 1:
        continue
    der = base64.b64decode(x509.to_x5c([leaf])[0])
    unused_bits = len(der) - len(leaf.signature) - 1

    with pytest.raises(InvalidCertificate):
        x509.parse_x5c([base64.b64encode(der[:unused_bits] + b"\1" + der[unused_bits + 1 :]).decode()])


def test_a_certificate_says_who_and_what_it_is_for() -> None:
    assert x509.public_jwk(LEAF.held) == LEAF.key.public
    assert x509.dns_names(LEAF.held) == ("uni.example",)
    assert x509.uris(LEAF.held) == ("https://uni.example/issuer",)
    assert x509.common_name(LEAF.held) == "University"
    assert len(x509.x509_hash(LEAF.held)) == 43
    assert x509.dns_names(ROOT.held) == x509.uris(ROOT.held) == ()


def test_authority_key_ids_are_those_of_the_whole_chain() -> None:
    own = library.SubjectKeyIdentifier.from_public_key(BETWEEN.key.public.to_native()).digest

    found = x509.authority_key_ids(CHAIN)

    assert base64.urlsafe_b64encode(own).rstrip(b"=").decode() in found
    assert len(found) == 2


def test_anchors_are_the_certificates_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "b.pem").write_bytes(x509.to_pem(ROOT.held) + x509.to_pem(BETWEEN.held))
    (tmp_path / "a.crt").write_bytes(x509.to_pem(IMPOSTOR.held))
    (tmp_path / "notes.txt").write_text("not a certificate")

    assert x509.load_anchors(tmp_path) == (IMPOSTOR.held, ROOT.held, BETWEEN.held)


def test_a_folder_of_anchors_that_is_missing_or_broken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCertificate):
        x509.load_anchors(tmp_path / "missing")

    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(InvalidCertificate):
        x509.load_anchors(tmp_path)
