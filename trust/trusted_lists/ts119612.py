"""Trusted lists in XML, as Member States and the European Commission publish them: ETSI TS 119 612, 2.2.1 and later.

A list is read after its signature, from the signed element alone (`signed_xml`). A part that no decision needs is
passed over; a certificate that cannot be read is nobody's, and the rest of the list stays what it is.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from lxml import etree

from keys import x509
from keys.errors import KeysError
from keys.x509 import Certificate
from trust.errors import InvalidTrustedList
from trust.trusted_lists import signed_xml
from trust.trusted_lists.trusted_list import Criteria, Pointer, Rule, Service, Standing, TrustedList

TSL = "{http://uri.etsi.org/02231/v2#}"
EXTRA = "{http://uri.etsi.org/02231/v2/additionaltypes#}"
QUALIFICATION = "{http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
ROOT = f"{TSL}TrustServiceStatusList"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
VERSIONS = frozenset({"5", "6"})
MOST_SEQUENCE = 10**9
DEEPEST = 4


def verify(data: bytes, *, signers: Collection[Certificate], now: datetime, sequence: int = 0) -> TrustedList:
    """The list that one of `signers` signed; raises InvalidTrustedList, UntrustedList.

    `sequence` is that of the newest list seen: an older one is refused. Whether it is fresh, its reader asks.
    """
    signed, signer = signed_xml.verify(data, root=ROOT, signers=signers, now=now)
    found = _list(signed, signer=signer)
    found.check_order(now=now, sequence=sequence)
    return found


def _list(signed: etree._Element, *, signer: Certificate) -> TrustedList:
    scheme = _one(signed, "SchemeInformation")
    if _text(scheme, "TSLVersionIdentifier") not in VERSIONS:
        raise InvalidTrustedList("the trusted list is of a version that is not read here")
    number = _text(scheme, "TSLSequenceNumber")
    if not (number.isascii() and number.isdigit() and 0 < int(number[:10]) < MOST_SEQUENCE):
        raise InvalidTrustedList("the trusted list has no sequence number")
    update = _one(scheme, "NextUpdate").find(f"{TSL}dateTime")
    return TrustedList(
        type=_text(scheme, "TSLType"),
        territory=_text(scheme, "SchemeTerritory"),
        operator=_name(scheme.find(f"{TSL}SchemeOperatorName")),
        sequence=int(number),
        issued=_moment(_text(scheme, "ListIssueDateTime")),
        next_update=None if update is None else _moment(update.text or ""),
        signer=signer,
        pointers=tuple(_pointers(scheme)),
        services=tuple(_services(signed)),
    )


def _pointers(scheme: etree._Element) -> Iterator[Pointer]:
    for pointer in scheme.iterfind(f"{TSL}PointersToOtherTSL/{TSL}OtherTSLPointer"):
        about = pointer.find(f"{TSL}AdditionalInformation")
        yield Pointer(
            location=_text(pointer, "TSLLocation"),
            type=_deep(about, f"{TSL}TSLType"),
            territory=_deep(about, f"{TSL}SchemeTerritory"),
            media_type=_deep(about, f"{EXTRA}MimeType"),
            signers=_certificates(pointer.find(f"{TSL}ServiceDigitalIdentities")),
        )


def _services(signed: etree._Element) -> Iterator[Service]:
    for provider in signed.iterfind(f"{TSL}TrustServiceProviderList/{TSL}TrustServiceProvider"):
        who = _name(provider.find(f"{TSL}TSPInformation/{TSL}TSPName"))
        for service in provider.iterfind(f"{TSL}TSPServices/{TSL}TSPService"):
            yield _service(service, provider=who)


def _service(service: etree._Element, *, provider: str) -> Service:
    now = _one(service, "ServiceInformation")
    past = service.findall(f"{TSL}ServiceHistory/{TSL}ServiceHistoryInstance")
    standings = sorted((_standing(each) for each in (now, *past)), key=lambda each: each.since, reverse=True)
    return Service(
        provider=provider,
        name=_name(now.find(f"{TSL}ServiceName")),
        certificates=_certificates(now.find(f"{TSL}ServiceDigitalIdentity")),
        standings=tuple(standings),
    )


def _standing(information: etree._Element) -> Standing:
    extensions = information.find(f"{TSL}ServiceInformationExtensions")
    purposes = [] if extensions is None else extensions.iterfind(f".//{TSL}AdditionalServiceInformation/{TSL}URI")
    rules = [] if extensions is None else extensions.iterfind(f".//{QUALIFICATION}QualificationElement")
    return Standing(
        since=_moment(_text(information, "StatusStartingTime")),
        type=_text(information, "ServiceTypeIdentifier"),
        status=_text(information, "ServiceStatus"),
        purposes=frozenset((each.text or "").strip() for each in purposes),
        rules=tuple(_rule(each) for each in rules),
    )


def _rule(element: etree._Element) -> Rule:
    return Rule(
        qualifiers=frozenset(each.get("uri", "") for each in element.iter(f"{QUALIFICATION}Qualifier")),
        criteria=_criteria(element.find(f"{QUALIFICATION}CriteriaList"), depth=0),
    )


def _criteria(element: etree._Element | None, *, depth: int) -> Criteria:
    """Criteria of another kind than policies, such as key usage, make the whole unreadable, which is said and kept."""
    parts = [] if element is None else [part for part in element if isinstance(part.tag, str)]
    if element is None or depth > DEEPEST or not {part.tag for part in parts} <= _PARTS:
        return Criteria(demand=None)
    return Criteria(
        demand=element.get("assert"),
        policies=tuple(
            frozenset((each.text or "").strip().removeprefix("urn:oid:") for each in part.iter(f"{XADES}Identifier"))
            for part in parts
            if part.tag == f"{QUALIFICATION}PolicySet"
        ),
        within=tuple(_criteria(part, depth=depth + 1) for part in parts if part.tag == f"{QUALIFICATION}CriteriaList"),
    )


_PARTS = frozenset(
    {f"{QUALIFICATION}{name}" for name in ("PolicySet", "CriteriaList", "Description")} | {f"{XADES}Description"}
)


def _certificates(element: etree._Element | None) -> tuple[Certificate, ...]:
    found: list[Certificate] = []
    for each in () if element is None else element.iter(f"{TSL}X509Certificate"):
        try:
            found.extend(x509.parse_x5c(["".join((each.text or "").split())]))
        except KeysError:
            continue  # a certificate that cannot be read vouches for nothing
    return tuple(dict.fromkeys(found))


def _one(element: etree._Element, name: str) -> etree._Element:
    found = element.findall(f"{TSL}{name}")
    if len(found) != 1:
        raise InvalidTrustedList(f"the trusted list has one {name} where it has to, and this one has not")
    return found[0]


def _text(element: etree._Element, name: str) -> str:
    return (_one(element, name).text or "").strip()


def _deep(element: etree._Element | None, name: str) -> str:
    found = None if element is None else next(element.iter(name), None)
    return "" if found is None else (found.text or "").strip()


def _name(element: etree._Element | None) -> str:
    """The English name (TS 119 612 section 5.1.4 asks for one), else the first."""
    names = [] if element is None else element.findall(f"{TSL}Name")
    english = [each for each in names if each.get(LANGUAGE) == "en"]
    return " ".join(((english or names)[0].text or "").split()) if names else ""


def _moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidTrustedList("a time of the trusted list cannot be read") from error
    if read.tzinfo is None:
        raise InvalidTrustedList("a time of the trusted list has no zone")
    return read.astimezone(UTC)
