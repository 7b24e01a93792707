"""What a thief of the database and of the server's settings has: nothing that opens."""

from dataclasses import replace
from typing import Any

import pytest

from keys import sealing
from keys.errors import InvalidSealed
from service.settings import InvalidSettings
from tests.wallet.stage import NAME, PASSPHRASE, Stage
from wallet import custody, holding
from wallet.custody import Form, Gate, Kind, Vault
from wallet.errors import WrongPassphrase
from wallet.settings import LEAST_MEMORY_MIB, Cost, Settings
from wallet.tables import METADATA

CHEAP = Cost(memory_kib=64, passes=1)
TABLES = (
    "accounts", "locks", "visits", "sessions", "offers", "requests", "credentials", "copies", "history",
    "history_heads",
)  # fmt: skip


async def dump(stage: Stage) -> dict[str, list[Any]]:
    return {
        table: await stage.wallet.database.read(
            lambda books, table=table: books.execute(METADATA.tables[table].select()).mappings().all()
        )
        for table in TABLES
    }


async def test_a_dump_of_the_database_opens_nothing_and_says_nothing(stage: Stage) -> None:
    await stage.hold()
    await stage.share()
    rows = await dump(stage)
    assert all(rows[table] for table in TABLES)
    whole = b"".join(bytes(value) for table in rows.values() for row in table for value in row.values()
                     if isinstance(value, bytes | memoryview))  # fmt: skip
    said = str(rows).encode() + whole
    for secret in (b"Example", b"Applied Data", b"Employer", b"token-1", b"eyJhbGciOi", stage.token.encode()):
        assert secret not in said


async def test_no_key_that_a_thief_can_make_from_a_dump_opens_a_row(stage: Stage) -> None:
    """All 32-byte strings and digests that the dump and the settings hold, and what derives from them, are tried."""
    held = await stage.hold()
    rows = await dump(stage)
    said = [str(value).encode() for table in rows.values() for row in table for value in row.values()]
    said += [value.encode() for value in stage.environ.values()]
    guesses = [sealing.derive(each, purpose=purpose) for each in said for purpose in ("session secret", "form token")]
    guesses += [each[:32].ljust(32, b"\0") for each in said]
    account = rows["accounts"][0]["id"]
    sealed = bytes(rows["credentials"][0]["sealed"])
    kept = bytes(rows["sessions"][0]["kept"])
    for key in guesses:
        with pytest.raises(InvalidSealed):
            Vault(account=account, key=key).open(sealed, kind=holding.KIND, row=held["id"])
        with pytest.raises(InvalidSealed):
            sealing.open(kept, key=key, aad=rows["sessions"][0]["digest"].encode())


async def test_two_rows_that_change_places_do_not_open(stage: Stage) -> None:
    first, second = await stage.hold(), await stage.hold()
    rows = {row["id"]: bytes(row["sealed"]) for row in (await dump(stage))["credentials"]}
    table = holding.store.CREDENTIALS
    for place, other in ((first["id"], second["id"]), (second["id"], first["id"])):
        change = table.update().where(table.c.id == place).values(sealed=rows[other])
        await stage.wallet.database.write(lambda books, change=change: books.execute(change))
    assert (await stage.call("GET", f"/credentials/{first['id']}"))[0] == 400


def test_a_row_opens_for_its_account_kind_and_place_only() -> None:
    vault = custody.create_vault("a")
    sealed = vault.seal({"x": 1}, kind="k", row="r")
    assert vault.open(sealed, kind="k", row="r") == {"x": 1}
    for other, kind, row in ((vault, "k", "s"), (vault, "j", "r"), (Vault(account="b", key=vault.key), "k", "r")):
        with pytest.raises(InvalidSealed):
            other.open(sealed, kind=kind, row=row)


async def test_the_lock_opens_by_its_passphrase_for_its_account() -> None:
    gate, vault = Gate(CHEAP), custody.create_vault("a")
    lock = await gate.lock(vault, id_="1", passphrase=PASSPHRASE)
    assert (await gate.unlock(lock, passphrase=PASSPHRASE)).key == vault.key
    for other, passphrase in (
        (lock, "another passphrase"), (replace(lock, account="b"), PASSPHRASE), (replace(lock, id="2"), PASSPHRASE),
        (replace(lock, kind=Kind.RECOVERY), PASSPHRASE), (replace(lock, form=Form.ACCOUNT), PASSPHRASE),
    ):  # fmt: skip
        with pytest.raises(WrongPassphrase):
            await gate.unlock(other, passphrase=passphrase)


@pytest.mark.parametrize(
    ("name", "least"), [("WALLET_PASSPHRASE_MEMORY_MIB", LEAST_MEMORY_MIB), ("WALLET_PASSPHRASE_PASSES", 2)]
)
def test_no_setting_makes_a_guess_cheaper_than_the_floor(name: str, least: int) -> None:
    plain = {"WALLET_PROFILE": "development", "WALLET_BASE_URL": "http://localhost:8002"}
    cost = Settings.parse(plain | {name: str(least)}).cost
    assert (cost.memory_kib >= 19_456, cost.passes >= 2) == (True, True)
    with pytest.raises(InvalidSettings, match=name):
        Settings.parse(plain | {name: str(least - 1)})


async def test_what_is_kept_of_a_passphrase_took_at_least_the_floor(stage: Stage) -> None:
    (lock,) = (await dump(stage))["locks"]
    assert (lock["memory_kib"] >= 19_456, lock["passes"] >= 2) == (True, True)


async def test_an_unknown_name_costs_as_much_as_a_wrong_passphrase(
    quick: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times are not compared but what takes the time: one derivation each, alike in everything but its salt."""
    derive, costs = custody.hash_secret_raw, []

    def counted(secret: bytes, salt: bytes, **cost: Any) -> bytes:
        costs.append((len(secret), len(salt), cost))
        return derive(secret, salt, **cost)

    monkeypatch.setattr(custody, "hash_secret_raw", counted)
    wrong = "not the passphrase of anybody"
    for name in (NAME, "nobody@example.org"):
        assert (await quick.call("POST", "/session", {"name": name, "passphrase": wrong}))[0] == 422
    known, unknown = costs
    assert known == unknown
    assert known[2]["memory_cost"] >= 19_456


async def test_nobody_has_a_lock_that_opens() -> None:
    with pytest.raises(WrongPassphrase):
        await Gate(CHEAP).unlock(None, passphrase=PASSPHRASE)


async def test_a_vault_key_is_printed_nowhere() -> None:
    vault = custody.create_vault(NAME)
    assert str(vault.key) not in repr(vault)
    assert vault.key.hex() not in repr(vault)
