"""Peers that go wrong in one thing (security.md (b), wallet): the exact refusal, nothing kept, nobody else called."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from service import qr
from tests.service.test_qr import png_claiming
from tests.wallet.stage import NAME, PASSPHRASE, Stage
from tests.wallet.test_pages import HTML, Person
from wallet.showing import sharing

SPEAKS_FOR_ANOTHER = "The metadata speaks for another credential issuer than the one asked."
OURS = re.compile(r"/(?!/)|#")
WAYS_BACK = [
    "javascript:alert(1)", " javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "intent://x.example",
    "http://elsewhere.example/", "//x.example", "https://name@x.example/",
]  # fmt: skip


@pytest.fixture
async def person(quick: Stage) -> Person:
    """Ana at a browser."""
    person = Person(quick.client)
    await person.go("/sign-in")
    await person.send("/sign-in", name=NAME, passphrase=PASSPHRASE, next="/")
    return person


async def nothing_kept(stage: Stage) -> bool:
    _, body = await stage.call("GET", "/credentials")
    return not body["credentials"]


# -- who the metadata is from (OpenID4VCI 1.0 section 12.2.1) ----------------------------------------------------------


async def test_metadata_that_spells_its_issuer_as_it_was_asked_for_is_taken(quick: Stage) -> None:
    quick.academy.metadata = {"credential_issuer": quick.academy.id}
    assert (await quick.open_offer())[0] == 201


@pytest.mark.parametrize(
    "spell",
    [
        lambda id_: f"{id_}/",
        lambda id_: id_.replace("localhost", "LOCALHOST"),
        lambda id_: id_.replace("/north", "/North"),
        lambda id_: id_.replace("/north", "/n%6Frth"),
        lambda id_: id_.replace("/north", "//north"),
        lambda id_: id_.replace("http:", "https:"),
        lambda id_: f"{id_}?x=1",
    ],
)
async def test_metadata_that_spells_its_issuer_in_another_way_ends_it(
    quick: Stage, spell: Callable[[str], str]
) -> None:
    quick.academy.metadata = {"credential_issuer": spell(quick.academy.id)}
    status, problem = await quick.open_offer()
    assert (status, problem["code"]) == (400, "offer_refused")
    assert problem["detail"] == SPEAKS_FOR_ANOTHER
    assert quick.academy.seen == ["metadata"]  # not even its server was asked


# -- what comes instead of a certificate -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"error": "invalid_proof"},
        {"error": "credential_request_denied", "error_description": "No."},
        "invalid_proof",
        {"credentials": []},
        {"credentials": "error"},
        {"credential": "error"},
        None,
    ],
)
async def test_an_error_inside_a_good_answer_is_no_certificate(quick: Stage, said: Any) -> None:
    quick.academy.errs = [] if said is None else said
    status, problem = await quick.accept()
    assert (status, problem["code"]) == (400, "offer_refused")
    assert problem["detail"].startswith("The university does not give out the certificate: ")
    assert await nothing_kept(quick)


@pytest.mark.parametrize("text", ["error: invalid_proof", "invalid_proof", '{"error":"invalid_proof"}', "a.b.c", "~"])
async def test_an_error_in_the_place_of_a_certificate_is_not_kept_and_the_university_is_told(
    quick: Stage, text: str
) -> None:
    quick.academy.spoil = lambda _raw: text
    status, offer = await quick.accept()
    assert (status, offer["state"], offer["received"]) == (200, "rejected", [])
    assert offer["problem"].startswith("What the university sent is not a certificate that can be read")
    assert quick.academy.told[-1] == "credential_failure"
    assert await nothing_kept(quick)


async def test_more_certificates_than_keys_are_not_kept(quick: Stage) -> None:
    quick.academy.surplus = 1
    _, offer = await quick.accept()
    assert (offer["state"], offer["problem"]) == (
        "rejected", "The university sent a certificate that is made for somebody else's key."
    )  # fmt: skip
    assert quick.academy.told[-1] == "credential_failure"
    assert await nothing_kept(quick)


# -- where an answer goes, and where the person goes after it ----------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_an_answer_is_not_carried_on_to_where_a_redirect_points(quick: Stage, status: int) -> None:
    await quick.hold()
    quick.employer.moved, quick.employer.status = "response", status
    code, problem = await quick.share()
    assert (code, problem["code"]) == (400, "answer_refused")
    assert problem["detail"].endswith("The other side answers with a redirect, which is not followed.")
    assert (len(quick.employer.received), quick.employer.elsewhere) == (1, [])


async def test_a_way_back_on_the_web_is_a_link(quick: Stage, person: Person) -> None:
    await quick.hold()
    quick.employer.answer = {"redirect_uri": "https://employer.example/done#response_code=c0de"}
    _, ended = await quick.share()
    await person.go(f"/requests/{ended['id']}")
    assert 'href="https://employer.example/done#response_code=c0de"' in person.text


@pytest.mark.parametrize("way", WAYS_BACK)
async def test_a_way_back_that_is_no_web_address_is_left_out_and_the_page_says_so(
    quick: Stage, person: Person, way: str
) -> None:
    await quick.hold()
    quick.employer.answer = {"redirect_uri": way}
    status, ended = await quick.share()
    assert (status, ended["state"], ended["redirect_uri"]) == (200, "shared", None)  # what was shared has arrived
    assert ended["outcome"] == sharing.NOWHERE
    await person.go(f"/requests/{ended['id']}")
    links = re.findall(r'(?:href|action|src)="([^"]*)"', person.text)
    assert [link for link in links if not OURS.match(link)] == []
    assert sharing.NOWHERE in person.text
    assert (await quick.call("GET", "/history"))[1]["history"][0]["event"] == "shared"


# -- pictures ----------------------------------------------------------------------------------------------------------


async def opened(person: Person, picture: bytes) -> None:
    await person.go("/scan")
    form = FormData()
    form.add_field("picture", BytesIO(picture), filename="code.png", content_type="image/png")
    await person.send("/open", data=form)


@pytest.mark.parametrize(
    ("picture", "status", "told"),
    [
        (png_claiming(4_000, 4_000), 413, "at most twelve million pixels"),
        (png_claiming(20_000, 20_000), 422, "not one that can be read"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * qr.PICTURE_LIMIT, 413, "at most ten megabytes"),
        (b"<svg/>" * 1000, 422, "not one that can be read"),
    ],
    ids=["pixels", "more pixels", "bytes", "no picture"],
)
async def test_a_picture_that_is_too_much_is_refused_beside_the_field(
    quick: Stage, person: Person, picture: bytes, status: int, told: str
) -> None:
    await opened(person, qr.png(quick.employer.link))
    assert person.path.startswith("/requests/")

    await opened(person, picture)
    assert (person.status, told in person.text) == (status, True)
    assert person.path == "/open"

    token = re.search(r'data-csrf="([0-9a-f]+)"', person.text)
    assert token
    headers = {"X-CSRF-Token": token[1], "Content-Type": "image/png"} | HTML
    answer = await quick.client.post("/scan/frame", data=BytesIO(picture), headers=headers)
    assert answer.status == status
