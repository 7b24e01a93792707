"""The pages: what a learner sees at the claim link, what the public sees, what the registry office does."""

import re
from datetime import timedelta
from typing import Any

from aiohttp import ClientResponse
from yarl import URL

from issuer import institutions
from issuer.tenancy.access import Scope
from service import qr
from tests.issuer.universities import ANA, BASE, COURSE, University

HTML = {"Accept": "text/html"}
FOUND = {
    "θεοδωρα": ["Θεοδώρα Müller-Groß"],
    "gross mul": ["Θεοδώρα Müller-Groß"],
    "2026_0118": ["Montana Example"],
    "2026": ["Montana Example", "Θεοδώρα Müller-Groß"],
    "tana": [],
    "m": ["Montana Example", "Θεοδώρα Müller-Groß"],
    "m e 0118": ["Montana Example"],
    "%": ["Montana Example", "Θεοδώρα Müller-Groß"],
    "muller 0118": [],
    "theodora@learners.example": ["Θεοδώρα Müller-Groß"],
    "mul theodora@": ["Θεοδώρα Müller-Groß"],
    "learners.example": [],
}
"""What is typed, and whose awards are found, the newest first; a text without words narrows nothing."""


async def look(university: University, path: str) -> str:
    answer = await university.get(path, headers=HTML)
    assert answer.status == 200, await answer.text()
    return await answer.text()


async def send(university: University, path: str, **fields: str) -> ClientResponse:
    """Sends the form of a page, with the token that the page gave."""
    page = await look(university, fields.pop("page", path))
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found is not None
    return await university.client.post(path, data={"csrf": found[1], **fields}, headers=HTML, allow_redirects=False)


async def sign_in(university: University, key: str | None = None) -> ClientResponse:
    # the session's cookie is for http://localhost, and so is the test server
    return await send(university, "/console/sign-in", api_key=key or university.key)


async def test_the_claim_page_congratulates_and_offers_each_time_anew(university: University) -> None:
    (award,) = await university.award()

    first, second = await look(university, award["claim_url"]), await look(university, award["claim_url"])

    assert "Congratulations" in first
    assert COURSE["title"]["en"] in first
    assert "Ana" not in first
    links = [re.findall(r'href="(openid-credential-offer://[^"]+)"', page) for page in (first, second)]
    assert links[0] != links[1]


async def test_the_offer_of_the_claim_page_is_claimed(university: University) -> None:
    (award,) = await university.award()
    offer = (await (await university.get(award["claim_url"])).json())["offer_uri"]

    texts = await university.claim({"offer_uri": offer})

    assert len(texts) == 1
    assert "It is yours" in await look(university, award["claim_url"])
    state = await (await university.get(f"{award['claim_url']}/state")).json()
    assert state["next"] == award["claim_url"].removeprefix(BASE)


async def test_the_qr_code_says_the_lasting_offer(university: University) -> None:
    (award,) = await university.award()

    picture = await (await university.get(award["qr_png_url"])).read()

    assert qr.read(picture) == [award["offer_uri"]]


async def test_a_withdrawn_award_says_so(university: University) -> None:
    (award,) = await university.award()
    await university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A mistake"})

    page = await look(university, award["claim_url"])

    assert "withdrawn" in page
    assert "openid-credential-offer" not in page


async def test_a_made_up_claim_link_leads_nowhere(university: University) -> None:
    assert (await university.get("/alma/claim/made-up", headers=HTML)).status == 404


async def test_the_catalogue_is_public(university: University) -> None:
    assert "Alma University" in await look(university, "/")
    assert COURSE["title"]["en"] in await look(university, "/alma")
    assert "3 ECTS · 75 hours" in await look(university, "/alma/courses/adp")
    assert (await university.get("/alma/courses/none", headers=HTML)).status == 404


async def test_the_console_is_for_those_who_signed_in(university: University) -> None:
    answer = await university.get("/console/awards", headers=HTML, allow_redirects=False)

    assert answer.status == 303
    assert answer.headers["Location"] == "/console/sign-in?next=/console/awards"


