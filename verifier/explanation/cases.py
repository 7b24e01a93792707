"""What has a case of its own within a reason, above all what people bring that is no certificate; complete by test."""

from collections.abc import Mapping
from typing import Final

from trust.report import Actor
from verifier.explanation.words import Words

PAPER: Final = "Ask the person for the digital certificate, or ask the institution to confirm the paper."
AGAIN: Final = "Ask again in a few minutes. Until then this is neither a yes nor a no."


def _brought(
    headline: str, *, officer: str, todo: str, developer: str, act: Actor = Actor.HOLDER, learner: str = "",
    registrar: str = "",
) -> Words:  # fmt: skip
    """The words for something that was brought; what is not said apart is said as for an officer."""
    return Words(
        headline=headline, officer=officer, learner=learner or officer, registrar=registrar or officer,
        developer=developer, act=act, todo=todo,
    )  # fmt: skip


CASES: Final[Mapping[str, Words]] = {
    "unsigned": Words(
        headline="Nobody has signed this",
        learner="This is only the text of a certificate. Send the certificate itself, as your institution gave it.",
        officer="It has the words of a certificate, but no signature: anybody could have written it.",
        registrar="This is a certificate before it is sealed or signed, or a copy without its seal.",
        developer="The document has no proof, no seal and no enveloping signature.",
        act=Actor.ISSUER,
        todo="Do not rely on it. Ask for the signed certificate.",
    ),
    "seal_unplaced": Words(
        headline="We could not check whose seal this is",
        learner="The seal on your certificate holds. This service cannot look up who made it.",
        officer="The seal holds, and nothing was changed. No list at hand says whose seal it is.",
        registrar="Your seal holds. The trusted list of its country is not followed here, or could not be had.",
        developer="No TS 119 612 list at hand is of the certificate's country and of now; no anchor or entry fits.",
        act=Actor.VERIFIER,
        todo="Ask whoever runs this service to follow the trusted list of that country; the viewer of Europass has it.",
    ),
    "proof_not_read": Words(
        headline="Its kind of proof cannot be checked here",
        learner="Your certificate may be genuine, but this service cannot check its kind of proof.",
        officer="It may be genuine. This service does not know the kind of proof that it carries.",
        registrar="The proof that you put on it is not one that is read here; a JWT or a JCS proof is.",
        developer="The proof type, cryptosuite, context or verification method is not implemented; see the message.",
        act=Actor.ISSUER,
        todo="Ask the institution where it can be checked, or for the same certificate in another form.",
    ),
    "empty": _brought(
        "There is nothing here to check", officer="Nothing was sent.", act=Actor.VERIFIER,
        todo="Paste a certificate or a link to one, or choose a file.", developer="The text or file is empty.",
    ),
    "no_certificate": _brought(
        "There is no certificate in this", officer="It can be read, and there is nothing in it that is a certificate.",
        todo="Ask the person for the certificate itself.", developer="The JSON document has no known form.",
    ),
    "damaged": _brought(
        "This is damaged or incomplete", officer="It cannot be read: a part is missing, or it is locked.",
        todo="Ask for the whole file once more.", developer="The container or document does not parse.",
    ),
    "too_large": _brought(
        "This is too large", officer="It is larger than anything that is read here.",
        todo="Bring the certificate alone.", developer="The limit of bytes or depth was reached.",
    ),
    "too_deep": _brought(
        "This is too deep", officer="It is nested deeper than anything that is read here.",
        todo="Bring the certificate alone.", developer="The limit of nesting was reached.",
    ),
    "too_many": _brought(
        "There are too many at once", officer="It holds more certificates than are checked at once.",
        todo="Bring them in smaller portions.", developer="The limit of items was reached.", act=Actor.VERIFIER,
    ),
    "too_slow": _brought(
        "This takes too long to read", officer="The file is made so that reading it does not come to an end.",
        todo="Ask for the certificate in another form.", developer="The child process was ended by its time limit.",
    ),
    "wallet_link": _brought(
        "This is a link for a wallet",
        officer="This is a link, not a certificate. It is opened by the person who holds it.",
        todo="Ask the person to share the certificate with you.", developer="An openid4vp or offer URI.",
    ),
    "link_refused": _brought(
        "This link is not opened from here",
        officer="It leads to a place that is not on the public internet, or not safe.",
        todo="Ask for the certificate itself.", developer="The guarded client refused the address.",
    ),
    "link_unreachable": _brought(
        "We could not open this link", officer="What lies there could not be had just now.", act=Actor.VERIFIER,
        todo=AGAIN, developer="The server did not answer, not in time, or not in HTTP.",
    ),
    "link_ended": _brought(
        "There is nothing at this link any more", officer="It may have ended, or the person has taken it back.",
        todo="Ask the person for a new link.", developer="The server answered with another status than 200.",
    ),
    "link_to_page": _brought(
        "This link leads to a page for people", officer="The certificate itself does not lie there.",
        todo="Open the page, and look for the certificate as a file, or ask the person for it.",
        developer="The answer is HTML; a certificate or a document with one is read.",
    ),
    "link_to_link": _brought(
        "This link leads to another link", officer="Links are followed once only.",
        todo="Open it yourself, and bring what you find there.", developer="One hop is followed.",
    ),
    "archive": _brought(
        "This is an archive", officer="It holds several files. Bring one file at a time.", act=Actor.VERIFIER,
        todo="Unpack it, and bring one file.", developer="ZIP, gzip, RAR or 7z by its first bytes.",
    ),
    "paper_only": _brought(
        "This is a document without a certificate in it",
        officer="It is a page to look at: no certificate is attached to it, and no code on it is read.",
        todo=PAPER, act=Actor.ISSUER, developer="No embedded file and no raster QR code; vector codes are not read.",
    ),
    "no_code": _brought(
        "There is no certificate in this picture",
        officer="No certificate is hidden in it, and no code in it can be read: it may be blurred or cut off.",
        todo="Take the picture again, straight and close. " + PAPER, developer="No baked badge and no QR code found.",
    ),
    "unknown_file": _brought(
        "This kind of file is not read here", officer="It is not a PDF, a picture, or a text.",
        todo="Ask for the certificate in another form.", developer="The bytes match no known container and no UTF-8.",
    ),
}  # fmt: skip
