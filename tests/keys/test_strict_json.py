import hashlib
import json
from collections import OrderedDict
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import base64url, strict_json
from keys.errors import InvalidJson, TooLarge
from tests.keys import vectors

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**19), 10**19)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)
FRACTIONLESS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([{}, {"ensure_ascii": False}, {"indent": 2}, {"separators": (",", ":")}]))
def test_json_is_read_as_it_was_meant_however_it_was_written(value: Any, style: dict[str, Any]) -> None:
    written = json.dumps(value, **style)

    assert strict_json.parse(written) == value
    assert strict_json.parse(written.encode()) == value


@given(st.text() | st.text('{}[]":,\\u1eE.-+ntf ', max_size=30) | st.binary(max_size=30))
def test_garbage_raises_invalid_json_and_nothing_else(data: str | bytes) -> None:
    try:
        value = strict_json.parse(data)
    except (InvalidJson, TooLarge):
        return
    assert strict_json.parse(strict_json.dump(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a": 1, "b": {"c": 1, "c": 2}}',
        '[{"a":1,"\\u0061":2}]',
        "NaN",
        "[Infinity]",
        "1e999",
        "123456789012345678901",
        "[-123456789012345678901]",
        '"\\ud800"',
        '"\\udc00\\ud800"',
        "\ufeff{}",
        "'a'",
        "{} {}",
        "01",
        '"\x01"',
        "",
    ],
)
def test_a_text_with_two_readings_is_refused(text: str) -> None:
    with pytest.raises(InvalidJson):
        strict_json.parse(text)


@given(st.lists(VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=6), max_size=5))
def test_many_texts_are_read_as_each_alone(texts: list[bytes]) -> None:
    try:
        alone = [strict_json.parse(text) for text in texts]
    except InvalidJson:
        with pytest.raises(InvalidJson):
            strict_json.parse_all(texts)
        return
    assert strict_json.parse_all(texts) == alone


@pytest.mark.parametrize(
    "texts", [[b"[1,2],[3", b"4]"], [b"1,2", b""], [b"[", b"]"], [b'{"a":1}', b'{"a":1,"a":1}'], [b"1e999"], [b""]]
)
def test_texts_that_are_json_only_when_joined_are_refused(texts: list[bytes]) -> None:
    with pytest.raises(InvalidJson):
        strict_json.parse_all(texts)


def test_the_depth_of_one_text_is_bounded_however_many_there_are() -> None:
    assert len(strict_json.parse_all([b"[" * 64 + b"]" * 64] * 3)) == 3

    with pytest.raises(TooLarge):
        strict_json.parse_all([b"1", b"[" * 65 + b"]" * 65])
    with pytest.raises(TooLarge):
        strict_json.parse_all([b"[1,2]"] * 10, limit=50)


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=9))])
    )
)
def test_a_moment_is_written_as_rfc_3339_has_it(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    except OverflowError:  # there is no such year in UTC
        return
    assert strict_json.timestamp(moment) == expected


@pytest.mark.parametrize("data", [b'"\xff"', b'"\xed\xa0\x80"', "\ud800"], ids=["latin", "surrogate", "half"])
def test_what_is_not_utf8_is_refused(data: bytes | str) -> None:
    with pytest.raises(InvalidJson):
        strict_json.parse(data)


@pytest.mark.parametrize("number", [10**20 - 1, -(10**20) + 1, 2**64, 2**63, -(2**63) - 1])
def test_an_integer_of_twenty_digits_is_exact(number: int) -> None:
    assert strict_json.parse(f"[{number}]") == [number]


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}"), ('{"a" : [', "]}")])
def test_the_depth_is_bounded(left: str, right: str) -> None:
    levels = 64 // (left.count("[") + left.count("{"))
    strict_json.parse(left * levels + "1" + right * levels)

    with pytest.raises(TooLarge):
        strict_json.parse("[" + left * levels + "1" + right * levels + "]")


@pytest.mark.parametrize("levels", [300, 2_000, 90_000])
def test_no_depth_crashes_the_reader(levels: int) -> None:
    with pytest.raises((TooLarge, InvalidJson)):
        strict_json.parse("[" * levels + "]" * levels)


def test_many_brackets_side_by_side_are_not_deep() -> None:
    assert strict_json.parse("[" + ",".join(["[]"] * 200) + "]") == [[]] * 200


@pytest.mark.parametrize("data", [b'"aaaaaaaa"', '"aaaaaaaa"', '"ääää"'])
def test_the_size_is_bounded_in_bytes(data: bytes | str) -> None:
    assert strict_json.parse(data, limit=10)
    with pytest.raises(TooLarge):
        strict_json.parse(data, limit=9)


def test_an_object_is_asked_for_where_one_is_needed() -> None:
    assert strict_json.parse_object('{"a":1}') == {"a": 1}
    with pytest.raises(InvalidJson):
        strict_json.parse_object("[1]")


def test_a_dump_is_compact_and_utf8_and_takes_any_mapping() -> None:
    assert strict_json.dump(MappingProxyType({"ä": (1, OrderedDict(b=None))})) == '{"ä":[1,{"b":null}]}'.encode()


@pytest.mark.parametrize("value", [{1: 2}, object(), {"a": b"bytes"}, "\ud800", {"a": {1, 2}}])
def test_what_has_no_json_form_is_not_dumped(value: object) -> None:
    with pytest.raises(InvalidJson):
        strict_json.dump(value)


def test_members_are_sorted_by_utf16_units() -> None:
    members = {
        "€": 1,
        "\r": 2,
        "\ufb33": 3,
        "1": 4,
        "\x80": 5,
        "😀": 6,
        "ö": 7,
    }  # RFC 8785 section 3.2.3

    canonical = strict_json.canonical(members).decode()

    assert list(json.loads(canonical)) == ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]


def test_canonical_text_gives_the_thumbprint_of_rfc_7638() -> None:
    vector = vectors.load("thumbprints.json")["rsa"]

    digest = hashlib.sha256(strict_json.canonical(vector["members"])).digest()

    assert base64url.encode(digest) == vector["thumbprint"]


@given(FRACTIONLESS)
def test_canonical_text_does_not_depend_on_how_the_value_was_written(value: Any) -> None:
    canonical = strict_json.canonical(value)

    assert strict_json.parse(canonical) == value
    assert strict_json.canonical(json.loads(json.dumps(value, sort_keys=True))) == canonical


@pytest.mark.parametrize(
    ("number", "written"),
    [(2.0, "2"), (-0.0, "0"), (4.5, "4.5"), (2e-3, "0.002"), (0.1 + 0.2, "0.30000000000000004"), (2.0**52, str(2**52))],
)
def test_a_number_is_written_as_ecmascript_writes_it(number: float, written: str) -> None:
    assert strict_json.canonical([number, {"n": -number}]).startswith(f"[{written},".encode())


@given(st.floats(min_value=1e-5, max_value=2**53 - 1))
def test_a_fraction_survives_its_canonical_text(number: float) -> None:
    text = strict_json.canonical(number)
    assert b"e" not in text
    assert float(text) == number


@pytest.mark.parametrize("value", [1e-6, 2.0**53, 2**53, {1: 1}, {"a": b""}, [float("nan")]])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(InvalidJson):
        strict_json.canonical(value)
