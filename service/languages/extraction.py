"""The words of the tree: every English text that people are shown, with the files where it stands.

In a template that is what `t()` and `tn()` are given, and every other text that reads like words, since macros hand
their labels to `t()`. In code it is what `t()` is given, what is raised, and texts that read like a sentence; of a
sentence that is put together, the fields become {names} (see `service.languages.sentences`).
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

Message = str | tuple[str, str]

PACKAGES: Final = ("service", "wallet", "issuer", "verifier", "registry", "pergamena", "trust")
SILENT: Final = (
    "service/database.py", "service/migration.py", "service/openapi.py", "service/settings.py", "service/telemetry.py",
    "service/paper/*", "service/jobs/*", "service/languages/*", "*/migrations/*", "*/settings.py", "*_schemas.py",
    "pergamena/*.py", "issuer/catalogue/oeapi*", "issuer/catalogue/loq*", "registry/ebsi/*", "issuer/cohorts/*",
    "issuer/notices/*", "*_api.py", "*/web/api.py", "registry/api.py", "trust/quality/*", "service/outbound.py",
    "service/upkeep/*", "service/serving/*", "service/app.py",
)  # fmt: skip
"""Code that speaks to operators and programs, never on a page for a learner, an employer or a registrar."""
DESCRIBED: Final = frozenset({"summary", "meaning", "description", "help", "metavar", "pattern", "alias", "comment"})
"""Arguments that describe an interface to programmers."""
WORDS: Final = re.compile(r"[^\W\d_].*[^\W\d_]", re.DOTALL)
LABEL: Final = re.compile(r"[A-Z“][\w’'“”,;:.!?()…·&{}/ -]*")
MARKUP: Final = re.compile(r"[<>=]|://|[a-z]_[a-z]|^[A-Z-]+$|^[A-Z][a-z]+(-[A-Z]\w+)+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One text, and where it stands."""

    message: Message
    place: str


def of_template(parts: Iterable[tuple[str, ...]], *, place: str) -> Iterator[Found]:
    """The words among the texts of a template: calls have all that they are given, other texts stand alone."""
    for kind, *texts in parts:
        if kind == "tn":
            yield Found(message=(texts[0], texts[1]), place=place)
        elif kind == "t" or is_label(texts[0]):
            yield Found(message=texts[0], place=place)


def of_code(source: str, *, place: str) -> Iterator[Found]:
    """The words of a module."""
    tree = ast.parse(source)
    passed = _passed(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (calls := _called(node)):
            yield from (Found(message=message, place=place) for message in calls)
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in passed:
            text = text_of(node)
            if text is not None and is_sentence(text):
                yield Found(message=text, place=place)


def is_label(text: str) -> bool:
    """Whether a text of a template reads like words: it begins as a label does."""
    return bool(LABEL.fullmatch(text) and WORDS.search(text) and not MARKUP.search(text)) or text == "PIN"


def is_sentence(text: str) -> bool:
    """Whether a text of code reads like words for people: it begins as a sentence, and has several words."""
    return bool(text[:1].isupper() or text[:1] in "“{") and " " in text.strip() and is_wordy(text)


def is_wordy(text: str) -> bool:
    """Whether there is anything to translate in it."""
    bare = re.sub(r"\{[^}]*\}", "", text)
    return bool(re.search(r"[^\W\d_]{2,} |[^\W\d_]{3,}", bare)) and not MARKUP.search(bare) and "\n" not in bare


def text_of(node: ast.expr) -> str | None:
    """The text of a literal, with {names} where it is filled in; None for what is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return _template(parts)
    return None


def _template(parts: Iterable[ast.expr]) -> str:
    told, used = "", dict[str, int]()
    for part in parts:
        if isinstance(part, ast.FormattedValue):
            name = _field(part.value)
            used[name] = used.get(name, 0) + 1
            told += f"{{{name}}}" if used[name] == 1 else f"{{{name}_{used[name]}}}"
        elif isinstance(part, ast.Constant):
            told += str(part.value)
    return told


def _field(value: ast.expr) -> str:
    """What a field is called: the last name in its expression."""
    names = [each.attr if isinstance(each, ast.Attribute) else each.id for each in ast.walk(value)
             if isinstance(each, ast.Attribute | ast.Name)]  # fmt: skip
    name = names[0].strip("_").casefold() if names else "value"
    return name if name.isascii() and name.isidentifier() else "value"


def _called(call: ast.Call) -> list[Message]:
    """What t() and tn() are given as they are called here."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [text for argument in call.args[:2] if isinstance(argument, ast.Constant) and (text := text_of(argument))]
    if name == "t" and texts:
        return [texts[0]]
    return [(texts[0], texts[1])] if name == "tn" and len(texts) > 1 else []


def _passed(tree: ast.AST) -> set[int]:
    """The texts that are for programmers: docstrings, descriptions of an interface, pieces of a text put together."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as told):
                silent.add(id(told))
            case ast.JoinedStr():
                silent |= {id(each) for part in node.values for each in ast.walk(part)}
            case ast.Raise(exc=ast.Call(func=ast.Name(id="TypeError" | "ValueError" | "RuntimeError")) as made):
                silent |= {id(each) for argument in made.args for each in ast.walk(argument)}
            case ast.Call():
                silent |= _silent_arguments(node)
    return silent


def _silent_arguments(call: ast.Call) -> set[int]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    described = [word.value for word in call.keywords if word.arg in DESCRIBED]
    if name in {"page_at", "form_at", "note", "compile", "t", "tn", "api_at"}:
        described += call.args
    return {id(each) for argument in described for each in ast.walk(argument)}


def gather(found: Iterable[Found]) -> Mapping[Message, tuple[str, ...]]:
    """Each message with its places, both in order; a plural form takes the place of its singular."""
    places: dict[Message, set[str]] = {}
    for each in found:
        places.setdefault(each.message, set()).add(each.place)
    for message in [message for message in places if isinstance(message, tuple)]:
        places[message] |= places.pop(message[0], set())
    ordered = sorted(
        places.items(), key=lambda item: (min(item[1]), item[0] if isinstance(item[0], str) else item[0][0])
    )
    return {message: tuple(sorted(where)) for message, where in ordered}


def files(root: Path) -> Iterator[Path]:
    """The templates and the code that is read, in order."""
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*")):
            place = file.relative_to(root)
            if file.suffix in {".html", ".txt"} or (
                file.suffix == ".py" and not any(fnmatch(str(place), silent) for silent in SILENT)
            ):
                yield file
