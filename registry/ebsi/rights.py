"""What one body grants another, as the signed credential that EBSI's trust model wants (VCDM 1.1 in a JWT).

VerifiableAuthorisationForTrustChain, VerifiableAccreditationToAccredit and VerifiableAccreditationToAttest: attestation
and accreditation schemas of January 2024. EQF levels stand among the types, as EQFlevel6, in the words of DC4EU.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, Self

from keys import jws, strict_json
from keys.errors import KeysError
from registry.ebsi import jurisdictions, keyrings, schema_ids
from registry.ebsi.register import IssuerType
from registry.errors import InvalidChange, SchemaNotFound

CONTEXT: Final = "https://www.w3.org/2018/credentials/v1"
GENERIC: Final = ("VerifiableCredential", "VerifiableAttestation")
ATTESTATION: Final = "zDpWGUBenmqXzurskry9Nsk6vq2R8thh9VSeoRqguoyMD"
ACCREDITATION: Final = "zG6xY9DG2CWyhsSc544hEezbQRmkQCfvgXGdCqt69v8TA"
VALIDATOR: Final = "FullJsonSchemaValidator2021"
STATUS: Final = "EbsiAccreditationEntry"
TERMS: Final = "IssuanceCertificate"
TYP: Final = "JWT"
LEVEL: Final = re.compile(r"EQFlevel([1-8])", re.ASCII)
MOST_ENTRIES: Final = 100


class RightKind(StrEnum):
    """The right that is granted, by EBSI's name of its credential."""

    TRUST_CHAIN = "VerifiableAuthorisationForTrustChain"
    ACCREDIT = "VerifiableAccreditationToAccredit"
    ATTEST = "VerifiableAccreditationToAttest"


