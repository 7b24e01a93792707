"""Signed XML: what is read is what was signed, by one who may sign it. Each refusal is one change to a right list."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.keys.certificates import NOW, Party
from tests.trust.trusted_lists.publishing import Draft, Signing, sign
from trust.errors import InvalidTrustedList, UntrustedList
from trust.trusted_lists import signed_xml
from trust.trusted_lists.signed_xml import DS, ENVELOPED, EXCLUSIVE
from trust.trusted_lists.ts119612 import ROOT, TSL

SUPERVISOR = Party(subject="Supervisor").self_signed(ca=False)
STRANGER = Party(subject="Supervisor").self_signed(ca=False)
XML = Draft().to_xml()
RIGHT = sign(XML, SUPERVISOR)


def verify(data: bytes) -> etree._Element:
    return signed_xml.verify(data, root=ROOT, signers=[SUPERVISOR.held], now=NOW)[0]


def test_what_was_signed_is_given_back_without_its_signature() -> None:
    signed, signer = signed_xml.verify(RIGHT, root=ROOT, signers=[STRANGER.held, SUPERVISOR.held], now=NOW)

    assert signer == SUPERVISOR.held
    assert signed.findtext(f".//{TSL}SchemeTerritory") == "XN"
    assert signed.find(f"{{{DS}}}Signature") is None


@pytest.mark.parametrize("how", [Signing(uri=""), Signing(properties_first=True)])
def test_the_forms_that_publishers_use_are_read(how: Signing) -> None:
    assert verify(sign(XML, SUPERVISOR, how)).tag == ROOT


def first_provider(document: etree._Element) -> etree._Element:
    found = document.find(f".//{TSL}TrustServiceProviderList")
    assert found is not None
    return found


@pytest.mark.parametrize(
    "how",
    [
        Signing(properties=False),
        Signing(certificate=STRANGER.held),
        Signing(transforms=(ENVELOPED,)),
        Signing(transforms=(EXCLUSIVE,)),
        Signing(transforms=(ENVELOPED, "http://www.w3.org/2002/06/xmldsig-filter2", EXCLUSIVE)),
        Signing(transforms=(ENVELOPED, "http://www.w3.org/TR/1999/REC-xslt-19991116", EXCLUSIVE)),
        Signing(method="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
        Signing(method="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"),
        Signing(method="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        Signing(uri="#properties"),
        Signing(uri="#elsewhere"),
        Signing(uri="https://lists.example/list.xml"),
        Signing(uri="#xpointer(/)"),
        Signing(what=first_provider),
    ],
)
def test_a_list_that_is_signed_in_one_way_other_is_refused(how: Signing) -> None:
    with pytest.raises(UntrustedList):
        verify(sign(XML, SUPERVISOR, how))


def test_a_stranger_of_the_same_name_is_not_the_signer() -> None:
    with pytest.raises(UntrustedList, match="not signed by anyone who may"):
        verify(sign(XML, STRANGER))


def test_a_stranger_who_names_the_signers_certificate_is_not_believed() -> None:
    with pytest.raises(UntrustedList, match="not right"):
        verify(sign(XML, STRANGER, Signing(certificate=SUPERVISOR.held)))


@pytest.mark.parametrize("days", [-2, 31])
def test_a_signers_certificate_has_its_time(days: int) -> None:
    with pytest.raises(UntrustedList, match="does not count"):
        signed_xml.verify(RIGHT, root=ROOT, signers=[SUPERVISOR.held], now=NOW + timedelta(days=days))


def changed(change: Callable[[etree._Element, etree._Element], etree._Element | None]) -> bytes:
    """The right list after `change` to it, which is told the document and its signature."""
    document = etree.fromstring(RIGHT)
    signature = document.find(f"{{{DS}}}Signature")
    assert signature is not None
    made = change(document, signature)
    return etree.tostring(document if made is None else made)


def other_list(document: etree._Element) -> etree._Element:
    evil = etree.fromstring(XML.replace("XN", "EV").replace('Id="list"', 'Id="evil"').encode())
    assert evil.tag == document.tag
    return evil


def wrapped_in_an_object(document: etree._Element, signature: etree._Element) -> etree._Element:
    """The signed list moves into the signature of another one: the digest still finds it by its name."""
    evil = other_list(document)
    document.remove(signature)
    etree.SubElement(signature, f"{{{DS}}}Object").append(document)
    evil.append(signature)
    return evil


def wrapped_beside(document: etree._Element, signature: etree._Element) -> etree._Element:
    evil = other_list(document)
    evil.append(document)
    document.remove(signature)
    evil.append(signature)
    return evil


def wrapped_with_its_signature(document: etree._Element, signature: etree._Element) -> etree._Element:
    evil = other_list(document)
    evil.append(document)
    assert signature.getparent() is document
    return evil


def wrapped_under_the_same_name(document: etree._Element, signature: etree._Element) -> etree._Element:
    evil = wrapped_beside(document, signature)
    evil.set("Id", "list")
    return evil


def signature_moved_down(document: etree._Element, signature: etree._Element) -> None:
    first_provider(document).append(signature)


def second_signature(document: etree._Element, signature: etree._Element) -> None:
    document.append(etree.fromstring(etree.tostring(signature)))


def no_signature(document: etree._Element, signature: etree._Element) -> None:
    document.remove(signature)


def other_word(document: etree._Element, _: etree._Element) -> None:
    found = document.find(f".//{TSL}SchemeTerritory")
    assert found is not None
    found.text = "EV"


def one_more_part(document: etree._Element, _: etree._Element) -> None:
    etree.SubElement(first_provider(document), f"{TSL}TrustServiceProvider")


def other_value(_: etree._Element, signature: etree._Element) -> None:
    found = signature.find(f"{{{DS}}}SignatureValue")
    assert found is not None
    found.text = "AAAA" + (found.text or "")[4:]


def second_name(document: etree._Element, _: etree._Element) -> None:
    document.set("ID", "properties")


def another_kind_of_document(document: etree._Element, _: etree._Element) -> None:
    document.tag = f"{TSL}TrustServiceProviderList"


@pytest.mark.parametrize(
    "change",
    [
        wrapped_in_an_object, wrapped_beside, wrapped_with_its_signature, wrapped_under_the_same_name,
        signature_moved_down, second_signature, no_signature, other_word, one_more_part, other_value, second_name,
        another_kind_of_document,
    ],
)  # fmt: skip
def test_a_list_with_one_thing_moved_or_changed_is_refused(
    change: Callable[[etree._Element, etree._Element], etree._Element | None],
) -> None:
    with pytest.raises((UntrustedList, InvalidTrustedList)):
        verify(changed(change))


def test_a_comment_changes_nothing_of_what_is_read() -> None:
    """Canonical form has no comments: a value is not cut in two by one (as in the SAML cases of 2018)."""
    commented = RIGHT.replace(b"<SchemeTerritory>XN", b"<SchemeTerritory>X<!-- -->N")

    assert verify(commented).findtext(f".//{TSL}SchemeTerritory") == "XN"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "doctype",
    [BOMB, b'<!DOCTYPE x SYSTEM "file:///etc/passwd">', b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://x.example/">]>'],
)
def test_a_document_type_is_refused_before_anything_else(doctype: bytes) -> None:
    head, body = RIGHT.split(b"?>", 1)

    with pytest.raises(InvalidTrustedList):
        verify(head + b"?>" + doctype + body)


def test_a_list_that_is_too_large_is_not_even_parsed() -> None:
    with pytest.raises(InvalidTrustedList, match="at most"):
        verify(RIGHT + b" " * signed_xml.LIMIT)


def test_a_deep_document_is_refused() -> None:
    deep = XML.replace("<TSPServices>", "<TSPServices>" + "<a>" * 5_000 + "</a>" * 5_000)

    with pytest.raises(InvalidTrustedList):
        verify(deep.encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_garbage_is_refused_and_nothing_else(data: bytes) -> None:
    with pytest.raises(InvalidTrustedList):
        verify(data)


@given(position=st.integers(0, len(RIGHT) - 1), value=st.integers(0, 255))
def test_one_other_byte_is_refused_or_changes_nothing(position: int, value: int) -> None:
    damaged = RIGHT[:position] + bytes([value]) + RIGHT[position + 1 :]

    try:
        signed = verify(damaged)
    except (UntrustedList, InvalidTrustedList):
        return
    assert etree.tostring(signed) == etree.tostring(verify(RIGHT))
