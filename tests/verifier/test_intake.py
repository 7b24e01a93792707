"""Anything may be brought: a certificate in any form is recognised by its content, and gets the same answer."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from credentials.credential import Format
from credentials.learning import baking
from credentials.learning.baking import artwork
from tests.verifier import bringing
from tests.verifier.bringing import bring, bring_file, told
from tests.verifier.stage import Stage


@pytest.fixture
def database_url(tmp_path: Any) -> str:
    """Nothing of this is kept, so one kind of database is enough."""
    return f"sqlite+aiosqlite:///{tmp_path}/verifier.db"


def split(text: str) -> str:
    return "\n ".join(text[at : at + 70] for at in range(0, len(text), 70))


TEXTS: dict[str, tuple[Callable[[str], object], list[str]]] = {
    "as it is": (str, ["text"]),
    "broken into lines by a mail program": (split, ["text"]),
    "a JSON string": (json.dumps, ["text"]),
    "the answer of an issuer": (lambda raw: {"credentials": [{"credential": raw}]}, ["text", "json"]),
    "the answer of a wallet": (lambda raw: {"vp_token": {"q": [raw]}}, ["text", "json", "presentation"]),
    "JSON serialization": (bringing.as_json_jws, ["text", "json"]),
    "in an array": (lambda raw: [raw], ["text"]),
}


@pytest.mark.parametrize("form", TEXTS)
async def test_an_sd_jwt_is_read_in_every_form_of_text(stage: Stage, form: str) -> None:
    wrap, way = TEXTS[form]

    result = await bring(stage, wrap(stage.issue()))

    assert told(result) == ("yes", None, "compact", way)


@pytest.mark.parametrize("version", [Format.VC_JWT, Format.VC_JWT_1])
async def test_a_w3c_jwt_is_read_plain_enveloped_and_in_a_presentation(stage: Stage, version: Format) -> None:
    issuer = f"http://localhost:{stage.archive.port}/north"
    token = stage.world.issue_w3c(version=version, issuer=issuer)
    envelope = {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{token}"}

    assert told(await bring(stage, token)) == ("yes", None, "compact", ["text"])
    enveloped = await bring(stage, envelope)
    assert told(enveloped) == ("yes", None, "compact", ["text", "json", "envelope"])
    shown = await bring(stage, {"type": ["VerifiablePresentation"], "verifiableCredential": [envelope]})
    assert told(shown) == ("yes", None, "compact", ["text", "json", "presentation", "envelope"])


async def test_a_presentation_is_checked_with_what_it_was_made_for_only(stage: Stage) -> None:
    issuer = f"http://localhost:{stage.archive.port}/north"
    token = stage.world.issue_w3c(issuer=issuer)
    shown = stage.world.present(token, audience="us", nonce="once", now=stage.clock.at)

    assert told(await bring(stage, shown, nonce="once", audience="us"))[:2] == ("yes", None)
    assert told(await bring(stage, shown))[:2] == ("no", "key_binding")


async def test_pictures_and_papers_give_the_certificate_that_is_in_them(stage: Stage) -> None:
    raw = stage.issue()
    token = stage.world.issue_w3c(issuer=f"http://localhost:{stage.archive.port}/north")
    drawn = artwork.draw(title="A badge", issuer="North")
    files = {
        "token": (raw.encode(), ["text"]),
        "json": (bringing.dumped({"credential": raw}), ["text", "json"]),
        "png": (baking.bake(artwork.seal(), credential=token), ["badge"]),
        "svg": (baking.bake(drawn, credential=token), ["badge"]),
        "paper": (bringing.pdf(attached={"x.txt": b"hello", "c.json": raw.encode()}), ["pdf", "attachment"]),
        "paper with a badge": (
            bringing.pdf(attached={"b": baking.bake(artwork.seal(), credential=token)}), ["pdf", "attachment", "badge"],
        ),
    }  # fmt: skip
    for name, (content, way) in files.items():
        result = await bring_file(stage, content)

        assert told(result) == ("yes", None, "compact", way), name


async def test_a_code_is_read_from_a_picture_and_from_a_page_and_its_link_is_followed_once(stage: Stage) -> None:
    stage.world.net.put(
        f"http://localhost:{stage.archive.port}/c/1", stage.issue(), content_type="application/dc+sd-jwt"
    )
    link = f"http://localhost:{stage.archive.port}/c/1"
    picture = bringing.code(link)

    assert told(await bring(stage, link=link)) == ("yes", None, "compact", ["text", "link"])
    assert told(await bring_file(stage, picture)) == ("yes", None, "compact", ["code", "link"])
    assert told(await bring_file(stage, bringing.pdf(picture=picture))) == (
        "yes",
        None,
        "compact",
        ["pdf", "code", "link"],
    )


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (None, "", ("no", "unsupported_format", "link_ended")),
        ("<html></html>", "text/html", ("no", "unsupported_format", "link_to_page")),
        ("https://uni.example/c/2", "text/plain", ("no", "unsupported_format", "link_to_link")),
        ("x" * (5 << 20) + "x", "text/plain", ("no", "limits", "too_large")),
    ],
)
async def test_a_link_that_gives_no_certificate_is_told_with_its_case(
    stage: Stage, body: str | None, content_type: str, expected: tuple[str, str, str]
) -> None:
    link = f"http://localhost:{stage.archive.port}/c/1"
    if body is not None:
        stage.world.net.put(link, body, content_type=content_type)

    result = await bring(stage, link)

    assert (result["verdict"], result["code"], result["explanation"]["case"]) == expected


@pytest.mark.parametrize(
    "link", ["http://localhost:1/c", "https://127.0.0.1/c", "https://[::1]/c", "http://uni.example/c"]
)
async def test_a_link_to_a_place_inside_is_not_opened(stage: Stage, link: str) -> None:
    result = await bring(stage, link)

    assert (result["verdict"], result["explanation"]["case"]) == ("no", "link_refused")


async def test_a_place_that_does_not_answer_is_no_word_against_the_certificate(stage: Stage) -> None:
    link = f"http://localhost:{stage.archive.port}/c/1"
    await stage.archive.close()

    result = await bring(stage, link)

    assert (result["verdict"], result["explanation"]["case"]) == ("not_sure", "link_unreachable")


NOTHING: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "malformed", "empty"),
    "spaces": (b" \n ", "malformed", "empty"),
    "a JSON document about something else": (b'{"a": 1}', "unsupported_format", "no_certificate"),
    "half a JSON document": (b'{"a": ', "malformed", "damaged"),
    "a JSON document with a member twice": (b'{"proof": {}, "proof": {}}', "malformed", "damaged"),
    "a deep one": (b"[" * 40 + b"]" * 40, "limits", "too_deep"),
    "a link for a wallet": (b"openid4vp://?client_id=x", "unsupported_format", "wallet_link"),
    "a picture without a code": (artwork.seal(), "malformed", "no_code"),
    "a picture that breaks off": (artwork.seal()[:90], "malformed", "damaged"),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "malformed", "no_code"),
    "a PDF to look at": (bringing.pdf(), "unsupported_format", "paper_only"),
    "a PDF that breaks off": (bringing.pdf()[:40], "malformed", "damaged"),
    "a ZIP": (b"PK\x03\x04rest", "unsupported_format", "archive"),
    "bytes": (b"\x00\xff\xfe\x01", "unsupported_format", "unknown_file"),
    "too much": (b"[" + b"1," * (3 << 20) + b"1]", "limits", "too_large"),
    "many": (json.dumps(["a.b.c"] * 21).encode(), "limits", "too_many"),
}


@pytest.mark.parametrize("what", NOTHING)
async def test_what_is_no_certificate_is_told_kindly_and_by_case(stage: Stage, what: str) -> None:
    content, code, case = NOTHING[what]

    result = await bring_file(stage, content, name="certificate.json")

    assert (result["verdict"], result["code"], result["explanation"]["case"]) == ("no", code, case)
    assert result["explanation"]["act"] in {"holder", "issuer", "verifier", "registry"}
    assert all(result["explanation"][reader] for reader in ("learner", "officer", "registrar", "developer", "next"))


async def test_of_several_the_worst_decides_and_all_are_told(stage: Stage) -> None:
    good, stranger = stage.issue(), "a.b.c"

    result = await bring(stage, [good, stranger])

    assert (result["verdict"], result["code"]) == ("no", "malformed")
    assert [each["verdict"] for each in result["presentations"]] == ["yes", "no"]


@pytest.mark.parametrize(
    "body", [{}, {"credential": ""}, {"credential": "x", "link": "https://a"}, {"link": "x"}, {"b": 1}]
)
async def test_a_call_with_nothing_to_check_is_a_bad_request(stage: Stage, body: object) -> None:
    assert (await stage.client.post("/api/v1/verifications", json=body)).status == 400
