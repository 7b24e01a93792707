"""No signature without a record: when the books refuse, nothing is handed out (security.md (a), boulder)."""

import pytest

from issuer.configurations.sd_jwt import SdJwtConfiguration
from issuer.errors import UnfitCredential
from keys.signer import SoftwareSigner
from tests.issuer.universities import University, holder_keys

SQLITE = ("CREATE TRIGGER fault BEFORE INSERT ON credentials BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",)
POSTGRESQL = (
    """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full'; END $$""",
    "CREATE TRIGGER fault BEFORE INSERT ON credentials FOR EACH ROW EXECUTE FUNCTION refuse()",
)


async def break_the_books(university: University) -> None:
    database = university.issuer.database
    async with database.begin() as connection:
        for statement in SQLITE if database.is_sqlite else POSTGRESQL:
            await connection.exec_driver_sql(statement)


async def mend_the_books(university: University) -> None:
    database = university.issuer.database
    async with database.begin() as connection:
        await connection.exec_driver_sql(f"DROP TRIGGER fault{'' if database.is_sqlite else ' ON credentials'}")


async def test_nothing_is_signed_when_the_record_fails(university: University, monkeypatch: pytest.MonkeyPatch) -> None:
    (award,) = await university.award()
    token, proofs = await university.token_of(award), await university.proofs(*holder_keys(1))
    await break_the_books(university)
    signed: list[bytes] = []
    monkeypatch.setattr(SoftwareSigner, "sign_now", lambda _self, message: signed.append(message))

    answer = await university.request(token, proofs=proofs)

    assert answer.status == 503
    assert "Retry-After" in answer.headers
    assert signed == []


async def test_after_the_fault_the_same_proof_still_gets_its_credential(university: University) -> None:
    (award,) = await university.award()
    token, proofs = await university.token_of(award), await university.proofs(*holder_keys(1))
    await break_the_books(university)
    await university.request(token, proofs=proofs)
    await mend_the_books(university)

    assert (await university.request(token, proofs=proofs)).status == 200


async def test_what_does_not_pass_our_own_check_is_not_handed_out(
    university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    (award,) = await university.award()
    token, proofs = await university.token_of(award), await university.proofs(*holder_keys(1))
    real = SoftwareSigner.sign_now
    monkeypatch.setattr(SoftwareSigner, "sign_now", lambda self, message: real(self, message + b"x"))

    answer = await university.request(token, proofs=proofs)

    assert answer.status == 503
    assert (await answer.json())["error"] == UnfitCredential.code


async def test_a_copy_for_another_key_is_not_handed_out(
    university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    (award,) = await university.award()
    token, proofs = await university.token_of(award), await university.proofs(*holder_keys(2))
    real = SdJwtConfiguration.sign
    monkeypatch.setattr(SdJwtConfiguration, "sign", lambda *given, **more: real(*given, **more)[::-1])

    answer = await university.request(token, proofs=proofs)

    assert answer.status == 503
