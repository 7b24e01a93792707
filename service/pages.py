"""Server-rendered pages: one Jinja environment a service, its own folder first and the shared family behind it.

Autoescaped, strict about undefined names, without inline script or style (the content security policy of
security.md (e) forbids both). Words go through `t()` and, where they count, `tn()`; days, moments and numbers through
filters: `service.languages` says them in the language of whoever reads.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Self

from aiohttp import hdrs, web
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, nodes, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from service.languages import choosing, facts
from service.languages.catalogues import Language, Languages
from service.languages.locales import ENGLISH, day, listed, moment, span, thousands

__all__ = ["ENGLISH", "PAGES", "Asset", "Face", "Pages", "day", "moment", "render", "span", "thousands"]

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
TURNED = frozenset({"arrow", "back", "leave"})  # symbols that point along the line: mirrored where it runs leftwards

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

    def __init__(
        self, *, face: Face, folders: tuple[Path, ...], development: bool, languages: Languages | None = None
    ) -> None:
        self.face = face
        self.assets = {asset.name: asset for folder in reversed(folders) for asset in _assets(folder / "assets")}
        self.languages = Languages.load() if languages is None else languages
        places = [FileSystemLoader(folder / name) for folder in folders for name in ("pages", "templates")]
        self._environment = Environment(
            loader=ChoiceLoader(places),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=development,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        told: dict[str, Callable[..., str]] = {
            "day": day,
            "moment": moment,
            "span": span,
            "thousands": thousands,
            "listed": listed,
        }
        self._environment.filters |= {name: _in_the_language(form) for name, form in told.items()}
        self._environment.filters["told"] = self._told()
        self._environment.globals |= {
            "face": face,
            "asset": lambda name: self.assets[name].path,
            "icon": _drawing_of(self.assets["icons.svg"]),
            "languages": self.languages.names,
            "choose_language": choosing.PATH,
        }

    @classmethod
    def of(cls, package: str, *, face: Face, development: bool) -> Self:
        """The pages of a service's package, before those of the family."""
        folders = tuple(Path(str(resources.files(name))) for name in dict.fromkeys((package, "service")))
        return cls(face=face, folders=folders, development=development)

    def text(self, name: str, /, *, language: str = ENGLISH, **values: Any) -> str:
        """The rendered text of one template, outside of a request (a mail, a sheet to print)."""
        spoken = self.languages.of(language)
        settled = {"csrf": "", "signed_in": "", "may": frozenset(), "path": "", "here": "/", "reference": ""} | values
        words = {"t": spoken.t, "tn": spoken.tn, "language": spoken.tag, "direction": spoken.direction}
        return self._environment.get_template(name).render(**words, **settled)

    def _told(self) -> Callable[..., str]:
        @pass_context
        def told(context: Context, item: str) -> str:
            """An item of a fact in the language of the page."""
            return facts.item_of(item, language=self.languages.of(context.get("language", ENGLISH)))

        return told

    def language(self, tag: str) -> Language:
        """A language's words, for what no template has."""
        return self.languages.of(tag)

    def language_of(self, request: web.Request) -> str:
        """The language that the reader chose; else the one of ours that they prefer; English otherwise."""
        return choosing.language_of(request, languages=self.languages)


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
        "here": request.raw_path if request.method == hdrs.METH_GET else "/",
    }
    text = pages.text(name, language=language, **(known | values))
    response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
    response.headers[hdrs.CONTENT_LANGUAGE] = language
    response.headers["Content-Security-Policy"] = " ".join((POLICY, *form_actions))
    if camera:
        response.headers["Permissions-Policy"] = CAMERA
    return response


def _assets(folder: Path) -> list[Asset]:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [Asset.load(file) for file in files if file.suffix in MEDIA_TYPES]


def spoken(request: web.Request) -> Language:
    """The language that an answer to `request` is in, for words that no template has."""
    pages = request.config_dict[PAGES]
    return pages.language(pages.language_of(request))


def _in_the_language(form: Callable[..., str]) -> Callable[..., str]:
    """The form of a number or a date as a filter, in the language of the page that it stands on."""

    @pass_context
    def filtered(context: Context, value: Any) -> str:
        return form(value, language=context.get("language", ENGLISH))

    return filtered


def _drawing_of(sheet: Asset) -> Callable[..., Markup]:
    symbols = {name: (box, body.strip()) for name, box, body in SYMBOL.findall(sheet.content.decode("utf-8"))}

    def icon(name: str, *, size: str = "") -> Markup:
        """The symbol `name`, drawn in place; always beside a word, so hidden from screen readers."""
        box, body = symbols[name]
        kind = " ".join(("icon", *((f"icon-{size}",) if size else ()), *(("turns",) if name in TURNED else ())))
        drawing = '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>'
        return Markup(drawing).format(kind, box, Markup(body))  # noqa: S704  # our own sheet of symbols, from the package

    return icon


def texts_of(source: str) -> Iterator[tuple[str, ...]]:
    """The texts of a template: ("t", message), ("tn", one, many), and ("", text) for each that stands elsewhere."""
    tree = Environment(autoescape=True).parse(source)
    called: set[int] = set()
    for call in tree.find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        told = [each for each in call.args if isinstance(each, nodes.Const) and isinstance(each.value, str)]
        if name in {"t", "tn"} and told:
            called |= {id(each) for each in told}
            yield (name, *(each.value for each in told))
    for each in tree.find_all(nodes.Const):
        if isinstance(each.value, str) and id(each) not in called:
            yield "", each.value
