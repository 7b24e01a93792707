"""What somebody brought, opened: pictures, PDF, text and links, each known by its first bytes and never by its name.

A link is followed once, through the guarded client, and what lies there is opened like anything else; a link in that is
not followed. A picture is looked at as a badge first (Open Badges 3.0, "Baked Badge"), then for a QR code.
"""

import asyncio
import binascii
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Self

from aiohttp import web

from credentials.errors import CredentialsError
from credentials.learning import baking
from service import qr
from service.errors import ServiceError
from service.outbound import AnswerTooLarge, Outbound, Refused
from trust.errors import FetchFailed
from trust.fetching import Fetch
from trust.report import ReasonCode
from verifier.errors import NotRead
from verifier.intake import texts
from verifier.intake.item import Item, Way, Ways
from verifier.intake.texts import Found, Link
from verifier.intake.workers import Workers

LARGEST: Final = 10 << 20
LARGEST_LINKED: Final = 5 << 20
ACCEPT: Final = (
    "application/vc+jwt, application/vc+sd-jwt, application/dc+sd-jwt, application/vc, application/vp, "
    "application/json, application/ld+json, application/jwt, text/plain;q=0.8, application/pdf;q=0.7, image/*;q=0.6"
)
PDF: Final = b"%PDF-"
PDF_WITHIN: Final = 1024  # bytes: readers accept a little before it
PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
ARCHIVES: Final = (b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
PDF_WORK: Final = "verifier.intake.pdf_work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """How this service opens things: the way out for links, and the processes for what is not opened in its own."""

    fetch: Fetch
    workers: Workers

    @classmethod
    def of(cls, outbound: Outbound) -> Self:
        """The intake of a service with this way out."""
        return cls(fetch=outbound.fetch, workers=Workers())

    async def open_text(self, raw: str) -> tuple[Item, ...]:
        """The things in a text that somebody pasted; raises NotRead."""
        return await self._followed(texts.read(raw))

    async def open_file(self, data: bytes) -> tuple[Item, ...]:
        """The things in a file that somebody brought; raises NotRead."""
        return await self._followed(await self._opened(data, way=()))

    async def _followed(self, found: tuple[Found, ...]) -> tuple[Item, ...]:
        items: list[Item] = []
        for each in found:
            items += [each] if isinstance(each, Item) else await self._linked(each)
        if len(items) > texts.MOST_ITEMS:
            message = f"At most {texts.MOST_ITEMS} certificates are checked at once."
            raise NotRead(message, case="too_many", code=ReasonCode.LIMITS)
        return tuple(items)

    async def _linked(self, link: Link) -> list[Item]:
        """What lies at the address; raises NotRead."""
        try:
            answer = await self.fetch(link.url, accept=ACCEPT, limit=LARGEST_LINKED)
        except Refused as error:
            message = "This link leads to a place that is not opened from here."
            raise NotRead(message, case="link_refused") from error
        except AnswerTooLarge as error:
            message = "What lies at this link is larger than anything that is read here."
            raise NotRead(message, case="too_large", code=ReasonCode.LIMITS) from error
        except FetchFailed as error:
            message = "What lies at this link could not be had just now."
            raise NotRead(message, case="link_unreachable", unsure=True) from error
        if answer.status != HTTPStatus.OK:
            message = "There is no certificate at this link: it may have ended, or been taken back."
            raise NotRead(message, case="link_ended")
        if answer.content_type in {"text/html", "application/xhtml+xml"}:
            message = "This link leads to a page for people, not to the certificate itself."
            raise NotRead(message, case="link_to_page")
        found = await self._opened(answer.body, way=(*link.way, Way.LINK))
        if any(isinstance(each, Link) for each in found):
            raise NotRead("This link leads to another link, which is not followed.", case="link_to_link")
        return [each for each in found if isinstance(each, Item)]

    async def _opened(self, data: bytes, *, way: Ways) -> tuple[Found, ...]:
        if len(data) > LARGEST:
            message = "This file is larger than anything that is read here."
            raise NotRead(message, case="too_large", code=ReasonCode.LIMITS)
        if PDF in data[:PDF_WITHIN]:
            return await self._in_pdf(data, way=(*way, Way.PDF))
        if data.startswith(ARCHIVES):
            raise NotRead("This is an archive of several files. Bring one file at a time.", case="archive")
        if data.startswith(PICTURES) or _is_svg(data):
            return await asyncio.to_thread(_in_picture, data, way=way)
        return texts.read(_decoded(data), way=way)

    async def _in_pdf(self, data: bytes, *, way: Ways) -> tuple[Found, ...]:
        """What is attached to a PDF; where nothing is, the code on one of its pages."""
        told = await self.workers.ask(PDF_WORK, data=data)
        attached: list[Found] = []
        for file in map(binascii.a2b_base64, told["files"]):
            attached += await asyncio.to_thread(_in_attachment, file, way=(*way, Way.ATTACHMENT))
        if attached:
            return tuple(attached)
        for picture in map(binascii.a2b_base64, told["pictures"]):
            found = await asyncio.to_thread(_codes, picture)
            if found:
                return texts.read(found[0], way=(*way, Way.CODE))
        message = "There is no certificate attached to this PDF, and no picture of a code on its pages."
        raise NotRead(message, case="paper_only")


def _in_attachment(file: bytes, *, way: Ways) -> tuple[Found, ...]:
    """The credentials in a file of a PDF; none where it is something else, which documents have as well."""
    try:
        if file.startswith(PICTURES) or _is_svg(file):
            return _in_picture(file, way=way)
        found = texts.read(_decoded(file), way=way)
    except NotRead:
        return ()
    return tuple(each for each in found if isinstance(each, Item) and texts.is_promising(each))


def _in_picture(data: bytes, *, way: Ways) -> tuple[Found, ...]:
    """What is baked into a picture, else what its code says; raises NotRead."""
    try:
        return texts.read(baking.extract(data), way=(*way, Way.BADGE))
    except CredentialsError as error:
        if _is_svg(data):
            message = "There is no certificate in this picture."
            raise NotRead(message, case="no_code", code=ReasonCode.MALFORMED) from error
    found = _codes(data)
    if not found:
        message = "There is no certificate in this picture, and no code that can be read."
        raise NotRead(message, case="no_code", code=ReasonCode.MALFORMED)
    return texts.read(found[0], way=(*way, Way.CODE))


def _codes(data: bytes) -> list[str]:
    try:
        return qr.read(data)
    except ServiceError as error:
        raise NotRead(str(error), case="damaged", code=ReasonCode.MALFORMED) from error


def _is_svg(data: bytes) -> bool:
    start = data[:2000].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") and b"<svg" in data[:8000]


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "This file is of a kind that is not read here."
        raise NotRead(message, case="unknown_file") from error


INTAKE = web.AppKey("INTAKE", Intake)


def of(request: web.Request) -> Intake:
    """The intake of the service that answers `request`."""
    return request.config_dict[INTAKE]
