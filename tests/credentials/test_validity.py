"""When a credential counts, and how its moments are written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import validity
from credentials.errors import InvalidTime
from credentials.formats import sd_jwt_vc
from tests.credentials.builders import NOON, issued

CREDENTIAL = sd_jwt_vc.parse_issued(issued()).credential
MINUTE = timedelta(minutes=1)

whole_seconds = st.integers(0, 253_370_764_800).map(lambda seconds: datetime.fromtimestamp(seconds, tz=UTC))


@given(whole_seconds)
def test_a_numeric_date_comes_back(moment: datetime) -> None:
    assert validity.numeric_date({"exp": validity.to_numeric_date(moment)}, name="exp") == moment


@given(whole_seconds)
def test_a_timestamp_comes_back(moment: datetime) -> None:
    assert validity.timestamp({"validFrom": validity.to_timestamp(moment)}, name="validFrom") == moment


def test_what_is_not_said_has_no_moment() -> None:
    assert validity.numeric_date({}, name="exp") is None
    assert validity.timestamp({}, name="validFrom") is None


def test_a_timestamp_counts_its_offset_and_fractions() -> None:
    said = {"validFrom": "2026-07-01T14:00:00.5+02:00"}

    assert validity.timestamp(said, name="validFrom") == NOON + timedelta(milliseconds=500)


@pytest.mark.parametrize("raw", ["1", True, None, [], {}, 10**20, -(10**20), float("inf"), float("nan")])
def test_what_is_no_numeric_date_is_refused(raw: Any) -> None:
    with pytest.raises(InvalidTime):
        validity.numeric_date({"exp": raw}, name="exp")


@pytest.mark.parametrize(
    "raw",
    ["2026-07-01", "2026-07-01T12:00:00", "2026-07-01 12:00:00Z", "20260701T120000Z", "2026-13-01T12:00:00Z",
     "2026-07-01T25:00:00Z", "2026-07-01T12:00:00+99:00", "0001-01-01T00:00:00+01:00", "2026-07-01T12:00:00Zx",
     "٢٠٢٦-07-01T12:00:00Z", 1, True, []],
)  # fmt: skip
def test_what_is_no_timestamp_is_refused(raw: Any) -> None:
    with pytest.raises(InvalidTime):
        validity.timestamp({"validFrom": raw}, name="validFrom")


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"expires": NOON}, True),
        ({"expires": NOON - MINUTE}, False),
        ({"not_before": NOON + MINUTE}, True),
        ({"not_before": NOON + MINUTE + timedelta(seconds=1)}, False),
        ({"issued_at": NOON + MINUTE}, True),
        ({"issued_at": NOON + MINUTE + timedelta(seconds=1)}, False),
        ({"issued_at": None, "expires": None}, True),
    ],
)
def test_a_credential_counts_in_its_time_give_or_take_a_minute(*, change: dict[str, Any], counts: bool) -> None:
    credential = replace(CREDENTIAL, **change)

    if counts:
        validity.check(credential, now=NOON)
    else:
        with pytest.raises(InvalidTime):
            validity.check(credential, now=NOON)


def test_the_clocks_may_be_asked_to_agree_exactly() -> None:
    with pytest.raises(InvalidTime):
        validity.check(replace(CREDENTIAL, expires=NOON), now=NOON, leeway=timedelta(0))