async def test_a_wrong_key_does_not_sign_in_and_one_without_the_scope_neither(university: University) -> None:
    reader = await institutions.create_key(
        university.issuer.database, institution="alma", scopes=[Scope.AWARDS_READ], label="Reader",
        now=university.clock(),
    )  # fmt: skip

    assert (await sign_in(university, "prg_aaaaaaaa_" + "A" * 43)).status == 422
    assert (await sign_in(university, reader.text)).status == 403


async def test_signing_in_leads_to_no_foreign_place(university: University) -> None:
    answer = await send(university, "/console/sign-in", api_key=university.key, next="//evil.example/console")

    assert answer.headers["Location"] == "/console"


async def test_an_award_is_made_seen_and_revoked_in_the_console(university: University) -> None:
    await sign_in(university)

    made = await send(
        university, "/console/award", course="adp", given_name="Bea", family_name="Muster", award_date="2026-06-30",
        pin="yes",
    )  # fmt: skip
    path = made.headers["Location"]
    first, again = await look(university, path), await look(university, path)
    changed = await send(university, f"{path}/revoke", page=path, reason="A typing mistake")
    after = await look(university, path)

    assert made.status == 303
    assert re.search(r'class="pin-once">\d{6}<', first)
    assert "pin-once" not in again
    assert changed.status == 303
    assert "A typing mistake" in after
    assert "Bea Muster" in await look(university, "/console/awards")
    assert "revoked" in await look(university, "/console")


async def test_a_wrong_field_is_told_beside_it_and_nothing_is_lost(university: University) -> None:
    await sign_in(university)

    answer = await send(
        university, "/console/award", course="adp", given_name="Bea", family_name="Muster", award_date="2026-06-30",
        birth_date="2090-01-01",
    )  # fmt: skip

    page = await answer.text()
    assert answer.status == 422
    assert 'id="birth_date-error"' in page
    assert 'value="Bea"' in page


async def test_a_change_without_a_reason_is_not_made(university: University) -> None:
    (award,) = await university.award()
    await sign_in(university)
    path = f"/console/awards/{award['id']}"

    answer = await send(university, f"{path}/revoke", page=path, reason=" ")

    assert answer.status == 422
    seen = await (await university.api("GET", f"/awards/{award['id']}")).json()
    assert seen["state"] == "waiting"


async def test_a_form_of_somebody_else_changes_nothing(university: University) -> None:
    (award,) = await university.award()
    await sign_in(university)

    answer = await university.client.post(
        f"/console/awards/{award['id']}/revoke", data={"reason": "x", "csrf": "0" * 64}, headers=HTML
    )

    assert answer.status == 403


async def test_the_session_is_worth_what_its_key_is_worth(university: University) -> None:
    await sign_in(university)
    prefix = university.key.split("_")[1]

    await institutions.withdraw_key(
        university.issuer.database, institution="alma", prefix=prefix, now=university.clock()
    )

    assert (await university.get("/console", headers=HTML, allow_redirects=False)).status == 303


async def test_signing_out_ends_it(university: University) -> None:
    await sign_in(university)

    await send(university, "/console/sign-out", page="/console")

    assert (await university.get("/console", headers=HTML, allow_redirects=False)).status == 303


async def test_courses_are_shown_element_by_element(university: University) -> None:
    await sign_in(university)

    page = await look(university, "/console/courses/adp")

    assert "Type of quality assurance" in page
    assert page.count("left out, it is optional") == 4
    assert "Applied Data Protection" in await look(university, "/console/courses")


