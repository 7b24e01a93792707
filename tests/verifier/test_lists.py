"""Lists of trust as a verifier follows them: renewed beside the work, kept through a failure, told with dates."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from keys import strict_json
from service import trusting
from tests.trust.trusted_lists import test_ts119602 as entities
from tests.trust.trusted_lists.publishing import base64_of
from tests.verifier import stage as stages
from tests.verifier.conftest import Keys
from tests.verifier.stage import Stage, problem_of
from trust.trusted_lists import ts119602
from verifier import app, store


@pytest.fixture
async def following(database_url: str, employer_keys: Keys, tmp_path: Path) -> AsyncIterator[Stage]:
    """A verifier that follows a list of trusted entities, which is not there yet."""
    keys, root = employer_keys
    folder = tmp_path / "lists"
    (folder / "signers").mkdir(parents=True)
    pinned = strict_json.dump({"keys": [entities.KEY.public.to_json()]})
    (folder / "signers/registry.json").write_bytes(pinned)
    opened = await stages.open_stage(
        database_url=database_url, keys=keys, root=root, folder=tmp_path,
        VERIFIER_TRUSTED_LISTS=str(folder), VERIFIER_TRUSTED_ENTITIES="http://localhost:{port}/entities",
    )  # fmt: skip
    yield opened
    await opened.client.close()
    await opened.archive.close()


def url(stage: Stage) -> str:
    return f"http://localhost:{stage.archive.port}/entities"


def publish(stage: Stage, *, sequence: int = 7) -> None:
    """The list, on which the university is told by its certificate."""
    said: dict[str, Any] = entities.claims()
    scheme = said["LoTE"]["ListAndSchemeInformation"]
    scheme["ListIssueDateTime"] = (stage.clock.at - timedelta(hours=1)).isoformat()
    scheme["NextUpdate"] = (stage.clock.at + timedelta(hours=23)).isoformat()
    scheme["LoTESequenceNumber"] = sequence
    [entity] = said["LoTE"]["TrustedEntitiesList"]
    identity = entity["TrustedEntityServices"][0]["ServiceInformation"]["ServiceDigitalIdentity"]
    identity["X509Certificates"] = [{"val": base64_of(stage.world.university.chain[0])}]
    stage.world.net.put(url(stage), entities.sign(said), content_type=ts119602.MEDIA_TYPE)


async def renew(stage: Stage) -> None:
    """What runs beside the verifier's work, once it is due."""
    stage.clock.move(hours=2)
    stage.publish()
    assert stage.desk.grounds.entities is not None
    await stage.desk.grounds.entities.renew(now=stage.clock.at)


async def entity_of(stage: Stage) -> dict[str, Any] | None:
    result = await stage.verdict(stage.issue())
    assert problem_of(result) == ("yes", None)
    found = result["presentations"][0]["trust"]["seal"]["evidence"].get("trusted_entity")
    return None if found is None else dict(found)


async def test_a_list_is_fetched_beside_the_work_and_told_with_its_date(following: Stage) -> None:
    assert await entity_of(following) is None
    publish(following)

    await renew(following)

    found = await entity_of(following)
    assert found is not None
    assert (found["name"], found["operator"], found["now"]) == ("University", "Ministry", "yes")
    assert found["as_of"] == "2026-11-23T11:00:00+00:00"


async def test_a_failure_leaves_the_list_at_hand_with_its_date_and_past_its_time_it_answers_nothing(
    following: Stage,
) -> None:
    publish(following)
    await renew(following)
    del following.world.net.documents[url(following)]

    await renew(following)
    kept = await entity_of(following)
    following.clock.move(hours=22)
    await renew(following)
    late = await entity_of(following)

    assert kept is not None
    assert late is not None
    assert (kept["now"], late["now"]) == ("yes", "could_not_check")
    assert kept["as_of"] == late["as_of"]


async def test_the_number_of_a_list_is_kept_over_a_restart(following: Stage) -> None:
    publish(following, sequence=9)
    await renew(following)

    await app.tidy(following.desk)

    marks = following.desk.settings.lists.marks
    seen = await trusting.sequences_seen(following.desk.database, marks=marks, mark=store.mark)
    assert seen == {url(following): 9}


async def test_nobody_is_asked_while_a_decision_is_made(following: Stage) -> None:
    publish(following)
    await renew(following)
    held = following.issue()
    answer = await following.client.post("/api/v1/verifications", json={"credential": held})
    first = await answer.json()
    following.world.net.documents.clear()

    answer = await following.client.post("/api/v1/verifications", json={"credential": held})

    assert (await answer.json())["trust"] == first["trust"]