MAKES: Final[Mapping[RightKind, IssuerType]] = {
    RightKind.TRUST_CHAIN: IssuerType.ROOT_TAO,
    RightKind.ACCREDIT: IssuerType.TAO,
    RightKind.ATTEST: IssuerType.TI,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditedFor:
    """One entry of accreditedFor: credentials of all these types, by this schema, in these places."""

    schema: str
    types: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """An entry as EBSI writes it; raises InvalidChange."""
        match raw:
            case {"schemaId": str(schema), "types": [str(), *_] as types, "limitJurisdiction": places}:
                listed = [places] if isinstance(places, str) else places
            case _:
                raise InvalidChange("An entry of accreditedFor has schemaId, types and limitJurisdiction.")
        if not all(isinstance(each, str) and each for each in types):
            raise InvalidChange("The types of an accreditation are texts.")
        if not isinstance(listed, list) or not listed or not all(isinstance(each, str) and each for each in listed):
            raise InvalidChange("limitJurisdiction is the address of a place, or a list of these.")
        entry = cls(schema=_schema(schema), types=tuple(dict.fromkeys(types)), places=tuple(listed))
        if not entry.kinds:
            raise InvalidChange("An accreditation names a type of credentials beside the generic ones.")
        return entry

    def to_json(self, *, base: str) -> dict[str, Any]:
        """The entry as EBSI writes it."""
        return {
            "schemaId": f"{base}/trusted-schemas-registry/v3/schemas/{schema_ids.to_base58(self.schema)}",
            "types": list(self.types),
            "limitJurisdiction": self.places[0] if len(self.places) == 1 else list(self.places),
        }

    @property
    def levels(self) -> tuple[str, ...]:
        """The EQF levels that it is limited to; none where it says nothing of levels."""
        return tuple(sorted(found[1] for each in self.types if (found := LEVEL.fullmatch(each))))

    @property
    def kinds(self) -> frozenset[str]:
        """The types that say something: not the generic ones, and no levels."""
        return frozenset(each for each in self.types if each not in GENERIC and not LEVEL.fullmatch(each))

    def covers(self, other: "AccreditedFor") -> bool:
        """Whether who holds this may grant `other`."""
        placed = all(any(jurisdictions.covers(mine, theirs) for mine in self.places) for theirs in other.places)
        levelled = not self.levels or (bool(other.levels) and set(other.levels) <= set(self.levels))
        return other.kinds <= self.kinds and levelled and other.schema == self.schema and placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right, with the attribute that keeps it and the one of its grantor that it stands on."""

    kind: RightKind
    id: str
    issuer: str
    subject: str
    attribute: str
    above: str  # the attribute of the issuer: termsOfUse
    since: datetime
    until: datetime | None = None
    accredited_for: tuple[AccreditedFor, ...] = ()

    def to_claims(self, *, base: str) -> dict[str, Any]:
        """What is signed; `base` is the address of the registries."""
        issuers = f"{base}/trusted-issuers-registry/v5/issuers"
        schema = ATTESTATION if self.kind is RightKind.TRUST_CHAIN else ACCREDITATION
        since = _text(self.since)
        subject: dict[str, Any] = {"id": self.subject, "reservedAttributeId": self.attribute}
        if self.kind is not RightKind.TRUST_CHAIN:
            subject["accreditedFor"] = [each.to_json(base=base) for each in self.accredited_for]
        credential: dict[str, Any] = {
            "@context": [CONTEXT],
            "id": self.id,
            "type": list(types_of(self.kind)),
            "issuer": self.issuer,
            "issuanceDate": since,
            "issued": since,
            "validFrom": since,
            **({"expirationDate": _text(self.until)} if self.until else {}),
            "credentialSubject": subject,
            "credentialSchema": [{"id": f"{base}/trusted-schemas-registry/v3/schemas/{schema}", "type": VALIDATOR}],
            "termsOfUse": {"id": f"{issuers}/{self.issuer}/attributes/{self.above}", "type": TERMS},
        }
        if self.kind is not RightKind.TRUST_CHAIN:
            status = f"{issuers}/{self.subject}/attributes/{self.attribute}"
            credential["credentialStatus"] = {"id": status, "type": STATUS}
        moments = {"iat": self.since, "nbf": self.since, **({"exp": self.until} if self.until else {})}
        registered = {name: int(at.timestamp()) for name, at in moments.items()}
        return {"jti": self.id, "iss": self.issuer, "sub": self.subject, **registered, "vc": credential}

    @classmethod
    def parse(cls, token: str, *, base: str) -> Self:
        """The right that the credential `token` says, its signature unchecked; raises InvalidChange."""
        try:
            claims = strict_json.parse_object(jws.parse(token).payload)
        except KeysError as error:
            raise InvalidChange(f"The credential cannot be read: {error}.") from error
        right = cls._read(claims, base=base)
        expected = right.to_claims(base=base)
        for name in ("jti", "iss", "sub", "nbf", "exp"):
            if claims.get(name) != expected.get(name):
                raise InvalidChange(f"The claim {name} of the credential does not say what the credential says.")
        for name in ("@context", "type", "termsOfUse", "credentialStatus"):
            if claims["vc"].get(name) != expected["vc"].get(name):
                raise InvalidChange(f"The member {name} of the credential is not what this registry expects there.")
        return right

    @classmethod
    def _read(cls, claims: Mapping[str, Any], *, base: str) -> Self:
        match claims:
            case {
                "vc": {
                    "id": str(id_),
                    "type": list(types),
                    "issuer": str(issuer),
                    "validFrom": str(since),
                    "credentialSubject": {"id": str(subject), "reservedAttributeId": str(attribute), **rest},
                    "termsOfUse": {"id": str(terms)},
                    **members,
                }
            } if HEX.fullmatch(attribute):
                entries = rest.get("accreditedFor", [])
            case _:
                raise InvalidChange("The credential lacks what every accreditation and authorisation of EBSI has.")
        if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
            raise InvalidChange("accreditedFor is a list of bearable length.")
        start = f"{base}/trusted-issuers-registry/v5/issuers/{issuer}/attributes/"
        return cls(
            kind=_kind(types),
            id=id_,
            issuer=issuer,
            subject=subject,
            attribute=attribute,
            above=terms.removeprefix(start),
            since=keyrings.moment(since),
            until=keyrings.moment(members["expirationDate"]) if "expirationDate" in members else None,
            accredited_for=tuple(AccreditedFor.parse(each) for each in entries),
        )

    def grants(self, *, accredited_by: str) -> list[dict[str, Any]]:
        """The same in the words of the simple list: one accreditation for each entry, in whole days."""
        days = {"from": _day(self.since), **({"until": _day(self.until)} if self.until else {})}
        return [
            {"types": sorted(each.types), "accredited_by": accredited_by, **days, "levels": list(each.levels)}
            for each in self.accredited_for
        ]


HEX: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def types_of(kind: RightKind) -> tuple[str, ...]:
    """The types of the credential of a right."""
    middle = () if kind is RightKind.TRUST_CHAIN else ("VerifiableAccreditation",)
    return (*GENERIC, *middle, kind.value)


def _kind(types: list[Any]) -> RightKind:
    found = [kind for kind in RightKind if kind.value in types]
    if len(found) != 1:
        raise InvalidChange(f"A right is one of: {', '.join(RightKind)}.")
    return found[0]


def _schema(text: str) -> str:
    try:
        return schema_ids.to_hex(text.rpartition("/")[2])
    except SchemaNotFound as error:
        raise InvalidChange("schemaId ends in the id of a schema, in base58btc or hexadecimal.") from error


def _text(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _day(at: datetime) -> str:
    day: date = at.astimezone(UTC).date()
    return day.isoformat()
