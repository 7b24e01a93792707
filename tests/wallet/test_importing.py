"""Adding by hand: every form is read, labelled by what could be verified, kept once; what was altered is not."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import FormData
from pypdf import PdfWriter

from credentials.learning import baking
from credentials.learning.baking import artwork
from keys import strict_json
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from service import qr
from tests.wallet.stage import Stage
from tests.wallet.test_pages import Person

SOMEBODY = PrivateJwk.generate(Algorithm.ES256)


def a_text(text: str) -> bytes:
    return f"\n {text[:40]}\n{text[40:]} \n".encode()


def an_envelope(text: str) -> bytes:
    kind = "EnvelopedVerifiableCredential"
    return strict_json.dump({"type": kind, "id": f"data:application/dc+sd-jwt,{text}"})


def an_answer(text: str) -> bytes:
    return strict_json.dump({"credentials": [{"credential": text}]})


def a_badge_png(text: str) -> bytes:
    return baking.bake(artwork.seal(), credential=text)


def a_badge_svg(text: str) -> bytes:
    return baking.bake(artwork.draw(title="A badge", issuer="North"), credential=text)


def a_pdf(text: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_attachment("notes.txt", b"nothing of interest")
    writer.add_attachment("certificate.jwt", text.encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def as_jwt(stage: Stage) -> str:
    """A credential of VCDM 1.1."""
    stage.academy.w3c = True
    try:
        return stage.academy.issue(SOMEBODY.public)
    finally:
        stage.academy.w3c = False


async def bring(stage: Stage, data: bytes) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {stage.token}", "Content-Type": "application/octet-stream"}
    answer = await stage.client.post("/api/v1/import", data=io.BytesIO(data), headers=headers)
    return answer.status, strict_json.parse(await answer.read())


@pytest.mark.parametrize("form", [a_text, an_envelope, an_answer])
async def test_an_sd_jwt_is_found_in_every_form(quick: Stage, form: Callable[[str], bytes]) -> None:
    status, added = await bring(quick, form(quick.academy.issue(SOMEBODY.public)))
    assert (status, len(added["added"])) == (201, 1), added
    (held,) = (await quick.call("GET", "/credentials"))[1]["credentials"]
    assert (held["provenance"], held["standing"], held["issuer"]["standing"]) == ("added", "valid", "trusted")


@pytest.mark.parametrize("form", [a_text, a_badge_png, a_badge_svg, a_pdf])
async def test_a_jwt_is_found_in_every_form(quick: Stage, form: Callable[[str], bytes]) -> None:
    status, added = await bring(quick, form(as_jwt(quick)))
    assert (status, len(added["added"])) == (201, 1), added
    assert (await quick.call("GET", "/credentials"))[1]["credentials"][0]["format"] == "jwt_vc_json"


async def test_a_code_that_is_no_certificate_is_told(quick: Stage) -> None:
    status, told = await bring(quick, qr.png("nothing"))
    assert (status, told["code"]) == (422, "nothing_inside")


async def test_the_same_certificate_is_kept_once_whatever_it_shows(stage: Stage) -> None:
    text = stage.academy.issue(SOMEBODY.public)
    _, first = await bring(stage, text.encode())
    fewer = "~".join(text.split("~")[:2]) + "~"
    status, again = await bring(stage, fewer.encode())
    assert (status, again) == (201, {"added": [], "known": first["added"]})


async def test_what_was_awarded_here_is_known_here(quick: Stage) -> None:
    held = await quick.hold()
    made = await quick.call("POST", "/links", {
        "credential": held["id"], "label": "Me", "facts": [], "days": 1, "views": 1,
    })  # fmt: skip
    assert made[0] == 201
    headers = {"Authorization": f"Bearer {quick.token}"}
    paper = await quick.client.get(f"/api/v1/links/{made[1]['id']}/certificate.pdf", headers=headers)
    status, told = await bring(quick, await paper.read())
    assert (status, told) == (201, {"added": [], "known": [held["id"]]})


async def test_an_unknown_issuer_is_said_to_be_unknown(quick: Stage) -> None:
    stranger = type(quick.academy)()
    await stranger.open()
    try:
        status, added = await bring(quick, stranger.issue(SOMEBODY.public).encode())
    finally:
        await stranger.server.close()
    assert status == 201, added
    (held,) = (await quick.call("GET", "/credentials"))[1]["credentials"]
    assert (held["issuer"]["standing"], held["standing"]) == ("unknown", "unchecked")
    assert "Nobody we trust vouches for it" in held["issuer"]["sentence"]


async def test_a_revoked_one_is_kept_and_told(quick: Stage) -> None:
    quick.academy.status = 1
    await bring(quick, quick.academy.issue(SOMEBODY.public).encode())
    (held,) = (await quick.call("GET", "/credentials"))[1]["credentials"]
    assert held["standing"] == "revoked"


async def test_it_is_no_answer_to_who_asks_for_a_proof(quick: Stage) -> None:
    await bring(quick, quick.academy.issue(SOMEBODY.public).encode())
    _, asked = await quick.ask()
    assert asked["satisfied"] is False


def altered(text: str) -> bytes:
    head, _, rest = text.partition("~")
    return f"{head[:-6]}{'AAAA' if head[-6:-2] != 'AAAA' else 'BBBB'}{head[-2:]}~{rest}".encode()


def cut(text: str) -> bytes:
    return text[: len(text) // 3].encode()


def no_text(_: str) -> bytes:
    return b"\xff\xfe\x00\x01"


def empty(_: str) -> bytes:
    return b"  "


def too_large(text: str) -> bytes:
    return text.encode() + b" " * (5 << 20)


def deep(_: str) -> bytes:
    return b"[" * 500 + b"]" * 500


def broken_pdf(_: str) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF"


def svg_with_nothing(_: str) -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


@pytest.mark.parametrize(
    "spoil",
    [altered, cut, no_text, empty, too_large, deep, broken_pdf, svg_with_nothing],
    ids=lambda each: each.__name__,
)
async def test_what_is_none_or_was_altered_is_not_kept(quick: Stage, spoil: Callable[[str], bytes]) -> None:
    status, told = await bring(quick, spoil(quick.academy.issue(SOMEBODY.public)))
    assert status in (413, 422), told
    assert (await quick.call("GET", "/credentials"))[1]["credentials"] == []


@pytest.mark.parametrize("link", ["http://169.254.169.254/x", "http://127.0.0.1:9/x", "https://localhost/x"])
async def test_a_link_leads_nowhere_inside(quick: Stage, link: str) -> None:
    status, told = await quick.call("POST", "/import", {"text": link})
    assert (status, told["code"]) == (400, "unreadable_link")


async def test_the_page_adds_a_file_and_says_who_vouches(quick: Stage) -> None:
    person = Person(quick.client)
    await person.sign_up()
    await person.go("/import")
    form = FormData()
    form.add_field("file", a_badge_png(as_jwt(quick)), filename="badge.png", content_type="image/png")
    form.add_field("text", "")
    await person.send("/import", data=form)
    assert (person.status, "It is in your wallet." in person.text) == (200, True)
    form = FormData()
    form.add_field("text", "no certificate")
    await person.go("/import")
    await person.send("/import", data=form)
    assert (person.status, "no certificate in it" in person.text) == (422, True)
    offer = FormData()
    offer.add_field("text", f"openid-credential-offer://?credential_offer_uri={quick.academy.id}/offer")
    await person.go("/import")
    await person.send("/import", data=offer)
    assert person.path.startswith("/offers/")
