import io
import json
import logging
import sys

import pytest

from service import telemetry
from service.telemetry import Counters


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the log of this process writes; the root logger is put back afterwards."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    telemetry.start()
    return written


def test_a_line_is_json_with_allowed_fields_only(lines: io.StringIO) -> None:
    telemetry.note("award_issued", outcome="ok", ms=3, learner="marker", token="marker")

    line = json.loads(lines.getvalue())
    assert (line["event"], line["outcome"], line["ms"], line["level"]) == ("award_issued", "ok", 3, "info")
    assert "marker" not in lines.getvalue()


def test_what_a_library_logs_is_counted_and_not_quoted(lines: io.StringIO) -> None:
    logging.getLogger("aiohttp.server").error("Error handling request from %s", "marker")
    logging.getLogger("sqlalchemy.pool").warning("marker")

    written = lines.getvalue()
    assert "marker" not in written
    assert [json.loads(line)["event"] for line in written.splitlines()] == [
        "library:aiohttp.server",
        "library:sqlalchemy.pool",
    ]


def test_a_fault_names_types_and_places_and_no_values(lines: io.StringIO) -> None:
    def fail() -> None:
        try:
            int("marker")
        except ValueError as error:
            raise RuntimeError("marker") from error

    with pytest.raises(RuntimeError) as raised:
        fail()
    telemetry.note_fault(raised.value, reference="ABCDEFGH", route="/awards/{id}")

    line = json.loads(lines.getvalue())
    assert line["fault"] == "RuntimeError < ValueError"
    assert any("test_telemetry.py" in place for place in line["places"])
    assert "marker" not in lines.getvalue()


def test_counters_are_told_in_prometheus_text() -> None:
    counters = Counters()
    counters.add("verifications", outcome="yes")
    counters.add("verifications", outcome="yes", count=2)
    counters.add("verifications", outcome='n"o\n')

    assert counters.to_text() == (
        'pergamena_verifications_total{outcome="n\\"o\\n"} 1\npergamena_verifications_total{outcome="yes"} 3\n'
    )
