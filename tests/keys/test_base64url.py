import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import base64url
from keys.errors import InvalidEncoding


@given(st.binary())
def test_what_is_encoded_comes_back(data: bytes) -> None:
    text = base64url.encode(data)

    assert base64url.encode_ascii(data) == text.encode("ascii")
    assert base64url.decode(text) == data
    assert base64url.decode(text.encode("ascii")) == data


@given(st.lists(st.text("AQgw-_+/=", max_size=8).map(str.encode) | st.binary(max_size=6)))
def test_many_texts_are_read_as_each_alone(texts: list[bytes]) -> None:
    try:
        alone = [base64url.decode(text) for text in texts]
    except InvalidEncoding:
        with pytest.raises(InvalidEncoding):
            base64url.decode_all(texts)
        return
    assert base64url.decode_all(texts) == alone


@given(st.text() | st.text("AQgw-_+/=", max_size=8) | st.binary())
def test_garbage_raises_invalid_encoding_and_nothing_else(text: str | bytes) -> None:
    try:
        data = base64url.decode(text)
    except InvalidEncoding:
        return
    assert base64url.encode(data) == (text if isinstance(text, str) else text.decode("ascii"))


@pytest.mark.parametrize(
    "text",
    ["YQ==", "YR", "YWJ", "Y", "YW!J", "YW\nJi", " YWJi", "a+b/", "YWJi=", "ÿÿÿÿ", "YWJi\0AAA"],
)
def test_a_text_with_a_second_spelling_is_refused(text: str) -> None:
    with pytest.raises(InvalidEncoding):
        base64url.decode(text)
