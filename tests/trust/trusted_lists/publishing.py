"""Trusted lists as their publishers make them: written, then signed with an enveloped XAdES signature."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from keys.x509 import Certificate
from tests.keys.certificates import NOW, Party
from trust.trusted_lists.signed_xml import DS, ENVELOPED, EXCLUSIVE, PROPERTIES
from trust.trusted_lists.trusted_list import CA_QC, EU_LIST, FOR_SEALS, GRANTED, LIST_OF_LISTS, XML_TYPE

XADES = "http://uri.etsi.org/01903/v1.3.2#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
YEAR = timedelta(days=365)
WITHDRAWN = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn"
QUALIFICATION = "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#"


def base64_of(certificate: Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


@dataclass(frozen=True, kw_only=True)
class Stands:
    """One standing of a service."""

    since: datetime = NOW - YEAR
    status: str = GRANTED
    type: str = CA_QC
    purposes: Sequence[str] = (FOR_SEALS,)
    rules: str = ""

    def to_xml(self, certificate: Certificate | None) -> str:
        identity = "" if certificate is None else f"<X509Certificate>{base64_of(certificate)}</X509Certificate>"
        purposes = "".join(
            f'<Extension Critical="true"><AdditionalServiceInformation><URI xml:lang="en">{each}</URI>'
            "</AdditionalServiceInformation></Extension>"
            for each in self.purposes
        )
        return (
            f"<ServiceTypeIdentifier>{self.type}</ServiceTypeIdentifier>"
            '<ServiceName><Name xml:lang="en">Certificates for seals</Name></ServiceName>'
            f"<ServiceDigitalIdentity><DigitalId>{identity}</DigitalId></ServiceDigitalIdentity>"
            f"<ServiceStatus>{self.status}</ServiceStatus>"
            f"<StatusStartingTime>{self.since.isoformat()}</StatusStartingTime>"
            f"<ServiceInformationExtensions>{purposes}{self.rules}</ServiceInformationExtensions>"
        )


def rule(qualifier: str, *, policy: str, demand: str = "atLeastOne", other: str = "") -> str:
    """A rule that gives certificates of a policy another quality."""
    return (
        f'<Extension Critical="true"><q:Qualifications xmlns:q="{QUALIFICATION}"><q:QualificationElement><q:Qualifiers>'
        f'<q:Qualifier uri="http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/{qualifier}"/></q:Qualifiers>'
        f'<q:CriteriaList assert="{demand}">{other}<q:PolicySet><q:PolicyIdentifier>'
        f'<x:Identifier xmlns:x="{XADES}">{policy}</x:Identifier>'
        "</q:PolicyIdentifier></q:PolicySet></q:CriteriaList></q:QualificationElement></q:Qualifications></Extension>"
    )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A list before it is signed."""

    type: str = EU_LIST
    territory: str = "XN"
    sequence: object = 7
    issued: str = field(default_factory=(NOW - timedelta(days=20)).isoformat)
    next_update: str = field(default_factory=(NOW + timedelta(days=160)).isoformat)
    version: str = "5"
    services: Sequence[tuple[Certificate, Sequence[Stands]]] = ()
    pointers: Sequence[tuple[str, str, Sequence[Certificate]]] = ()  # territory, location, signers

    def to_xml(self) -> str:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="list"><SchemeInformation>'
            f"<TSLVersionIdentifier>{self.version}</TSLVersionIdentifier>"
            f"<TSLSequenceNumber>{self.sequence}</TSLSequenceNumber><TSLType>{self.type}</TSLType>"
            '<SchemeOperatorName><Name xml:lang="nb">Tilsynet</Name><Name xml:lang="en">The Supervisor</Name>'
            f"</SchemeOperatorName><SchemeTerritory>{self.territory}</SchemeTerritory>"
            f"<PointersToOtherTSL>{''.join(_pointer(*each) for each in self.pointers)}</PointersToOtherTSL>"
            f"<ListIssueDateTime>{self.issued}</ListIssueDateTime>"
            f"<NextUpdate>{self.next_update and f'<dateTime>{self.next_update}</dateTime>'}</NextUpdate>"
            "</SchemeInformation><TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName>"
            '<Name xml:lang="en">Trust Provider</Name></TSPName></TSPInformation><TSPServices>'
            f"{''.join(_service(*each) for each in self.services)}"
            "</TSPServices></TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>"
        )


