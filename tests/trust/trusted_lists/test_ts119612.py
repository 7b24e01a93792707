"""Trusted lists in XML: what they say of services and other lists, and the order in which they come."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.keys.certificates import NOW, Party
from tests.trust.trusted_lists.publishing import WITHDRAWN, YEAR, Draft, Stands, rule, sign
from tests.trust.trusted_lists.real import SPRING_2020, commission
from trust.errors import InvalidTrustedList, UntrustedList
from trust.trusted_lists import ts119612
from trust.trusted_lists.trusted_list import EU_LIST, FOR_SEALS, GRANTED, LIST_OF_LISTS, XML_TYPE, TrustedList

SUPERVISOR = Party(subject="Supervisor").self_signed(ca=False)
AUTHORITY = Party(subject="Trust Provider CA").self_signed()


def read(draft: Draft, *, sequence: int = 0) -> TrustedList:
    return ts119612.verify(sign(draft.to_xml(), SUPERVISOR), signers=[SUPERVISOR.held], now=NOW, sequence=sequence)


def test_a_list_says_whose_it_is_and_until_when() -> None:
    found = read(Draft())

    assert (found.type, found.territory, found.operator, found.sequence) == (EU_LIST, "XN", "The Supervisor", 7)
    assert found.fresh(at=NOW)
    assert not found.fresh(at=NOW + timedelta(days=160))
    assert not found.fresh(at=NOW - timedelta(days=21))


def test_a_list_without_a_next_update_is_closed_and_stays() -> None:
    assert read(Draft(next_update="")).fresh(at=NOW + 9 * YEAR)


def test_a_pointer_names_the_signers_of_another_list() -> None:
    [pointer] = read(Draft(pointers=[("XM", "https://xm.example/list.xml", [AUTHORITY.held])])).pointers

    assert (pointer.territory, pointer.location, pointer.type) == ("XM", "https://xm.example/list.xml", EU_LIST)
    assert (pointer.media_type, pointer.signers) == (XML_TYPE, (AUTHORITY.held,))


def test_a_service_stood_differently_at_different_times() -> None:
    standings = [Stands(since=NOW - YEAR, status=WITHDRAWN), Stands(since=NOW - 3 * YEAR, purposes=())]
    [service] = read(Draft(services=[(AUTHORITY.held, standings)])).services

    assert (service.provider, service.certificates) == ("Trust Provider", (AUTHORITY.held,))
    asked = [service.standing(at=NOW - years * YEAR) for years in (0, 1, 2, 3, 4)]
    assert [each and each.status for each in asked] == [WITHDRAWN, WITHDRAWN, GRANTED, GRANTED, None]
    assert [each and each.purposes for each in asked[1:3]] == [frozenset({FOR_SEALS}), frozenset()]


def test_history_in_any_order_is_read_in_the_order_of_time() -> None:
    standings = [Stands(since=NOW - 3 * YEAR), Stands(since=NOW - YEAR, status=WITHDRAWN)]
    [service] = read(Draft(services=[(AUTHORITY.held, standings)])).services

    assert [each.status for each in service.standings] == [WITHDRAWN, GRANTED]


@pytest.mark.parametrize(
    ("demand", "policies", "met"),
    [
        ("atLeastOne", {"1.2.3", "1.9"}, True),
        ("atLeastOne", {"1.9"}, False),
        ("all", {"1.2.3"}, True),
        ("none", {"1.2.3"}, False),
        ("none", {"1.9"}, True),
        ("most", {"1.2.3"}, None),
    ],
)
def test_a_rule_is_about_certificates_of_a_policy(demand: str, policies: set[str], met: object) -> None:
    standing = Stands(rules=rule("NotQualified", policy="1.2.3", demand=demand))
    [found] = read(Draft(services=[(AUTHORITY.held, [standing])])).services[0].standings[0].rules

    assert {each.rpartition("/")[2] for each in found.qualifiers} == {"NotQualified"}
    assert found.criteria.met(frozenset(policies)) is met


def test_a_rule_about_something_else_is_kept_as_one_that_is_not_understood() -> None:
    usage = '<q:KeyUsage><q:KeyUsageBit name="nonRepudiation">true</q:KeyUsageBit></q:KeyUsage>'
    standing = Stands(rules=rule("NotQualified", policy="1.2.3", other=usage))
    [found] = read(Draft(services=[(AUTHORITY.held, [standing])])).services[0].standings[0].rules

    assert found.criteria.met(frozenset({"1.2.3"})) is None


def test_a_list_of_an_earlier_number_than_one_seen_is_refused() -> None:
    assert read(Draft(), sequence=7).sequence == 7
    with pytest.raises(UntrustedList, match="newer"):
        read(Draft(), sequence=8)


def test_a_list_from_the_future_is_refused() -> None:
    with pytest.raises(UntrustedList, match="future"):
        read(Draft(issued=(NOW + timedelta(hours=1)).isoformat()))


@pytest.mark.parametrize(
    "draft",
    [
        Draft(version="4"),
        Draft(sequence=0),
        Draft(sequence="-1"),
        Draft(sequence="7a"),
        Draft(sequence="٧"),
        Draft(sequence=10**12),
        Draft(issued="yesterday"),
        Draft(issued="2026-06-01T00:00:00"),
        Draft(next_update="2026-13-01T00:00:00Z"),
        Draft(type="</TSLType><TSLType>"),
    ],
)
def test_a_list_that_is_written_wrongly_is_refused_though_its_signature_is_right(draft: Draft) -> None:
    with pytest.raises(InvalidTrustedList):
        read(draft)


def test_a_certificate_that_cannot_be_read_vouches_for_nothing_and_the_list_stays() -> None:
    xml = Draft(services=[(AUTHORITY.held, [Stands()])]).to_xml()
    broken = xml.replace("<X509Certificate>MII", "<X509Certificate>XXX")

    [service] = ts119612.verify(sign(broken, SUPERVISOR), signers=[SUPERVISOR.held], now=NOW).services

    assert service.certificates == ()


@pytest.fixture(scope="module")
def real(samples: Path) -> dict[str, bytes]:
    return {name: (samples / f"edci-jades/trustedlist-{name}.xml").read_bytes() for name in ("EU", "BE", "IE")}


@pytest.fixture(scope="module")
def union(real: dict[str, bytes]) -> TrustedList:
    """The list of lists, by one of its signers, pinned by the fingerprint of its certificate."""
    return ts119612.verify(real["EU"], signers=[commission(real["EU"])], now=SPRING_2020)


@pytest.mark.parametrize(("territory", "sequence", "services"), [("BE", 46, 37), ("IE", 20, 5)])
def test_the_real_lists_of_2020_lead_from_the_union_to_its_members(
    real: dict[str, bytes], union: TrustedList, territory: str, sequence: int, services: int
) -> None:
    [pointer] = [each for each in union.pointers if each.territory == territory and each.media_type == XML_TYPE]

    national = ts119612.verify(real[territory], signers=pointer.signers, now=SPRING_2020)

    assert (union.type, union.sequence, len(union.pointers)) == (LIST_OF_LISTS, 264, 44)
    assert (national.territory, national.sequence, len(national.services)) == (territory, sequence, services)
    assert national.fresh(at=SPRING_2020)
    assert not national.fresh(at=NOW)


def test_the_real_list_of_one_country_is_not_signed_by_those_of_another(
    real: dict[str, bytes], union: TrustedList
) -> None:
    [irish] = [each for each in union.pointers if each.territory == "IE"]

    with pytest.raises(UntrustedList):
        ts119612.verify(real["BE"], signers=irish.signers, now=SPRING_2020)


def test_the_real_lists_say_nothing_with_the_certificates_of_then_today(
    real: dict[str, bytes], union: TrustedList
) -> None:
    [belgian] = [each for each in union.pointers if each.territory == "BE"]

    with pytest.raises(UntrustedList, match="does not count"):
        ts119612.verify(real["BE"], signers=belgian.signers, now=NOW)


def test_one_word_of_a_real_list_cannot_be_changed(real: dict[str, bytes], union: TrustedList) -> None:
    assert b"Svcstatus/withdrawn" in real["IE"]
    [irish] = [each for each in union.pointers if each.territory == "IE"]
    changed = real["IE"].replace(b"Svcstatus/withdrawn", b"Svcstatus/granted", 1)

    with pytest.raises(UntrustedList, match="not right"):
        ts119612.verify(changed, signers=irish.signers, now=SPRING_2020)
