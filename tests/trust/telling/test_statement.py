"""Three answers about a signer, each apart: at the award and now, by names of registers, at no network when cached."""

from dataclasses import replace

import pytest

from credentials.learning import flat_claims, summary
from tests.trust.builders import DAY, NOON, VCT, issuers, organisation
from tests.trust.ebsi.builders import BEGUN, MICRO, Chain, withdraw
from tests.trust.ebsi.test_ladder import award, grounds, look
from tests.trust.quality.exports import PROVIDER, REPORT, files
from tests.trust.trusted_lists import test_ts119602 as entities
from tests.verifier import records
from trust.accreditation_source import AccreditationSource
from trust.grounds import Grounds
from trust.organisations import Identifier, Keys
from trust.policy import Policy
from trust.quality import source as quality_source
from trust.quality.source import QualitySource
from trust.report import Report, Rung
from trust.telling import statement, words
from trust.telling.statement import Statement
from trust.trusted_lists.entities import EntityLists
from trust.verification import verify_now

COVERS = REPORT | {"report_valid_from": "2024-01-01", "report_valid_to": "2029-12-31"}


def quality() -> QualitySource:
    data = files(reports=[COVERS], providers=[PROVIDER])
    return QualitySource.holding(quality_source.load(data, data_as_of=NOON.date()))


def told(report: Report, *, on: Grounds) -> Statement:
    assert report.credential is not None
    view = summary.see(report.credential) if report.identity is not None else None
    return statement.of(report, view=view, grounds=on, now=NOON)


def page(found: Statement) -> list[str]:
    return [answer.sentence for answer in words.tell(found.to_json())]


async def test_a_chain_is_told_by_names_of_registers_with_both_moments() -> None:
    chain = Chain().publish()
    keys = Keys(dids=frozenset({chain.ti.did}))
    number = (Identifier(scheme="deqar", value="DEQARINST0007"),)
    listed = replace(organisation(keys=keys, types=["Diploma"]), identifiers=number)
    agency = organisation(keys=Keys(dids=frozenset({chain.tao.did})), id="org:agency", name="Agency of the North")
    on = grounds(chain, accreditation=AccreditationSource.holding(issuers(listed, agency)), quality=quality())

    report = await look(chain, award(chain), on=on, policy=Policy(trust=Policy().trust))
    found = told(report, on=on)

    said = found.to_json()["accreditation"]
    assert (said["when_awarded"], said["now"], said["source"]) == ("yes", "yes", "chain")
    names = [(step["name"], step["accredited_by"]) for step in said["path"]]
    assert names[0][1] == names[1][0]
    assert names[-1][1] == "Ministry of Education"
    assert all(step["from"] and step["status"] == "holds" for step in said["path"])
    assert found.to_json()["seal"]["status"] == "none"
    assert "is accredited by Ministry of Education." in page(found)[1]


async def test_bodies_are_named_by_a_list_of_trusted_entities_too() -> None:
    chain = Chain().publish()
    said = entities.claims()
    scheme = said["LoTE"]["ListAndSchemeInformation"]
    scheme |= {"ListIssueDateTime": (NOON - DAY).isoformat(), "NextUpdate": (NOON + DAY).isoformat()}
    [entity] = said["LoTE"]["TrustedEntitiesList"]
    entity["TrustedEntityServices"][0]["ServiceInformation"]["ServiceDigitalIdentity"]["OtherIds"] = [chain.ti.did]
    lists = EntityLists(keys=[entities.KEY.public])
    lists.load({"list": entities.sign(said).encode()}, now=NOON)
    on = grounds(chain, entities=lists)

    report = await look(chain, award(chain), on=on)

    found = told(report, on=on).to_json()
    assert report.identity is not None
    assert report.identity.name == "University"
    assert found["accreditation"]["path"][0]["name"] == "University"
    assert found["seal"]["evidence"]["trusted_entity"]["operator"] == "Ministry"


