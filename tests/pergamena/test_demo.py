"""The demo keeps everything for the next time, unless it is told to begin anew."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from issuer import institutions
from issuer.issuer import ISSUER
from keys import encrypted_files
from pergamena import cli, demo
from pergamena.demo import Running
from pergamena.services import PORTS
from pergamena.world import UNIVERSITIES, World, free_ports
from registry.office import REGISTRY


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})


@asynccontextmanager
async def open_doors(world: World) -> AsyncIterator[Running]:
    async with demo.running(world, with_start_page=False) as running:
        yield running


async def courses_of(running: Running, university: str) -> list[str]:
    database = running.apps["issuer"][ISSUER].database
    return [entry.slug for entry in await institutions.list_courses(database, institution=university)]


async def test_the_demo_begins_anew_with_the_keys_it_has_and_nothing_else(tmp_path: Path) -> None:
    world = World.at(tmp_path, ports=free_ports(tuple(PORTS)))
    async with open_doors(world) as first:
        key, signing = first.api_key, first.apps["registry"][REGISTRY].keyring.active.kid
        (course,) = await courses_of(first, UNIVERSITIES[0])
        database = first.apps["issuer"][ISSUER].database
        raw = (await institutions.find_course(database, institution=UNIVERSITIES[0], slug=course)).course.to_json()
        await institutions.save_course(
            database, institution=UNIVERSITIES[0], slug="another", raw=raw, now=first.apps["issuer"][ISSUER].now()
        )

    async with open_doors(world) as again:
        assert (again.api_key, len(await courses_of(again, UNIVERSITIES[0]))) == (key, 2)
    world.reset()
    async with open_doors(world) as anew:
        assert anew.api_key != key
        assert await courses_of(anew, UNIVERSITIES[0]) == [course]
        assert anew.apps["registry"][REGISTRY].keyring.active.kid == signing


async def test_no_two_organisations_of_the_demo_have_one_name(tmp_path: Path) -> None:
    async with open_doors(World.at(tmp_path, ports=free_ports(tuple(PORTS)))) as running:
        printed = await running.apps["registry"][REGISTRY].press.current()
    names = [organisation.name for organisation in printed.issuers.organisations]

    assert len(names) == len(UNIVERSITIES) + 1
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("options", "left"), [([], ["issuer.db"]), (["--reset"], [])])
def test_what_was_kept_is_there_unless_a_reset_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], left: list[str]
) -> None:
    (tmp_path / "issuer.db").touch()
    seen: list[str] = []

    async def look(world: World) -> int:
        seen.extend(file.name for file in world.folder.glob("*.db"))
        return 0

    monkeypatch.setattr(demo, "run", look)

    assert cli.main(["demo", "--folder", str(tmp_path), *options]) == 0
    assert seen == left


@pytest.mark.parametrize("folder", ["var/demo", "var/a b"])
def test_the_command_that_begins_anew_is_one_that_can_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.executable", str(tmp_path / ".venv" / "bin" / "python"))

    command = World.at(Path(folder)).command_anew

    beside = "" if folder == "var/demo" else "--folder 'var/a b' "
    assert command == f".venv/bin/python -m pergamena demo {beside}--reset"
    asked: argparse.Namespace = cli.parser().parse_args(["demo", "--folder", folder, "--reset"])
    assert (asked.folder, asked.reset) == (Path(folder), True)
