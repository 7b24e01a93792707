"""Server-rendered pages: one Jinja environment a service, its own folder first and the shared family behind it.

Autoescaped, strict about undefined names, without inline script or style (the content security policy of
security.md (e) forbids both). Words go through `t()`, so that a language is a JSON file and not a change of templates.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, Self

from aiohttp import hdrs, web
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

SYMBOL = re.compile(r'<symbol id="([a-z-]+)" viewBox="([0-9 ]+)">(.*?)</symbol>', re.DOTALL)
MEDIA_TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
CAMERA = "camera=(self), microphone=(), geolocation=()"
ENGLISH = "en"
SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))

CSRF = web.RequestKey("CSRF", str)  # set by sessions; what csrf_field() puts into forms
SIGNED_IN = web.RequestKey("SIGNED_IN", str)  # the name to show as signed in
MAY = web.RequestKey("MAY", frozenset[str])  # what whoever is signed in may do, where a service tells people apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A static file, held in memory, addressed by the hash of its content so that it can be cached for ever."""

    name: str
    content: bytes
    media_type: str
    digest: str

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"/assets/{self.digest}/{self.name}"

    @classmethod
    def load(cls, file: Path) -> Self:
        """The asset in `file`."""
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        return cls(name=file.name, content=content, media_type=MEDIA_TYPES[file.suffix], digest=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What people see a service as: its name, one line beneath it, and whether its pages are wide consoles.

    `told` is what its pages tell of its settings, by name.
    """

    title: str
    tagline: str
    wide: bool = False
    told: Mapping[str, str] = field(default_factory=dict)


class Pages:
    """The templates, assets and words of one service."""

    def __init__(self, *, face: Face, folders: tuple[Path, ...], development: bool) -> None:
        self.face = face
        self.assets = {asset.name: asset for folder in reversed(folders) for asset in _assets(folder / "assets")}
        self.languages = _languages(folders)
        places = [FileSystemLoader(folder / name) for folder in folders for name in ("pages", "templates")]
        self._environment = Environment(
            loader=ChoiceLoader(places),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=development,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"day": day, "moment": moment, "thousands": thousands}
        self._environment.globals |= {
            "face": face,
            "asset": lambda name: self.assets[name].path,
            "icon": _drawing_of(self.assets["icons.svg"]),
            "languages": tuple(self.languages),
        }

    @classmethod
    def of(cls, package: str, *, face: Face, development: bool) -> Self:
        """The pages of a service's package, before those of the family."""
        folders = tuple(Path(str(resources.files(name))) for name in dict.fromkeys((package, "service")))
        return cls(face=face, folders=folders, development=development)

    def text(self, name: str, /, *, language: str = ENGLISH, **values: Any) -> str:
        """The rendered text of one template, outside of a request (a mail, a sheet to print)."""
        words = self.languages.get(language, {})
        settled = {"csrf": "", "signed_in": "", "may": frozenset(), "path": "", "reference": ""} | values
        return self._environment.get_template(name).render(t=_translator(words), language=language, **settled)

    def translator(self, language: str) -> Callable[..., str]:
        """The `t()` of a language, for words that no template has."""
        return _translator(self.languages.get(language, {}))

    def language_of(self, request: web.Request) -> str:
        """The first language the reader prefers that we have; English otherwise."""
        for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(","):
            tag = part.partition(";")[0].strip().casefold()
            for known in (tag, tag.partition("-")[0]):
                if known in self.languages:
                    return known
        return ENGLISH


PAGES = web.AppKey("PAGES", Pages)


def render(  # the wider signature is the contract with every view
    request: web.Request, name: str, /, *, status: int = 200, camera: bool = False,
    form_actions: tuple[str, ...] = (), **values: Any,
) -> web.Response:  # fmt: skip
    """The page `name` as an answer to `request`.

    `camera` lets this page ask for the camera; `form_actions` are foreign origins that a form of this page may end at,
    since browsers hold redirects after a form to the policy as well.
    """
    pages = request.config_dict[PAGES]
    language = pages.language_of(request)
    known = {
        "csrf": request.get(CSRF, ""),
        "signed_in": request.get(SIGNED_IN, ""),
        "may": request.get(MAY, frozenset()),
        "path": request.path,
    }
    text = pages.text(name, language=language, **(known | values))
    response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
    response.headers[hdrs.CONTENT_LANGUAGE] = language
    response.headers["Content-Security-Policy"] = " ".join((POLICY, *form_actions))
    if camera:
        response.headers["Permissions-Policy"] = CAMERA
    return response


def day(value: date) -> str:
    """A date in words: 30 June 2026."""
    return f"{value.day} {value:%B} {value.year}"


def moment(value: datetime) -> str:
    """A moment in words, with its zone: 30 June 2026, 14:05 UTC."""
    there = value.astimezone(UTC)
    return f"{day(there)}, {there:%H:%M} UTC"


def span(value: timedelta) -> str:
    """A span of time in words, in the largest unit that says it whole: 10 minutes, 1 hour, 90 seconds."""
    seconds = int(value.total_seconds())
    size, name = next(unit for unit in SPANS if seconds % unit[0] == 0)
    count = seconds // size
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def thousands(value: int) -> str:
    """A number as people read it: 12,400."""
    return f"{value:,}"


def _assets(folder: Path) -> list[Asset]:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [Asset.load(file) for file in files if file.suffix in MEDIA_TYPES]


def _languages(folders: tuple[Path, ...]) -> dict[str, dict[str, str]]:
    """Words by language; a service's own file adds to the family's. English is the text of the templates itself."""
    known: dict[str, dict[str, str]] = {ENGLISH: {}}
    for folder in reversed(folders):
        for file in sorted((folder / "languages").glob("*.json")):
            known.setdefault(file.stem, {}).update(json.loads(file.read_text("utf-8")))
    return known


def _translator(words: Mapping[str, str]) -> Callable[..., str]:
    def t(message: str, **values: object) -> str:
        """`message` in the reader's language, with its {names} filled in."""
        told = words.get(message, message)
        return told.format(**values) if values else told

    return t


def _drawing_of(sheet: Asset) -> Callable[..., Markup]:
    symbols = {name: (box, body.strip()) for name, box, body in SYMBOL.findall(sheet.content.decode("utf-8"))}

    def icon(name: str, *, size: str = "") -> Markup:
        """The symbol `name`, drawn in place; always beside a word, so hidden from screen readers."""
        box, body = symbols[name]
        kind = f"icon icon-{size}" if size else "icon"
        drawing = '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>'
        return Markup(drawing).format(kind, box, Markup(body))  # noqa: S704  # our own sheet of symbols, from the package

    return icon
