"""The identifiers that a provider is told by, in one spelling each (DEQAR identifier resources; ETSI EN 319 412-1).

Whoever writes a scheme or number in another of the spellings seen in practice means the same register.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from trust.organisations import Identifier


class Scheme(StrEnum):
    """The registers that count, in the order in which a match is told by them."""

    DEQAR = "deqar"
    DID_EBSI = "did-ebsi"
    ETER = "eter"
    SCHAC = "schac"
    PIC = "pic"
    VAT = "vat"
    ERASMUS = "erasmus"
    WHED = "whed"


SCHEMES: Mapping[str, Scheme] = {
    "deqar": Scheme.DEQAR,
    "deqarinst": Scheme.DEQAR,
    "did": Scheme.DID_EBSI,
    "didebsi": Scheme.DID_EBSI,
    "eter": Scheme.ETER,
    "eterid": Scheme.ETER,
    "orgreg": Scheme.ETER,
    "schac": Scheme.SCHAC,
    "pic": Scheme.PIC,
    "eupic": Scheme.PIC,
    "vat": Scheme.VAT,
    "euvat": Scheme.VAT,
    "eidas": Scheme.VAT,  # organizationIdentifier: only its VAT form names a register that DEQAR has
    "erasmus": Scheme.ERASMUS,
    "whed": Scheme.WHED,
}
LONGEST = 200
DEQAR = re.compile(r"(?:https?://data\.deqar\.eu/institution/|DEQARINST)?(AP)?0*(\d{1,9})/?", re.IGNORECASE)
ETER = re.compile(r"([A-Z]{2}[0-9]{4})\b.*", re.DOTALL)
SCHAC = re.compile(r"(?:urn:schac:homeorganization:[a-z.]*:)?([a-z0-9.-]+\.[a-z]{2,})\.?")
PIC = re.compile(r"[0-9]{9}")
VAT = re.compile(r"(?:VAT)?([A-Z]{2})-?(?:\1)?(?=[A-Z]*[0-9])([A-Z0-9]{2,14})")
LOCAL_VAT = re.compile(r"[A-Z]?[0-9]{4,13}[A-Z]?")
ERASMUS = re.compile(r"([A-Z]{1,3}) ?([A-Z]{2,9}[0-9]{2,3})")
WHED = re.compile(r"(?:IAU-)?([0-9]{3,8})")
DID_EBSI = re.compile(r"(did:ebsi:z[1-9A-HJ-NP-Za-km-z]{10,64})(?:#.*)?")


def normal(identifier: Identifier, *, country: str | None = None) -> tuple[Scheme, str] | None:
    """The register and the number in its one spelling; None where no register that counts has such a number."""
    scheme = SCHEMES.get(re.sub(r"[^a-z]", "", identifier.scheme.lower()))
    if scheme is None or len(identifier.value) > LONGEST:
        return None
    number = _NORMAL[scheme](identifier.value.strip(), country)
    return None if number is None else (scheme, number)


def of_address(address: str) -> tuple[Scheme, str] | None:
    """The number in a body's own address, where that is an EBSI DID or its place in DEQAR."""
    if address.startswith("did:ebsi:"):
        return normal(Identifier(scheme="did-ebsi", value=address))
    if "://data.deqar.eu/institution/" in address:
        return normal(Identifier(scheme="deqar", value=address))
    return None


def _deqar(value: str, _country: str | None) -> str | None:
    found = DEQAR.fullmatch(value)
    return None if found is None else f"DEQARINST{(found[1] or '').upper()}{found[2]:0>4}"


def _did(value: str, _country: str | None) -> str | None:
    found = DID_EBSI.fullmatch(value)
    return None if found is None else found[1]


def _eter(value: str, _country: str | None) -> str | None:
    found = ETER.fullmatch(value.upper())
    return None if found is None else found[1]


def _schac(value: str, _country: str | None) -> str | None:
    found = SCHAC.fullmatch(value.lower())
    return None if found is None else found[1]


def _pic(value: str, _country: str | None) -> str | None:
    return value if PIC.fullmatch(value) else None


def _vat(value: str, country: str | None) -> str | None:
    plain = re.sub(r"[ .]", "", value).upper()
    land = {"GR": "EL"}.get(country or "", country or "")
    if LOCAL_VAT.fullmatch(plain):
        return f"{land}{plain}" if land else None
    found = VAT.fullmatch(plain)
    return None if found is None else f"{'EL' if found[1] == 'GR' else found[1]}{found[2]}"


def _erasmus(value: str, _country: str | None) -> str | None:
    found = ERASMUS.fullmatch(" ".join(value.upper().split()))
    return None if found is None else f"{found[1]} {found[2]}"


def _whed(value: str, _country: str | None) -> str | None:
    found = WHED.fullmatch(value.upper())
    return None if found is None else f"IAU-{found[1]:0>6}"


_NORMAL: Mapping[Scheme, Callable[[str, str | None], str | None]] = {
    Scheme.DEQAR: _deqar,
    Scheme.DID_EBSI: _did,
    Scheme.ETER: _eter,
    Scheme.SCHAC: _schac,
    Scheme.PIC: _pic,
    Scheme.VAT: _vat,
    Scheme.ERASMUS: _erasmus,
    Scheme.WHED: _whed,
}
