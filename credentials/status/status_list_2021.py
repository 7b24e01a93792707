"""The older W3C status list, as EBSI has it: a StatusList2021Credential of VCDM 1.1 in a JWT.

W3C CCG "Status List 2021" writes its list in base64url; EBSI's library wants standard base64 without padding, and an
empty list already has a `+` in it. Both are read, with or without padding; what is written is EBSI's.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from credentials import jose_header, validity
from credentials.credential import StatusReference
from credentials.errors import InvalidStatusList, InvalidTime, InvalidType, TooLarge
from credentials.formats import vcdm
from credentials.status import bits as bit_array
from credentials.status.bits import Frame, Order
from keys import base64url, jws, strict_json
from keys import errors as keys_errors
from keys.algorithms import ACCEPTED, Algorithm
from keys.jwk import PublicJwk
from keys.jws import Jws
from keys.signer import SoftwareSigner

TYP: Final = "JWT"
TYPES: Final = (TYP, None)  # VCDM 1.1: "if present, typ MUST be JWT"
MEDIA_TYPE: Final = "text/plain"
LIMIT: Final = 1024 * 1024
LIST_CREDENTIAL: Final = "StatusList2021Credential"
LIST: Final = "StatusList2021"
CONTEXT: Final = "https://w3id.org/vc/status-list/2021/v1"
SCHEMA: Final = "z7DmpwC9doRxZrtQ9PBjz8qQgGWqojkGExELnrw1x8qdi"
"""EBSI's id of its schema of January 2024 for such lists."""
VALIDATOR: Final = "FullJsonSchemaValidator2021"
ALGORITHMS: Final = ACCEPTED | {Algorithm.ES256K}
_STANDARD = str.maketrans("+/", "-_")
_QUANTUM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList2021:
    """A status list as its credential tells it. Nothing in it is verified by being here."""

    uri: str | None
    issuer: str
    purpose: str
    not_before: datetime | None
    expires: datetime | None
    array: bytes
    jws: Jws
    key_id: str | None
    chain_x5c: tuple[str, ...]

    def serves(self, uri: str) -> bool:
        """Whether this may be the list at `uri`: it has that name, one at the end of a registry's proxy, or no address.

        EBSI's registry answers with the issuer's list under an address of its own: `…/proxies/0x…/` and the path.
        """
        if self.uri is None or self.uri == uri or not self.uri.startswith(("https://", "http://")):
            return True
        _, proxied, rest = uri.partition("/proxies/0x")
        path = rest.partition("/")[2]
        return bool(proxied and path) and self.uri.endswith(f"/{path}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a published list says beside its bits."""

    uri: str
    issuer: str
    purpose: str
    issued_at: datetime
    expires: datetime | None = None
    schemas: tuple[str, ...] = ()  # the addresses of what it follows: EBSI's profile wants one

    def to_claims(self, array: bytes | bytearray) -> dict[str, Any]:
        """The claims of the list's JWT; raises InvalidStatusList where `array` is too short to hide anybody."""
        if bit_array.entries(array) < bit_array.MIN_ENTRIES:
            raise InvalidStatusList(f"A status list has at least {bit_array.MIN_ENTRIES} entries.")
        packed = base64.b64encode(bit_array.compress(array, frame=Frame.GZIP)).decode("ascii").rstrip("=")
        issued = validity.to_timestamp(self.issued_at)
        ends = {} if self.expires is None else {"expirationDate": validity.to_timestamp(self.expires)}
        moment = validity.to_numeric_date(self.issued_at)
        claims: dict[str, Any] = {"jti": self.uri, "sub": f"{self.uri}#list", "iss": self.issuer}
        claims |= {"nbf": moment, "iat": moment}
        if self.expires is not None:
            claims["exp"] = validity.to_numeric_date(self.expires)
        subject = {"id": f"{self.uri}#list", "type": LIST, "statusPurpose": self.purpose, "encodedList": packed}
        claims["vc"] = {
            "@context": [vcdm.CONTEXT_1, CONTEXT],
            "id": self.uri,
            "type": [vcdm.CREDENTIAL, "VerifiableAttestation", LIST_CREDENTIAL],
            "issuer": self.issuer,
            "issuanceDate": issued,
            "issued": issued,
            "validFrom": issued,
            **ends,
            "credentialSubject": subject,
        }
        if self.schemas:
            claims["vc"]["credentialSchema"] = [{"id": each, "type": VALIDATOR} for each in self.schemas]
        return claims


def issue_now(array: bytes | bytearray, *, content: Content, signer: SoftwareSigner, kid: str) -> str:
    """The signed list credential of `array`, whose places are counted from the most significant bit."""
    return jws.create_now(content.to_claims(array), signer=signer, typ=TYP, header={"kid": kid})


def parse(token: str, *, limit: int = LIMIT, unpacked: int = bit_array.MAX_UNPACKED) -> StatusList2021:
    """The status list that the JWT `token` carries, unverified; raises CredentialsError."""
    try:
        parsed = jws.parse(token, limit=limit)
        claims = strict_json.parse_object(parsed.payload, limit=limit)
    except keys_errors.TooLarge as error:
        raise TooLarge(f"The status list credential is too large: {error}.") from error
    except keys_errors.KeysError as error:
        raise InvalidStatusList(f"The status list credential cannot be read: {error}.") from error
    document = claims.get("vc")
    if parsed.header.get("typ") not in TYPES or not isinstance(document, Mapping):
        raise InvalidType("The status list credential is not a VCDM 1.1 credential in a JWT.")
    vcdm.check(document, context=vcdm.CONTEXT_1, kind=LIST_CREDENTIAL)
    subject = document.get("credentialSubject")
    match subject:
        case {"type": "StatusList2021", "statusPurpose": str(purpose), "encodedList": str(encoded)} if purpose:
            pass
        case _:
            raise InvalidStatusList("The credential is not about a status list.")
    issuer = vcdm.identifier(document.get("issuer"), of="issuer")
    if claims.get("iss", issuer) != issuer:
        raise InvalidStatusList("The status list and its JWT name different issuers.")
    return StatusList2021(
        uri=None if "id" not in document else vcdm.identifier(document["id"], of="status list"),
        issuer=issuer,
        purpose=purpose,
        not_before=_last([_moment(document, "issuanceDate"), validity.numeric_date(claims, name="nbf")]),
        expires=_first([_moment(document, "expirationDate"), validity.numeric_date(claims, name="exp")]),
        array=bit_array.decompress(_packed(encoded), frame=Frame.GZIP, limit=unpacked),
        jws=parsed,
        key_id=jose_header.key_id(parsed.header),
        chain_x5c=jose_header.chain(parsed.header),
    )


def verify_signature(status_list: StatusList2021, *, key: PublicJwk) -> None:
    """Return if `key` signed the list; raises KeysError."""
    jws.verify(status_list.jws, key=key, typ=TYPES, algorithms=ALGORITHMS)


def check(
    status_list: StatusList2021, *, reference: StatusReference, now: datetime, leeway: timedelta = validity.LEEWAY
) -> None:
    """Return if this list answers `reference` at `now`; raises InvalidStatusList or InvalidTime."""
    if not status_list.serves(reference.uri):
        raise InvalidStatusList("The status list is not the one that the credential names.")
    if reference.purpose != status_list.purpose:
        raise InvalidStatusList("The status list is kept for another purpose than the credential says.")
    if bit_array.entries(status_list.array) < bit_array.MIN_ENTRIES:
        raise InvalidStatusList("The status list is too short to keep anybody's privacy.")
    if status_list.not_before is not None and now + leeway < status_list.not_before:
        raise InvalidTime("The status list is not valid yet.")
    if status_list.expires is not None and now - leeway >= status_list.expires:
        raise InvalidTime("The status list has expired.")


def status_at(status_list: StatusList2021, reference: StatusReference) -> int:
    """The bit at the place of `reference`; raises InvalidStatusList where there is none."""
    return bit_array.get(status_list.array, reference.index, order=Order.MOST_FIRST)


def _packed(text: str) -> bytes:
    """The bytes of `text` in one of the two alphabets, never in a mixture; raises InvalidStatusList."""
    bare = text.rstrip("=")
    mixed = any(letter in bare for letter in "+/") and any(letter in bare for letter in "-_")
    if mixed or (bare != text and (len(text) % _QUANTUM or len(text) - len(bare) >= _QUANTUM - 1)):
        raise InvalidStatusList("The encoded list is neither base64 nor base64url.")
    try:
        return base64url.decode(bare.translate(_STANDARD))
    except keys_errors.InvalidEncoding as error:
        raise InvalidStatusList("The encoded list is neither base64 nor base64url.") from error


def _moment(document: Mapping[str, Any], name: str) -> datetime | None:
    return validity.timestamp(document, name=name)


def _last(moments: list[datetime | None]) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)


def _first(moments: list[datetime | None]) -> datetime | None:
    return min((each for each in moments if each is not None), default=None)
