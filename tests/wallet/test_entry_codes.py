"""The code of a recovery kit: what is typed is read as it was meant, and what is mistyped is noticed."""

import pytest
from hypothesis import assume, given
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


WRITTEN = (
    st.integers(0, 2**codes.BITS - 1)
    .filter(lambda number: number % codes.MODULUS < len(codes.ALPHABET))
    .map(lambda number: letters(codes.write(number.to_bytes(17))))
)
LIKE = {"0": "oO0", "1": "iIlL1"}


@given(WRITTEN, st.data())
def test_what_is_written_is_read_in_any_hand(text: str, data: st.DataObject) -> None:
    typed = "".join(data.draw(st.sampled_from(LIKE.get(each, each + each.lower()))) for each in text)
    spaced = " ".join(typed[at : at + 4] for at in range(0, len(typed), 4))
    assert letters(codes.write(codes.parse(typed))) == text
    assert letters(codes.write(codes.parse(f"  {spaced}\n"))) == text


@given(WRITTEN, st.integers(0, 27), st.sampled_from(codes.ALPHABET))
def test_any_one_wrong_letter_is_noticed(text: str, place: int, letter: str) -> None:
    assume(text[place] != letter)
    with pytest.raises(MistypedCode):
        codes.parse(text[:place] + letter + text[place + 1 :])


@given(WRITTEN, st.integers(0, 26))
def test_two_neighbours_that_changed_places_are_noticed(text: str, place: int) -> None:
    assume(text[place] != text[place + 1])
    with pytest.raises(MistypedCode):
        codes.parse(text[:place] + text[place + 1] + text[place] + text[place + 2 :])


@given(st.text())
def test_anything_else_is_no_code(text: str) -> None:
    with pytest.raises(MistypedCode):
        codes.parse(text)
