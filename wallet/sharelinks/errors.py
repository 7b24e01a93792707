"""Why a share link shows nothing."""

from service.errors import Gone


class LinkEnded(Gone):
    """The link has run out, was withdrawn, was opened as often as allowed, or never was: which of these is not told."""

    code = "link_ended"
    title = "This link shows nothing"
    safe = "Nobody can see anything here."
    todo = "If you need the certificate, ask whoever gave you the link for a new one."
