"""Web addresses as OpenID4VCI 1.0 sections 4 and 12.2 and RFC 8414 section 3.1 use them: the strict part of RFC 3986.

An address is checked and kept as it stands: identifiers are compared as strings, without normalisation. Plain http is
syntax here for loopback hosts only; whether such an address may be called is decided by the outbound client.
"""

import re
from collections.abc import Iterable, Mapping

from exchange.errors import ExchangeError

LONGEST = 2_048
LONGEST_QUERY = 64 * 1024

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{{1,5}}))?"
    r"(?P<path>(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*)"
    r"(?:\?(?P<query>(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?"
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2[Ee]){1,2}(?:/|$)")
_HIGHEST_PORT = 65_535


def parse(raw: object, *, what: str, refusal: type[ExchangeError]) -> str:
    """The address as it came: https, no user part, no fragment, no dot segments; raises `refusal`."""
    if isinstance(raw, str) and len(raw) <= LONGEST and (found := _ADDRESS.fullmatch(raw)):
        secure = found["scheme"] == "https" or found["host"].lower() in _LOOPBACK
        if secure and 1 <= int(found["port"] or 443) <= _HIGHEST_PORT and not _DOT_SEGMENT.search(found["path"]):
            return raw
    raise refusal(f"{what} must be an https address without user name and fragment.")


def parse_identifier(raw: object, *, what: str, refusal: type[ExchangeError]) -> str:
    """An issuer identifier: an address that has no query either (OpenID4VCI 12.2.1, RFC 8414 section 2)."""
    address = parse(raw, what=what, refusal=refusal)
    if "?" in address:
        raise refusal(f"{what} must have no query.")
    return address


def host(address: str) -> str:
    """The host of a checked address, in lower case."""
    found = _ADDRESS.fullmatch(address)
    return found["host"].lower() if found else ""


def well_known(identifier: str, *, name: str) -> str:
    """Where a document about `identifier` is published: the well-known part goes between host and path.

    A terminating slash goes first (RFC 8414 section 3.1, SD-JWT VC); OpenID4VCI says the same for an empty path only.
    """
    scheme, _, rest = identifier.partition("://")
    authority, slash, path = rest.partition("/")
    if name != "openid-credential-issuer" or not path:
        path = path.removesuffix("/")
    return f"{scheme}://{authority}/.well-known/{name}" + (slash + path if path else "")


def encode_query(parameters: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
    """A query string in which a space is %20, so that form readers and plain URI readers agree."""
    pairs = parameters.items() if isinstance(parameters, Mapping) else parameters
    return "&".join(f"{_percent(name)}={_percent(value)}" for name, value in pairs)


def parse_query(raw: str, *, what: str, refusal: type[ExchangeError]) -> Mapping[str, str]:
    """The parameters of a query string; a repeated name, broken percent-encoding or broken UTF-8 raises `refusal`."""
    if len(raw) > LONGEST_QUERY or "#" in raw:
        raise refusal(f"{what} is too long or has a fragment.")
    found: dict[str, str] = {}
    for pair in filter(None, raw.split("&")):
        name, _, value = (_plain(part, what=what, refusal=refusal) for part in pair.partition("="))
        if name in found:
            raise refusal(f"{what} repeats a parameter.")
        found[name] = value
    return found


def _percent(text: str) -> str:
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode())


def _plain(text: str, *, what: str, refusal: type[ExchangeError]) -> str:
    head, *escapes = text.replace("+", " ").encode("utf-8", "surrogatepass").split(b"%")
    try:
        return (head + b"".join(bytes([_octet(part[:2])]) + part[2:] for part in escapes)).decode()
    except ValueError as error:
        raise refusal(f"{what} is not well encoded.") from error


def _octet(digits: bytes) -> int:
    if not re.fullmatch(rb"[0-9A-Fa-f]{2}", digits):
        raise ValueError(digits)
    return int(digits, 16)
