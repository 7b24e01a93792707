"""Which parts of the service speak which language, whole. A text without its words is said in English, whole.

A test holds every catalogue to this table and docs/languages.md tells it. Whoever adds a text to a surface that is
complete adds its words to each language named here, or takes the language out of the row: half a page is worse.
"""

from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Final

SURFACES: Final[Mapping[str, tuple[str, ...]]] = {
    "every page": (
        "service/templates/layout.html", "service/templates/ui.html", "service/templates/error.html",
        "service/templates/help.html", "service/templates/privacy.html", "service/templates/accessibility.html",
    ),
    "facts": ("credentials/learning",),
    "who stands behind it": (
        "service/templates/trust.html", "trust/telling/words.py", "trust/telling/assurance_words.py",
        "trust/telling/seals.py",
    ),
    "wallet": (
        "wallet/pages/base.html", "wallet/pages/welcome.html", "wallet/pages/certificates.html",
        "wallet/pages/certificate.html", "wallet/pages/offer.html", "wallet/pages/pin.html",
        "wallet/pages/received.html", "wallet/pages/remove.html", "wallet/pages/scan.html", "wallet/pages/request.html",
        "wallet/pages/shared.html", "wallet/pages/history.html", "wallet/pages/sign_in.html",
        "wallet/pages/sign_up.html", "wallet/pages/settings.html", "wallet/pages/left.html", "wallet/pages/parts.html",
    ),
    "claim page": (
        "issuer/pages/claim.html", "issuer/pages/claimed.html", "issuer/pages/certificate.html",
        "issuer/pages/certificate_check.html", "issuer/pages/mail_stop.html",
    ),
    "mails": ("issuer/pages/mail/*", "issuer/delivery/letters.py"),
    "certificate": ("issuer/delivery/paper/certificate.py",),
    "verdict": (
        "verifier/pages/base.html", "verifier/pages/home.html", "verifier/pages/check.html", "verifier/pages/ask.html",
        "verifier/pages/waiting.html", "verifier/pages/ended.html", "verifier/pages/verdict.html",
        "verifier/pages/sheet.html", "verifier/explanation/*", "verifier/templates.py",
    ),
    "catalogue": (
        "issuer/pages/home.html", "issuer/pages/catalogue.html", "issuer/pages/catalogue_all.html",
        "issuer/pages/course.html",
    ),
}  # fmt: skip
"""The files of each surface, as the catalogues name them; a surface in no row of COMPLETE is partly said."""

OTHERS: Final = ("it", "fr", "de", "es", "pl", "el", "pt")
"""Every language but that of the code."""

COMPLETE: Final[Mapping[str, tuple[str, ...]]] = {
    "every page": OTHERS,
    "facts": OTHERS,
    "who stands behind it": OTHERS,
    "wallet": OTHERS,
    "claim page": OTHERS,
    "mails": OTHERS,
    "certificate": OTHERS,
}
"""The languages in which each surface is said, whole."""


def belongs(place: str, *, surface: str) -> bool:
    """Whether a file is part of a surface."""
    return any(fnmatch(place, pattern) for pattern in SURFACES[surface])
