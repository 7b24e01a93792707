"""Whatever JSON stands where a claim or header parameter should: it is read, or refused, and nothing crashes."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import formats, type_metadata
from credentials.errors import CredentialsError
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.status import bitstring_list, token_list
from keys import base64url, jws
from tests.credentials.builders import issued, presented
from tests.credentials.formats import test_vc_jwt
from tests.credentials.status import test_bitstring_list, test_token_list

words = st.sampled_from(
    ["id", "type", "jwk", "status_list", "idx", "uri", "bits", "lst", "...", "_sd", "did:key:z", ""]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)

SOUND: dict[str, tuple[str, Callable[[str], object]]] = {
    "a credential": (issued(), sd_jwt_vc.parse),
    "a presentation": (presented(("given_name",)), sd_jwt_vc.parse),
    "a vc+jwt": (test_vc_jwt.issued(test_vc_jwt.BOTH[0]), vc_jwt.parse),
    "a vp+jwt": (test_vc_jwt.presented(test_vc_jwt.BOTH[0]), vc_jwt.parse),
    "a VC-JWT": (test_vc_jwt.issued(test_vc_jwt.BOTH[1]), vc_jwt.parse),
    "a VP-JWT": (test_vc_jwt.presented(test_vc_jwt.BOTH[1]), vc_jwt.parse),
    "a token list": (test_token_list.issued(), token_list.parse),
    "a bitstring list": (test_bitstring_list.issued(), bitstring_list.parse),
}


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value where something else could stand."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at] * bool(at) + [place for step, item in steps for place in places(item, (*at, step))]


def put(value: Any, at: tuple[Any, ...], item: Any) -> None:
    for step in at[:-1]:
        value = value[step]
    value[at[-1]] = item


@pytest.mark.parametrize(("raw", "parse"), SOUND.values(), ids=SOUND.keys())
@given(data=st.data())
def test_a_stranger_at_any_place_is_read_or_refused(raw: str, parse: Callable[[str], object], data: Any) -> None:
    token, tilde, rest = raw.partition("~")
    signed = jws.parse(token)
    parts: list[Any] = [dict(signed.header), json.loads(signed.payload)]
    part = data.draw(st.sampled_from(parts))
    put(part, data.draw(st.sampled_from(places(part))), data.draw(anything))

    head, body = (base64url.encode(json.dumps(each).encode()) for each in parts)
    changed = f"{head}.{body}.{base64url.encode(signed.signature)}{tilde}{rest}"

    for read in (parse, formats.recognise):
        with suppress(CredentialsError):
            read(changed)


@given(st.dictionaries(st.sampled_from(["vct", "display", "claims", "extends", "name"]), anything | st.just("urn:x")))
def test_any_document_is_type_metadata_or_refused(document: dict[str, Any]) -> None:
    with suppress(CredentialsError):
        assert type_metadata.parse(document).vct == document["vct"]
