"""Wallets of before ways in had rows of their own: their passphrase opens them, and the lock is made anew."""

from dataclasses import replace

from sqlalchemy import text

from keys import sealing
from service import migration
from service.database import Database
from tests.wallet import stage as stages
from tests.wallet.stage import NAME, PASSPHRASE, Stage
from wallet import custody
from wallet.custody import Form, Gate, Kind, Lock
from wallet.entry import store as entries
from wallet.settings import Cost

CHEAP = Cost(memory_kib=64, passes=1)
ACCOUNT = "0123456789abcdef0123456789abcdef"


async def test_a_wallet_of_the_first_form_opens_and_its_lock_is_made_anew(database_url: str, quick: Stage) -> None:
    vault = custody.create_vault(ACCOUNT)
    row = await _first_row(vault)
    database = Database.open(database_url)
    await migration.upgrade(database, service="wallet", to="0001")
    async with database.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO accounts (id, handle, salt, memory_kib, passes, wrapped, made_at) "
                "VALUES (:id, :handle, :salt, :memory_kib, :passes, :wrapped, :made_at)"
            ),
            row,
        )
    await database.close()

    client = await stages.started(quick.environ | {"WALLET_DATABASE_URL": database_url}, quick.clock)
    old = replace(quick, client=client, token="")
    moved = await _locks(old)
    assert [(lock.form, lock.kind) for lock in moved] == [(Form.ACCOUNT, Kind.PASSPHRASE)]
    for _ in range(2):
        status, body = await old.call("POST", "/session", {"name": NAME, "passphrase": PASSPHRASE})
        assert (status, body["name"]) == (201, NAME)
    (lock,) = await _locks(old)
    assert (lock.form, lock.cost) == (Form.ROW, old.wallet.settings.cost)
    assert (await old.wallet.gate.unlock(lock, passphrase=PASSPHRASE)).key == vault.key
    await client.close()


async def _first_row(vault: custody.Vault) -> dict[str, object]:
    """An account as the first migration kept it: the wrap bound to the account alone."""
    made = await Gate(CHEAP).lock(vault, id_="x", passphrase=PASSPHRASE)
    bare = replace(made, form=Form.ACCOUNT)
    key = custody.hash_secret_raw(
        PASSPHRASE.encode(), made.salt, time_cost=1, memory_cost=64, parallelism=1, hash_len=32, type=custody.Type.ID
    )
    wrapped = sealing.seal(vault.key, key=key, aad=bare.place)
    return {
        "id": ACCOUNT, "handle": NAME, "salt": made.salt, "memory_kib": 64, "passes": 1, "wrapped": wrapped,
        "made_at": 1,
    }  # fmt: skip


async def _locks(stage: Stage) -> tuple[Lock, ...]:
    return await stage.wallet.database.read(lambda books: entries.locks(books, account=ACCOUNT))
