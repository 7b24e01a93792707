"""A child process: the files embedded in a PDF (ISO 32000-2, 7.11.4), told as JSON. It ends where it takes too much."""

import base64
import io
import resource
import sys
from typing import Final

import pypdf
from pypdf.errors import PyPdfError

from keys import strict_json

MEGABYTES: Final = 1024
SECONDS: Final = 10
MOST_FILES: Final = 20
LARGEST: Final = 5_000_000
HOSTILE: Final = (
    PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, OSError,
    NotImplementedError, MemoryError, AssertionError,
)  # fmt: skip
"""What is raised for files that no program of good faith wrote."""


def main() -> None:
    """Answers once."""
    memory = MEGABYTES << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    told: dict[str, list[str]] = {}
    try:
        told = {"files": [base64.b64encode(each).decode("ascii") for each in _files(sys.stdin.buffer.read())]}
    except HOSTILE:
        told = {}
    sys.stdout.buffer.write(strict_json.dump(told))


def _files(data: bytes) -> list[bytes]:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("locked")
    found: list[bytes] = []
    for count, file in enumerate(reader.attachment_list):
        if count >= MOST_FILES:
            break
        if len(file.content) <= LARGEST:
            found.append(file.content)
    return found


if __name__ == "__main__":
    main()
