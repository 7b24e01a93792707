"""What is in a text or a file: told by its content, never by its name. Nothing in it is run.

Compact credentials, the JSON that wraps them (VCDM 2.0 section 4.13, OpenID4VCI 1.0 section 8.3), baked badges (Open
Badges 3.0), files inside a PDF (ISO 32000-2, 7.11.4), codes in pictures.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials.errors import CredentialsError
from credentials.learning import baking
from keys import strict_json
from keys.errors import KeysError
from service import attachments, qr
from service.errors import ServiceError
from wallet.importing.errors import NothingInside

LARGEST: Final = 5 << 20
LONGEST: Final = 200_000  # of one credential
MOST: Final = 20
DEEPEST: Final = 6
PDF: Final = b"%PDF-"
PDF_WITHIN: Final = 1024
PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(~[A-Za-z0-9_.~-]*)?")
ENVELOPE: Final = re.compile(r"data:application/[a-z+.-]+,(.+)", re.DOTALL)
WRAPPERS: Final = ("credential", "credentials", "verifiableCredential", "vc", "jwt")
NOTHING = "There is no certificate in it that can be read here."


def texts(raw: str) -> tuple[str, ...]:
    """The compact credentials in a text; raises NothingInside."""
    if len(raw) > LARGEST:
        raise NothingInside("It is larger than anything that is read here.")
    found = tuple(dict.fromkeys(_in_text(raw.strip().removeprefix("\ufeff"), depth=0)))
    if not found:
        raise NothingInside(NOTHING)
    if len(found) > MOST or any(len(each) > LONGEST for each in found):
        raise NothingInside(f"At most {MOST} certificates are added at once, each of at most {LONGEST} characters.")
    return found


async def file(data: bytes) -> tuple[str, ...]:
    """The compact credentials in a file; raises NothingInside or UnreadablePdf."""
    if len(data) > LARGEST:
        raise NothingInside(f"A file has at most {LARGEST >> 20} MiB.")
    if PDF in data[:PDF_WITHIN]:
        return await _in_pdf(data)
    return await asyncio.to_thread(_in_file, data)


async def _in_pdf(data: bytes) -> tuple[str, ...]:
    found: list[str] = []
    for each in await attachments.files_of(data):
        try:
            found += await asyncio.to_thread(_in_file, each)
        except NothingInside:
            continue  # documents have other files inside as well
    if not found:
        raise NothingInside("There is no certificate attached to this PDF.")
    return tuple(dict.fromkeys(found))[:MOST]


def _in_file(data: bytes) -> tuple[str, ...]:
    if data.startswith(PICTURES) or _is_svg(data):
        return texts(_in_picture(data))
    try:
        return texts(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NothingInside("This file is of a kind that is not read here.") from error


def _in_picture(data: bytes) -> str:
    try:
        return baking.extract(data)
    except CredentialsError as error:
        if _is_svg(data):
            raise NothingInside("There is no certificate in this picture.") from error
    try:
        found = qr.read(data)
    except ServiceError as error:
        raise NothingInside("There is no certificate in this picture, and no code that can be read.") from error
    if not found:
        raise NothingInside("There is no certificate in this picture, and no code that can be read.")
    return found[0]


def _in_text(text: str, *, depth: int) -> Iterator[str]:
    joined = re.sub(r"\s+", "", text)
    envelope = ENVELOPE.fullmatch(joined)
    if envelope is not None:
        joined = envelope[1]
    if COMPACT.fullmatch(joined):
        yield _issued(joined)
    elif text[:1] in ("{", "[", '"') and depth < DEEPEST:
        try:
            value = strict_json.parse(text, limit=LARGEST)
        except KeysError:
            return
        yield from _in_value(value, depth=depth + 1)


def _in_value(value: Any, *, depth: int) -> Iterator[str]:
    match value:
        case str():
            yield from _in_text(value.strip(), depth=depth)
        case list() if depth < DEEPEST:
            for each in value[: MOST + 1]:
                yield from _in_value(each, depth=depth + 1)
        case {"id": str(id_)} if id_.startswith("data:application/"):
            yield from _in_text(id_, depth=depth)
        case Mapping() if depth < DEEPEST:
            for name in WRAPPERS:
                if name in value:
                    yield from _in_value(value[name], depth=depth + 1)


def _issued(compact: str) -> str:
    """An SD-JWT without the proof of whoever showed it; a JWT as it is."""
    return compact[: compact.rindex("~") + 1] if "~" in compact else compact


def _is_svg(data: bytes) -> bool:
    start = data[:2000].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") and b"<svg" in data[:8000]
