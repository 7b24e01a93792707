import json
from collections.abc import Callable
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import InvalidPicture, MalformedCredential, TooLarge
from credentials.learning import baking
from credentials.learning.baking import content, svg

BADGE = "eyJhbGciOiJFUzI1NiJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle r="4" fill="#701c32"/></svg>'
OPEN = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
BILLION = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'

PICTURES = {
    "plain": PICTURE,
    "declared": f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- a seal: > -->\n{PICTURE}\n',
    "single quotes and a sign in an attribute": "<svg xmlns='http://www.w3.org/2000/svg' aria-label='a > b'\n>\n</svg>",
    "empty": '<svg xmlns="http://www.w3.org/2000/svg" />',
    "prefixed": '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:g/></s:svg>',
    "prefixed and empty": '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
    "byte order mark": f"\ufeff{PICTURE}",
    "local links": PICTURE.replace("<circle", '<use href="#a"/><style>.a{fill:url(#b)}</style><circle'),
}


def bake(picture: str = PICTURE, credential: str = BADGE) -> str:
    return baking.bake(picture.encode(), credential=credential).decode()


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_what_is_baked_is_extracted_and_the_picture_stays(picture: str) -> None:
    baked = bake(picture)

    assert baking.extract(baked.encode()) == BADGE
    added = f'<openbadges:credential verify="{BADGE}"></openbadges:credential>'
    assert baked.count(added) == 1
    left = minidom.parseString(baked.replace(added, "").encode())  # noqa: S318  # our own picture
    left.documentElement.removeAttribute("xmlns:openbadges")
    assert left.documentElement.toxml() == minidom.parseString(picture.encode()).documentElement.toxml()  # noqa: S318  # our own picture


def test_the_credential_stands_directly_behind_the_first_tag_as_the_specification_shows() -> None:
    assert bake().startswith(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" {OPEN}>'
        f'<openbadges:credential verify="{BADGE}"></openbadges:credential><circle'
    )


def test_json_with_its_proof_inside_goes_into_a_cdata_section() -> None:
    credential = json.dumps({"name": "]]> & <b> Ἀθηναῖος", "proof": {}}, ensure_ascii=False)

    baked = bake(credential=credential)

    assert baked.count("<![CDATA[") == baked.count("]]>") == 1
    assert json.loads(baking.extract(baked.encode())) == json.loads(credential)


def test_a_badge_of_another_with_spaces_around_the_json_is_read() -> None:
    inside = f'<openbadges:credential {OPEN}>\n  <![CDATA[\n {{"a": 1}} ]]>\n</openbadges:credential>'
    assert baking.extract(PICTURE.replace("<circle", f"{inside}<circle").encode()) == '{"a": 1}'


def twice(baked: str) -> str:
    return baked.replace("<circle", f'<openbadges:credential verify="{BADGE}"/><circle')


def one_in_the_other(baked: str) -> str:
    return baked.replace("></openbadges:", f'><openbadges:credential verify="{BADGE}"/></openbadges:')


def both_forms(baked: str) -> str:
    return baked.replace("></openbadges:", ">{}</openbadges:")


def empty(baked: str) -> str:
    return baked.replace(BADGE, "")


def other_namespace(baked: str) -> str:
    return baked.replace("ob/v3p0", "ob/v2p0")


def not_baked(_: str) -> str:
    return PICTURE


def not_svg(baked: str) -> str:
    return baked.replace("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml")


def unclosed(baked: str) -> str:
    return baked.removesuffix("</svg>")


def entities(baked: str) -> str:
    return BILLION + baked


def from_outside(baked: str) -> str:
    return OUTSIDE + baked.replace(BADGE, "&a;")


def document_type(baked: str) -> str:
    return "<!DOCTYPE svg>" + baked


def other_encoding(baked: str) -> str:
    return f'<?xml version="1.0" encoding="no-such"?>{baked}'


@pytest.mark.parametrize(
    "break_one_thing",
    [
        twice,
        one_in_the_other,
        both_forms,
        empty,
        other_namespace,
        not_baked,
        not_svg,
        unclosed,
        entities,
        from_outside,
        document_type,
        other_encoding,
    ],
)
def test_a_baked_picture_with_one_thing_wrong_is_refused(break_one_thing: Callable[[str], str]) -> None:
    baked = bake()
    with pytest.raises(InvalidPicture):
        baking.extract(break_one_thing(baked).encode())


@pytest.mark.parametrize(
    "active",
    [
        "<script>alert(1)</script>",
        "<foreignObject/>",
        "<animateTransform/>",
        '<a href="https://elsewhere.example/"/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="https://elsewhere.example/a.svg#b"/>',
        '<image href="data:text/html;base64,PHNjcmlwdD4="/>',
        '<g onclick="alert(1)"/>',
        '<g style="fill: url(https://elsewhere.example/a)"/>',
        '<g style="fill: u\\72l(https://elsewhere.example/a)"/>',
        "<style>@import 'https://elsewhere.example/a.css';</style>",
        "<style>a { fill: ur&#108;(https://elsewhere.example/a) }</style>",
        "<?xml-stylesheet href='https://elsewhere.example/a.css'?>",
    ],
)
def test_only_a_picture_that_draws_and_nothing_else_is_baked(active: str) -> None:
    with pytest.raises(InvalidPicture, match="nothing else"):
        bake(PICTURE.replace("<circle", f"{active}<circle"))


def test_a_picture_that_carries_a_credential_is_not_baked_again() -> None:
    with pytest.raises(InvalidPicture, match="already"):
        bake(bake())


def test_a_picture_that_uses_the_prefix_for_something_else_is_not_baked() -> None:
    with pytest.raises(InvalidPicture, match="prefix"):
        bake(PICTURE.replace("<svg", '<svg xmlns:openbadges="http://openbadges.org"'))


@pytest.mark.parametrize("credential", ["", "a.b", '"/><script/>', 'a.b.c"', "[]"])
def test_only_a_credential_is_baked(credential: str) -> None:
    with pytest.raises(MalformedCredential):
        bake(credential=credential)


@pytest.mark.parametrize(
    "large",
    [
        PICTURE.replace("<circle", "<g/>" * svg.MOST_ELEMENTS + "<circle"),
        PICTURE.replace("<circle", "<g>" * svg.DEEPEST + "</g>" * svg.DEEPEST + "<circle"),
        PICTURE.replace("<circle", " " * svg.LARGEST + "<circle"),
        PICTURE.replace("<circle", f'<c:credential xmlns:c="{svg.BADGE}" verify="{"a" * content.LONGEST}a"/><circle'),
    ],
    ids=["elements", "levels", "bytes", "credential"],
)
def test_a_picture_that_is_too_large_is_refused(large: str) -> None:
    with pytest.raises(TooLarge):
        baking.extract(large.encode())


@given(st.text(max_size=100), st.binary(max_size=60))
def test_garbage_is_refused_and_nothing_else_happens(garbage: str, rubbish: bytes) -> None:
    for raw in (f"<svg>{garbage}".encode(errors="ignore"), b"<" + rubbish, PICTURE.encode() + rubbish[:1]):
        with pytest.raises(InvalidPicture):
            baking.extract(raw)
