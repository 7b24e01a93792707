"""The pages: the whole road by forms, deep links through the sign-in, forged forms refused, foreign texts escaped."""

import re
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient
from yarl import URL

from exchange.client import Prefix
from service import qr
from tests.wallet.academy import PIN
from tests.wallet.stage import NAME, PASSPHRASE, Stage, started

HTML = {"Accept": "text/html"}


class Person:
    """Somebody at a browser without script."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client
        self.text = ""
        self.status = 0
        self.path = ""
        self.headers: dict[str, str] = {}

    async def go(self, path: str) -> None:
        answer = await self.client.get(path, headers=HTML)
        await self._read(answer)

    async def send(self, path: str, *, data: Any = None, **fields: str) -> None:
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', self.text)
        said = {"csrf": token[1] if token else "", **fields}
        if data is not None:
            for name, value in said.items():
                data.add_field(name, value)
        answer = await self.client.post(path, data=said if data is None else data, headers=HTML)
        await self._read(answer)

    async def _read(self, answer: Any) -> None:
        self.text, self.status, self.headers = await answer.text(), answer.status, dict(answer.headers)
        self.path = answer.url.path

    async def sign_up(self, *, onward: str = "/") -> None:
        await self.go("/sign-up")
        await self.send("/sign-up", name="carla@example.org", passphrase=PASSPHRASE, again=PASSPHRASE, next=onward)


@pytest.fixture
async def person(quick: Stage) -> Person:
    return Person(quick.client)


async def test_the_whole_road_by_forms(quick: Stage, person: Person) -> None:
    quick.academy.pin = True
    await person.sign_up()
    assert "nothing here yet" in person.text
    await person.go("/scan")
    await person.send("/open", link=f"openid-credential-offer://?credential_offer_uri={quick.academy.id}/offer")
    offer = person.path
    assert "I expected this" in person.text
    await person.send(f"{offer}/accept")
    assert person.status == 409
    await person.send(f"{offer}/accept", known="yes")
    assert "Enter the PIN" in person.text
    await person.send(f"{offer}/accept", known="yes", tx_code="000000")
    assert (person.status, "did not accept this PIN" in person.text) == (422, True)
    await person.send(f"{offer}/accept", known="yes", tx_code=PIN)
    assert "It is in your wallet." in person.text
    certificate = re.search(r'href="(/certificates/[^"]+)"', person.text)
    assert certificate
    await person.go(certificate[1])
    assert "Assess the lawfulness" in person.text

    await person.go("/scan")
    await person.send("/open", link=quick.employer.link)
    asked = person.path
    assert "Employer asks for a certificate" in person.text
    fields = dict(re.findall(r'<input type="hidden" name="((?:way|set)-[^"]+)" value="([^"]+)"', person.text))
    await person.send(f"{asked}/consent", **fields)
    assert "Shared with Employer" in person.text
    await person.go("/history")
    assert "Shared with Employer" in person.text


async def test_an_unknown_issuer_is_called_unknown_before_any_button(listing: Stage) -> None:
    person = Person(listing.client)
    listing.academy.listed = False
    listing.academy.metadata = {"display": [{"name": "University of Somewhere Grand"}]}
    await person.sign_up()
    await person.go("/scan")

    await person.send("/open", link=f"openid-credential-offer://?credential_offer_uri={listing.academy.id}/offer")

    main = person.text[person.text.index("<main") :]
    before = main[: main.index("<button")]
    assert "<h1>localhost wants to give you a certificate</h1>" in before
    assert "<b>Unknown issuer.</b>" in before
    assert "It calls itself “University of Somewhere Grand”. Nobody has checked that." in before
    assert "/accept" not in main


async def test_an_accredited_issuer_is_told_before_the_pin_and_three_sources_on_what_is_held(listing: Stage) -> None:
    person = Person(listing.client)
    listing.academy.pin = True
    await person.sign_up()
    await person.go("/scan")
    await person.send("/open", link=f"openid-credential-offer://?credential_offer_uri={listing.academy.id}/offer")
    offer = person.path
    await person.send(f"{offer}/accept")

    assert "Enter the PIN" in person.text
    assert "University of the North, accredited by Ministry of Education" in person.text

    await person.send(f"{offer}/accept", tx_code=PIN)
    certificate = re.search(r'href="(/certificates/[^"]+)"', person.text)
    assert certificate
    await person.go(certificate[1])
    sources = person.text[person.text.index('class="sources"') :]
    order = [sources.index(each) for each in ("Who signed it", "Who accredited them", "Who assures their quality")]
    assert order == sorted(order)
    assert "Signature genuine." in sources
    assert "When it was issued, " in sources
    assert "Now, " in sources


async def test_a_deep_link_survives_the_sign_in(quick: Stage, person: Person) -> None:
    link = URL("/offer").with_query(credential_offer_uri=f"{quick.academy.id}/offer")
    await person.go(str(link))
    assert (person.path, "Somebody offers you a certificate" in person.text) == ("/sign-in", True)
    onward = re.search(r'name="next" value="([^"]+)"', person.text)
    assert onward
    await person.send("/sign-in", name=NAME, passphrase="not the right one", next=onward[1].replace("&amp;", "&"))
    assert "Somebody offers you a certificate" in person.text
    await person.send("/sign-in", name=NAME, passphrase=PASSPHRASE, next=onward[1].replace("&amp;", "&"))
    assert person.path.startswith("/offers/")


async def test_a_request_by_deep_link_is_shown(quick: Stage, person: Person) -> None:
    await person.sign_up()
    query = quick.employer.link.partition("?")[2]
    await person.go(f"/request?{query}")
    assert "Employer asks for a certificate" in person.text
    assert "You hold nothing that fits" in person.text


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_the_sign_in_leads_nowhere_else(person: Person, onward: str) -> None:
    await person.sign_up(onward=onward)
    assert person.path == "/"


async def test_a_preview_of_a_link_opens_nothing(quick: Stage, person: Person) -> None:
    await person.sign_up()
    for path in (f"/offer?credential_offer_uri={quick.academy.id}/offer", f"/request?{quick.employer.link[13:]}"):
        assert (await quick.client.head(path)).status == 200
    assert quick.academy.seen == []
    assert quick.employer.fetched == []


@pytest.mark.parametrize("path", ["/open", "/sign-out", "/history/clear", "/security/passphrase", "/security/leave"])
async def test_a_form_without_its_token_or_from_elsewhere_is_refused(person: Person, path: str) -> None:
    await person.sign_up()
    answer = await person.client.post(path, data={"link": "x"}, headers=HTML)
    assert answer.status == 403
    await person.go("/settings")
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', person.text)
    assert token
    answer = await person.client.post(path, data={"csrf": token[1]}, headers={**HTML, "Origin": "https://evil.example"})
    assert answer.status == 403


async def test_the_session_changes_at_the_sign_in(quick: Stage, person: Person) -> None:
    await person.go("/sign-in")
    before = {cookie.value for cookie in quick.client.session.cookie_jar}
    await person.send("/sign-in", name=NAME, passphrase=PASSPHRASE, next="/")
    after = {cookie.value for cookie in quick.client.session.cookie_jar}
    assert before
    assert not before & after


async def test_what_strangers_call_themselves_is_text_and_fetches_nothing(quick: Stage, person: Person) -> None:
    logo = {"uri": "https://tracker.example/pixel.png"}
    quick.academy.metadata = {"display": [{"name": "<script>alert(1)</script>\u202e", "logo": logo}]}
    await person.sign_up()
    await person.go("/scan")
    await person.send("/open", link=f"openid-credential-offer://?credential_offer_uri={quick.academy.id}/offer")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in person.text
    assert "<script>alert" not in person.text
    assert "\u202e" not in person.text
    assert "tracker.example" not in person.text
    await person.go("/scan")
    quick.employer.prefix = Prefix.DECENTRALIZED_IDENTIFIER
    await person.send("/open", link=quick.employer.link)
    assert "Best &lt;i&gt;Employer&lt;/i&gt;" in person.text
    assert "Nobody has checked that" in person.text


async def test_beside_a_certified_name_no_other_name_makes_anybody_doubt(quick: Stage, person: Person) -> None:
    await person.sign_up()
    await person.go("/scan")
    await person.send("/open", link=quick.employer.link)
    assert "Employer at localhost, certified by" in person.text
    assert "Best" not in person.text


async def test_pages_cannot_be_framed_and_run_only_our_scripts(person: Person) -> None:
    await person.go("/")
    policy = person.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_a_code_in_a_picture_is_opened(quick: Stage, person: Person) -> None:
    await person.sign_up()
    await person.go("/scan")
    picture = FormData()
    picture.add_field("picture", qr.png(quick.employer.link), filename="code.png", content_type="image/png")
    await person.send("/open", data=picture)
    assert person.path.startswith("/requests/")


async def test_a_frame_of_the_camera_is_read(quick: Stage, person: Person) -> None:
    await person.sign_up()
    await person.go("/scan")
    token = re.search(r'data-csrf="([0-9a-f]+)"', person.text)
    assert token
    headers = {"X-CSRF-Token": token[1], "Content-Type": "image/png"}
    answer = await quick.client.post("/scan/frame", data=qr.png(quick.employer.link), headers=headers)
    assert (await answer.json())["texts"] == [quick.employer.link]
    assert (await quick.client.post("/scan/frame", data=b"x", headers={"Content-Type": "image/png"})).status == 403


@pytest.mark.parametrize("link", ["", "hello", "https://example.org/", "openid4vp://?x=1&x=2", "mailto:a@example.org"])
async def test_what_is_no_link_for_a_wallet_is_told_so_beside_the_field(person: Person, link: str) -> None:
    await person.sign_up()
    await person.go("/scan")
    await person.send("/open", link=link)
    assert person.status in {400, 422}
    assert "Reference" in person.text or 'class="banner bad"' in person.text


@pytest.mark.parametrize("path", ["/scan", "/history", "/settings", "/certificates/x", "/offers/x", "/requests/x"])
async def test_nothing_is_shown_to_whoever_is_not_signed_in(quick: Stage, path: str) -> None:
    client = await started(quick.environ, quick.clock)
    person = Person(client)
    await person.go(path)
    assert person.path == "/sign-in"
    await client.close()


async def test_a_certificate_is_removed_after_a_question(quick: Stage, person: Person) -> None:
    held = await quick.hold()
    await person.go("/sign-in")
    await person.send("/sign-in", name=NAME, passphrase=PASSPHRASE, next="/")
    await person.go(f"/certificates/{held['id']}/remove")
    await person.send(f"/certificates/{held['id']}/remove")
    assert "was removed" in person.text
    assert (await quick.call("GET", f"/credentials/{held['id']}"))[0] == 404


async def test_a_revoked_certificate_says_so_once_it_is_looked_up(quick: Stage) -> None:
    held = await quick.hold()
    quick.academy.status = 1
    quick.clock.move(minutes=6)
    _, checked = await quick.call("POST", f"/credentials/{held['id']}/check")
    assert checked["standing"] == "revoked"
