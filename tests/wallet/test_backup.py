"""Backups (docs/wallet-backup.md): a wallet moves whole, nothing is held twice, one thing wrong adds nothing."""

import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from tests import databases
from tests.wallet.stage import PASSPHRASE, Stage, started
from tests.wallet.test_pages import Person

OPENER = "seven locked drawers in the attic"
VECTORS = Path(__file__).parents[1] / "vectors" / "wallet"


@pytest.fixture
async def second(quick: Stage, tmp_path: Path) -> AsyncIterator[Stage]:
    """Another wallet service with a database of its own, which trusts the same university."""
    folder = tmp_path / "second"
    folder.mkdir()
    environ = quick.environ | {"WALLET_DATABASE_URL": databases.sqlite_database(folder)}
    client = await started(environ, quick.clock)
    opened = Stage(
        environ=environ, clock=quick.clock, academy=quick.academy, employer=quick.employer, client=client
    )  # fmt: skip
    await opened.enter("ana@second.example")
    yield opened
    await client.close()


async def backup(stage: Stage) -> dict[str, Any]:
    status, made = await stage.call("POST", "/backup", {"passphrase": OPENER})
    assert status == 200, made
    return dict(made)


async def bring(stage: Stage, made: Any, *, opener: str = OPENER) -> tuple[int, Any]:
    return await stage.call("POST", "/backup/restore", {"passphrase": opener, "backup": made})


async def test_a_wallet_moves_to_another_service_and_shares_from_there(quick: Stage, second: Stage) -> None:
    held = await quick.hold()
    made = await backup(quick)

    status, restored = await bring(second, made)

    assert (status, restored["added"], restored["known"]) == (200, 1, 0)
    (there,) = (await second.call("GET", "/credentials"))[1]["credentials"]
    assert {**there, "id": held["id"]} == held
    status, shared = await second.share()
    assert (status, shared["state"]) == (200, "shared"), shared
    assert len(quick.employer.presentations) == 1


async def test_what_is_there_already_is_not_held_twice(stage: Stage) -> None:
    await stage.hold()
    made = await backup(stage)
    await stage.hold()

    status, first = await bring(stage, made)
    _, again = await bring(stage, made)

    assert (status, first["added"], first["known"], first["copies"], first["entries"]) == (200, 0, 1, 0, 0)
    assert again == first
    assert len((await stage.call("GET", "/credentials"))[1]["credentials"]) == 2


async def test_a_removed_certificate_comes_back_with_its_use_and_the_history_comes_once(quick: Stage) -> None:
    held = await quick.hold()
    await quick.share()
    made = await backup(quick)
    before = len((await quick.call("GET", "/history"))[1]["history"])
    await quick.call("DELETE", f"/credentials/{held['id']}")

    _, restored = await bring(quick, made)

    assert (restored["added"], restored["copies"], restored["entries"]) == (1, 3, 0)
    assert len((await quick.call("GET", "/history"))[1]["history"]) == before + 2  # removed, brought in


async def test_nothing_of_a_backup_can_be_read_without_its_passphrase(quick: Stage) -> None:
    await quick.hold()
    made = json.dumps(await backup(quick))
    for secret in ("Ana", "Example", PASSPHRASE, OPENER, "eyJ", quick.academy.origin):
        assert secret not in made


def shorter(made: dict[str, Any]) -> dict[str, Any]:
    return made | {"content": made["content"][:-4]}


def flipped(made: dict[str, Any]) -> dict[str, Any]:
    last = "A" if made["content"][-9] != "A" else "B"
    return made | {"content": made["content"][:-9] + last + made["content"][-8:]}


def newer(made: dict[str, Any]) -> dict[str, Any]:
    return made | {"version": 2}


def cheaper(made: dict[str, Any]) -> dict[str, Any]:
    return made | {"key": made["key"] | {"memory_kib": 8}}


def hungrier(made: dict[str, Any]) -> dict[str, Any]:
    return made | {"key": made["key"] | {"memory_kib": 4 << 20}}


def slower(made: dict[str, Any]) -> dict[str, Any]:
    return made | {"key": made["key"] | {"passes": made["key"]["passes"] + 1}}


def another(made: dict[str, Any]) -> dict[str, Any]:
    return made | {"format": "another-backup"}


