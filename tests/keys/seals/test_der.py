import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import InvalidCertificate
from keys.seals import der
from tests.keys.seals.certificates import oid_value

VALUES = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=300)), max_size=5)


@given(VALUES)
def test_values_that_are_written_are_read(values: list[tuple[int, bytes]]) -> None:
    assert list(der.items(b"".join(der.written(tag, content) for tag, content in values))) == values


@given(st.binary(max_size=60))
def test_garbage_raises_invalid_certificate_and_nothing_else(data: bytes) -> None:
    try:
        values = list(der.items(data))
    except InvalidCertificate:
        return
    assert b"".join(der.written(tag, content) for tag, content in values) == data


@pytest.mark.parametrize(
    "data",
    [
        b"\x30",
        b"\x30\x01",
        b"\x30\x81\x01a",
        b"\x30\x82\x00\x81" + bytes(129),
        b"\x30\x80\x00\x00",
        b"\x30\x83\x01\x00\x00" + bytes(65536),
    ],
    ids=["no-length", "short", "long-form-of-one", "leading-zero", "indefinite", "three-bytes"],
)
def test_a_length_that_is_wrong_or_has_a_second_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidCertificate):
        list(der.items(data))


@pytest.mark.parametrize("dotted", ["0.4.0.1862.1.6.2", "1.3.6.1.5.5.7.1.3", "2.5.4.97", "2.999.1"])
def test_an_object_identifier_has_its_dotted_form(dotted: str) -> None:
    assert der.oid(der.only(oid_value(dotted), tag=der.OID)) == dotted
    assert x509.ObjectIdentifier(dotted).dotted_string == dotted


@pytest.mark.parametrize("content", [b"", b"\x2a\x86"])
def test_an_object_identifier_that_breaks_off_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidCertificate):
        der.oid(content)


@pytest.mark.parametrize("data", [b"", b"\x05\x00", b"\x06\x01\x2a\x06\x01\x2a"])
def test_where_one_value_belongs_another_or_two_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidCertificate):
        der.only(data, tag=der.OID)


@pytest.mark.parametrize(
    ("number", "value"), [(0, "020100"), (127, "02017f"), (128, "02020080"), (0x8F00FF, "0204008f00ff")]
)
def test_an_integer_is_never_negative(number: int, value: str) -> None:
    assert der.integer(number).hex() == value
