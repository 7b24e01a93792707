"""A credential in an SVG: one openbadges:credential element (Open Badges 3.0, 5.3.2; XML read by defusedxml only).

No document type, hence no entities. What is baked must be a picture and nothing else: no script, nothing from outside.
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

import defusedxml  # type: ignore[import-untyped]  # it comes without types
from defusedxml import ElementTree

from credentials.errors import InvalidPicture, TooLarge
from credentials.learning.baking import content

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SVG = "http://www.w3.org/2000/svg"
BADGE = "https://purl.imsglobal.org/ob/v3p0"
PREFIX = "openbadges"
ELEMENT = f"{{{BADGE}}}credential"
STYLE = f"{{{SVG}}}style"
LARGEST, DEEPEST, MOST_ELEMENTS = 2_000_000, 50, 20_000
ACTIVE = ("script", "foreignobject", "iframe", "handler", "listener", "set", "animate", "discard")
PASSIVE_LINK = re.compile(r"#.*|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.DOTALL)
START_TAG = re.compile(r"<[^\s<>/!?=]+(?:\s+[^\s<>=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*(?P<close>/?)>")
BEFORE_ROOT = re.compile(r"\s*(<\?[^?]*(?:\?(?!>)[^?]*)*\?>\s*|<!--(?:[^-]|-(?!-))*-->\s*)*")


class _Reader:
    """What the parser meets: the text of each credential, what does more than draw; not too deep and not too many."""

    def __init__(self) -> None:
        self.root = ""
        self.texts: list[str] = []
        self.active: list[str] = []
        self._depth = self._count = 0
        self._kept: list[str] | None = None  # the text of the credential or style that is open

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth, self._count = self._depth + 1, self._count + 1
        if self._depth > DEEPEST or self._count > MOST_ELEMENTS:
            raise TooLarge("The picture has too many elements or too many levels.")
        if self._kept is not None:
            raise InvalidPicture("A credential or a style holds text, not elements.")
        self.root = self.root or tag
        self.active += _active(tag, attributes)
        if tag in (ELEMENT, STYLE):
            self._kept = [attributes.get("verify", "") if tag == ELEMENT else ""]

    def data(self, text: str) -> None:
        if self._kept is not None:
            self._kept.append(text)

    def pi(self, target: str, _: str | None = None) -> None:
        self.active.append(f"an instruction to {target}")

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._kept is None:
            return
        verify, body = self._kept[0], "".join(self._kept[1:]).strip()
        self._kept = None
        if tag == ELEMENT and verify and body:
            raise InvalidPicture("The picture carries two credentials in one place.")
        if tag == ELEMENT:
            self.texts.append(verify or body)
        elif _leads_out(body):
            self.active.append("a style from elsewhere")

    def close(self) -> "_Reader":
        return self


def bake(picture: bytes, *, credential: str) -> bytes:
    """`picture` with `credential` right behind its first tag; raises InvalidPicture, MalformedCredential, TooLarge."""
    compact = content.is_compact(credential)
    seen = _read(picture)
    if seen.texts:
        raise InvalidPicture("The picture carries a credential already.")
    if seen.active:
        raise InvalidPicture(f"A badge is a picture and nothing else; this one has {seen.active[0]}.")
    text = picture.decode("utf-8")
    prologue = BEFORE_ROOT.match(text.removeprefix("\ufeff"))
    at = len(text) - len(text.removeprefix("\ufeff")) + (prologue.end() if prologue else 0)
    tag = START_TAG.match(text, at)
    if tag is None or f"xmlns:{PREFIX}" in tag[0]:
        raise InvalidPicture("The first tag of the picture cannot be read, or has the prefix of a badge already.")
    opened = tag[0].removesuffix("/>" if tag["close"] else ">").rstrip() + f' xmlns:{PREFIX}="{BADGE}">'
    rest = f"</{tag[0][1:].split()[0].rstrip('/>')}>" if tag["close"] else ""
    baked = (text[:at] + opened + _element(credential, compact=compact) + rest + text[tag.end() :]).encode("utf-8")
    content.found(_read(baked).texts)
    return baked


def extract(picture: bytes) -> str:
    """The text of the one credential in `picture`; raises InvalidPicture or TooLarge."""
    return content.found(_read(picture).texts)


def _read(picture: bytes) -> _Reader:
    if len(picture) > LARGEST:
        raise TooLarge(f"A badge has at most {LARGEST} bytes.")
    reader = _Reader()
    parser = ElementTree.DefusedXMLParser(target=reader, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        picture.decode("utf-8")
        parser.feed(picture)
        parser.close()
    except (ParseError, defusedxml.DefusedXmlException, ValueError, LookupError) as error:
        raise InvalidPicture("The picture is not an SVG without a document type, in UTF-8.") from error
    if reader.root != f"{{{SVG}}}svg":
        raise InvalidPicture("The picture is not an SVG.")
    return reader


def _element(credential: str, *, compact: bool) -> str:
    if compact:
        return f'<{PREFIX}:credential verify="{credential}"></{PREFIX}:credential>'
    escaped = credential.replace("]]>", "]]\\u003e")  # in JSON it can stand in a string only
    return f"<{PREFIX}:credential><![CDATA[{escaped}]]></{PREFIX}:credential>"


def _active(tag: str, attributes: Mapping[str, str]) -> list[str]:
    """What of an element does more than draw: a script, a handler, something from elsewhere."""
    name = tag.rpartition("}")[2].casefold()
    found = [f"the element {name}"] if name.startswith(ACTIVE) else []
    for full, value in attributes.items():
        bare = full.rpartition("}")[2].casefold()
        if bare.startswith("on") or (bare in {"href", "src"} and not PASSIVE_LINK.fullmatch(value.strip())):
            found.append(f"the attribute {bare}")
        if _leads_out(value):
            found.append(f"an address in {bare}")
    return found


def _leads_out(style: str) -> bool:
    """Whether a style fetches something; one that could hide it behind a backslash counts as well."""
    plain = style.casefold()
    return "\\" in plain or "@import" in plain or "url(" in plain.replace("url(#", "")
