"""The same data as a list of trusted entities (ETSI TS 119 602 v1.1.1, JSON), for verifiers of the EUDI kind.

Signed as a compact JWS (TS 119 182-1). The list is this registry's own, so its type, rules and services are named by
addresses of its own: the types of the annexes are for lists that member states notify.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from keys import x509
from registry.ebsi import keyrings
from registry.ebsi.register import Register
from registry.revisions import Entry
from trust.organisations import COUNTS

TYP: Final = "JWT"
VERSION: Final = 1
LANGUAGE: Final = "en"
GRANTED: Final = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
WITHDRAWN: Final = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn"
HISTORY: Final = 65_535  # TS 119 612 §5.3.12: nothing that was ever on the list is taken off it


Certificates = Mapping[str, x509.Certificate]
"""Certificates of bodies by their marks (`x509_hash`): the register keeps the marks alone."""
NO_CERTIFICATES: Final[Certificates] = MappingProxyType({})


def to_json(  # what a list says is told from outside
    register: Register, *, issuer: str, name: str, now: datetime, expires: datetime,
    certificates: Certificates = NO_CERTIFICATES,
) -> dict[str, Any]:  # fmt: skip
    """The list of `register`, with the certificates of bodies that are known here."""
    place = f"{issuer}/lists/trusted-entities"
    return {
        "iat": int(now.timestamp()),
        "LoTE": {
            "ListAndSchemeInformation": {
                "LoTEVersionIdentifier": VERSION,
                "LoTESequenceNumber": max(1, register.sequence),
                "LoTEType": f"{place}#accredited-issuers",
                "SchemeOperatorName": _text(name),
                "SchemeOperatorAddress": {
                    "SchemeOperatorPostalAddress": [_postal("EU")],
                    "SchemeOperatorElectronicAddress": _uri(issuer),
                },
                "SchemeName": _text(f"EU: {name}"),
                "SchemeInformationURI": _uri(issuer),
                "StatusDeterminationApproach": f"{place}#accreditation",
                "SchemeTypeCommunityRules": _uri(f"{place}#rules"),
                "SchemeTerritory": "EU",
                "PolicyOrLegalNotice": [{"LoTEPolicy": {"lang": LANGUAGE, "uriValue": f"{issuer}/help"}}],
                "HistoricalInformationPeriod": HISTORY,
                "ListIssueDateTime": _moment(now),
                "NextUpdate": _moment(expires),
            },
            "TrustedEntitiesList": [
                _entity(each, register=register, issuer=issuer, now=now, certificates=certificates)
                for each in register.organisations.values()
            ]
            + [
                _root(did, register=register, issuer=issuer, name=name, now=now)
                for did in register.roots
                if register.organisation_of(did) is None
            ],
        },
    }


def _entity(
    entry: Entry, *, register: Register, issuer: str, now: datetime, certificates: Certificates
) -> dict[str, Any]:  # fmt: skip
    organisation = entry.organisation
    page = f"{issuer}/organisations/{entry.number}"
    electronic = _uri(organisation.homepage or page)
    return {
        "TrustedEntityInformation": {
            "TEName": _text(organisation.name),
            "TEAddress": {"TEPostalAddress": [_postal(organisation.country)], "TEElectronicAddress": electronic},
            "TEInformationURI": _uri(page),
        },
        "TrustedEntityServices": [
            {
                "ServiceInformation": {
                    "ServiceName": _text(f"Credentials of {organisation.name}"),
                    "ServiceTypeIdentifier": f"{issuer}/lists/trusted-entities#issuance",
                    "ServiceStatus": GRANTED if _counts(entry, now=now) else WITHDRAWN,
                    "StatusStartingTime": _moment(_since(entry, now=now)),
                    "ServiceDigitalIdentity": _identity(entry, register=register, now=now, certificates=certificates),
                    "ServiceDefinitionURI": _uri(page),
                }
            }
        ],
    }


def _root(did: str, *, register: Register, issuer: str, name: str, now: datetime) -> dict[str, Any]:
    """The registry itself, with the key at the root of every chain: it accredits, and awards nothing."""
    return {
        "TrustedEntityInformation": {
            "TEName": _text(name),
            "TEAddress": {"TEPostalAddress": [_postal("EU")], "TEElectronicAddress": _uri(issuer)},
            "TEInformationURI": _uri(issuer),
        },
        "TrustedEntityServices": [
            {
                "ServiceInformation": {
                    "ServiceName": _text(f"Accreditations of {name}"),
                    "ServiceTypeIdentifier": f"{issuer}/lists/trusted-entities#accreditation",
                    "ServiceStatus": GRANTED,
                    "StatusStartingTime": _moment(register.created[did]),
                    "ServiceDigitalIdentity": {
                        **_keys_of([did], register=register, now=now), "OtherIds": [did, issuer],
                    },
                    "ServiceDefinitionURI": _uri(issuer),
                }
            }
        ],
    }  # fmt: skip


def _keys_of(dids: Iterable[str], *, register: Register, now: datetime) -> dict[str, Any]:
    """The keys with which these DIDs sign today; no member where there are none."""
    histories = [register.identifiers[did] for did in dids if did in register.identifiers]
    serving = [each.public for history in histories for each in history.serving(keyrings.ASSERTION, at=now)]
    values = [{**each.to_json(), "kid": each.thumbprint()} for each in serving]
    return {"PublicKeyValues": values} if values else {}


def _identity(entry: Entry, *, register: Register, now: datetime, certificates: Certificates) -> dict[str, Any]:
    keys = entry.organisation.keys
    others = [*sorted(keys.dids), *sorted(keys.issuers), *(f"x5t#S256:{mark}" for mark in sorted(keys.x509_hashes))]
    known = [certificates[mark] for mark in sorted(keys.x509_hashes) if mark in certificates]
    values = [{"val": "".join(x509.to_pem(each).decode("ascii").splitlines()[1:-1])} for each in known]
    identity: dict[str, Any] = {"X509Certificates": values}
    identity |= _keys_of(sorted(keys.dids), register=register, now=now)
    return {name: values for name, values in {**identity, "OtherIds": others}.items() if values}


def _counts(entry: Entry, *, now: datetime) -> bool:
    held = any(each.holds(now.date()) for each in entry.listed.accreditations)
    return held and entry.organisation.status in COUNTS


def _since(entry: Entry, *, now: datetime) -> datetime:
    """The day from which the status holds: that on which the latest accreditation began, or ended."""
    days: Iterable[Any] = (
        day
        for each in entry.listed.accreditations
        for day in (each.since, each.revoked, each.until)
        if day is not None and day <= now.date()
    )
    latest = max(days, default=now.date())
    return datetime.combine(latest, datetime.min.time(), tzinfo=now.tzinfo)


def _text(value: str) -> list[dict[str, str]]:
    return [{"lang": LANGUAGE, "value": value}]


def _uri(value: str) -> list[dict[str, str]]:
    return [{"lang": LANGUAGE, "uriValue": value}]


def _postal(country: str) -> dict[str, str]:
    """The address as far as it is known: the country."""
    return {"lang": LANGUAGE, "StreetAddress": "-", "Country": country or "EU"}


def _moment(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
