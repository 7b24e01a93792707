"""The dossier as people meet it: from a certificate, from an answer, beside their own course, on paper, signed."""

import hashlib
import re
from collections.abc import AsyncIterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, FormData
from pypdf import PdfReader

from credentials.formats import sd_jwt_vc
from keys import sealing, strict_json
from tests.verifier import records
from tests.verifier import stage as stages
from tests.verifier.conftest import Keys
from tests.verifier.recognition import handed
from tests.verifier.stage import Stage

HTML = {"Accept": "text/html"}
EVALUATOR = "evaluator-0123456789"
SIGNED = {"outcome": "comparable", "purpose": "Admission", "evaluator_key": EVALUATOR, "granted_ects": "2,5"}


@pytest.fixture
async def centre(database_url: str, employer_keys: Keys, tmp_path: Path) -> AsyncIterator[Stage]:
    """A verifier with an evaluator."""
    keys, root = employer_keys
    opened = await stages.open_stage(
        database_url=database_url, keys=keys, root=root, folder=tmp_path, VERIFIER_QUALITY_DATA="synthetic",
        VERIFIER_EVALUATORS=f"M. Rossi:{sealing.digest(EVALUATOR)}",
    )  # fmt: skip
    yield opened
    await opened.client.close()
    await opened.archive.close()


@pytest.fixture
async def browser(centre: Stage) -> AsyncIterator[ClientSession]:
    jar = CookieJar(unsafe=True)
    async with ClientSession(base_url=centre.client.make_url("/"), cookie_jar=jar) as client:
        yield client


async def post(client: ClientSession, path: str = "/dossier", **fields: str) -> Any:
    form = await (await client.get("/dossier", headers=HTML)).text()
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
    assert csrf is not None
    data = FormData({"csrf": csrf[1], **fields}, default_to_multipart=True)
    return await client.post(path, data=data, headers=HTML)


async def test_a_certificate_becomes_a_dossier(centre: Stage, browser: ClientSession) -> None:
    answer = await post(browser, credential=centre.issue())
    page = await answer.text()

    assert answer.status == 200, page
    assert "Yes: genuine and valid." in page
    assert "Suggested: Lisbon Recognition Convention (LRC)." in page
    assert "The seven criteria" in page
    assert "decides" in page


async def test_a_verdict_leads_to_the_dossier_of_what_was_handed_over(centre: Stage, browser: ClientSession) -> None:
    credential = centre.issue()

    verdict = await (await post(browser, "/check", credential=credential)).text()

    assert f'name="credential" value="{credential}"' in verdict
    assert "Make a recognition dossier" in verdict


async def test_the_page_of_an_answer_leads_to_its_dossier(centre: Stage, browser: ClientSession) -> None:
    form = await (await browser.get("/ask", headers=HTML)).text()
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
    assert csrf is not None
    waiting = await browser.post("/ask", data={"csrf": csrf[1], "template": "employer"}, headers=HTML)
    link = re.search(r'<code id="link">([^<]*)</code>', await waiting.text())
    assert link is not None
    await centre.share(unescape(link[1]), centre.issue())

    verdict = await (await browser.get(waiting.url.path, headers=HTML)).text()
    leads = re.search(r'href="([^"]*/dossier[^"]*)"', verdict)
    assert leads is not None
    page = await (await browser.get(leads[1], headers=HTML)).text()

    assert "Suggested: Lisbon Recognition Convention (LRC), once what is withheld has been shown." in page
    assert (await browser.get(f"{waiting.url.path}/dossier?place=1", headers=HTML)).status == 404
    signed = await post(browser, f"{waiting.url.path}/dossier/statement", place="0", **SIGNED)
    assert "sha256" in sd_jwt_vc.parse(await signed.text()).credential.claims["evaluated"]


async def test_what_the_holder_keeps_back_is_never_told_to_be_missing(centre: Stage, browser: ClientSession) -> None:
    whole = centre.issue()
    bare = whole.split("~")[0] + "~"

    page = await (await post(browser, credential=bare)).text()

    learner = page[page.index("Identification of the learner</h3>") :]
    assert "Kept by its owner" in learner[:400]
    assert "5 kept by the owner" in page or "kept by the owner" in page
    assert not re.search(r"<b>Identification of the learner\.</b> Whose certificate", page)


async def test_the_official_sample_reads_well_without_a_signature(
    samples: Path, centre: Stage, browser: ClientSession
) -> None:  # fmt: skip
    raw = (samples / handed.SAMPLE).read_text("utf-8")

    page = await (await post(browser, credential=raw)).text()

    assert "10 of the 11 mandatory elements of the European standard are there, 1 not in the certificate." in page
    assert "Put 2 questions to University of Zed before you decide" in page


async def test_the_pdf_has_the_data_of_the_dossier_inside(centre: Stage, browser: ClientSession) -> None:
    credential = centre.issue()

    printed = PdfReader(BytesIO(await (await post(browser, credential=credential, form="pdf")).read()))
    told = await (await post(browser, credential=credential, form="json")).json()

    (attached,) = printed.attachments["dossier.json"]
    assert strict_json.parse_object(attached) == told
    assert told["report_id"] in printed.pages[0].extract_text()


