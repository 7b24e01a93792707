"""Sealed JSON documents: JAdES (ETSI TS 119 182-1), as European Digital Credentials use it, baseline level B-B.

A seal is a JWS in general JSON serialization (RFC 7515 section 7.2.1) with one signature over the text of the document
as it stands (`b64` false, RFC 7797). That text is kept to the byte: what is parsed from it is for reading, never for
hashing. Time stamps and revocation data (levels T to LTA) are named and not trusted: nothing verifies them here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from credentials import validity
from credentials.errors import (
    InvalidTime,
    InvalidType,
    MalformedCredential,
    TooLarge,
    UnsupportedFormat,
    WrongCertificate,
)
from keys import base64url, strict_json, x509
from keys import errors as keys_errors
from keys.errors import UnsupportedAlgorithm
from keys.jwk import PublicJwk
from keys.seals import certificate as seal_certificate
from keys.seals import signature as seal_signature
from keys.seals.signature import Algorithm
from keys.signer import Signer, SoftwareSigner
from keys.x509 import Certificate

TYP = "jose+json"
LIMIT = 4 * 1024 * 1024  # with certificates, time stamps and revocation lists beside the document
DOCUMENT_LIMIT = 2 * 1024 * 1024
MOST_EXTRAS = 50
UNDERSTOOD = frozenset({"b64", "sigT", "adoTst"})
"""What `crit` may demand. `sigD` (the document lies elsewhere) may not: here the document is in the seal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed document, read and not believed."""

    document: Mapping[str, Any]
    payload: str  # the text that is sealed
    header: Mapping[str, Any]
    protected: str
    signature: bytes
    certificate: Certificate  # what claims to have sealed it
    claimed_at: datetime  # when it says it was sealed
    extras: tuple[str, ...]  # what is added outside the signature: sigTst, xVals, rVals, arcTst
    added: tuple[Mapping[str, Any], ...] = ()  # the same with what they hold; nobody has signed them here

    @property
    def time_stamps(self) -> tuple[str, ...]:
        """The names of the time stamps that it carries. None of them is verified."""
        signed = ("adoTst",) if "adoTst" in self.header else ()
        return (*signed, *(name for name in self.extras if name.endswith("Tst")))

    @property
    def signing_input(self) -> bytes:
        """What is signed: the header as it travels, a dot, the document as it stands (RFC 7797 section 3)."""
        return b"%b.%b" % (self.protected.encode("ascii"), self.payload.encode())


def is_sealed(raw: str) -> bool:
    """Whether `raw` looks like a sealed document, so that `parse` is the one to say what is wrong with it."""
    return raw.lstrip().startswith("{") and '"signatures"' in raw and '"payload"' in raw


async def issue(
    document: Mapping[str, Any] | str, *, signer: Signer, chain: tuple[Certificate, ...], now: datetime
) -> str:
    """`document`, sealed at `now` with the key of `chain`'s first certificate; a text is sealed as it stands.

    Raises WrongCertificate, InvalidTime, UnsupportedAlgorithm, or what `parse` raises.
    """
    payload, protected = _prepared(document, public=signer.public, chain=chain, now=now)
    return _written(payload, protected, await signer.sign(b"%b.%b" % (protected, payload)))


def issue_now(
    document: Mapping[str, Any] | str, *, signer: SoftwareSigner, chain: tuple[Certificate, ...], now: datetime
) -> str:
    """What `issue` gives, without waiting: for work in bulk."""
    payload, protected = _prepared(document, public=signer.public, chain=chain, now=now)
    return _written(payload, protected, signer.sign_now(b"%b.%b" % (protected, payload)))


def parse(raw: str) -> Sealed:
    """The sealed document that the text `raw` is, unverified.

    Raises MalformedCredential, UnsupportedFormat, TooLarge, or InvalidTime where it says its time in no readable way.
    """
    try:
        whole = strict_json.parse_object(raw, limit=LIMIT)
        match whole.get("signatures"):
            case [{"protected": str(), "signature": str()} as one]:
                return _read(whole, one=one)
            case [_, _, *_]:
                raise UnsupportedFormat("A document with more than one seal is not read here.")
    except keys_errors.TooLarge as error:
        raise TooLarge(f"The sealed document is too large: {error}.") from error
    except keys_errors.KeysError as error:
        raise MalformedCredential(f"The sealed document cannot be read: {error}.") from error
    raise MalformedCredential("The text is not a sealed document: a payload and its signatures.")


def verify(sealed: Sealed) -> None:
    """Return if the key of the certificate that `sealed` carries signed its document. Whose that is, others ask.

    Raises MalformedCredential (an extension), InvalidType, UnsupportedAlgorithm, WrongCertificate, InvalidCertificate
    or InvalidSignature.
    """
    _check_extensions(sealed.header)
    if sealed.header.get("typ") != TYP:
        raise InvalidType(f"The type of a seal is {TYP}.")
    algorithm = _algorithm(sealed.header.get("alg"))
    if sealed.header.get("x5t#S256") != x509.x509_hash(sealed.certificate):
        raise WrongCertificate("The seal names another certificate than the one that it carries.")
    if not seal_certificate.may_seal(sealed.certificate):
        raise WrongCertificate("The certificate of the seal is not meant for signatures.")
    seal_signature.verify(
        sealed.certificate, algorithm=algorithm, message=sealed.signing_input, signature=sealed.signature
    )


def check_time(sealed: Sealed, *, now: datetime, leeway: timedelta = validity.LEEWAY) -> None:
    """Return if the certificate was valid when the seal claims to be made, and that is not in the future.

    A claim and no proof: only a verified time stamp shows that a seal was there before its certificate ended. Raises
    InvalidTime.
    """
    if now + leeway < sealed.claimed_at:
        raise InvalidTime("The seal says it was made in the future.")
    _check_certificate(sealed.certificate, at=sealed.claimed_at)


def _prepared(
    document: Mapping[str, Any] | str, *, public: PublicJwk, chain: tuple[Certificate, ...], now: datetime
) -> tuple[bytes, bytes]:
    """The document and the header as they are signed."""
    if not chain or x509.public_jwk(chain[0]) != public or not seal_certificate.may_seal(chain[0]):
        raise WrongCertificate("The certificate is not that of the key that is to seal.")
    _check_certificate(chain[0], at=now)
    payload = document.encode() if isinstance(document, str) else strict_json.dump(document)
    _document(payload.decode())
    header = {
        "alg": _algorithm(public.algorithm.value).value,
        "cty": "json",
        "kid": seal_certificate.issuer_serial(chain[0]),
        "x5t#S256": x509.x509_hash(chain[0]),
        "x5c": x509.to_x5c(chain),
        "typ": TYP,
        "b64": False,
        "sigT": validity.to_timestamp(now),
        "crit": ["b64", "sigT"],
    }
    return payload, base64url.encode_ascii(strict_json.dump(header))


def _written(payload: bytes, protected: bytes, made: bytes) -> str:
    seal = {"protected": protected.decode("ascii"), "signature": base64url.encode(made)}
    return strict_json.dump({"payload": payload.decode(), "signatures": [seal]}).decode()


def _read(whole: Mapping[str, Any], *, one: Mapping[str, Any]) -> Sealed:
    payload, added = whole.get("payload"), _extras(_added(whole, one))
    if not isinstance(payload, str):
        raise UnsupportedFormat("The document is not inside its seal.")
    header = strict_json.parse_object(base64url.decode(one["protected"]))
    if header.get("b64") is not False:
        raise UnsupportedFormat("The document of a seal stands in it as text, and its header says so (b64 false).")
    chain = header.get("x5c")
    claimed_at = validity.timestamp(header, name="sigT") or validity.numeric_date(header, name="iat")
    if claimed_at is None:
        raise MalformedCredential("The seal does not say when it was made.")
    return Sealed(
        document=_document(payload),
        payload=payload,
        header=header,
        protected=one["protected"],
        signature=base64url.decode(one["signature"]),
        certificate=x509.parse_x5c(chain[:1] if isinstance(chain, list) else chain)[0],
        claimed_at=claimed_at,
        extras=tuple(name for extra in added for name in extra),
        added=tuple(added),
    )


def _document(payload: str) -> dict[str, Any]:
    try:
        return strict_json.parse_object(payload, limit=DOCUMENT_LIMIT)
    except keys_errors.TooLarge as error:
        raise TooLarge(f"The sealed document is too large: {error}.") from error
    except keys_errors.KeysError as error:
        raise MalformedCredential(f"What is sealed is not a JSON document: {error}.") from error


def _added(whole: Mapping[str, Any], one: Mapping[str, Any]) -> list[Any]:
    """The unsigned properties (section 5.3.1), which are all that may stand beside a signature."""
    header = one.get("header", {})
    known = whole.keys() <= {"payload", "signatures"} and one.keys() <= {"protected", "header", "signature"}
    if not known or not isinstance(header, Mapping) or not header.keys() <= {"etsiU"}:
        raise MalformedCredential("Beside a seal stand its time stamps and certificates, and nothing else.")
    added = header.get("etsiU", [])
    if not isinstance(added, list) or len(added) > MOST_EXTRAS:
        raise MalformedCredential(f"What is added to a seal is a list of at most {MOST_EXTRAS}.")
    return added


def _extras(added: list[Any]) -> list[Mapping[str, Any]]:
    """What they are; each stands in clear, or as base64url."""
    read = [strict_json.parse_object(base64url.decode(e), limit=LIMIT) if isinstance(e, str) else e for e in added]
    if not all(isinstance(extra, Mapping) and len(extra) == 1 for extra in read):
        raise MalformedCredential("What is added to a seal has one name each.")
    return read


def _check_extensions(header: Mapping[str, Any]) -> None:
    """RFC 7515 section 4.1.11: what is critical is understood, is there, and stands once; RFC 7797 asks for b64."""
    demanded = header.get("crit")
    if not isinstance(demanded, list) or not all(isinstance(name, str) for name in demanded):
        raise MalformedCredential("The seal does not list what its reader has to understand.")
    if len(set(demanded)) != len(demanded) or not set(demanded) <= header.keys() or "b64" not in demanded:
        raise MalformedCredential("The list of what the reader of the seal has to understand is not right.")
    if not set(demanded) <= UNDERSTOOD or "sigD" in header:
        raise MalformedCredential("The seal demands an extension that is not understood here.")


def _check_certificate(certificate: Certificate, *, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise InvalidTime("The certificate of the seal does not count at the time of sealing.")


def _algorithm(named: object) -> Algorithm:
    if isinstance(named, str) and named in set(Algorithm):
        return Algorithm(named)
    raise UnsupportedAlgorithm("the algorithm of the seal is not one that is accepted for seals")
