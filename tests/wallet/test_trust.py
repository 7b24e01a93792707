"""Who stands behind a certificate, in the wallet: three sources as of a moment, told anew when it is looked up."""

from pathlib import Path

import pytest

from service.settings import InvalidSettings
from tests.wallet.stage import Stage
from trust.quality import source
from wallet.settings import Settings


async def test_what_is_held_carries_three_answers_each_with_its_moment(listing: Stage) -> None:
    held = await listing.hold()

    trust = held["issuer"]["trust"]
    assert trust["seal"]["status"] == "not_asked"
    assert trust["seal"]["evidence"]["name"] == "University of the North"
    assert (trust["accreditation"]["when_awarded"], trust["accreditation"]["now"]) == ("yes", "yes")
    assert trust["accreditation"]["path"][0]["name"] == "University of the North"
    assert trust["quality"] is None
    assert trust["accreditation"]["as_of"].startswith("2026-11-23T12:00")


async def test_quality_is_told_where_the_wallet_has_data_and_as_of_when(listing: Stage) -> None:
    listing.wallet.grounds.quality.held = source.synthetic()

    _, offer = await listing.open_offer()
    held = await listing.hold()

    assert offer["issuer"]["trust"]["quality"]["dated_by"] == "today"
    assert held["issuer"]["trust"]["quality"]["dated_by"] == "award"
    assert held["issuer"]["trust"]["quality"]["data_as_of"] == "2026-11-01"
    assert held["issuer"]["trust"]["quality"]["confirmed"] is not None


async def test_a_look_tells_anew(quick: Stage) -> None:
    held = await quick.hold()
    assert held["issuer"]["trust"]["quality"] is None
    quick.wallet.grounds.quality.held = source.synthetic()
    quick.clock.move(hours=1)

    status, looked = await quick.call("POST", f"/credentials/{held['id']}/check")

    assert status == 200
    assert looked["issuer"]["trust"]["quality"] is not None
    assert looked["issuer"]["trust"]["seal"]["as_of"].startswith("2026-11-23T13:00")


async def test_what_would_be_shared_tells_who_stands_behind_it(quick: Stage) -> None:
    await quick.hold()

    _, request = await quick.ask()

    (ways,) = request["queries"].values()
    assert ways[0]["trust"]["seal"]["evidence"]["name"] == "University of the North"


def test_the_wallet_follows_the_same_sources_as_the_verifier(tmp_path: Path) -> None:
    base = {"WALLET_PROFILE": "development"}

    settings = Settings.parse({**base, "WALLET_QUALITY_DATA": "synthetic"})

    assert settings.quality.open().held is not None
    assert settings.lists.folder is None
    with pytest.raises(InvalidSettings, match="WALLET_TRUSTED_LISTS has no certificate"):
        Settings.parse({**base, "WALLET_TRUSTED_LISTS": str(tmp_path)})
