"""Rules of a relying party: kept in the settings, asked by a request, and never met by what was not checked."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from credentials.learning import flat_claims
from keys import strict_json
from service.settings import InvalidSettings
from tests.trust.builders import VCT
from tests.verifier import stage as stages
from tests.verifier.conftest import Keys
from tests.verifier.stage import Stage, problem_of
from tests.verifier.test_settings import GOOD
from trust.policies.rules import AccreditedFor, AllOf, EqfAtLeast, QualityAssured
from verifier import orders
from verifier.settings import Settings
from verifier.verdicts import house_rules
from verifier.web import ruling

ACCREDITED = {"accredited_for": {"types": [VCT], "by": "list", "now": True}}
LEVEL: dict[str, Any] = {"eqf_at_least": 7}


@pytest.fixture
async def strict(database_url: str, employer_keys: Keys, tmp_path: Path) -> AsyncIterator[Stage]:
    """A verifier that wants EQF 7 of everything, and quality assurance of whoever applies for admission."""
    keys, root = employer_keys
    opened = await stages.open_stage(
        database_url=database_url, keys=keys, root=root, folder=tmp_path,
        VERIFIER_POLICY='{{"eqf_at_least": 7}}',
        VERIFIER_TEMPLATE_POLICIES='{{"admission": {{"quality_assured": {{}}}}}}',
    )  # fmt: skip
    yield opened
    await opened.client.close()
    await opened.archive.close()


def policy_of(result: dict[str, Any]) -> dict[str, Any]:
    (told,) = result["presentations"]
    (finding,) = [each for each in told["findings"] if each["rung"] == "policy"]
    return dict(finding)


async def test_an_answer_that_meets_the_rules_is_a_yes_and_says_which(listed: Stage) -> None:
    rule = {"all_of": [ACCREDITED, LEVEL]}

    result = await listed.verdict(listed.issue(), order={"template": "employer", "policy": rule})

    assert problem_of(result) == ("yes", None)
    assert policy_of(result)["evidence"].keys() == {"accredited_for", "eqf_at_least"}
    assert result["presentations"][0]["policy"]["answer"]["held"] == "yes"


@pytest.mark.parametrize(
    ("rule", "verdict", "code"),
    [
        ({"eqf_at_least": 8}, "no", "query_mismatch"),
        ({"accredited_for": {"types": ["https://uni.example/vct/diploma/1"]}}, "no", "type"),
        ({"issuer_is": ["did:web:another.example"]}, "no", "issuer_untrusted"),
        ({"qualified_seal": {}}, "not_sure", "issuer_untrusted"),
        ({"quality_assured": {}}, "not_sure", "issuer_untrusted"),
        ({"not_older_than": 1}, "no", "temporal"),
        ({"accredited_for": {"types": [VCT], "by": "chain"}}, "not_sure", "issuer_untrusted"),
        ({"any_of": [{"eqf_at_least": 8}, ACCREDITED]}, "yes", None),
        ({"all_of": [{"eqf_at_least": 8}, {"quality_assured": {}}]}, "no", "query_mismatch"),
    ],
    ids=[
        "level",
        "another-type",
        "another-issuer",
        "seal-not-asked",
        "quality-not-asked",
        "old",
        "no-chain",
        "any",
        "all",
    ],
)
async def test_a_genuine_certificate_that_does_not_meet_a_rule_is_no_yes(
    listed: Stage,
    rule: Any,
    verdict: str,
    code: str | None,
) -> None:
    held = listed.issue()
    listed.clock.move(hours=20)
    listed.publish()

    result = await listed.verdict(held, order={"template": "employer", "policy": rule})

    assert problem_of(result) == (verdict, code)


async def test_the_rules_of_the_settings_are_asked_of_everything(strict: Stage) -> None:
    assert problem_of(await strict.verdict(strict.issue())) == ("yes", None)

    low = strict.issue(claims={**stages.records.claims(), "eqf_level": 6})
    assert problem_of(await strict.verdict(low)) == ("no", "query_mismatch")
    answer = await strict.client.post("/api/v1/verifications", json={"credential": low})
    assert ((await answer.json())["verdict"], (await answer.json())["code"]) == ("no", "query_mismatch")


async def test_the_rule_of_a_template_is_asked_of_its_answers_alone(strict: Stage) -> None:
    templates = await (await strict.client.get("/api/v1/templates")).json()

    assert {each["id"]: each["policy"] for each in templates["templates"]} == {
        "employer": None, "admission": {"quality_assured": {}},
    }  # fmt: skip
    whole = flat_claims.disclosable(stages.records.claims())
    result = await strict.verdict(strict.issue(), order={"template": "admission"}, disclose=whole)
    assert problem_of(result) == ("not_sure", "issuer_untrusted")


async def test_what_is_not_genuine_is_not_asked_about(listed: Stage) -> None:
    head, payload, signature = listed.issue().split(".", 2)
    forged = f"{head}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"

    answer = await listed.client.post("/api/v1/verifications", json={"credential": forged, "policy": ACCREDITED})

    told = await answer.json()
    assert (told["code"], told["policy"]["answer"]) == ("signature", None)


@pytest.mark.parametrize(
    "rule", [{"all_of": []}, {"any_of": []}, {}, [], {"unknown": {}}, {"all_of": [{"all_of": []}]}, {"eqf_at_least": 9}]
)
async def test_a_rule_that_asks_nothing_or_nonsense_is_refused(stage: Stage, rule: Any) -> None:
    asked = await stage.client.post("/api/v1/requests", json={"template": "employer", "policy": rule})
    checked = await stage.client.post("/api/v1/verifications", json={"credential": "a.b.c", "policy": rule})

    assert (asked.status, checked.status) == (422, 400)


@pytest.mark.parametrize(
    "told",
    [
        {"POLICY": '{"all_of": []}'},
        {"POLICY": "no JSON"},
        {"TEMPLATE_POLICIES": '{"employer": {"all_of": []}}'},
        {"TEMPLATE_POLICIES": '{"nobody": {"qualified_seal": {}}}'},
    ],
)
def test_settings_with_such_a_rule_are_refused(told: dict[str, str]) -> None:
    with pytest.raises(InvalidSettings, match="POLIC"):
        Settings.parse({**GOOD, **{f"VERIFIER_{name}": value for name, value in told.items()}})


def test_an_order_keeps_its_rule() -> None:
    rule = {"all_of": [ACCREDITED, LEVEL]}
    query = {"credentials": [{"id": "one", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}}]}
    order = orders.Order.parse({"dcql_query": query, "policy": rule})

    assert orders.load(strict_json.dump(order.to_json())).rule == order.rule


def test_two_rules_are_one_and_each_thing_is_asked_once() -> None:
    first, second = AllOf(rules=(QualityAssured(), EqfAtLeast(level=6))), QualityAssured()

    assert house_rules.both(first, second) == first
    assert house_rules.both(None, second) == second
    assert house_rules.both(None, None) is None


def test_the_form_of_a_page_makes_a_rule_and_keeps_it() -> None:
    rule = ruling.picked({"rule_accredited": "yes", "rule_quality": "yes", "rule_level": "6"}, types=[VCT])

    assert rule == AllOf(rules=(AccreditedFor(types=frozenset({VCT}), now=True), QualityAssured(), EqfAtLeast(level=6)))
    assert ruling.picked(ruling.kept(rule), types=()) == rule
    assert ruling.picked({"rule_level": ""}, types=()) is None


async def test_a_person_ticks_rules_and_reads_them_back(stage: Stage) -> None:
    page = await (await stage.client.get("/ask")).text()
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert token is not None
    form = {"csrf": token[1], "template": "employer", "rule_quality": "yes", "rule_level": "8"}

    waiting = unescape(await (await stage.client.post("/ask", data=form)).text())

    assert "A quality agency's report covers the award" in waiting
    assert "It is of EQF level 8 or higher" in waiting
