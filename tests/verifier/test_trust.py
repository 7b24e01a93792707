"""Trust as the verifier is set up: the list of accredited issuers beside pinned certificates, and the three answers."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from credentials.credential import Format
from service.trusting import LIST
from tests.trust import builders
from tests.trust.builders import VCT
from tests.verifier.conftest import publish_list
from tests.verifier.stage import Stage, problem_of
from verifier import app, store
from verifier.web import shown


async def test_templates_ask_for_the_types_on_the_list(listed: Stage) -> None:
    request = await listed.fetch((await listed.ask())["link"])

    assert request.query.credentials[0].vct_values == (VCT,)


async def test_without_the_list_it_is_not_known_what_to_ask_for(listed: Stage) -> None:
    listed.world.net.documents.clear()

    answer = await listed.client.post("/api/v1/requests", json={"template": "employer"})

    assert (answer.status, (await answer.json())["code"]) == (503, "no_types")


async def test_an_accredited_university_is_told_with_its_path_and_days(listed: Stage) -> None:
    result = await listed.verdict(listed.issue())

    (shown,) = result["presentations"]
    assert shown["verdict"] == "yes"
    assert shown["issuer"]["accredited"] == [
        {"name": "University of the North", "accredited_by": "Ministry of Education", "from": "2026-01-01",
         "until": "2027-12-31"},
    ]  # fmt: skip
    assert shown["issuer"]["accredited_now"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"types": ("https://uni.example/vct/diploma/1",)},
        {"since": date(2026, 11, 24)},
        {"until": date(2026, 11, 1)},
        {"revoked": date(2026, 11, 1)},
        {"by": "org:nobody"},
    ],
)
async def test_a_pinned_certificate_alone_is_not_enough_where_there_is_a_list(listed: Stage, change: Any) -> None:
    order = {"dcql_query": {"credentials": [{"id": "any", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}}]}}
    await publish_list(listed, **change)

    assert problem_of(await listed.verdict(listed.issue(), order=order)) == ("no", "issuer_untrusted")


async def test_a_list_that_cannot_be_had_is_not_sure(listed: Stage) -> None:
    asked = await listed.ask()
    listed.clock.move(hours=25)
    listed.world.net.documents.pop(f"http://localhost:{listed.archive.port}/list")
    listed.publish()
    order = {"dcql_query": {"credentials": [{"id": "any", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}}]}}

    result = await listed.verdict(listed.issue(), order=order)

    assert asked["link"]
    assert problem_of(result) == ("not_sure", "issuer_untrusted")


async def test_the_number_of_the_list_is_kept_over_a_restart_and_only_rises(listed: Stage) -> None:
    await listed.ask()
    await app.tidy(listed.desk)
    await listed.desk.database.write(lambda books: store.raise_mark(books, name=LIST, number=3))

    assert await listed.desk.database.read(lambda books: store.mark(books, name=LIST)) == 7


async def test_the_page_gives_three_answers_about_trust(listed: Stage) -> None:
    async with ClientSession(listed.client.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as browser:
        form = await (await browser.get("/ask")).text()
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
        assert token is not None
        waiting = await browser.post("/ask", data={"csrf": token[1], "template": "employer"})
        link = re.search(r'<code id="link">([^<]*)</code>', await waiting.text())
        assert link is not None
        await listed.share(unescape(link[1]), listed.issue())
        page = unescape(await (await browser.get(waiting.url.path)).text())

    assert "Signature genuine." in page
    words = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    named = "University of the North, accredited by Ministry of Education for micro-credentials until 31 December 2027."
    assert named in words
    assert "When it was issued, 22 November 2026: accredited" in words
    assert "Now, 23 November 2026: accredited" in words
    assert "Accredited by Ministry of Education from 1 January 2026 until 31 December 2027" in words
    assert "It names Alma University as the body that awarded it." in words
    assert "Quality assurance stated, not confirmed." in page


async def test_an_unknown_issuer_is_called_unknown_in_plain_sight(listed: Stage) -> None:
    stranger = builders.make_party(
        builders.make_authority("Another"), uri=f"http://localhost:{listed.archive.port}/north", dns=("localhost",)
    )
    held = listed.issue(by=stranger)

    answer = await listed.client.post("/api/v1/verifications", json={"credential": held})

    told = await answer.json()
    assert (told["code"], told["issuer"]) == ("issuer_untrusted", None)
    assert told["trust"]["seal"]["status"] == "stranger"
    assert told["trust"]["accreditation"]["when_awarded"] is None  # nobody knows of whom to ask
    sheet = shown.sheet(told, alone=True)
    assert [each.word for each in sheet.trust][:2] == ["Unknown issuer", "Not accredited by anyone known"]
    assert not any("Alma University" in each.sentence for each in sheet.trust)


async def test_a_w3c_credential_answers_a_query_of_ones_own(stage: Stage) -> None:
    meta = {"type_values": [["VerifiableCredential", "MicroCredential"]]}
    order = {"dcql_query": {"credentials": [{"id": "w3c", "format": "jwt_vc_json", "meta": meta}]}}
    held = stage.world.issue_w3c(issuer=f"http://localhost:{stage.archive.port}/north", version=Format.VC_JWT)

    result = await stage.verdict(held, order=order, disclose=None)

    assert problem_of(result) == ("yes", None)
    assert result["presentations"][0]["format"] == "vc+jwt"


async def test_of_two_certificates_one_may_be_a_no(stage: Stage) -> None:
    wanted = {"format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}}
    order = {"dcql_query": {"credentials": [{"id": "one", **wanted}, {"id": "two", **wanted}]}}
    asked = await stage.ask(**order)
    request = await stage.fetch(asked["link"])
    first = stage.present(request, stage.issue(), disclose=()).vp_token["one"]
    second = stage.present(request, stage.issue(), disclose=(), nonce="older").vp_token["one"]
    answer = replace(stage.present(request, stage.issue()), vp_token={"one": first, "two": second})

    await stage.send(request, answer)

    result = (await stage.see(asked["id"]))["result"]
    assert problem_of(result) == ("no", "nonce")
    assert [each["verdict"] for each in result["presentations"]] == ["yes", "no"]
