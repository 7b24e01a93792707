"""The code of a recovery kit: what is typed is read as it was meant, and what is mistyped is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.entry import codes
from wallet.errors import MistypedCode


def letters(text: str) -> str:
    return text.replace("-", "")


def test_a_code_has_more_than_128_random_bits_and_is_made_for_typing() -> None:
    made = {codes.write(codes.create()) for _ in range(200)}
    assert len(made) == 200
    assert codes.BITS >= 128
    assert all(len(text) == 34 and set(letters(text)) <= set(codes.ALPHABET) for text in made)


@given(st.data())
def test_what_is_written_is_read_in_any_hand(data: st.DataObject) -> None:
    code = codes.create()
    text = codes.write(code)
    like = {"0": "oO0", "1": "iIlL1"}
    typed = "".join(data.draw(st.sampled_from(like.get(each, each + each.lower()))) for each in text)
    assert codes.parse(typed) == code
    assert codes.parse(f"  {typed.replace('-', ' ')}\n") == code


@given(st.integers(0, 27), st.sampled_from(codes.ALPHABET))
def test_any_one_wrong_letter_is_noticed(place: int, letter: str) -> None:
    text = letters(codes.write(codes.create()))
    wrong = text[:place] + letter + text[place + 1 :]
    if wrong != text:
        with pytest.raises(MistypedCode):
            codes.parse(wrong)


@given(st.integers(0, 26))
def test_two_neighbours_that_changed_places_are_noticed(place: int) -> None:
    text = letters(codes.write(codes.create()))
    wrong = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if wrong != text:
        with pytest.raises(MistypedCode):
            codes.parse(wrong)


@given(st.text())
def test_anything_else_is_no_code(text: str) -> None:
    try:
        codes.parse(text)
    except MistypedCode:
        return
    assert len(letters(text)) >= 28
