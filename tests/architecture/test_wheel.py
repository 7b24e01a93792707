"""What a user installs: the wheel holds the ten packages with their pages, migrations and types, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "keys", "credentials", "exchange", "trust", "service", "issuer", "wallet", "verifier", "registry", "pergamena",
}  # fmt: skip


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_has_the_ten_packages_and_nothing_beside_them(wheel_names: list[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


def test_every_package_is_typed(wheel_names: list[str]) -> None:
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(wheel_names)


def test_every_file_git_knows_of_a_package_is_in_the_wheel(wheel_names: list[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", *sorted(PACKAGES)], cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert set(tracked) - set(wheel_names) == set()
