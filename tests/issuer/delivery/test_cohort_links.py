"""Results and PINs of a cohort after a link or a PIN in it was replaced: only what still opens is told."""

from tests.issuer.cohorts import cohorts
from tests.issuer.cohorts.files import learners, to_csv
from tests.issuer.delivery.conftest import Mailing
from tests.issuer.universities import University


async def replace(university: University, award: str, **order: bool) -> dict[str, str]:
    """Sends the link of an award again, with something of it replaced; what the API tells of it."""
    answer = await university.api("POST", f"/awards/{award}/mails", json=order)
    assert answer.status == 201, await answer.text()
    return dict(await answer.json())


async def test_results_tell_the_link_that_lives(mailing: Mailing) -> None:
    university = mailing.university
    batch = await cohorts.awarded(university, to_csv(learners(2)))
    (before, other) = await cohorts.rows(university, batch["id"])

    told = await replace(university, before["award"], replace_link=True)

    (after, same) = await cohorts.rows(university, batch["id"])
    assert after["claim_url"] == told["claim_url"] != before["claim_url"]
    assert same["claim_url"] == other["claim_url"]
    page = await university.api("GET", f"/award-batches/{batch['id']}/results.json")
    assert (await page.json())["rows"][0]["claim_url"] == after["claim_url"]
    assert (await university.get(before["claim_url"])).status == 404
    assert (await university.get(after["claim_url"])).status == 200


async def test_a_pin_that_was_replaced_is_not_told_any_more(mailing: Mailing) -> None:
    university = mailing.university
    batch = await cohorts.awarded(university, to_csv(learners(2)), pin="true")
    (dead, living) = await cohorts.rows(university, batch["id"], name="pins.csv")

    await replace(university, dead["award"], new_pin=True)

    assert await cohorts.rows(university, batch["id"], name="pins.csv") == [living]
