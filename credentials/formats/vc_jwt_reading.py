"""Reading a credential out of a JWT: vc-jose-cose section 3.1.3 for VCDM 2.0, VCDM 1.1 section 6.3.1.2 for 1.1."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from credentials import jose_header, validity
from credentials.credential import Credential, Format
from credentials.errors import InvalidType, MalformedCredential, TooLarge
from credentials.formats import vcdm
from credentials.status import reference
from keys import errors as keys_errors
from keys import jws, strict_json
from keys.did import methods
from keys.did.document import DidDocument
from keys.jwk import PublicJwk
from keys.jws import Jws


class Types(NamedTuple):
    """The `typ` that is written for a data model, and those that are read (a stranger's may be a list)."""

    written: str
    read: tuple[str | None, ...]


TYPES: Mapping[Format, Types] = {
    Format.VC_JWT: Types("vc+jwt", ("vc+jwt",)),
    Format.VC_JWT_1: Types("JWT", ("JWT", None)),  # VCDM 1.1: "if present, typ MUST be JWT"
}
BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
BADGE_TYPES = ("vc+jwt", "JWT", None)  # Open Badges 3.0: "if present, typ MUST be JWT", for VCDM 2.0 too


@dataclass(frozen=True, slots=True, kw_only=True)
class VcJwt:
    """A W3C credential as received: read, not believed."""

    credential: Credential
    jws: Jws
    presentation: Jws | None  # the VP-JWT it came in


class Token(NamedTuple):
    """A JWT, read but not believed."""

    jws: Jws
    claims: dict[str, Any]


def open_jwt(raw: str) -> Token:
    """The JWT `raw` with its claims; raises MalformedCredential or TooLarge."""
    try:
        parsed = jws.parse(raw)
        return Token(parsed, strict_json.parse_object(parsed.payload))
    except keys_errors.TooLarge as error:
        raise TooLarge(f"The JWT is too large: {error}.") from error
    except keys_errors.KeysError as error:
        raise MalformedCredential(f"The JWT cannot be read: {error}.") from error


def format_of(token: Token) -> Format:
    """The data model that a credential JWT carries; raises InvalidType."""
    typ = token.jws.header.get("typ")
    if "vc" in token.claims:
        if typ in TYPES[Format.VC_JWT_1].read:
            return Format.VC_JWT_1
    elif "vp" not in token.claims and (
        typ == TYPES[Format.VC_JWT].written or (typ in BADGE_TYPES and is_badge(token.claims))
    ):
        return Format.VC_JWT
    raise InvalidType("The JWT is of no type that carries a W3C credential.")


def types_of(credential: Credential) -> tuple[str | None, ...]:
    """The `typ` that the JWT of `credential` may have."""
    written, read = TYPES[credential.format]
    if credential.format is not Format.VC_JWT or credential.header.get("typ") == written:
        return read
    return BADGE_TYPES if is_badge(credential.claims) else read


def is_badge(claims: Mapping[str, Any]) -> bool:
    """Whether `claims` are those of an Open Badge 3.0, whose JWT is typed as that of VCDM 1.1 is."""
    types = claims.get("type")
    return isinstance(types, list) and any(isinstance(name, str) and name in BADGES for name in types)


def read(token: Token, *, presentation: Jws | None = None) -> VcJwt:
    """The credential that is in `token`; raises CredentialsError."""
    version = format_of(token)
    is_model_1 = version is Format.VC_JWT_1
    document = _document_1(token.claims) if is_model_1 else _document_2(token.claims)
    holder_id = vcdm.subject_id(document)
    return VcJwt(
        jws=token.jws,
        presentation=presentation,
        credential=Credential(
            format=version,
            raw=token.jws.compact,
            header=token.jws.header,
            types=vcdm.check(document, context=vcdm.CONTEXT_1 if is_model_1 else vcdm.CONTEXT_2, kind=vcdm.CREDENTIAL),
            issuer=_issuer(document, token.claims),
            holder_key=_holder_key(token.claims, holder_id),
            holder_id=holder_id,
            claims=document,
            disclosed=(),
            disclosable=(),
            issued_at=validity.numeric_date(token.claims, name="iat"),
            not_before=_latest(
                validity.timestamp(document, name="issuanceDate" if is_model_1 else "validFrom"),
                validity.numeric_date(token.claims, name="nbf"),
            ),
            expires=_earliest(
                validity.timestamp(document, name="expirationDate" if is_model_1 else "validUntil"),
                validity.numeric_date(token.claims, name="exp"),
            ),
            status=vcdm.status_of(document) + reference.parse(token.claims),
            key_id=jose_header.key_id(token.jws.header),
            chain_x5c=jose_header.chain(token.jws.header),
        ),
    )


def _document_1(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The credential with what the JWT says in its own claims put back; raises MalformedCredential."""
    if not isinstance(claims["vc"], dict):
        raise MalformedCredential("The claim vc is a credential.")
    document: dict[str, Any] = dict(claims["vc"])
    subject = document.get("credentialSubject")
    if "sub" in claims and isinstance(subject, dict):
        document["credentialSubject"] = _agreed(subject, "id", claims["sub"])
    for name, claim in (("issuer", "iss"), ("id", "jti")):
        if claim in claims and not isinstance(document.get(name), dict):
            document = _agreed(document, name, claims[claim])
    for name, claim in (("issuanceDate", "nbf"), ("expirationDate", "exp")):
        moment = validity.numeric_date(claims, name=claim)
        if moment is not None and name not in document:
            document[name] = validity.to_timestamp(moment)
    return document


def _document_2(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    """The credential, if what the JWT says beside it agrees; raises MalformedCredential or InvalidTime."""
    if "sub" in claims and claims["sub"] != (vcdm.subject_id(claims) or claims["sub"]):
        raise MalformedCredential("The JWT and the credential in it disagree about the subject.")
    if "jti" in claims and claims["jti"] != claims.get("id", claims["jti"]):
        raise MalformedCredential("The JWT and the credential in it disagree about the id.")
    if "nbf" in claims and is_badge(claims):  # elsewhere nbf may be about the signature
        starts, begins = validity.timestamp(claims, name="validFrom"), validity.numeric_date(claims, name="nbf")
        if starts is not None and begins is not None and int(starts.timestamp()) != int(begins.timestamp()):
            raise MalformedCredential("The JWT and the badge in it disagree about when it becomes valid.")
    return claims


def _agreed(document: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    if document.setdefault(name, value) != value:
        raise MalformedCredential(f"The JWT and the credential in it disagree about {name}.")
    return document


def _issuer(document: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    issuer = vcdm.identifier(document.get("issuer"), of="issuer")
    if claims.get("iss", issuer) != issuer:
        raise MalformedCredential("The JWT and the credential in it name different issuers.")
    return issuer


def _holder_key(claims: Mapping[str, Any], holder_id: str | None) -> PublicJwk | None:
    """The holder's key where the credential says it: in `cnf`, or in a subject DID that is its own key."""
    try:
        if "cnf" in claims:
            return PublicJwk.parse(claims["cnf"]["jwk"])
        located = methods.locate(holder_id) if holder_id is not None and holder_id.startswith("did:") else None
    except keys_errors.InvalidDid:
        return None  # a subject may have an identifier of a method that is unknown here
    except (keys_errors.KeysError, KeyError, TypeError) as error:
        raise MalformedCredential("The claim cnf names no key that is understood here.") from error
    if not isinstance(located, DidDocument):
        return None
    (key,) = located.verification_methods.values()
    return key


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return one or other if one is None or other is None else max(one, other)


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return one or other if one is None or other is None else min(one, other)
