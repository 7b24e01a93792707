"""The W3C status list: a BitstringStatusListCredential as `vc+jwt`. Bitstring Status List 1.0 sections 2.2 and 3."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
from keys.signer import Signer, SoftwareSigner

TYP = "vc+jwt"
MEDIA_TYPE = "application/vc+jwt"
LIMIT = 1024 * 1024
LIST_CREDENTIAL = "BitstringStatusListCredential"
LIST = "BitstringStatusList"
_MULTIBASE_BASE64URL = "u"
_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class BitstringStatusList:
    """A status list as its credential tells it. Nothing in it is verified by being here."""

    uri: str | None
    issuer: str
    purposes: tuple[str, ...]
    not_before: datetime | None
    expires: datetime | None
    ttl: timedelta | None
    array: bytes
    jws: Jws
    key_id: str | None
    chain_x5c: tuple[str, ...]

    def fresh_until(self, received: datetime) -> datetime | None:
        """When a copy that came at `received` is to be fetched anew; None where the list sets no term."""
        terms = [self.expires, None if self.ttl is None else received + self.ttl]
        return min((term for term in terms if term is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BitstringContent:
    """What a published list says beside its bits."""

    uri: str
    issuer: str
    purpose: str
    issued_at: datetime
    expires: datetime
    ttl: timedelta

    def to_claims(self, array: bytes | bytearray) -> dict[str, Any]:
        """The list credential of `array`; raises InvalidStatusList where that is too short to hide anybody."""
        if bit_array.entries(array) < bit_array.MIN_ENTRIES:
            raise InvalidStatusList(f"A status list has at least {bit_array.MIN_ENTRIES} entries.")
        packed = base64url.encode(bit_array.compress(array, frame=Frame.GZIP))
        return {
            "@context": [vcdm.CONTEXT_2],
            "id": self.uri,
            "type": [vcdm.CREDENTIAL, LIST_CREDENTIAL],
            "issuer": self.issuer,
            "validFrom": validity.to_timestamp(self.issued_at),
            "validUntil": validity.to_timestamp(self.expires),
            "credentialSubject": {
                "id": f"{self.uri}#list",
                "type": LIST,
                "statusPurpose": self.purpose,
                "encodedList": _MULTIBASE_BASE64URL + packed,
                "ttl": int(self.ttl.total_seconds() * _MILLISECONDS),
            },
        }


async def issue(
    array: bytes | bytearray,
    *,
    content: BitstringContent,
    signer: Signer,
    x5c: Collection[str] = (),
    kid: str | None = None,
) -> str:
    """The signed list credential of `array`, whose places are counted from the most significant bit."""
    header = jose_header.naming(x5c=x5c, kid=kid)
    return await jws.create(content.to_claims(array), signer=signer, typ=TYP, header=header)


def issue_now(
    array: bytes | bytearray,
    *,
    content: BitstringContent,
    signer: SoftwareSigner,
    x5c: Collection[str] = (),
    kid: str | None = None,
) -> str:
    """What `issue` gives, without waiting."""
    header = jose_header.naming(x5c=x5c, kid=kid)
    return jws.create_now(content.to_claims(array), signer=signer, typ=TYP, header=header)


def parse(token: str, *, limit: int = LIMIT, unpacked: int = bit_array.MAX_UNPACKED) -> BitstringStatusList:
    """The status list that the JWT `token` carries, unverified; raises CredentialsError.

    Not more than `limit` characters are read, and not more than `unpacked` bytes made of them.
    """
    try:
        parsed = jws.parse(token, limit=limit)
        document = strict_json.parse_object(parsed.payload, limit=limit)
    except keys_errors.TooLarge as error:
        raise TooLarge(f"The status list credential is too large: {error}.") from error
    except keys_errors.KeysError as error:
        raise InvalidStatusList(f"The status list credential cannot be read: {error}.") from error
    if parsed.header.get("typ") != TYP:
        raise InvalidType(f"The type of a status list credential is {TYP}.")
    vcdm.check(document, context=vcdm.CONTEXT_2, kind=LIST_CREDENTIAL)
    subject = document.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("type") != LIST:
        raise InvalidStatusList("The credential is not about a status list.")
    return BitstringStatusList(
        uri=None if "id" not in document else vcdm.identifier(document["id"], of="status list"),
        issuer=vcdm.identifier(document.get("issuer"), of="issuer"),
        purposes=_purposes(subject.get("statusPurpose")),
        not_before=validity.timestamp(document, name="validFrom"),
        expires=_expires(document),
        ttl=_ttl(subject.get("ttl")),
        array=_array(subject.get("encodedList"), unpacked=unpacked),
        jws=parsed,
        key_id=jose_header.key_id(parsed.header),
        chain_x5c=jose_header.chain(parsed.header),
    )


def verify_signature(
    status_list: BitstringStatusList, *, key: PublicJwk, algorithms: Collection[Algorithm] = ACCEPTED
) -> None:
    """Return if `key` signed the list; raises KeysError."""
    jws.verify(status_list.jws, key=key, typ=TYP, algorithms=algorithms)


def check(
    status_list: BitstringStatusList,
    *,
    reference: StatusReference,
    now: datetime,
    leeway: timedelta = validity.LEEWAY,
) -> None:
    """Return if this list answers `reference` at `now`; raises InvalidStatusList or InvalidTime."""
    if status_list.uri is not None and status_list.uri != reference.uri:
        raise InvalidStatusList("The status list is not the one that the credential names.")
    if reference.purpose not in status_list.purposes:
        raise InvalidStatusList("The status list is kept for another purpose than the credential says.")
    if bit_array.entries(status_list.array, bits=reference.size) < bit_array.MIN_ENTRIES:
        raise InvalidStatusList("The status list is too short to keep anybody's privacy.")
    if status_list.not_before is not None and now + leeway < status_list.not_before:
        raise InvalidTime("The status list is not valid yet.")
    if status_list.expires is not None and now - leeway >= status_list.expires:
        raise InvalidTime("The status list has expired.")


def status_at(status_list: BitstringStatusList, reference: StatusReference) -> int:
    """The value at the place of `reference`: 0 where its purpose does not apply; raises InvalidStatusList."""
    return bit_array.get(status_list.array, reference.index, bits=reference.size, order=Order.MOST_FIRST)


def _purposes(raw: Any) -> tuple[str, ...]:
    purposes = (raw,) if isinstance(raw, str) else tuple(raw) if isinstance(raw, list) else ()
    if not purposes or not all(isinstance(purpose, str) and purpose for purpose in purposes):
        raise InvalidStatusList("The status list does not say what it is kept for.")
    return purposes


def _expires(document: Mapping[str, Any]) -> datetime | None:
    said = (validity.timestamp(document, name="validUntil"), validity.numeric_date(document, name="exp"))
    return min((moment for moment in said if moment is not None), default=None)


def _ttl(raw: Any) -> timedelta | None:
    if raw is None:
        return None
    if type(raw) is not int or not 0 < raw <= timedelta.max.total_seconds():
        raise InvalidStatusList("The time to live of a status list is a positive number of milliseconds.")
    return timedelta(milliseconds=raw)


def _array(raw: Any, *, unpacked: int) -> bytes:
    if not isinstance(raw, str) or not raw.startswith(_MULTIBASE_BASE64URL):
        raise InvalidStatusList("The encoded list is not multibase base64url.")
    try:
        packed = base64url.decode(raw.removeprefix(_MULTIBASE_BASE64URL))
    except keys_errors.InvalidEncoding as error:
        raise InvalidStatusList("The encoded list is not base64url without padding.") from error
    return bit_array.decompress(packed, frame=Frame.GZIP, limit=unpacked)
