"""What everybody can see: the institutions, their catalogues, and the page where a learner claims an award."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import hdrs, web
from markupsafe import Markup

from credentials.learning import labels, summary, vocabularies
from credentials.learning.summary import Fact
from credentials.learning.vocabularies import countries
from exchange import web_address
from issuer import awards, institutions, issuer, offers
from issuer.awards import Links
from issuer.books import store_catalogue
from issuer.books.search import State
from issuer.books.store_awards import StoredAward
from issuer.delivery import claim_links
from issuer.institutions import CatalogueEntry
from issuer.issuer import Issuer
from issuer.offers import OpenOffer
from issuer.tenancy.institution import Institution
from issuer.tenancy.offices import Office
from keys import strict_json
from service import pages, qr, rate_limits, routes
from service.languages import choosing
from service.routes import Content, Route, Speaks
from service.settings import WebWallet

ADDRESSES = frozenset({"homepage", "catalogue_uri"})
WORDS = {
    "pending": "It waits for approval.",
    "waiting": "It is waiting for you.",
    "claimed": "It is in your wallet.",
    "suspended": "It is suspended for now.",
    "revoked": "It was withdrawn.",
}


async def get_home(request: web.Request) -> web.Response:
    """The institutions that award here."""
    desk = issuer.of(request)
    stored = await desk.database.read(store_catalogue.all_institutions)
    shown = [Institution.parse(strict_json.parse_object(document), slug=slug) for slug, document in stored]
    return pages.render(
        request, "home.html", institutions=shown, country_of=country_of, language_tag=language_of(request)
    )


async def get_claim(request: web.Request) -> web.Response:
    """The claim page: a fresh offer for wallets, each time it is opened; or what became of the award."""
    desk = issuer.of(request)
    office = await desk.office(request)
    award = await offers.find_claim(desk.database, office=office, token=request.match_info["claim"])
    opened = None
    over = claim_links.has_ended(award, life=desk.settings.claim_life, now=desk.now())
    open_now = offers.is_claimable(award) and not over and not offers.is_far(award, now=desk.now())
    if open_now and request.method != hdrs.METH_HEAD:
        desk.openings.take(rate_limits.network_of(request))
        opened = await offers.open_offer(
            desk.database,
            office=office,
            award=award,
            courses=desk.courses,
            now=desk.now(),
            life=desk.settings.offer_life,
        )
    if not routes.wants_html(request):
        return routes.json_answer(_claim_json(award, opened=opened))
    shown = await _claim_values(desk, office=office, award=award, request=request)
    if opened is None:
        later = _later(award, now=desk.now())
        state = awards.standing_of(award, now=desk.now())
        state = "over" if over and state == State.WAITING else state
        return pages.render(request, "claimed.html", state=state, release_at=later, **shown)
    return pages.render(
        request, "claim.html", **shown,
        drawing=Markup(qr.svg(opened.uri, label=pages.spoken(request).t("QR code of the offer, for your wallet"))),  # noqa: S704  # drawn here
        offer_uri=opened.uri,
        minutes=int(desk.settings.offer_life.total_seconds() // 60),
        wallets=[(wallet.name, link_to(wallet, opened)) for wallet in desk.settings.web_wallets],
        poll=f"{request.path}/state",
        pin=award.pin is not None,
        release_at=_later(award, now=desk.now()),
    )  # fmt: skip


async def get_claim_state(request: web.Request) -> web.Response:
    """What became of the award, for the page that waits."""
    desk = issuer.of(request)
    office = await desk.office(request)
    award = await offers.find_claim(desk.database, office=office, token=request.match_info["claim"])
    state = awards.state_of(award)
    done = {} if state == "waiting" else {"next": request.path.removesuffix("/state")}
    return routes.json_answer(
        {"text": pages.spoken(request).t(WORDS[state]), "state": state, "done": bool(done), **done}
    )


async def get_qr_svg(request: web.Request) -> web.Response:
    """The lasting offer of an award as an SVG picture."""
    link = await _lasting_offer(request)
    drawn = qr.svg(link, label="QR code of the offer, for a wallet")
    return web.Response(text=drawn, content_type="image/svg+xml", charset="utf-8")


async def get_qr_png(request: web.Request) -> web.Response:
    """The lasting offer of an award as a PNG picture."""
    return web.Response(body=qr.png(await _lasting_offer(request)), content_type="image/png")


async def _lasting_offer(request: web.Request) -> str:
    desk = issuer.of(request)
    office = await desk.office(request)
    award = await offers.find_claim(desk.database, office=office, token=request.match_info["claim"])
    return Links.of(office, award.id, number=award.link_number).offer_uri


def language_of(request: web.Request) -> str:
    """The reader's language for the content of courses, which may be there in more languages than the pages are."""
    chosen = choosing.chosen(request, languages=request.config_dict[pages.PAGES].languages)
    if chosen is not None:
        return chosen
    first = request.headers.get(hdrs.ACCEPT_LANGUAGE, "en").partition(",")[0].partition(";")[0].partition("-")[0]
    tag = first.strip().casefold()
    return tag if tag.isalpha() and tag.isascii() else "en"


