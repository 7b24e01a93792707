"""Who sealed is who issued: the OWNER check of European Digital Credentials, the certificate against the issuer.

Whether the certificate itself is to be trusted is another question, and another one is whether it is qualified.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from credentials.errors import InvalidOwner
from credentials.formats.jades import Sealed
from keys.seals import certificate as seal_certificate

_PREFIX = re.compile(r"(?:VAT|NTR|PSD|LEI|[A-Z]{2}:)([A-Z]{2})-")  # ETSI EN 319 412-1 section 5.1.4


def check(sealed: Sealed) -> None:
    """Return if the document names the holder of the certificate as its issuer; raises InvalidOwner.

    The issuer's legal name is the certificate's organisation in every language that it is given in: a reader who is
    shown the Italian name and one who is shown the English name are told of the same organisation.
    """
    holder = seal_certificate.holder(sealed.certificate)
    issuer = _only(sealed.document.get("issuer"))
    if not isinstance(issuer, Mapping):
        raise InvalidOwner("The document does not describe its issuer.")
    names = _words(issuer.get("legalName"))
    if holder.organisation is None or not names or any(_plain(name) != _plain(holder.organisation) for name in names):
        raise InvalidOwner("The legal name of the issuer is not that of the organisation that sealed the document.")
    legal = _only(issuer.get("eIDASIdentifier"))
    number = _only(legal.get("notation")) if isinstance(legal, Mapping) else None
    if holder.identifier is None or not isinstance(number, str) or not same_organisation(number, holder.identifier):
        raise InvalidOwner("The identifier of the issuer is not that of the organisation that sealed the document.")


def same_organisation(number: str, identifier: str) -> bool:
    """Whether `number`, with its prefix or bare, is the organizationIdentifier `identifier` of a certificate."""
    written, held = _plain(number).upper(), _plain(identifier).upper()
    prefix = _PREFIX.match(held)
    if prefix is None or _PREFIX.match(written):
        return bool(written) and written == held
    bare = held[prefix.end() :]
    return bool(written) and written in {bare, prefix[1] + bare}


def _only(value: object) -> Any:
    """The one value of a list of one: issuers write both. Of several there is none, lest readers choose differently."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _words(raw: object) -> list[str]:
    match raw:
        case str():
            return [raw]
        case list():
            return [word for part in raw for word in _words(part)]
        case Mapping():
            return [word for part in raw.values() for word in _words(part)]
    return []


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).split())
