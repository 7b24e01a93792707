"""The one way out: every call to somebody else's server goes through here, and nothing else opens a client session.

security.md (b), "SSRF" and (0): https on port 443 only, public addresses only, a name resolved once and every answer
checked, then connected to exactly what was checked; no redirects, no cookies, no Referer, no compression, at most two
seconds to connect, five in all, and one mebibyte. Development opens exactly the configured loopback origins.
What is public follows the IANA special-purpose address registries (RFC 6890); addresses that carry another inside
(IPv4-mapped, 6to4, Teredo, NAT64) are judged by what they would reach, or refused where a gateway decides that.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, hdrs, web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from keys import strict_json
from keys.errors import KeysError
from service.settings import Settings
from trust.errors import FetchFailed
from trust.fetching import DOCUMENT_LIMIT, Fetched

Headers = Mapping[str, str]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291 §2.4: all that is assigned as global unicast
CARRIERS = (
    ipaddress.IPv6Network("2001::/23"),  # RFC 2928: protocols of the IETF, Teredo among them
    ipaddress.IPv6Network("2002::/16"),  # RFC 3056: 6to4; NAT64 (RFC 6052) lies outside of UNICAST
    ipaddress.IPv6Network("3fff::/20"),  # RFC 9637: documentation
)
RELAYS = ipaddress.IPv4Network("192.88.99.0/24")  # RFC 7526: the deprecated 6to4 relay anycast prefix

HTTPS_PORT = 443
CONNECT_SECONDS = 2
TOTAL_SECONDS = 5
IDLE_SECONDS = 4  # shorter than any server's, so that a POST does not meet a connection just closed
HEADER_LIMIT = 8190
HEADERS_LIMIT = 64
CALLS = 200
CALLS_A_HOST = 20
PLAIN_HEADERS: Headers = {hdrs.USER_AGENT: "Mozilla/5.0", hdrs.ACCEPT_ENCODING: "identity"}


class Refused(FetchFailed):  # named by what is wrong (STYLE.md, rule 6)
    """The address may not be called from here; nothing was sent."""


class Unreachable(FetchFailed):  # named by what is wrong
    """The server does not answer, not in time, or not in HTTP."""


class AnswerTooLarge(FetchFailed):  # named by what is wrong
    """The answer is larger than its place allows."""


class WrongContent(FetchFailed):  # named by what is wrong
    """The answer is not of the kind that was asked for."""


class Outbound:
    """The guarded client of one service; callable as trust's `Fetch`. Make it with `of`, end it with `close`."""

    def __init__(
        self, *, loopback: frozenset[str], context: ssl.SSLContext, resolver: AbstractResolver | None = None
    ) -> None:
        self._loopback = loopback
        self._context = context
        self._resolver = resolver
        self._open: dict[bool, ClientSession] = {}

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The client that `settings` allow: their loopback origins, and their TLS anchors beside the system's."""
        return cls(loopback=settings.loopback_origins, context=tls_context(settings.tls_anchors))

    async def lifetime(self, _app: web.Application) -> AsyncIterator[None]:
        """For `create_app(lifetimes=…)`: closes the connections when the service ends."""
        yield
        await self.close()

    async def close(self) -> None:
        """Lets every connection go."""
        for session in self._open.values():
            await session.close()
        self._open.clear()

    async def fetch(
        self, url: str, *, accept: str, headers: Headers | None = None, limit: int = DOCUMENT_LIMIT
    ) -> Fetched:
        """What a GET of `url` answers, whatever its status; a FetchFailed if there is no answer to be had."""
        return await self._call("GET", url, headers={hdrs.ACCEPT: accept, **(headers or {})}, body=None, limit=limit)

    __call__ = fetch

    async def get_json(self, url: str, *, limit: int = DOCUMENT_LIMIT) -> Any:
        """The JSON document at `url`; WrongContent if it answers anything but 200 with JSON."""
        answer = await self.fetch(url, accept="application/json", limit=limit)
        return read_json(answer)

    async def post_form(
        self, url: str, fields: Mapping[str, str], *, headers: Headers | None = None, limit: int = DOCUMENT_LIMIT
    ) -> Fetched:
        """What `url` answers to a form (application/x-www-form-urlencoded)."""
        body = urlencode(fields).encode("ascii")
        kind = {hdrs.CONTENT_TYPE: "application/x-www-form-urlencoded", hdrs.ACCEPT: "application/json"}
        return await self._call("POST", url, headers=kind | dict(headers or {}), body=body, limit=limit)

    async def post_json(
        self, url: str, value: Any, *, headers: Headers | None = None, limit: int = DOCUMENT_LIMIT
    ) -> Fetched:
        """What `url` answers to a JSON document."""
        kind = {hdrs.CONTENT_TYPE: "application/json", hdrs.ACCEPT: "application/json"}
        body = strict_json.dump(value)
        return await self._call("POST", url, headers=kind | dict(headers or {}), body=body, limit=limit)

    async def _call(self, method: str, url: str, *, headers: Headers, body: bytes | None, limit: int) -> Fetched:
        address = self._allowed(url)
        session = self._session(loopback=self._is_loopback(address))
        try:
            async with (
                asyncio.timeout(TOTAL_SECONDS),
                session.request(method, address, headers=headers, data=body, allow_redirects=False) as answer,
            ):
                if answer.headers.get(hdrs.CONTENT_ENCODING, "identity") != "identity":
                    raise WrongContent("The answer is compressed, though it was asked not to be.")
                whole = await _read(answer.content, limit=limit)
                return Fetched(status=answer.status, content_type=answer.content_type.lower(), body=whole)
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            raise Unreachable(f"{address.host} does not answer.") from error

    def _allowed(self, url: str) -> URL:
        """The address, if it may be called; its host is yet to be resolved and checked."""
        try:
            address = URL(url)
            port = address.port
        except ValueError as error:
            raise Refused("The address is not a URL.") from error
        if not address.absolute or not address.host or address.user or address.password:
            raise Refused("The address is not a plain absolute URL.")
        if self._is_loopback(address):
            return address
        if address.scheme != "https" or port != HTTPS_PORT:
            raise Refused(f"Only https on its usual port is called, not {address.scheme} on port {port}.")
        literal = address_in(address.host)
        if literal is not None and not is_public(literal):
            raise Refused("The address is not on the public internet.")
        return address

    def _is_loopback(self, address: URL) -> bool:
        return str(address.origin()) in self._loopback

    def _session(self, *, loopback: bool) -> ClientSession:
        """The open session for loopback origins, or for the public internet; the two share no connection."""
        if loopback not in self._open:
            guarded = GuardedResolver(self._resolver)
            connector = TCPConnector(
                resolver=LoopbackResolver() if loopback else guarded,
                socket_factory=_loopback_socket if loopback else _public_socket,
                use_dns_cache=False,
                keepalive_timeout=IDLE_SECONDS,
                ssl=self._context,
                limit=CALLS,
                limit_per_host=CALLS_A_HOST,
            )
            self._open[loopback] = ClientSession(
                connector=connector,
                cookie_jar=DummyCookieJar(),
                headers=PLAIN_HEADERS,
                timeout=ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS),
                auto_decompress=False,
                trust_env=False,
                max_line_size=HEADER_LIMIT,
                max_field_size=HEADER_LIMIT,
                max_headers=HEADERS_LIMIT,
            )
        return self._open[loopback]


