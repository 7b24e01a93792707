"""An accreditation as its signed credential tells it: VCDM 1.1 in a JWT, the body of an attribute (EBSI, January 2024).

VerifiableAuthorisationForTrustChain, VerifiableAccreditationToAccredit and VerifiableAccreditationToAttest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from credentials.errors import CredentialsError
from credentials.formats import vc_jwt, vc_jwt_reading
from credentials.formats.vc_jwt_reading import Token, VcJwt
from keys.algorithms import ACCEPTED, Algorithm
from keys.errors import KeysError
from keys.jwk import PublicJwk
from trust.ebsi import coverage, places
from trust.ebsi.coverage import Limits
from trust.ebsi.places import Registry
from trust.errors import UntrustedIssuer

TRUST_CHAIN: Final = "VerifiableAuthorisationForTrustChain"
TO_ACCREDIT: Final = "VerifiableAccreditationToAccredit"
TO_ATTEST: Final = "VerifiableAccreditationToAttest"
RIGHTS: Final = frozenset({TRUST_CHAIN, TO_ACCREDIT, TO_ATTEST})
GRANTING: Final = frozenset({TRUST_CHAIN, TO_ACCREDIT})
STATUS: Final = "EbsiAccreditationEntry"
TERMS: Final = "IssuanceCertificate"
MOST: Final = 100
ALGORITHMS: Final = ACCEPTED | {Algorithm.ES256K}  # EBSI's own library takes all three


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What one body grants another, as it was read; `verify` says whether the grantor signed it."""

    kind: str
    issuer: str
    subject: str
    attribute: str
    key_id: str
    since: datetime
    until: datetime | None
    schemas: frozenset[str]
    entries: tuple[Limits, ...]
    terms: tuple[str, ...]
    status: str | None
    parsed: VcJwt

    @classmethod
    def parse(cls, body: str, *, registries: Sequence[Registry]) -> Self:
        """The right in the credential `body`; raises UntrustedIssuer for what is none."""
        try:
            token = vc_jwt_reading.open_jwt(body)
            stripped, status = _without_status(token)
            parsed = vc_jwt_reading.read(stripped)
        except (CredentialsError, KeysError) as error:
            raise UntrustedIssuer(f"an accreditation on the way cannot be read: {error}") from error
        said = parsed.credential
        kinds = RIGHTS & set(said.types)
        subject = said.claims["credentialSubject"]
        match subject:
            case {"id": str(holder), "reservedAttributeId": str(attribute)}:
                pass
            case _:
                raise UntrustedIssuer("an accreditation on the way does not say who holds it")
        if len(kinds) != 1 or said.not_before is None or said.key_id is None:
            raise UntrustedIssuer("what should be an accreditation on the way is none")
        return cls(
            kind=next(iter(kinds)),
            issuer=said.issuer,
            subject=holder,
            attribute=attribute.removeprefix("0x").lower(),
            key_id=said.key_id,
            since=said.not_before,
            until=said.expires,
            schemas=schemas_of(said.claims, registries=registries),
            entries=tuple(_limits(item, registries=registries) for item in _items(subject.get("accreditedFor", []))),
            terms=terms_of(said.claims),
            status=status,
            parsed=parsed,
        )

    def verify(self, key: PublicJwk) -> None:
        """Return if `key` signed it; raises UntrustedIssuer."""
        try:
            vc_jwt.verify_signature(self.parsed, key=key, algorithms=ALGORITHMS)
        except (CredentialsError, KeysError) as error:
            raise UntrustedIssuer(f"an accreditation on the way is not signed by who grants it: {error}") from error


def terms_of(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The accreditations that a credential names as the right under which it is issued."""
    raw = claims.get("termsOfUse", [])
    found = [
        entry["id"]
        for entry in (raw if isinstance(raw, list) else [raw])
        if isinstance(entry, Mapping) and entry.get("type") == TERMS and isinstance(entry.get("id"), str)
    ]
    return tuple(dict.fromkeys(found))


def schema_uris(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The addresses of the schemas that a credential follows."""
    raw = claims.get("credentialSchema", [])
    named = [entry.get("id") for entry in (raw if isinstance(raw, list) else [raw]) if isinstance(entry, Mapping)]
    return tuple(uri for uri in named if isinstance(uri, str))


def schemas_of(claims: Mapping[str, Any], *, registries: Sequence[Registry]) -> frozenset[str]:
    """The ids of the schemas that a credential follows, as far as they are in a registry configured here."""
    found = (places.schema(uri, registries=registries) for uri in schema_uris(claims))
    return frozenset(id_ for id_ in found if id_ is not None)


def _without_status(token: Token) -> tuple[Token, str | None]:
    """The credential without its EbsiAccreditationEntry, which is no list to look at, and the address in it."""
    match token.claims.get("vc"):
        case {"credentialStatus": {"type": str(kind), "id": str(id_)}, **kept} if kind == STATUS:
            return Token(token.jws, {**token.claims, "vc": kept}), id_
    return token, None


def _limits(raw: Any, *, registries: Sequence[Registry]) -> Limits:
    match raw:
        case {"schemaId": str(uri), "types": [str(), *_] as types}:
            schema = places.schema(uri, registries=registries)
        case _:
            raise UntrustedIssuer("an accreditation on the way does not say what it is for")
    limit = raw.get("limitJurisdiction", [])
    where = [limit] if isinstance(limit, str) else limit
    texts = [*types, *where] if isinstance(where, list) else [None]
    if schema is None or not all(isinstance(text, str) and text for text in texts):
        raise UntrustedIssuer("an accreditation on the way does not say what it is for")
    kinds, levels = coverage.of(types)
    return Limits(types=kinds, schemas=frozenset({schema}), places=tuple(where), levels=levels)


def _items(raw: Any) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > MOST:
        raise UntrustedIssuer("an accreditation on the way is for a number of things that is not bearable")
    return raw
