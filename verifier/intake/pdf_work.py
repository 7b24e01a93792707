"""A child process: what a PDF carries (ISO 32000-2, 7.11.4 embedded files; pictures on its pages).

The one door to pypdf. Nothing is drawn: a code that is drawn with lines, not as a picture, is not found.
"""

import base64
import io
import sys
from collections.abc import Iterator
from typing import Any, Final

import pypdf
from pypdf.errors import PyPdfError

from keys import strict_json
from trust.report import ReasonCode
from verifier.intake import confinement

MOST_PAGES: Final = 30
MOST_FILES: Final = 20
MOST_PICTURES: Final = 20
LARGEST: Final = 5_000_000
HOSTILE: Final = (
    PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, OSError,
    NotImplementedError, MemoryError, ImportError, AssertionError,
)  # fmt: skip
"""What is raised for files that no program of good faith wrote."""


def main() -> None:
    """Answers once."""
    confinement.confine(megabytes=1024, seconds=10)
    try:
        told = _contents(sys.stdin.buffer.read())
    except HOSTILE:
        told = {
            "refused": "This PDF is damaged, or protected with a password.", "case": "damaged",
            "code": ReasonCode.MALFORMED.value,
        }  # fmt: skip
    sys.stdout.buffer.write(strict_json.dump(told))


def _contents(data: bytes) -> dict[str, Any]:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("locked")
    files = [*_files(reader)]
    return {
        "files": [_text(each) for each in files],
        "pictures": [] if files else [_text(each) for each in _pictures(reader)],
        "pages": len(reader.pages),
    }


def _files(reader: pypdf.PdfReader) -> Iterator[bytes]:
    """The embedded files of the document, those first that say to be JSON or a token."""
    for count, file in enumerate(reader.attachment_list):
        if count >= MOST_FILES:
            return
        content = file.content
        if len(content) <= LARGEST:
            yield content


def _pictures(reader: pypdf.PdfReader) -> Iterator[bytes]:
    count = 0
    for page in reader.pages[:MOST_PAGES]:
        for picture in page.images:
            count += 1
            if count > MOST_PICTURES:
                return
            if len(picture.data) <= LARGEST and (png := _png(picture)) is not None:
                yield png


def _png(picture: Any) -> bytes | None:
    """The picture in the form that is read here; None where its own form cannot be opened."""
    try:
        out = io.BytesIO()
        picture.image.convert("L").save(out, "PNG")
        return out.getvalue()
    except HOSTILE:
        return None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


if __name__ == "__main__":
    main()
