"""XML that is signed as trusted lists are: one enveloped XAdES signature over the whole document.

Implements ETSI TS 119 612 section 5.7 and annex B (XMLDSig with exclusive canonicalisation, XAdES baseline B). What is
given back is the very element that was digested, built anew from the bytes that were: whoever reads it cannot be shown
another part of the document (signature wrapping). Entities, document types and the network play no part.
"""

from collections.abc import Collection
from datetime import datetime

from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import VerifyResult
from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier

from keys import x509
from keys.errors import KeysError
from keys.x509 import Certificate
from trust.errors import InvalidTrustedList, UntrustedList

LIMIT = 16 * 1024 * 1024
MOST_ELEMENTS = 500_000
DS = "http://www.w3.org/2000/09/xmldsig#"
PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
REFERENCES = 2  # to the list, and to the properties of the signature
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
        SignatureMethod.SHA384_RSA_MGF1,
        SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_IDENTIFIERS = frozenset({"Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id"})
_UNREADABLE = (SignXMLException, etree.LxmlError, ValueError, TypeError, KeyError, IndexError, AttributeError)


def verify(
    data: bytes, *, root: str, signers: Collection[Certificate], now: datetime
) -> tuple[etree._Element, Certificate]:
    """The signed element named `root` that `data` is, and who of `signers` signed it.

    A signer is known by the very certificate, which has to count at `now`. Raises InvalidTrustedList where the text is
    not such a document, UntrustedList where the signature is not right or not theirs.
    """
    document = _parsed(data)
    if document.tag != root:
        raise InvalidTrustedList("the document is of another kind than was asked for")
    signature = _only_signature(document)
    place = _check_references(document, signature=signature)
    signer = _signer(signature, signers=signers)
    if not signer.not_valid_before_utc <= now <= signer.not_valid_after_utc:
        raise UntrustedList("the certificate that signed the list does not count at this time")
    signed = _verified(document, signer=signer, now=now)[place].signed_xml
    if signed is None or signed.tag != root:
        raise UntrustedList("what is signed is not the list")
    return signed, signer


def _parsed(data: bytes) -> etree._Element:
    if len(data) > LIMIT:
        raise InvalidTrustedList(f"a trusted list has at most {LIMIT} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        document = etree.fromstring(data, parser)
    except _UNREADABLE as error:
        raise InvalidTrustedList("the trusted list is not XML") from error
    if b"<!DOCTYPE" in data or document.getroottree().docinfo.internalDTD is not None:
        raise InvalidTrustedList("a trusted list has no document type, and so no entities")
    if sum(1 for _ in document.iter()) > MOST_ELEMENTS:
        raise InvalidTrustedList(f"a trusted list has at most {MOST_ELEMENTS} parts")
    return document


def _only_signature(document: etree._Element) -> etree._Element:
    found = list(document.iter(f"{{{DS}}}Signature"))
    if len(found) != 1 or found[0].getparent() is not document:
        raise UntrustedList("a trusted list has one signature, and that stands in it directly")
    names = [value for each in document.iter(etree.Element) for name, value in each.items() if name in _IDENTIFIERS]
    if len(set(names)) != len(names):
        raise UntrustedList("two parts of the list have the same name, so it is not plain which of them is signed")
    return found[0]


def _check_references(document: etree._Element, *, signature: etree._Element) -> int:
    """The place of the reference to the whole document; the other is to the signed properties. Nothing is cut out."""
    info = signature.findall(f"{{{DS}}}SignedInfo")
    found = [] if len(info) != 1 else info[0].findall(f"{{{DS}}}Reference")
    places = [place for place, each in enumerate(found) if each.get("Type") != PROPERTIES]
    if len(found) != REFERENCES or len(places) != 1:
        raise UntrustedList("the signature is not over the list and its own properties")
    whole, properties = found[places[0]], found[1 - places[0]]
    own = document.get("Id")
    if whole.get("URI") not in {"", f"#{own}" if own else ""}:
        raise UntrustedList("the signature is over another part than the whole list")
    if _transforms(whole) != [ENVELOPED, EXCLUSIVE] or _transforms(properties) != [EXCLUSIVE]:
        raise UntrustedList("the signature changes what it signs in a way that is not accepted here")
    return places[0]


def _transforms(reference: etree._Element) -> list[str | None]:
    return [each.get("Algorithm") for each in reference.iterfind(f"{{{DS}}}Transforms/{{{DS}}}Transform")]


def _signer(signature: etree._Element, *, signers: Collection[Certificate]) -> Certificate:
    """The one of `signers` that the signature names. The certificate inside is only compared, never trusted."""
    named = [
        "".join((each.text or "").split())
        for each in signature.iterfind(f"{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    ]
    try:
        inside = {x509.parse_x5c([text])[0] for text in named[: x509.MAX_CHAIN]}
    except KeysError as error:
        raise UntrustedList(f"the list names its signer in a way that cannot be read: {error}") from error
    for signer in signers:
        if signer in inside:
            return signer
    raise UntrustedList("the list is not signed by anyone who may sign it")


def _verified(document: etree._Element, *, signer: Certificate, now: datetime) -> list[VerifyResult]:
    """What each reference of the signature is to, as it was digested."""
    expected = XAdESSignatureConfiguration(
        expect_references=REFERENCES,
        location="./",
        signature_methods=METHODS,
        digest_algorithms=DIGESTS,
        verification_time=now,
    )
    try:
        return XAdESVerifier().verify(document, x509_cert=signer, expect_config=expected)
    except _UNREADABLE as error:
        raise UntrustedList("the signature of the list is not right") from error