class GuardedResolver(AbstractResolver):
    """Resolves a name once and gives its addresses only if every one of them is public."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of `host`; Refused if one of them is not on the public internet."""
        found = await self._inner.resolve(host, port, family)
        parsed = [address_in(each["host"]) for each in found]
        if not all(address is not None and is_public(address) for address in parsed):
            raise Refused(f"{host} is not on the public internet.")
        return found

    async def close(self) -> None:
        """Ends the inner resolver."""
        await self._inner.close()


class LoopbackResolver(AbstractResolver):
    """Says what localhost is, without asking anybody."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Both loopback addresses."""
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for address, kind in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))
            if family in (socket.AF_UNSPEC, kind)
        ]

    async def close(self) -> None:
        """Nothing to end."""


def address_in(text: str) -> Address | None:
    """The address that `text` is in its usual writing; None if it is a name."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether `address` is of a host on the public internet, and not of a neighbour, a group or ourselves."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in UNICAST or any(address in carrier for carrier in CARRIERS):
            return False
    elif address in RELAYS:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def read_json(answer: Fetched) -> Any:
    """The JSON document in an answer of 200; WrongContent for anything else."""
    if answer.status != 200:  # noqa: PLR2004  # the only answer that is the document
        raise WrongContent(f"The document was asked for, and the answer has status {answer.status}.")
    if answer.content_type != "application/json" and not answer.content_type.endswith("+json"):
        raise WrongContent(f"The answer is {answer.content_type}, not JSON.")
    try:
        return strict_json.parse(answer.body, limit=max(len(answer.body), 1))
    except KeysError as error:
        raise WrongContent(str(error)) from error


async def _read(content: Any, *, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in content.iter_any():
        size += len(part)
        if size > limit:
            raise AnswerTooLarge(f"The answer has more than {limit} bytes.")
        parts.append(part)
    return b"".join(parts)


def _socket_where(allowed: Callable[[Address], bool]) -> Callable[[Any], socket.socket]:
    """Sockets for addresses that are allowed: the last check, on the very address that is connected to."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, target = info
        address = address_in(str(target[0]))
        if address is None or not allowed(address):
            raise OSError("this address may not be called")
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


_public_socket = _socket_where(is_public)
_loopback_socket = _socket_where(lambda address: address.is_loopback)


def tls_context(anchors: Path | None) -> ssl.SSLContext:
    """Trusts the system's authorities and those in a folder of PEM files."""
    context = ssl.create_default_context()
    for file in sorted(anchors.glob("*.pem")) if anchors is not None else ():
        context.load_verify_locations(cafile=file)
    return context