def card_of(entry: CatalogueEntry, *, language: str) -> dict[str, Any]:
    """What a card in a list of courses shows."""
    course = entry.course
    level = vocabularies.eqf_label(course.eqf_level) if course.eqf_level else ""
    work = summary.workload(course).partition(" · ")[0]  # the credits; the hours where there are none
    return {
        "slug": entry.slug,
        "title": course.title.best(language, "en"),
        "level": " · ".join(part for part in (level, work) if part),
        "version": entry.version,
    }


def facts_of(entry: CatalogueEntry, *, language: str) -> list[tuple[str, Any]]:
    """Every fact of a course, as label and value; several items become a list."""
    known = "en" if language not in labels.NAMES else language
    facts = summary.course_facts(entry.course, language=known)
    return [(fact.label, shown(items_of(fact))) for fact in facts if fact.label_key != "title"]


def items_of(fact: Fact) -> list[str]:
    """The items of a fact as a page shows them: an address of the web is a link."""
    if fact.label_key not in ADDRESSES:
        return list(fact.items)
    return [link(item) if item.startswith(("https://", "http://")) else item for item in fact.items]


def link(address: str) -> Markup:
    """A link to a place that is not ours."""
    return Markup('<a href="{0}" rel="noopener nofollow">{0}</a>').format(address)


def shown(items: Sequence[str]) -> Any:
    """One item as it stands, several as a list."""
    if len(items) == 1:
        return items[0]
    rows = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup("<ul>{}</ul>").format(rows)


def country_of(institution: Institution) -> str:
    """The name of the country that an institution is in; empty where it does not say."""
    country = countries.find(institution.body.country or "")
    return country.label if country else ""


def link_to(wallet: WebWallet, opened: OpenOffer) -> str:
    """The link that opens an offer in a wallet in the browser."""
    query = web_address.encode_query({"credential_offer_uri": opened.reference.uri})
    return f"{wallet.endpoint}{'&' if '?' in wallet.endpoint else '?'}{query}"


def _claim_json(award: StoredAward, *, opened: OpenOffer | None) -> dict[str, Any]:
    told: dict[str, Any] = {"state": awards.state_of(award), "pin_required": award.pin is not None}
    if opened is not None:
        told |= {"offer_uri": opened.uri, "expires_at": opened.expires.isoformat()}
    return told


async def _claim_values(desk: Issuer, *, office: Office, award: StoredAward, request: web.Request) -> dict[str, Any]:
    """What the page says of the award: nobody's name, since a link can be passed on."""
    stored = await desk.database.read(
        lambda books: store_catalogue.find_version(
            books, institution=office.slug, slug=award.course, version=award.course_version
        )
    )
    entry = institutions.entry_of(stored) if stored else None
    language, standing = language_of(request), awards.standing_of(award, now=desk.now())
    return {
        "institution": office.institution,
        "language_tag": language,
        "course_slug": award.course,
        "title": entry.course.title.best(language, "en") if entry else "",
        "card": card_of(entry, language=language) if entry else {},
        "facts": facts_of(entry, language=language) if entry else [],
        "title_language": _spoken(entry, language=language) if entry else "en",
        "standing": "offered" if standing == State.WAITING else standing,
    }


def _spoken(entry: CatalogueEntry, *, language: str) -> str:
    """The language in which the title is shown, so that a browser breaks its words where that language does."""
    title = entry.course.title
    return language if language in title.languages else title.main


def _later(award: StoredAward, *, now: datetime) -> datetime | None:
    return datetime.fromtimestamp(award.release_at, tz=UTC) if award.release_at > now.timestamp() else None


def _page(path: str, handler: routes.Handler, summary_: str) -> Route:
    return Route(method="GET", path=path, handler=handler, summary=summary_)


def _picture(path: str, handler: routes.Handler, kind: str) -> Route:
    meaning = {200: Content(meaning="The QR code.", media_type=kind)}
    return Route(
        method="GET", path=path, handler=handler, summary="The offer as a QR code.", speaks=Speaks.API, answers=meaning
    )


CLAIM = "/{institution}/claim/{claim}"
ROUTES: Sequence[Route] = (
    _page("/", get_home, "Who awards here."),
    _page(CLAIM, get_claim, "Claim an award."),
    _page(f"{CLAIM}/state", get_claim_state, "What became of an award."),
    _picture(f"{CLAIM}/qr.svg", get_qr_svg, "image/svg+xml"),
    _picture(f"{CLAIM}/qr.png", get_qr_png, "image/png"),
)