async def test_every_documented_address_answers_and_every_api_address_is_documented(university: University) -> None:
    described: dict[str, Any] = await (await university.get("/api/openapi.json")).json()

    documented = {
        (method.upper(), re.sub(r"{[a-z]+}", "{}", path))
        for path, operations in described["paths"].items()
        for method in operations
    }
    served = {
        (route.method, re.sub(r"{[a-z]+(:[^}]*)?}", "{}", route.resource.canonical))
        for route in university.client.app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert described["openapi"] == "3.1.0"
    assert documented <= served
    assert {(method, path) for method, path in served if path.startswith("/api/v1")} <= documented


async def test_nothing_of_a_learner_is_logged(university: University, caplog: Any) -> None:
    (award,) = await university.award({**ANA, "given_name": "Marvelous"})

    await university.claim(award)
    await university.get(award["claim_url"], headers=HTML)
    await university.redeem("Marvelous")

    assert "Marvelous" not in caplog.text
    assert award["claim_url"].rpartition("/")[2] not in caplog.text


async def test_an_award_is_found_by_the_beginnings_of_words(university: University) -> None:
    await university.award(
        {
            **ANA,
            "given_name": "Θεοδώρα",
            "family_name": "Müller-Groß",
            "learner_id": "2026_0117",
            "email": "Theodora@learners.example",
        },
        {**ANA, "given_name": "Montana", "family_name": "Example", "learner_id": "2026_0118"},
    )
    await sign_in(university)

    found = {asked: await names_found(university, q=asked) for asked in FOUND}

    assert found == FOUND


async def test_awards_are_found_by_course_and_by_state_and_by_all_of_it(university: University) -> None:
    await university.api("PUT", "/courses/other", json={**COURSE, "title": {"en": "Another Course"}})
    ben, cleo = ({**ANA, "given_name": name} for name in ("Ben", "Cleo"))
    _, claimed, revoked = await university.award(ANA, ben, cleo)
    university.clock.move(timedelta(seconds=1))
    await university.award({**ANA, "given_name": "Dora"}, course="other")
    await university.claim(claimed)
    await university.api("POST", f"/awards/{revoked['id']}/revoke", json={"reason": "A mistake"})
    await sign_in(university)

    assert await names_found(university, course="other") == ["Dora Example"]
    assert await names_found(university, state="waiting") == ["Dora Example", "Ana Example"]
    assert await names_found(university, state="claimed") == ["Ben Example"]
    assert await names_found(university, state="revoked") == ["Cleo Example"]
    assert await names_found(university, state="waiting", course="adp", q="example") == ["Ana Example"]
    assert await names_found(university, state="suspended") == []


async def test_what_is_found_goes_on_over_the_page_and_stays_in_the_house(university: University) -> None:
    await university.award(
        *({**ANA, "given_name": f"Ana{number:03}"} for number in range(60)), {**ANA, "given_name": "Zoe"}
    )
    await sign_in(university)

    first = await look(university, "/console/awards?q=ana&state=waiting")
    (further,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = await look(university, further.replace("&amp;", "&"))

    assert len(names_on(first)) == 50
    assert names_on(second) == [f"Ana{number:03} Example" for number in range(9, -1, -1)]
    assert 'value="ana"' in second
    assert 'rel="first"' in second


async def test_a_refused_key_is_told_in_a_persons_words(university: University) -> None:
    page = await (await sign_in(university, "prg_nobody")).text()

    assert "This key is not known here. Copy the whole key; it begins with prg_." in page
    assert "Bearer" not in page


async def test_two_universities_of_one_name_are_told_apart_by_country(university: University) -> None:
    assert "<p>Italy</p>" in await look(university, "/")


async def test_a_card_says_level_and_credits_and_the_course_page_all_of_it(university: University) -> None:
    homepage = "https://alma.example/adp"
    await university.api("PUT", "/courses/adp", json={**COURSE, "homepage": homepage})

    assert '<p class="level">EQF 7 · master level · 3 ECTS</p>' in await look(university, "/alma")
    course = await look(university, "/alma/courses/adp")
    assert f'<a href="{homepage}" rel="noopener nofollow">{homepage}</a>' in course
    assert "75 hours" in course


async def test_an_error_in_the_console_keeps_its_navigation(university: University) -> None:
    await sign_in(university)

    inside = await (await university.get("/console/awards/none", headers=HTML)).text()
    outside = await (await university.get("/nobody/none", headers=HTML)).text()

    assert 'href="/console/courses"' in inside
    assert 'href="/console/courses"' not in outside


async def names_found(university: University, **asked: str) -> list[str]:
    """The names in the list of awards when this is asked for."""
    return names_on(await look(university, str(URL("/console/awards").with_query(asked))))


def names_on(page: str) -> list[str]:
    """The learners of a list of awards, in its order."""
    return re.findall(r'<a href="/console/awards/[0-9a-f-]{36}">([^<]+)</a>', page)
