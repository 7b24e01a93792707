"""The headers that protect people (security.md (e)): those of every answer, whoever gives it."""

from collections.abc import Mapping

from aiohttp import hdrs

from service.settings import Settings

NAME = "Pergamena"  # and not which versions it is made of
NOTHING = "default-src 'none'; frame-ancestors 'none'"
TWO_YEARS = "max-age=63072000; includeSubDomains"


def of_every_answer(settings: Settings) -> Mapping[str, str]:
    """What is said with every answer that has no reason to say it otherwise."""
    told = {
        "Content-Security-Policy": NOTHING,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        hdrs.CACHE_CONTROL: "no-store",
        hdrs.SERVER: NAME,
    }
    return told | ({"Strict-Transport-Security": TWO_YEARS} if settings.secure else {})
