"""Keeps the catalogues up with the tree: what is new stands in each, waiting for its words; what went is set aside.

GNU gettext PO files without dates and line numbers, so that the same tree always gives the same bytes. Nothing is
guessed: a text that changed is a new text, and its old translation stands below under `#~` until somebody uses it.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from service import pages
from service.languages import catalogues, extraction, facts
from service.languages.extraction import Found, Message

WIDTH = 118
FACTS = "credentials/learning"


def messages(root: Path) -> Mapping[Message, tuple[str, ...]]:
    """Every message of the tree at `root`, with the files where it stands."""
    return extraction.gather(_found(root))


def update(file: Path, *, told: Mapping[Message, tuple[str, ...]]) -> int:
    """Brings one catalogue up to date; how many messages it has no words for."""
    before = catalogues.read(file)
    after = Catalog(locale=file.stem)
    for message, places in told.items():
        known = before.get(message) or before.obsolete.get(_key(message))
        kept = known.string if known and isinstance(known.id, str) == isinstance(message, str) else None
        flags = known.flags if known and kept else ()
        after.add(message, kept, locations=[(place, 0) for place in places], flags=flags)
    for known in (*before, *before.obsolete.values()):
        if known.id and known.string and known.id not in after:
            after.obsolete[_key(known.id)] = known
    file.write_bytes(text_of(after))
    return sum(1 for message in after if message.id and not _is_said(message.string))


def text_of(catalogue: Catalog) -> bytes:
    """The file of a catalogue, the same bytes for the same content."""
    body = BytesIO()
    write_po(body, catalogue, width=WIDTH, omit_header=True, include_lineno=False)
    return _head(catalogue).encode() + body.getvalue().strip() + b"\n"


def _head(catalogue: Catalog) -> str:
    locale = catalogue.locale
    if locale is None:
        raise ValueError("A catalogue is of a language.")
    name = Locale.parse("en").languages[locale.language]
    lines = (f"Language: {locale}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
             "Content-Transfer-Encoding: 8bit", f"Plural-Forms: {catalogue.plural_forms}")  # fmt: skip
    said = "".join(f'"{line}\\n"\n' for line in lines)
    return f'# {name}: what Pergamena says. `make languages` keeps it up with the tree.\nmsgid ""\nmsgstr ""\n{said}\n'


def _found(root: Path) -> Iterator[Found]:
    yield from (Found(message=word, place=FACTS) for word in facts.words())
    for file in extraction.files(root):
        place, source = file.relative_to(root).as_posix(), file.read_text("utf-8")
        if file.suffix == ".py":
            yield from extraction.of_code(source, place=place)
        else:
            yield from extraction.of_template(pages.texts_of(source), place=place)


def _key(message: Message | list[str]) -> str:
    """What Babel files a message under."""
    return message if isinstance(message, str) else message[0]


def _is_said(string: str | Sequence[str] | None) -> bool:
    """Whether every form of a message has its words."""
    return bool(string) and all([string] if isinstance(string, str) else string or ())
