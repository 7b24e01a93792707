"""Which language a person gets: what they chose, else what their browser prefers (RFC 9110 section 12.5.4).

The choice is a cookie that says a language and nothing else; it is set by a plain form that works without script and
changes nothing but the words, so that it needs no session and no token.
"""

from collections.abc import Container
from typing import Final

from aiohttp import hdrs, web

from service.errors import BadRequest
from service.languages.catalogues import Languages
from service.languages.locales import ENGLISH

COOKIE: Final = "pergamena-language"
YEAR: Final = 365 * 24 * 3600
PATH: Final = "/language"


def language_of(request: web.Request, *, languages: Languages) -> str:
    """The reader's choice; else the language we have that they prefer; English otherwise."""
    return chosen(request, languages=languages) or preferred(
        request.headers.get(hdrs.ACCEPT_LANGUAGE, ""), languages=languages
    )


def chosen(request: web.Request, *, languages: Container[str]) -> str | None:
    """The language that the reader chose here."""
    tag = request.cookies.get(COOKIE)
    return tag if tag is not None and tag in languages else None


def preferred(header: str, *, languages: Container[str]) -> str:
    """The best of our languages for an Accept-Language, by weight and then by order; English otherwise."""
    weighed = [_weigh(part) for part in header.split(",")[:32]]
    for tag, _ in sorted(((tag, weight) for tag, weight in weighed if weight > 0), key=lambda pair: -pair[1]):
        for known in (tag, tag.partition("-")[0]):
            if known in languages:
                return known
    return ENGLISH


def back_to(asked: str) -> str:
    """A place of this very site; its start where what was asked is none."""
    plain = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked and asked.isprintable()
    return asked if plain else "/"


def choose(request: web.Request, *, languages: Container[str], secure: bool) -> web.Response:
    """Remembers the language asked for and goes back to the page; raises BadRequest for one that is not ours."""
    tag = request.query.get("to", "")
    if tag not in languages:
        raise BadRequest("These pages are not there in that language.")
    answer = web.Response(status=303, headers={hdrs.LOCATION: back_to(request.query.get("back", "/"))})
    answer.set_cookie(COOKIE, tag, max_age=YEAR, path="/", httponly=True, samesite="Lax", secure=secure)
    return answer


def _weigh(part: str) -> tuple[str, float]:
    tag, _, weight = part.partition(";")
    said = weight.strip().removeprefix("q=")
    try:
        return tag.strip().casefold(), float(said) if said else 1.0
    except ValueError:
        return tag.strip().casefold(), 0.0