def _pointer(territory: str, location: str, signers: Sequence[Certificate]) -> str:
    known = "".join(
        "<ServiceDigitalIdentity><DigitalId><X509Certificate>"
        f"{base64_of(each)}</X509Certificate></DigitalId></ServiceDigitalIdentity>"
        for each in signers
    )
    kind = LIST_OF_LISTS if territory == "EU" else EU_LIST
    return (
        f"<OtherTSLPointer><ServiceDigitalIdentities>{known}</ServiceDigitalIdentities>"
        f"<TSLLocation>{location}</TSLLocation><AdditionalInformation>"
        f"<OtherInformation><TSLType>{kind}</TSLType></OtherInformation>"
        f"<OtherInformation><SchemeTerritory>{territory}</SchemeTerritory></OtherInformation>"
        '<OtherInformation><a:MimeType xmlns:a="http://uri.etsi.org/02231/v2/additionaltypes#">'
        f"{XML_TYPE}</a:MimeType></OtherInformation></AdditionalInformation></OtherTSLPointer>"
    )


def _service(certificate: Certificate, standings: Sequence[Stands]) -> str:
    now, *past = standings
    history = "".join(f"<ServiceHistoryInstance>{each.to_xml(None)}</ServiceHistoryInstance>" for each in past)
    return (
        f"<TSPService><ServiceInformation>{now.to_xml(certificate)}</ServiceInformation>"
        f"<ServiceHistory>{history}</ServiceHistory></TSPService>"
    )


def canonical(element: etree._Element) -> bytes:
    return etree.tostring(etree.fromstring(etree.tostring(element)), method="c14n", exclusive=True)


def digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


@dataclass(frozen=True, kw_only=True)
class Signing:
    """How a list is signed; the defaults are right, and a test changes one."""

    uri: str = "#list"
    transforms: Sequence[str] = (ENVELOPED, EXCLUSIVE)
    method: str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
    properties_first: bool = False
    properties: bool = True
    certificate: Certificate | None = None  # the one named inside, where that is not the signer's
    what: Callable[[etree._Element], etree._Element] = lambda document: document


def sign(xml: str | bytes, party: Party, how: Signing | None = None) -> bytes:
    """`xml` with a signature of `party` as its last part."""
    how = how or Signing()
    document = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    named = how.certificate or party.held
    properties = (
        f'<xades:SignedProperties xmlns:xades="{XADES}" xmlns:ds="{DS}" Id="properties">'
        f"<xades:SignedSignatureProperties><xades:SigningTime>{NOW.isoformat()}</xades:SigningTime>"
        f'<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="{SHA256}"/>'
        f"<ds:DigestValue>{digest(named.public_bytes(Encoding.DER))}</ds:DigestValue></xades:CertDigest></xades:Cert>"
        "</xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>"
    )
    references = [_reference(how.uri, digest(canonical(how.what(document))), how.transforms)]
    if how.properties:
        of_properties = digest(canonical(etree.fromstring(properties)))
        references.append(_reference("#properties", of_properties, (EXCLUSIVE,), kind=f' Type="{PROPERTIES}"'))
    info = (
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{how.method}"/>'
        f"{''.join(reversed(references) if how.properties_first else references)}</ds:SignedInfo>"
    )
    value = base64.b64encode(party.key.sign(canonical(etree.fromstring(info)))).decode()
    signature = (
        f'<ds:Signature xmlns:ds="{DS}" Id="signature">{info}<ds:SignatureValue>{value}</ds:SignatureValue>'
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{base64_of(named)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        f'<ds:Object><xades:QualifyingProperties xmlns:xades="{XADES}" Target="#signature">{properties}'
        "</xades:QualifyingProperties></ds:Object></ds:Signature>"
    )
    document.append(etree.fromstring(signature))
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def _reference(uri: str, value: str, transforms: Sequence[str], *, kind: str = "") -> str:
    listed = "".join(f'<ds:Transform Algorithm="{each}"/>' for each in transforms)
    return (
        f'<ds:Reference URI="{uri}"{kind}><ds:Transforms>{listed}</ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue>{value}</ds:DigestValue></ds:Reference>'
    )
