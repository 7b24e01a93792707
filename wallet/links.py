"""What a scanned or pasted text is: an offer, a request, or an address of this wallet that carries one."""

from exchange import offer, request_link, web_address
from exchange.errors import InvalidRequest
from wallet.errors import UnreadableLink

OFFER, REQUEST = "offer", "request"
SCHEMES = {offer.SCHEME: OFFER, offer.HAIP_SCHEME: OFFER, **dict.fromkeys(request_link.SCHEMES, REQUEST)}
LONGEST = 64 * 1024


def kind_of(text: str) -> str:
    """`offer` or `request`; UnreadableLink for anything else."""
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise UnreadableLink("There is no link here, or one that is too long.")
    if said.startswith("{"):
        return OFFER
    for scheme, kind in SCHEMES.items():
        if said.casefold().startswith(scheme):
            return kind
    try:
        names = web_address.parse_query(said.partition("?")[2], what="the link", refusal=InvalidRequest).keys()
    except InvalidRequest as error:
        raise UnreadableLink("This link is not well formed.") from error
    if names & {"credential_offer", "credential_offer_uri"}:
        return OFFER
    if "client_id" in names:
        return REQUEST
    raise UnreadableLink("This is neither an offer of a certificate nor a request for one.")
