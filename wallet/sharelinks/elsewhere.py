"""What a link is used with elsewhere: the fields of a LinkedIn profile, a badge for a web page, a sheet of paper."""

import base64
import html
from datetime import date, datetime

from yarl import URL

from credentials.learning import summary
from credentials.learning.baking import artwork
from credentials.learning.view import State
from service.languages.catalogues import Language
from service.paper.press import Attachment
from wallet import holding
from wallet.paper.sheets import Paper
from wallet.sharelinks.links import Link

LINKEDIN = "https://www.linkedin.com/profile/add"
WIDTH = 160


def linkedin_fields(link: Link, *, awarded: date | None, expires: datetime | None) -> dict[str, str]:
    """The fields of "Licences & certifications", to be copied by hand: filling them in by link is not promised."""
    fields = {"Name": link.title, "Issuing organisation": link.issuer, "Credential URL": link.address}
    if awarded is not None:
        fields["Issue date"] = f"{awarded:%Y-%m}"
    if expires is not None:
        fields["Expiration date"] = f"{expires:%Y-%m}"
    return fields


def linkedin_address(link: Link, *, awarded: date | None, expires: datetime | None) -> str:
    """The address that opens LinkedIn's form, with what it takes in filled in."""
    query = {
        "startTask": "CERTIFICATION_NAME",
        "name": link.title,
        "organizationName": link.issuer,
        "certUrl": link.address,
    }
    if awarded is not None:
        query |= {"issueYear": str(awarded.year), "issueMonth": str(awarded.month)}
    if expires is not None:
        query |= {"expirationYear": str(expires.year), "expirationMonth": str(expires.month)}
    return str(URL(LINKEDIN).with_query(query))


def badge(link: Link) -> str:
    """Some HTML for a page of one's own: the link around a picture that is inside, so that nobody is asked for it."""
    drawn = base64.b64encode(artwork.draw(title=link.title, issuer=link.issuer)).decode()
    words = html.escape(f"{link.title}, {link.issuer}", quote=True)
    return (
        f'<a href="{html.escape(link.address, quote=True)}" rel="noopener noreferrer nofollow">'
        f'<img src="data:image/svg+xml;base64,{drawn}" width="{WIDTH}" height="{WIDTH}" alt="{words}"></a>'
    )


def shown_facts(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every fact that the copy of a link shows, in the order of a card, and no other."""
    facts = summary.facts(summary.see(holding.read(text)))
    return tuple((fact.label, fact.items) for fact in facts if fact.state is State.PRESENT and fact.items)


def paper(link: Link, *, tongue: Language, base_url: str, now: datetime) -> Paper:
    """Exactly what the link shows, on paper, with the copy inside and the address beside it."""
    t = tongue.t
    kind = "application/dc+sd-jwt" if "~" in link.text else "application/vc+jwt"
    inside = Attachment(
        name="certificate.sd-jwt" if "~" in link.text else "certificate.vc.jwt", content=link.text.encode(),
        media_type=kind, description=t("The signed certificate with exactly these facts: it can be checked."),
    )  # fmt: skip
    return Paper(
        above=link.issuer, heading=link.title, header=(t("Fact"), t("What it says")), rows=shown_facts(link.text),
        lead=(t("These facts were chosen by the learner. Others stand in the certificate and are not shown."),),
        footer=base_url, language=tongue.tag, written_at=now, address=link.address, attachments=(inside,),
        check=t("Open this address to see that they are genuine, for as long as the learner allows."),
        code_label=t("Code of the address"),
    )  # fmt: skip
