"""A ZIP of certificates (APPNOTE.TXT 6.3, sections 4.3 and 4.4), read in place: no name in it is ever a path here.

Bounds come before trust: the directory at its end is measured before it is read, and what is unpacked is counted as it
comes, whatever the archive says of its own sizes.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from trust.report import ReasonCode
from verifier.bulk.entries import LONGEST_NAME, MOST, Entry
from verifier.bulk.errors import NotReadable, TooMany
from verifier.intake import opening

START: Final = (b"PK\x03\x04", b"PK\x05\x06")
END: Final = b"PK\x05\x06"
END_FORM: Final = struct.Struct("<4s4H2LH")
LONGEST_COMMENT: Final = 0xFFFF
LARGEST_DIRECTORY: Final = 8 << 20
ENCRYPTED: Final = 0x1
READ_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
NOT_WHOLE = "This ZIP is damaged, or not whole."


def is_archive(stream: IO[bytes]) -> bool:
    """Whether the file begins as a ZIP does; it is at its start again."""
    head = stream.read(4)
    stream.seek(0)
    return head in START


def entries(stream: IO[bytes]) -> Iterator[Entry]:
    """The files of a ZIP, in its order; raises NotReadable, TooMany."""
    _measure(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise NotReadable(NOT_WHOLE) from error
    with archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield _entry(archive, info)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    name = info.filename[:LONGEST_NAME]
    if info.flag_bits & ENCRYPTED or info.compress_type not in READ_METHODS:
        return Entry.unread(
            name, why="This file is encrypted, or packed in a way that is not read here.",
            code=ReasonCode.UNSUPPORTED_FORMAT,
        )  # fmt: skip
    try:
        with archive.open(info) as file:
            content = file.read(opening.LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error):
        return Entry.unread(name, why="This file is damaged within the ZIP.")
    if len(content) > opening.LARGEST:
        return Entry.unread(name, why="This file is larger than anything that is read here.", code=ReasonCode.LIMITS)
    return Entry(name=name, content=content)


def _measure(stream: IO[bytes]) -> None:
    """Refuses a directory that would be a burden to read; it is the only part that is read whole."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - LONGEST_COMMENT - END_FORM.size))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_FORM.size:
        raise NotReadable(NOT_WHOLE)
    _, _, _, _, number, directory, _, _ = END_FORM.unpack_from(tail, at)
    if number > MOST + MOST // 10:  # folders have entries too
        raise TooMany(f"At most {MOST} certificates are checked at once.")
    if directory > LARGEST_DIRECTORY:
        raise NotReadable("The directory of this ZIP is larger than any of that many files.")
    if tail.find(b"PK\x06\x07", max(0, at - 20), at) >= 0:
        raise NotReadable("A ZIP of the 64-bit kind is not needed for so few files, and is not read here.")
