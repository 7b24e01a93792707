"""Share links: what was chosen and no more, verified on opening, counted, ended; a dump shows nothing."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update
from yarl import URL

from credentials.formats import sd_jwt_vc
from keys import strict_json
from tests.wallet.stage import PASSPHRASE, Stage
from tests.wallet.test_pages import HTML, Person
from wallet.tables import SHARE_LINKS

CHOSEN = ["given_name", "family_name"]


async def linked(stage: Stage, **changes: Any) -> dict[str, Any]:
    held = await stage.hold()
    asked = {"credential": held["id"], "label": "City library", "facts": CHOSEN, "days": 7, "views": 5, **changes}
    status, made = await stage.call("POST", "/links", asked)
    assert status == 201, made
    return dict(made)


async def look(stage: Stage, link: dict[str, Any]) -> tuple[int, Any]:
    """Somebody without an account opens it."""
    secret = link["address"].rpartition("/")[2]
    answer = await stage.client.post("/api/v1/shared", json={"secret": secret})
    return answer.status, strict_json.parse(await answer.read())


async def test_who_has_the_link_sees_what_was_chosen_and_no_more(stage: Stage) -> None:
    link = await linked(stage)

    status, seen = await look(stage, link)

    assert (status, seen["answer"], seen["standing"]) == (200, "yes", "valid"), seen
    assert seen["issuer"]["standing"] == "trusted"
    told = str(seen["facts"])
    assert "Ana" in told
    assert "2001" not in told, "the date of birth was not chosen"
    assert (await stage.call("GET", f"/links/{link['id']}"))[1]["views"] == 1


async def test_what_it_shows_is_looked_up_on_opening(quick: Stage) -> None:
    link = await linked(quick)
    quick.academy.status = 1
    quick.clock.move(minutes=10)
    status, seen = await look(quick, link)
    assert (status, seen["answer"], seen["standing"]) == (200, "no", "revoked")


async def test_a_withdrawn_link_shows_nothing_at_once_and_keeps_nothing(stage: Stage) -> None:
    link = await linked(stage)
    status, ended = await stage.call("DELETE", f"/links/{link['id']}")
    assert (status, ended["state"]) == (200, "withdrawn")
    assert (await look(stage, link))[0] == 410
    shown = await stage.wallet.database.read(lambda books: books.execute(select(SHARE_LINKS.c.shown)).scalar_one())
    assert shown == b""


async def test_it_is_opened_as_often_as_allowed(stage: Stage) -> None:
    link = await linked(stage, views=1)
    assert (await look(stage, link))[0] == 200
    assert (await look(stage, link))[0] == 410
    assert (await stage.call("GET", f"/links/{link['id']}"))[1]["state"] == "used_up"


async def test_it_ends_with_its_time(quick: Stage) -> None:
    link = await linked(quick, days=1)
    quick.clock.move(hours=23)
    assert (await look(quick, link))[0] == 200
    quick.clock.move(hours=2)
    assert (await look(quick, link))[0] == 410


async def test_a_removed_certificate_takes_its_links_along(quick: Stage) -> None:
    link = await linked(quick)
    (held,) = (await quick.call("GET", "/credentials"))[1]["credentials"]
    await quick.call("DELETE", f"/credentials/{held['id']}")
    assert (await look(quick, link))[0] == 410
    assert (await quick.call("GET", "/links"))[1]["links"] == []


async def test_an_erased_wallet_takes_its_links_along(quick: Stage) -> None:
    link = await linked(quick)
    assert (await quick.call("DELETE", "/accounts", {"passphrase": PASSPHRASE}))[0] == 204
    assert (await look(quick, link))[0] == 410


async def test_a_dump_shows_neither_the_address_nor_what_it_shows(stage: Stage) -> None:
    link = await linked(stage)
    rows = await stage.wallet.database.read(lambda books: books.execute(select(SHARE_LINKS)).all())
    dump = b"".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
    for secret in (link["address"].rpartition("/")[2], "Ana", "City library", "eyJ", "Applied Data"):
        assert secret.encode() not in dump


async def test_what_one_link_shows_does_not_open_at_another_address(stage: Stage) -> None:
    first, second = await linked(stage), await linked(stage)
    rows = await stage.wallet.database.read(
        lambda books: books.execute(select(SHARE_LINKS.c.id, SHARE_LINKS.c.shown)).all()
    )
    shown = {row.id: row.shown for row in rows}
    moved = update(SHARE_LINKS).where(SHARE_LINKS.c.id == first["id"]).values(shown=shown[second["id"]])
    await stage.wallet.database.write(lambda books: books.execute(moved))
    assert (await look(stage, first))[0] == 410


@pytest.mark.parametrize(
    "change",
    [{"label": ""}, {"label": "x" * 81}, {"facts": ["nothing"]}, {"days": 2}, {"views": 0}, {"views": 10_000}],
    ids=lambda change: next(iter(change)),
)
async def test_a_choice_that_is_not_offered_makes_no_link(quick: Stage, change: dict[str, Any]) -> None:
    held = await quick.hold()
    asked = {"credential": held["id"], "label": "City library", "facts": CHOSEN, "days": 7, "views": 5, **change}
    status, refused = await quick.call("POST", "/links", asked)
    assert (status, refused["code"]) == (422, "invalid_input")
    assert (await quick.call("GET", "/links"))[1]["links"] == []


async def test_nobody_sees_or_ends_the_links_of_somebody_else(quick: Stage) -> None:
    link = await linked(quick)
    quick.token = ""
    await quick.enter("bob@example.org")
    assert (await quick.call("GET", f"/links/{link['id']}"))[0] == 404
    assert (await quick.call("DELETE", f"/links/{link['id']}"))[0] == 404
    assert (await quick.call("GET", f"/links/{link['id']}/certificate.pdf"))[0] == 404
    assert (await look(quick, link))[0] == 200


async def test_previews_use_nothing_up_and_no_page_is_indexed(quick: Stage) -> None:
    link = await linked(quick, views=1)
    path = URL(link["address"]).path
    for _ in range(3):
        answer = await quick.client.get(path, headers=HTML)
        text = await answer.text()
        assert (answer.status, "Ana" in text, "Applied" in text) == (200, False, False)
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"

    stranger = Person(quick.client)
    await stranger.go(path)
    await stranger.send(path)
    assert (stranger.status, "Ana" in stranger.text) == (200, True)
    assert "noindex" in stranger.headers["X-Robots-Tag"]
    await stranger.go(path)
    assert (stranger.status, "shows nothing" in stranger.text) == (410, True)


async def test_what_never_was_looks_like_what_has_ended(quick: Stage) -> None:
    link = await linked(quick)
    await quick.call("DELETE", f"/links/{link['id']}")
    ended = await quick.client.get(URL(link["address"]).path, headers=HTML)
    never = await quick.client.get(f"/s/{'x' * 43}", headers=HTML)
    assert (ended.status, never.status) == (410, 410)
    assert await ended.text() == (await never.text()).replace("x" * 43, URL(link["address"]).name)


async def test_on_paper_stands_exactly_what_was_chosen_and_the_copy_is_inside(quick: Stage) -> None:
    link = await linked(quick)
    headers = {"Authorization": f"Bearer {quick.token}"}
    printed = await quick.client.get(f"/api/v1/links/{link['id']}/certificate.pdf", headers=headers)

    document = PdfReader(io.BytesIO(await printed.read()))

    text = "".join(page.extract_text() for page in document.pages)
    assert "Ana" in text
    assert "2001" not in text
    (inside,) = document.attachments["certificate.sd-jwt"]
    claims = sd_jwt_vc.parse(inside.decode()).credential.claims
    assert claims["given_name"] == "Ana"
    assert "birth_date" not in claims
    await quick.call("DELETE", f"/links/{link['id']}")
    gone = await quick.client.get(f"/api/v1/links/{link['id']}/certificate.pdf", headers=headers)
    assert gone.status == 410


async def test_each_link_shows_a_copy_of_its_own_while_there_is_one(quick: Stage) -> None:
    held = await quick.hold()
    asked = {"credential": held["id"], "label": "One", "facts": [], "days": 7, "views": 5}
    for _ in range(2):
        await quick.call("POST", "/links", asked)
    person = Person(quick.client)
    assert person.status == 0
    copies = await quick.wallet.database.read(
        lambda books: books.exec_driver_sql("SELECT uses FROM copies ORDER BY uses").scalars().all()
    )
    assert list(copies) == [0, 1, 1]


async def test_a_link_is_made_used_and_withdrawn_by_forms(quick: Stage) -> None:
    person = Person(quick.client)
    await person.sign_up()
    await person.go("/scan")
    await person.send("/open", link=f"openid-credential-offer://?credential_offer_uri={quick.academy.id}/offer")
    await person.send(f"{person.path}/accept", known="yes")
    certificate = re.search(r'href="(/certificates/[^"]+)"', person.text)
    assert certificate
    await person.go(f"{certificate[1]}/link")
    await person.send(f"{certificate[1]}/link", label="", days="7", views="5")
    assert (person.status, "Say for whom it is" in person.text) == (422, True)
    fields = {"label": "Aunt <b>May</b>", "days": "7", "views": "5", "fact.given_name": "yes"}
    await person.send(f"{certificate[1]}/link", **fields)
    assert person.path.startswith("/links/")
    assert "Aunt &lt;b&gt;May" in person.text
    assert "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME" in person.text
    assert "data:image/svg+xml;base64," in person.text
    own = person.path
    await person.send(f"{own}/withdraw")
    assert "You withdrew it" in person.text
    await person.go("/links")
    assert "Withdrawn" in person.text
    await person.go(own)
    await person.send(f"{own}/remove")
    assert "taken off the list" in person.text
    await person.go("/history")
    assert "You withdrew the share link for Aunt" in person.text
