"""The pure pieces: identifiers, standings, seals, keys of the API, settings, and tables that equal their migration."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from issuer import identifiers
from issuer.books.tables import METADATA
from issuer.settings import IssuerSettings
from issuer.standing import NEXT, Act, Standing
from issuer.tenancy import access
from issuer.tenancy.access import Scope
from issuer.tenancy.institution import Institution
from issuer.tenancy.seals import Seals
from service import migration
from service.database import Database
from service.errors import InvalidInput, NotSignedIn
from service.settings import InvalidSettings
from tests.issuer.universities import BODY

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SEALS, OTHERS = Seals.derive(b"a" * 32), Seals.derive(b"b" * 32)
AWARD = identifiers.create(NOON)


def test_identifiers_sort_by_the_time_they_were_made() -> None:
    made = [identifiers.create(NOON + timedelta(milliseconds=number)) for number in range(20)]

    assert made == sorted(made)
    assert {identifier[14] for identifier in made} == {"7"}
    assert len(set(identifiers.create_many(NOON, count=1000))) == 1000


def test_nothing_leads_out_of_revoked() -> None:
    assert not any(source is Standing.REVOKED for source, _ in NEXT)
    assert {act.result for act in Act} == set(Standing) - {Standing.PENDING}


def test_the_acts_have_one_result_each() -> None:
    for act in Act:
        assert {after for (_, each), after in NEXT.items() if each is act} == {act.result}


def test_a_claim_token_leads_back_to_its_award_and_only_here() -> None:
    token = SEALS.claim_token(AWARD)

    assert SEALS.award_of_claim(token) == AWARD
    assert OTHERS.award_of_claim(token) is None
    assert SEALS.award_of_notification(token) is None
    assert SEALS.award_of_claim(SEALS.notification_id(AWARD)) is None


@given(st.text(max_size=80))
def test_no_made_up_text_is_a_claim_a_notification_or_a_nonce(text: str) -> None:
    assert SEALS.award_of_claim(text) is None
    assert SEALS.award_of_notification(text) is None
    assert not SEALS.is_nonce(text, now=NOON)


def test_a_nonce_is_good_until_its_end_and_here_only() -> None:
    nonce = SEALS.create_nonce(expires=NOON)

    assert SEALS.is_nonce(nonce, now=NOON - timedelta(seconds=1))
    assert not SEALS.is_nonce(nonce, now=NOON)
    assert not OTHERS.is_nonce(nonce, now=NOON - timedelta(seconds=1))
    assert nonce != SEALS.create_nonce(expires=NOON)


def test_the_same_pin_of_two_awards_is_stored_as_two_things() -> None:
    assert SEALS.pin_digest("123456", award=AWARD) != SEALS.pin_digest("123456", award=identifiers.create(NOON))
    assert "123456" not in repr(SEALS)


def test_an_api_key_is_recognised_by_its_text_alone() -> None:
    made = access.create(institution="alma", scopes=[Scope.REVOKE], label="Registry")

    assert access.recognise(made.text, stored=made.stored).scopes == {"revoke"}
    assert made.text not in repr(made)
    with pytest.raises(NotSignedIn):
        access.recognise(made.text[:-1], stored=made.stored)
    with pytest.raises(NotSignedIn):
        access.recognise(made.text, stored=None)


@pytest.mark.parametrize("text", ["", "prg_", "prg_short_x", "Bearer", "prg_aaaaaaaa_" + "A" * 42])
def test_what_is_not_written_like_a_key_is_none(text: str) -> None:
    with pytest.raises(NotSignedIn):
        access.prefix_of(text)


def test_an_institution_is_read_and_written_without_loss() -> None:
    read = Institution.parse(BODY, slug="alma")

    assert Institution.parse(read.to_json(), slug="alma") == read


@pytest.mark.parametrize("slug", ["console", "api", "Alma", "a_b", "", "-a"])
def test_an_institution_has_a_short_name_of_its_own(slug: str) -> None:
    with pytest.raises(InvalidInput):
        Institution.parse(BODY, slug=slug)


def test_an_institution_without_a_name_says_what_is_missing() -> None:
    with pytest.raises(InvalidInput) as caught:
        Institution.parse({"country": "IT"}, slug="alma")

    assert [problem.path for problem in caught.value.problems] == ["/name"]


def test_the_settings_name_every_problem(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings) as caught:
        IssuerSettings.parse(
            {
                "ISSUER_PROFILE": "production", "ISSUER_BASE_URL": "http://uni.example", "ISSUER_KEYS": str(tmp_path),
                "ISSUER_WEB_WALLETS": "Wallet=ftp://x", "ISSUER_OFFER_SECONDS": "7200", "ISSUER_STATUS_LIST_SIZE": "1",
            }
        )  # fmt: skip

    for name in ("BASE_URL", "KEY_PASSPHRASE", "WEB_WALLETS", "OFFER_SECONDS", "STATUS_LIST_SIZE"):
        assert f"ISSUER_{name}" in str(caught.value)


async def test_the_migrations_make_the_tables_that_the_stores_use(database_url: str) -> None:
    database = Database.open(database_url)
    await migration.upgrade(database, service="issuer")

    async with database.begin() as connection:
        left = await connection.run_sync(
            lambda plain: compare_metadata(
                MigrationContext.configure(plain, opts={"version_table": "issuer_version"}), METADATA
            )
        )
    await database.close()

    assert left == []
