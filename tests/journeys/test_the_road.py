"""The whole road over real HTTP: what `make journey` walks, held by the test run as well."""

import argparse
from pathlib import Path

import pytest

from keys import encrypted_files
from pergamena import journey


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})


async def test_every_step_of_the_road_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await journey.run(tmp_path / "world") == 0
    told = capsys.readouterr().out
    assert "✗" not in told
    assert told.count("✓") >= 23


def test_a_step_that_does_not_hold_ends_the_road_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(journey, "COURSE", "a-course-that-nobody-offers")

    code = journey.start(argparse.Namespace(folder=tmp_path / "world"))

    assert code == 1
    told = capsys.readouterr()
    assert "✗" in told.out
    assert "The road ended here: 422 invalid_input" in told.err
