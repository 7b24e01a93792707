"""What is read back from a certificate: its text, its files, its pictures."""

import io
import unicodedata
from typing import Any

from pypdf import PdfReader


def read(pdf: bytes) -> PdfReader:
    """The PDF, as any reader sees it."""
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Its text on one line, as people would copy it."""
    pages = " ".join(page.extract_text() for page in read(pdf).pages)
    return " ".join(unicodedata.normalize("NFC", pages).split())


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files inside."""
    return {name: content for name, (content,) in read(pdf).attachments.items()}


def root_of(pdf: bytes) -> Any:
    """The catalogue of the document."""
    return read(pdf).trailer["/Root"]


def links_of(pdf: bytes) -> list[str]:
    """The addresses that its links lead to."""
    notes = [note.get_object() for page in read(pdf).pages for note in page.get("/Annots", [])]
    return [str(note["/A"]["/URI"]) for note in notes if "/A" in note]
