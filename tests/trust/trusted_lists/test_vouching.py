"""Which service of a trusted list vouches for a seal certificate: granted then, for seals, for such certificates."""

from datetime import datetime, timedelta

import pytest

from keys.x509 import Certificate
from tests.keys.certificates import NOW
from tests.keys.seals.certificates import oid_value, quality
from tests.trust.trusted_lists.publishing import WITHDRAWN, YEAR, Draft, Stands, rule
from tests.trust.trusted_lists.sealing import DAY, POLICY, Sealer, authority, naming, published
from trust.trusted_lists import vouching
from trust.trusted_lists.trusted_list import FOR_SEALS
from trust.trusted_lists.vouching import Quality, TrustedLists, Vouched

CA = authority()
SEAL = Sealer(by=CA).certified()
LISTS = naming(CA.held)
FOR_SIGNATURES = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSignatures"
COMPLIANT = oid_value("0.4.0.1862.1.1")


def ask(lists: TrustedLists = LISTS, *chain: Certificate, at: datetime = NOW - DAY, now: datetime = NOW) -> Vouched:
    return vouching.ask(lists, chain=chain or (SEAL,), at=at, now=now)


def test_a_granted_service_for_seals_makes_a_certificate_qualified() -> None:
    found = ask()

    assert (found.quality, found.in_device) == (Quality.QUALIFIED, True)
    assert found.path == (SEAL, CA.held)
    assert found.service is not None
    assert found.service.provider == "Trust Provider"


def standing(**changes: object) -> TrustedLists:
    return naming(CA.held, standings=[Stands(**changes)])


@pytest.mark.parametrize(
    "lists",
    [
        standing(status=WITHDRAWN),
        standing(type="http://uri.etsi.org/TrstSvc/Svctype/CA/PKC"),
        standing(purposes=[FOR_SIGNATURES]),
        standing(purposes=[]),
        standing(since=NOW - DAY / 2),
        standing(since=NOW - 50 * DAY),
        naming(CA.held, standings=[Stands(since=NOW - 2 * DAY, status=WITHDRAWN), Stands(since=NOW - 9 * YEAR)]),
        standing(rules=rule("NotQualified", policy=POLICY)),
        standing(rules=rule("QCForESig", policy=POLICY)),
        standing(rules=rule("NotQualified", policy="1.2.3", demand="none")),
    ],
    ids=[
        "withdrawn", "another-kind", "for-signatures", "for-nothing", "granted-later", "granted-after-it-was-made",
        "withdrawn-before-the-seal", "not-qualified-by-rule", "for-signatures-by-rule", "by-a-rule-for-all-others",
    ],
)  # fmt: skip
def test_a_service_with_one_thing_other_makes_no_qualified_certificate(lists: TrustedLists) -> None:
    assert ask(lists).quality is Quality.LISTED


def test_a_service_that_was_withdrawn_since_vouches_for_the_time_before() -> None:
    lists = naming(CA.held, standings=[Stands(since=NOW - DAY, status=WITHDRAWN), Stands(since=NOW - 9 * YEAR)])

    assert ask(lists, at=NOW - 2 * DAY).quality is Quality.QUALIFIED
    assert ask(lists, at=NOW).quality is Quality.LISTED


def test_one_granted_entry_is_enough_where_a_service_stands_twice() -> None:
    draft = Draft(services=[(CA.held, [Stands(purposes=[FOR_SIGNATURES])]), (CA.held, [Stands(purposes=[FOR_SEALS])])])

    assert ask(TrustedLists.of([published(draft)])).quality is Quality.QUALIFIED


@pytest.mark.parametrize(
    "statements",
    [None, quality(COMPLIANT), quality(oid_value("0.4.0.1862.1.4")), quality(b"\x02\x01\x00")],
    ids=["none", "of-no-kind", "device-only", "unreadable"],
)
def test_a_certificate_that_does_not_claim_to_be_for_seals_is_not(statements: object) -> None:
    assert ask(LISTS, Sealer(by=CA, statements=statements).certified()).quality is Quality.LISTED


@pytest.mark.parametrize(
    ("rules", "in_device"),
    [
        (rule("QCNoQSCD", policy=POLICY), False),
        (rule("QCWithQSCD", policy=POLICY), True),
        (rule("QCNoQSCD", policy="1.2.3"), True),
        (rule("QCNoQSCD", policy=POLICY) + rule("QCWithQSCD", policy=POLICY), None),
        (rule("QCNoQSCD", policy=POLICY, demand="most"), None),
    ],
)
def test_the_list_has_the_last_word_about_the_device(rules: str, in_device: object) -> None:
    found = ask(standing(rules=rules))

    assert (found.quality, found.in_device) == (Quality.QUALIFIED, in_device)


def test_a_rule_that_is_not_understood_leaves_the_question_open() -> None:
    assert ask(standing(rules=rule("NotQualified", policy=POLICY, demand="most"))).quality is Quality.UNKNOWN


def test_a_certificate_between_leads_to_the_service() -> None:
    between = authority("Between", by=CA)
    seal = Sealer(by=between).certified()

    assert ask(naming(CA.held), seal, between.held, CA.held).path == (seal, between.held, CA.held)
    assert ask(naming(CA.held), seal).quality is Quality.UNLISTED


@pytest.mark.parametrize("at", [NOW - 101 * DAY, NOW + 301 * DAY])
def test_a_certificate_seals_in_its_time_only(at: datetime) -> None:
    assert ask(at=at).quality is Quality.UNLISTED


def test_a_namesake_of_a_service_is_not_the_service() -> None:
    assert ask(naming(authority().held)).quality is Quality.UNLISTED


def test_where_the_list_of_the_country_is_at_hand_nobody_is_nobody() -> None:
    elsewhere = authority("Another CA")

    assert ask(naming(elsewhere.held)).quality is Quality.UNLISTED
    assert ask(naming(elsewhere.held), now=NOW + YEAR).quality is Quality.UNKNOWN
    assert ask(naming(elsewhere.held, territory="XM")).quality is Quality.UNKNOWN
    assert ask(TrustedLists()).quality is Quality.UNKNOWN


def test_a_list_that_is_not_of_now_vouches_for_nobody() -> None:
    assert ask(now=NOW + timedelta(days=160)).quality is Quality.UNKNOWN