async def test_beside_ones_own_course_differences_are_candidates(centre: Stage, browser: ClientSession) -> None:
    page = await (await post(browser, credential=centre.issue(), home_ects="5", home_level="7")).text()

    assert "<b>Workload.</b> 5 ECTS: 2 ECTS less." in page


async def test_a_course_that_cannot_be_read_is_said_so_and_the_dossier_stays(
    centre: Stage, browser: ClientSession
) -> None:  # fmt: skip
    page = await (await post(browser, credential=centre.issue(), home_ects="many")).text()

    assert "Credits are a number" in page
    assert "The seven criteria" in page


@pytest.mark.parametrize("credential", ["", "hello", "{}", '{"credentialSubject": {}}'])
async def test_what_is_no_certificate_is_refused_kindly(browser: ClientSession, credential: str) -> None:
    answer = await post(browser, credential=credential)

    assert answer.status == 422
    assert 'id="credential-error"' in await answer.text()


async def test_an_answer_of_a_wallet_has_a_dossier_for_whoever_asked(centre: Stage) -> None:
    asked = await centre.ask()
    await centre.share(asked["link"], centre.issue())

    answer = await centre.client.get(f"/api/v1/requests/{asked['id']}/dossiers")

    (made,) = (await answer.json())["dossiers"]
    assert made["checks"]["holder_binding"] == "ok"
    assert "Grade achieved" in made["withheld"]


async def test_the_api_gives_the_same_dossier_each_time(centre: Stage) -> None:
    told = {"credential": centre.issue(), "home_course": {"ects": 5}}

    first, second = [await centre.client.post("/api/v1/dossiers", json=told) for _ in range(2)]

    assert await first.read() == await second.read()
    assert (await second.json())["comparison"]["candidates"][0]["delta"] == "2 ECTS less"


async def test_an_evaluator_signs_what_they_found(centre: Stage, browser: ClientSession) -> None:
    credential = centre.issue()

    answer = await post(browser, "/dossier/statement", credential=credential, **SIGNED)

    assert (answer.status, answer.content_type) == (200, "application/dc+sd-jwt")
    parsed = sd_jwt_vc.parse(await answer.text())
    sd_jwt_vc.verify_signature(parsed, key=centre.desk.keyring.active.signer.public)
    said = parsed.credential.claims
    assert said["evaluated"]["sha256"] == hashlib.sha256(credential.split("~")[0].encode()).hexdigest()
    assert (said["evaluator"], said["granted_ects"], said["outcome"]) == ("M. Rossi", "2.5", "comparable")
    assert parsed.credential.holder_key == sd_jwt_vc.parse(credential).credential.holder_key
    assert (("given_name",) in parsed.credential.disclosable, said["given_name"]) == (True, "Ana")


async def test_the_type_of_a_statement_is_told_where_it_says(centre: Stage, browser: ClientSession) -> None:
    answer = await post(browser, "/dossier/statement", credential=centre.issue(), **SIGNED)
    (type_,) = sd_jwt_vc.parse(await answer.text()).credential.types

    told = await (await centre.client.get(type_.removeprefix(stages.BASE))).json()

    assert told["vct"] == type_


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"evaluator_key": "guess"}, 401), ({"evaluator_key": ""}, 401), ({"outcome": "great"}, 422),
        ({"purpose": ""}, 422), ({"outcome": "not_comparable"}, 422), ({"granted_level": "9"}, 422),
        ({"reasons": "a\x07"}, 422),
    ],
)  # fmt: skip
async def test_a_statement_with_one_thing_wrong_is_not_signed(
    centre: Stage, browser: ClientSession, change: dict[str, str], status: int
) -> None:
    answer = await post(browser, "/dossier/statement", credential=centre.issue(), **(SIGNED | change))

    assert answer.status == status


async def test_without_evaluators_nothing_is_offered_to_be_signed(stage: Stage) -> None:
    jar = CookieJar(unsafe=True)
    async with ClientSession(base_url=stage.client.make_url("/"), cookie_jar=jar) as client:
        page = await (await post(client, credential=stage.issue(claims=records.claims()))).text()
        refused = await post(client, "/dossier/statement", credential=stage.issue(), **SIGNED)

    assert "Sign your outcome" not in page
    assert refused.status == 401


async def test_a_sealed_document_has_a_dossier_that_says_what_its_seal_is_worth(
    samples: Path, centre: Stage, browser: ClientSession
) -> None:
    raw = (samples / "edc-official/Sample-CertOfPart-signed.jsonld").read_text("utf-8")

    made = await (await post(browser, credential=raw, form="json")).json()

    assert made["credential"]["sha256"] == hashlib.sha256(raw.strip().encode()).hexdigest()
    assert made["checks"]["issuer_trust"] != "ok"
    assert {each["id"]: each["state"] for each in made["automatic_recognition"]}["genuine"] != "met"
    assert made["track"]["before"]
