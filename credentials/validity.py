"""When a credential counts: NumericDate (RFC 7519 section 2), dateTimeStamp (VCDM 2.0 section 4.9), the time check."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from credentials.credential import Credential
from credentials.errors import InvalidTime
from keys import strict_json

LEEWAY = timedelta(seconds=60)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def numeric_date(claims: Mapping[str, Any], *, name: str) -> datetime | None:
    """The NumericDate `name` of `claims`, None where it is absent; raises InvalidTime."""
    if name not in claims:
        return None
    seconds = claims[name]
    if type(seconds) is not int and type(seconds) is not float:
        raise InvalidTime(f"The claim {name} is not a number of seconds.")
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidTime(f"The claim {name} is not a time that can be told.") from error


def to_numeric_date(moment: datetime) -> int:
    """The whole NumericDate of `moment`."""
    return int(moment.timestamp())


def timestamp(properties: Mapping[str, Any], *, name: str) -> datetime | None:
    """The XML Schema dateTimeStamp `name` of `properties`, None where it is absent; raises InvalidTime."""
    raw = properties.get(name)
    if raw is None:
        return None
    try:
        if not isinstance(raw, str) or not _TIMESTAMP.fullmatch(raw):
            raise InvalidTime(f"The property {name} is not a date with a time and an offset.")
        moment = datetime.fromisoformat(raw)
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidTime(f"The property {name} is not a time that can be told.") from error


def to_timestamp(moment: datetime) -> str:
    """The dateTimeStamp of `moment`, in whole seconds of UTC."""
    return strict_json.timestamp(moment)


def check(credential: Credential, *, now: datetime, leeway: timedelta = LEEWAY) -> None:
    """Return if `credential` counts at `now`; raises InvalidTime."""
    if credential.expires is not None and now - leeway >= credential.expires:
        raise InvalidTime("The credential has expired.")
    if credential.not_before is not None and now + leeway < credential.not_before:
        raise InvalidTime("The credential is not valid yet.")
    if credential.issued_at is not None and now + leeway < credential.issued_at:
        raise InvalidTime("The credential says it was issued in the future.")