async def test_an_accreditation_that_was_withdrawn_since_held_at_the_award_and_holds_no_more() -> None:
    chain = Chain().publish()
    withdraw(chain, chain.grant_ti(), at=NOON - 10 * DAY)

    found = told(await look(chain, award(chain)), on=grounds(chain))

    said = found.to_json()["accreditation"]
    assert (said["when_awarded"], said["now"]) == ("yes", "no")
    assert said["path"][0]["status"] == "withdrawn"
    answer = words.tell(found.to_json())[1]
    assert (answer.tone, answer.word) == ("warn", "Was accredited, and is not any more")
    assert [held for _, held in answer.moments] == ["accredited", "not accredited"]


async def test_an_accreditation_that_was_withdrawn_before_leaves_a_stranger() -> None:
    chain = Chain().publish()
    withdraw(chain, chain.grant_ti(), at=BEGUN + DAY)
    report = await look(chain, award(chain))

    found = told(report, on=grounds(chain)).to_json()

    assert report.identity is None
    assert found["seal"]["status"] == "stranger"
    assert found["accreditation"]["when_awarded"] == "no"
    assert "withdrawn" in found["accreditation"]["message"]
    first, second, _ = words.tell(found)
    assert (first.word, second.tone) == ("Unknown issuer", "bad")
    assert words.is_stranger(found)


async def test_a_registry_that_does_not_answer_is_told_as_not_checked() -> None:
    chain = Chain().publish()
    chain.registry.down = ("/",)
    report = await look(chain, award(chain))

    found = told(report, on=grounds(chain)).to_json()["accreditation"]

    assert (found["when_awarded"], found["now"]) == (None, None)


async def test_a_number_of_the_register_is_what_quality_is_told_by() -> None:
    chain = Chain().publish()
    keys = Keys(dids=frozenset({chain.ti.did}))
    listed = organisation(keys=keys, types=MICRO[1:])
    numbers = (Identifier(scheme="deqar", value="DEQARINST0007"),)
    found = {}
    for name, known in {"with": replace(listed, identifiers=numbers), "without": listed}.items():
        on = grounds(chain, accreditation=AccreditationSource.holding(issuers(known)), quality=quality())
        report = await look(chain, award(chain), on=on)
        view = flat_claims.from_claims(records.claims())
        found[name] = statement.of(report, view=view, grounds=on, now=NOON).quality

    assert found["with"] is not None
    assert found["with"].quality.assured
    assert found["without"] is None or not found["without"].quality.assured


async def test_the_second_decision_makes_no_request() -> None:
    """A whole decision: the ladder, the chain at two moments, the three answers."""
    chain = Chain().publish()
    on = grounds(chain, quality=quality())
    raw = award(chain)
    first = told(await look(chain, raw, on=on), on=on).to_json()
    assert chain.registry.asked
    chain.registry.asked.clear()

    policy = replace(Policy(), required=Policy().required - {Rung.HOLDER})
    report = verify_now(raw, policy=policy, grounds=on, now=NOON)

    assert report is not None
    assert told(report, on=on).to_json() == first
    assert chain.registry.asked == []


@pytest.mark.parametrize("listed", [True, False])
def test_before_anything_is_signed_only_the_list_names_anybody(listed: bool) -> None:  # noqa: FBT001  # a case
    address = "https://uni.example/north"
    numbers = (Identifier(scheme="deqar", value="DEQARINST0007"),)
    known = replace(organisation(keys=Keys(issuers=frozenset({address}))), identifiers=numbers)
    source = AccreditationSource.holding(issuers(known))
    on = Grounds(accreditation=source, quality=quality())
    path = issuers(known).expects(address, types=[VCT], at=NOON) if listed else ()

    found = statement.before_signing(address, path=path, grounds=on, now=NOON).to_json()

    assert words.is_stranger(found) is not listed
    assert found["accreditation"]["now"] == ("yes" if listed else "no")
    assert (found["quality"] is not None) is listed
