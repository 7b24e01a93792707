"""A credential is known by what it is, not by what its sender calls it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import formats
from credentials.credential import Format
from credentials.errors import CredentialsError, UnsupportedFormat
from tests.credentials.builders import issued, presented, signed


@pytest.mark.parametrize(
    ("raw", "format_"),
    [
        (issued(), Format.SD_JWT_VC),
        (presented(), Format.SD_JWT_VC),
        (signed({}, typ="vc+jwt"), Format.VC_JWT),
        (signed({}, typ="vp+jwt"), Format.VC_JWT),
        (signed({"vc": {}}, typ="JWT"), Format.VC_JWT_1),
        (signed({"vp": {}}, typ=None), Format.VC_JWT_1),
    ],
)
def test_a_format_is_recognised(raw: str, format_: Format) -> None:
    assert formats.recognise(raw) is format_


@pytest.mark.parametrize(
    "raw", ['{"proof": {}}', " [1]", signed({}, typ="JWT"), signed({"vc": {}, "vp": {}}, typ=None)]
)
def test_what_is_no_format_spoken_here_is_unsupported(raw: str) -> None:
    with pytest.raises(UnsupportedFormat):
        formats.recognise(raw)


@given(st.text(max_size=100))
def test_garbage_is_refused_and_nothing_else_happens(raw: str) -> None:
    with pytest.raises(CredentialsError):
        formats.FORMATS[formats.recognise(raw)].parse(raw)


def test_every_format_has_a_module_with_the_same_verbs() -> None:
    verbs = {
        "issue",
        "issue_now",
        "parse",
        "parse_issued",
        "present",
        "verify_signature",
        "verify_binding",
        "check_time",
    }

    assert formats.FORMATS.keys() == set(Format)
    assert all(callable(getattr(module, verb)) for module in formats.FORMATS.values() for verb in verbs)
