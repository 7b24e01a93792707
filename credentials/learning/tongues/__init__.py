"""What the credential type and its claims are called in languages other than English, a module each.

These words are part of the type metadata, whose digest every credential carries (SD-JWT VC, `vct#integrity`): with the
first release they are frozen, and a better word is one of the next version of the type. The words of pages are
elsewhere (`service/languages`), and free to improve.
"""

from collections.abc import Mapping

from credentials.learning.tongues import de, el, es, fr, it, pl, pt

NAMES: Mapping[str, tuple[str, str]] = {
    "de": de.NAME, "el": el.NAME, "es": es.NAME, "fr": fr.NAME, "it": it.NAME, "pl": pl.NAME, "pt": pt.NAME,
}  # fmt: skip
CLAIMS: Mapping[str, Mapping[str, str]] = {
    "de": de.CLAIMS, "el": el.CLAIMS, "es": es.CLAIMS, "fr": fr.CLAIMS, "it": it.CLAIMS, "pl": pl.CLAIMS,
    "pt": pt.CLAIMS,
}  # fmt: skip