@pytest.mark.parametrize("spoil", [shorter, flipped, newer, cheaper, hungrier, slower, another, list, str])
async def test_a_backup_with_one_thing_wrong_changes_nothing(quick: Stage, spoil: Callable[[Any], Any]) -> None:
    held = await quick.hold()
    made = await backup(quick)
    await quick.call("DELETE", f"/credentials/{held['id']}")

    status, refused = await bring(quick, spoil(made))

    assert status in (400, 422), refused
    assert refused["code"] in {"invalid_backup", "wrong_backup_passphrase", "bad_request", "invalid_input"}
    assert (await quick.call("GET", "/credentials"))[1]["credentials"] == []


async def test_another_passphrase_does_not_open_it(quick: Stage) -> None:
    made = await backup(quick)
    status, refused = await bring(quick, made, opener="not the passphrase")
    assert (status, refused["code"]) == (422, "wrong_backup_passphrase")


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa"])
async def test_a_passphrase_that_is_easily_guessed_is_not_taken(quick: Stage, weak: str) -> None:
    status, refused = await quick.call("POST", "/backup", {"passphrase": weak})
    assert (status, refused["code"]) == (422, "invalid_input")


async def test_a_backup_of_version_1_still_opens(quick: Stage) -> None:
    made = json.loads((VECTORS / "backup-v1.json").read_text("utf-8"))

    status, restored = await bring(quick, made, opener="an old key under the mat")

    assert (status, restored["added"], restored["copies"]) == (200, 1, 3), restored
    (there,) = (await quick.call("GET", "/credentials"))[1]["credentials"]
    assert there["title"] == "Applied Data Protection"
    assert (there["issuer"]["standing"], there["standing"]) == ("unknown", "unchecked")


async def test_who_vouches_is_found_out_anew(quick: Stage) -> None:
    """A backup could name anybody: what it says of trust is not even in it."""
    made = json.loads((VECTORS / "backup-v1.json").read_text("utf-8"))
    await bring(quick, made, opener="an old key under the mat")
    (there,) = (await quick.call("GET", "/credentials"))[1]["credentials"]
    assert "Nobody we trust vouches for it" in there["issuer"]["sentence"]


async def test_every_certificate_leaves_in_its_original_bytes(quick: Stage) -> None:
    await quick.hold()
    headers = {"Authorization": f"Bearer {quick.token}"}
    answer = await quick.client.get("/api/v1/backup/certificates.zip", headers=headers)
    packed = zipfile.ZipFile(io.BytesIO(await answer.read()))

    files = json.loads(packed.read("certificates.json"))["files"]

    assert len(files) == 3
    for each in files:
        assert each["format"] == "dc+sd-jwt"
        assert packed.read(each["file"]).decode().count("~") > 3
    assert b'"d"' not in b"".join(packed.read(name) for name in packed.namelist())


async def test_the_pages_make_a_backup_and_bring_it_in(quick: Stage) -> None:
    person = Person(quick.client)
    await person.sign_up()
    await person.go("/backup")
    assert "Make a backup" in person.text
    await person.send("/backup", passphrase=OPENER, again="another one entirely")
    assert (person.status, "not the same" in person.text) == (422, True)
    await person.send("/backup", passphrase=OPENER, again=OPENER)
    assert person.headers["Content-Disposition"].startswith('attachment; filename="wallet-backup-')
    made = person.text
    await person.go("/backup")
    form = FormData()
    form.add_field("file", made.encode(), filename="backup.json", content_type="application/json")
    form.add_field("opener", OPENER)
    await person.send("/backup/restore", data=form)
    assert (person.status, "Your backup was brought in." in person.text) == (200, True)
    form = FormData()
    form.add_field("file", b"no backup", filename="backup.json", content_type="application/json")
    form.add_field("opener", OPENER)
    await person.go("/backup")
    await person.send("/backup/restore", data=form)
    assert (person.status, "not a backup" in person.text) == (422, True)


async def test_nobody_takes_anything_along_without_signing_in(quick: Stage) -> None:
    quick.token = ""
    assert (await quick.call("POST", "/backup", {"passphrase": OPENER}))[0] == 401
    assert (await quick.call("GET", "/backup/certificates.zip"))[0] == 401
