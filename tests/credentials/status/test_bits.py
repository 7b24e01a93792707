"""Arrays of small statuses, against the vectors of the Token Status List text."""

import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import CredentialsError, InvalidStatusList, TooLarge
from credentials.status import bits
from credentials.status.bits import Frame, Order
from keys import base64url
from tests.credentials.builders import vectors

LISTS: Any = vectors("token_status_list.json")["lists"]
SIZES = st.sampled_from(sorted(bits.SIZES))
ORDERS = st.sampled_from(list(Order))
FRAMES = st.sampled_from(list(Frame))


@pytest.mark.parametrize("vector", LISTS, ids=lambda vector: f"{vector['bits']} bits, {vector['entries']} entries")
def test_a_list_of_the_specification_says_what_the_specification_says(vector: Any) -> None:
    array = bits.decompress(base64url.decode(vector["lst"]), frame=Frame.ZLIB)

    said = {place: bits.get(array, int(place), bits=vector["bits"]) for place in vector["statuses"]}

    assert bits.entries(array, bits=vector["bits"]) == vector["entries"]
    assert said == vector["statuses"]


@pytest.mark.parametrize("vector", LISTS, ids=lambda vector: f"{vector['bits']} bits, {vector['entries']} entries")
def test_the_statuses_of_the_specification_give_its_array(vector: Any) -> None:
    array = bytearray(vector["entries"] * vector["bits"] // 8)

    for place, status in vector["statuses"].items():
        bits.put(array, int(place), status=status, bits=vector["bits"])

    assert array == zlib.decompress(base64url.decode(vector["lst"]))


def test_the_two_texts_count_from_opposite_ends_of_a_byte() -> None:
    assert bits.get(b"\x01", 0, order=Order.LEAST_FIRST) == 1
    assert bits.get(b"\x80", 0, order=Order.MOST_FIRST) == 1
    assert bits.get(b"\xc9", 0, bits=2, order=Order.LEAST_FIRST) == 0b01
    assert bits.get(b"\xc9", 0, bits=2, order=Order.MOST_FIRST) == 0b11


@given(SIZES, ORDERS, st.data())
def test_what_is_put_is_got_and_nothing_else_changes(size: int, order: Order, data: Any) -> None:
    array = bytearray(data.draw(st.binary(min_size=1, max_size=6)))
    places = range(bits.entries(array, bits=size))
    before = [bits.get(array, place, bits=size, order=order) for place in places]
    place = data.draw(st.sampled_from(places))
    status = data.draw(st.integers(0, 2**size - 1))

    bits.put(array, place, status=status, bits=size, order=order)

    after = [bits.get(array, place, bits=size, order=order) for place in places]
    assert after == [*before[:place], status, *before[place + 1 :]]


@given(st.binary(min_size=1, max_size=4), ORDERS, st.data())
def test_flipping_twice_changes_nothing(start: bytes, order: Order, data: Any) -> None:
    array = bytearray(start)
    place = data.draw(st.integers(0, len(array) * 8 - 1))

    bits.flip(array, place, order=order)
    assert array != start
    bits.flip(array, place, order=order)

    assert array == start


@given(st.binary(max_size=2_000), FRAMES)
def test_what_is_compressed_comes_back(array: bytes, frame: Frame) -> None:
    assert bits.decompress(bits.compress(array, frame=frame), frame=frame) == array


@given(st.binary(max_size=100), FRAMES)
def test_garbage_is_refused_and_nothing_else_happens(packed: bytes, frame: Frame) -> None:
    with pytest.raises(CredentialsError):
        bits.decompress(packed, frame=frame)


@pytest.mark.parametrize("size", sorted(bits.SIZES))
def test_a_new_list_is_all_valid_and_as_long_as_asked(size: int) -> None:
    array = bits.create(131_072, bits=size)

    assert array == bytes(131_072 * size // 8)


def test_a_list_too_short_to_hide_anybody_is_not_made() -> None:
    with pytest.raises(InvalidStatusList):
        bits.create(131_071)


def test_a_list_too_long_to_be_read_again_is_not_made() -> None:
    with pytest.raises(TooLarge):
        bits.create(bits.MAX_UNPACKED * 8 + 1)


@pytest.mark.parametrize("size", [0, 3, 16, -1])
def test_only_four_sizes_exist(size: int) -> None:
    with pytest.raises(InvalidStatusList):
        bits.create(131_072, bits=size)


@pytest.mark.parametrize("place", [-1, 16, 10**30])
def test_there_is_no_place_outside_the_list(place: int) -> None:
    with pytest.raises(InvalidStatusList):
        bits.get(bytes(2), place)
    with pytest.raises(InvalidStatusList):
        bits.put(bytearray(2), place, status=1)


@pytest.mark.parametrize("status", [2, -1])
def test_a_status_that_does_not_fit_is_not_written(status: int) -> None:
    with pytest.raises(InvalidStatusList):
        bits.put(bytearray(2), 0, status=status)


@pytest.mark.parametrize("frame", list(Frame))
def test_a_bomb_is_refused_without_going_off(frame: Frame) -> None:
    bomb = bits.compress(bytes(2_000), frame=frame)

    assert len(bits.decompress(bomb, frame=frame, limit=2_000)) == 2_000
    with pytest.raises(TooLarge):
        bits.decompress(bomb, frame=frame, limit=1_999)


@pytest.mark.parametrize("frame", list(Frame))
def test_a_list_that_is_cut_off_or_goes_on_is_refused(frame: Frame) -> None:
    packed = bits.compress(bytes(100), frame=frame)

    for wrong in (packed[:-1], packed + b"\0", packed + packed, b""):
        with pytest.raises(InvalidStatusList):
            bits.decompress(wrong, frame=frame)


def test_one_frame_is_not_taken_for_the_other() -> None:
    with pytest.raises(InvalidStatusList):
        bits.decompress(bits.compress(bytes(9), frame=Frame.GZIP), frame=Frame.ZLIB)
    with pytest.raises(InvalidStatusList):
        bits.decompress(bits.compress(bytes(9), frame=Frame.ZLIB), frame=Frame.GZIP)
