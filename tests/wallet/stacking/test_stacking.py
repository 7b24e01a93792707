"""What is still missing, in the wallet: from one's own certificates, and as they stood when last looked up."""

import re
from typing import Any

import pytest

from keys import strict_json
from tests.wallet.stage import Stage
from tests.wallet.test_pages import Person


def rule(stage: Stage, **changes: Any) -> dict[str, Any]:
    return {
        "id": "stack", "target": {"title": "Data steward"}, "min_ects": 1, "accepted_issuers": [stage.academy.id],
        **changes,
    }  # fmt: skip


async def test_a_certificate_that_is_held_counts(quick: Stage) -> None:
    held = await quick.hold()

    status, plan = await quick.call("POST", "/stacks", rule(quick))

    assert (status, plan["complete"], plan["counted"]) == (200, True, [held["id"]]), plan


async def test_what_is_missing_is_said(quick: Stage) -> None:
    await quick.hold()

    _, plan = await quick.call("POST", "/stacks", rule(quick, min_ects=30))

    assert plan["complete"] is False
    assert [(each["title"], each["need"]) for each in plan["missing"]] == [("Altogether", "30")]


async def test_what_is_known_to_be_withdrawn_does_not_count(quick: Stage) -> None:
    held = await quick.hold()
    quick.academy.status = 1
    quick.clock.move(minutes=10)
    await quick.call("POST", f"/credentials/{held['id']}/check")

    _, plan = await quick.call("POST", "/stacks", rule(quick))

    assert [each["reason"] for each in plan["rejected"]] == ["revoked"]


async def test_another_awarding_body_does_not_count(quick: Stage) -> None:
    await quick.hold()

    _, plan = await quick.call("POST", "/stacks", rule(quick, accepted_issuers=["https://south.example"]))

    assert [each["reason"] for each in plan["rejected"]] == ["issuer_not_accepted"]


@pytest.mark.parametrize("body", [{}, {"id": "x"}, [], "x", {"id": "x", "target": {"title": "x"}, "min_ects": "many"}])
async def test_what_is_no_rule_is_refused(quick: Stage, body: Any) -> None:
    status, told = await quick.call("POST", "/stacks", body)

    assert (status, told["code"]) == (422, "stack_rule")


async def test_a_learner_reads_what_is_left_to_do(quick: Stage) -> None:
    person = Person(quick.client)
    await person.sign_up()
    await person.go("/scan")
    await person.send("/open", link=f"openid-credential-offer://?credential_offer_uri={quick.academy.id}/offer")
    await person.send(f"{person.path}/accept", known="yes")

    await person.go("/stack")
    await person.send("/stack", rule=strict_json.dump(rule(quick, min_ects=30)).decode())
    whole = person.text
    await person.go("/stack")
    await person.send("/stack", rule="not a rule")

    assert re.search(r"Not yet: \d+ of 30 ECTS", whole)
    assert "These count" in whole
    assert (person.status, "copy the whole text that you were given" in person.text) == (422, True)
