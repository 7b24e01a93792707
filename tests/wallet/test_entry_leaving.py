"""Leaving erases: no row, no log line. What a thief of rows and settings has opens no vault, whatever the way in."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData

from keys import base64url, sealing
from keys.errors import InvalidSealed
from service import telemetry
from tests.wallet import entering
from tests.wallet.authenticator import Passkey
from tests.wallet.entering import WITHOUT_KEY, Door
from tests.wallet.stage import PASSPHRASE, Stage
from wallet import custody, holding
from wallet.custody import Kind, Lock, Vault
from wallet.entry import codes
from wallet.entry import store as entries
from wallet.entry.passkeys import KEY_INPUT
from wallet.errors import WrongPassphrase

PURPOSES = (
    "session secret", "form token", "place of a recovery code", *(f"lock of a {kind}" for kind in Kind),
)  # fmt: skip


async def everything(stage: Stage) -> list[tuple[str, str, Any]]:
    """Each value of each column of each row of the whole database, as the database itself lists its tables."""
    return await stage.wallet.database.read(_scan)


def _scan(books: Connection) -> list[tuple[str, str, Any]]:
    metadata = MetaData()
    metadata.reflect(bind=books)
    rows = [(table.name, row) for table in metadata.sorted_tables for row in books.execute(table.select()).mappings()]
    return [(table, name, value) for table, row in rows for name, value in row.items()]


class Lines(logging.Handler):
    """All that is logged, as the operator's log has it and with all that each record carries."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += f"{telemetry.JsonLines().format(record)} {record.getMessage()} {record.__dict__}\n"


@pytest.fixture
def log() -> Iterator[Lines]:
    lines, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(lines)
    root.setLevel(before)


async def live(door: Door, passkey: Passkey) -> str:
    """All that one can do: a wallet with every way in, a certificate, something shared, a second session."""
    assert (await door.sign_up(passkey))[0] == 201
    assert (await door.add(Passkey(), WITHOUT_KEY, passkey_name="Mira's second"))[0] == 201
    status, body = await door.stage.call("PUT", "/passphrase", {"new_passphrase": PASSPHRASE})
    assert status == 200
    door.stage.token = body["token"]
    await door.stage.hold()
    await door.stage.share()
    await door.options("confirm")  # a challenge that nobody answers
    code = await door.kit()
    assert (await door.stage.call("POST", "/recovery-kit"))[0] == 201  # and a code that nobody types back
    here, door.stage.token = door.stage.token, ""
    assert (await door.stage.call("POST", "/session", {"name": entering.NAME, "passphrase": PASSPHRASE}))[0] == 201
    door.stage.token = here
    return code


async def test_after_leaving_no_row_and_no_log_line_of_that_person_is_found(stage: Stage, log: Lines) -> None:
    door, passkey = entering.before(stage), Passkey()
    others = {(table, column) for table, column, _ in await everything(stage)}
    before = len(await everything(stage))
    code = await live(door, passkey)
    assert len(await everything(stage)) > before
    account = next(value for table, name, value in await everything(stage)
                   if (table, name) == ("passkeys", "account"))  # fmt: skip
    assert (await door.stage.call("DELETE", "/accounts"))[0] == 204
    rows = await everything(stage)
    assert len(rows) == before
    assert {(table, column) for table, column, _ in rows} == others
    id_ = passkey.credential
    marks = (
        entering.NAME, entering.NAME.partition("@")[0], account, PASSPHRASE, code, door.stage.token, "Mira's second",
        base64url.encode(id_), id_.hex(),
    )  # fmt: skip
    said = "\n".join(str(value) for _, _, value in rows) + log.text
    raw = b"".join(bytes(value) for _, _, value in rows if isinstance(value, bytes | memoryview))
    assert log.text
    for mark in marks:
        assert mark not in said, mark
        assert mark.encode() not in raw
    assert passkey.credential not in raw


async def test_no_way_in_is_logged_while_it_is_used(quick: Stage, log: Lines) -> None:
    door, passkey = entering.before(quick), Passkey()
    code = await live(door, passkey)
    await door.sign_in(passkey)
    await door.recover(code)
    await door.recover(code[:-1] + ("0" if code[-1] != "0" else "1"))
    for secret in (code, code.replace("-", ""), PASSPHRASE, base64url.encode(passkey.prf(KEY_INPUT)), entering.NAME):
        assert secret not in log.text


async def test_rows_and_settings_open_no_vault_without_what_the_learner_has(stage: Stage) -> None:
    """Every value of the database and of the settings is tried as key and as secret of each lock."""
    door, passkey = entering.before(stage), Passkey()
    code = await live(door, passkey)
    found = await everything(stage)
    said = [value if isinstance(value, bytes) else str(value).encode() for _, _, value in found]
    said += [bytes(each) for each in said if each] + [value.encode() for value in door.stage.environ.values()]
    said += [base64url.decode(text) for text in (base64url.encode(each) for each in said) if text] + [KEY_INPUT]
    account = next(value for table, name, value in found if (table, name) == ("passkeys", "account"))
    locks = await stage.wallet.database.read(lambda books: entries.locks(books, account=account))
    assert sorted(lock.kind for lock in locks) == [Kind.PASSKEY, Kind.PASSPHRASE, Kind.RECOVERY, Kind.RECOVERY]
    keys = {each[:32].ljust(32, b"\0") for each in said}
    keys |= {sealing.derive(each, purpose=purpose) for each, purpose in product(set(said), PURPOSES)}
    for lock, key in product(locks, keys):
        with pytest.raises(InvalidSealed):
            sealing.open(lock.wrapped, key=key, aad=lock.place)
    (phrase,) = (lock for lock in locks if lock.kind is Kind.PASSPHRASE)
    for guess in (entering.NAME, account, phrase.id, phrase.salt.hex()):
        with pytest.raises(WrongPassphrase):
            await stage.wallet.gate.unlock(phrase, passphrase=guess)

    vaults = await _opened(stage, locks, passkey=passkey, code=code)
    assert len({vault.key for vault in vaults}) == 1  # and with each of them it does open, so the trial was a real one
    row = next(value for table, name, value in found if (table, name) == ("credentials", "id"))
    sealed = next(bytes(value) for table, name, value in found if (table, name) == ("credentials", "sealed"))
    assert vaults[0].open(sealed, kind=holding.KIND, row=row)
    assert vaults[0].key not in said


async def _opened(stage: Stage, locks: tuple[Lock, ...], *, passkey: Passkey, code: str) -> list[Vault]:
    by_kind = {lock.kind: lock for lock in locks if lock.ready}
    return [
        custody.unwrap(by_kind[Kind.PASSKEY], secret=passkey.prf(KEY_INPUT)),
        custody.unwrap(by_kind[Kind.RECOVERY], secret=codes.parse(code)),
        await stage.wallet.gate.unlock(by_kind[Kind.PASSPHRASE], passphrase=PASSPHRASE),
    ]


@pytest.mark.parametrize("change", ["id", "account", "kind"])
def test_a_wrap_that_is_moved_to_another_row_does_not_open(change: str) -> None:
    vault = custody.create_vault("a")
    lock = custody.wrap(vault, secret=b"s" * 32, kind=Kind.PASSKEY, id_="1")
    other: dict[str, Any] = {"id": "2", "account": "b", "kind": Kind.RECOVERY}
    assert custody.unwrap(lock, secret=b"s" * 32).key == vault.key
    with pytest.raises(InvalidSealed):
        custody.unwrap(replace(lock, **{change: other[change]}), secret=b"s" * 32)
