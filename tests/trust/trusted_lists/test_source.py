"""Where trusted lists come from: the pinned signers lead to the list of lists, and that to those of the countries."""

from datetime import timedelta
from pathlib import Path

import pytest

from keys import x509
from keys.errors import InvalidCertificate
from tests.keys.certificates import NOW, Party
from tests.trust.builders import Net
from tests.trust.trusted_lists.publishing import Draft, Stands, sign
from tests.trust.trusted_lists.real import SPRING_2020, commission
from tests.trust.trusted_lists.sealing import DAY, Sealer, authority
from trust.trusted_lists import source as trusted_list_source
from trust.trusted_lists import vouching
from trust.trusted_lists.source import TrustedListSource
from trust.trusted_lists.trusted_list import LIST_OF_LISTS, XML_TYPE
from trust.trusted_lists.vouching import Quality

UNION = Party(subject="Commission").self_signed(ca=False)
NORTH = Party(subject="Supervisor of XN").self_signed(ca=False)
SOUTH = Party(subject="Supervisor of XS").self_signed(ca=False)
CA = authority()
SEAL = Sealer(by=CA).certified()
LOTL, XN, XS = "https://eu.example/lotl.xml", "https://xn.example/list.xml", "https://xs.example/list.xml"


def lotl(sequence: int = 3, *, by: Party = UNION) -> bytes:
    pointers = [("EU", LOTL, [UNION.held]), ("XN", XN, [NORTH.held]), ("XS", XS, [SOUTH.held])]
    draft = Draft(type=LIST_OF_LISTS, territory="EU", sequence=sequence, pointers=pointers)
    return sign(draft.to_xml(), by)


def national(territory: str = "XN", *, by: Party = NORTH, sequence: int = 7, kind: str = "") -> bytes:
    draft = Draft(territory=territory, sequence=sequence, services=[(CA.held, [Stands()])])
    return sign((Draft(**{**_fields(draft), "type": kind}) if kind else draft).to_xml(), by)


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__}


def net(**bodies: bytes) -> Net:
    made = Net()
    for url, body in {LOTL: lotl(), XN: national(), XS: national("XS", by=SOUTH), **bodies}.items():
        made.put(url, body, content_type=XML_TYPE)
    return made


def source(fetch: Net | None = None, **changes: object) -> TrustedListSource:
    asked: dict[str, object] = {"signers": [UNION.held], "url": LOTL if fetch else "", "fetch": fetch, **changes}
    return TrustedListSource(**asked)


def quality(found: TrustedListSource) -> Quality:
    return vouching.ask(found.at_hand(), chain=[SEAL], at=NOW - DAY, now=NOW).quality


def territories(found: TrustedListSource) -> set[str]:
    return {each.territory for each in found.at_hand().lists}


def test_a_folder_is_read_in_whatever_order_its_files_lie() -> None:
    for files in ({"a": lotl(), "b": national()}, {"a": national(), "b": lotl()}):
        found = source()
        found.load(files, now=NOW)

        assert (territories(found), quality(found), found.problems) == ({"EU", "XN"}, Quality.QUALIFIED, {})


def test_a_national_list_may_be_pinned_by_itself() -> None:
    found = source(signers=[NORTH.held])
    found.load({"xn.xml": national()}, now=NOW)

    assert quality(found) is Quality.QUALIFIED


@pytest.mark.parametrize(
    "files",
    [
        {"lotl": lotl(by=NORTH), "xn": national()},
        {"lotl": lotl(), "xn": national(by=SOUTH)},
        {"lotl": lotl(), "xn": national("XN", by=UNION, kind="http://uri.example/another-kind")},
        {"lotl": lotl(), "xn": b"<xml/>"},
        {"xn": national()},
    ],
    ids=["list-of-lists-by-another", "signer-of-another-country", "another-kind", "no-list", "no-list-of-lists"],
)
def test_a_list_that_nobody_pinned_leads_to_is_not_used_and_told(files: dict[str, bytes]) -> None:
    found = source()
    found.load(files, now=NOW)

    assert quality(found) is Quality.UNKNOWN
    assert found.problems


async def test_lists_are_fetched_from_the_union_down() -> None:
    web = net()
    found = source(web)

    await found.renew(now=NOW)

    assert (territories(found), quality(found)) == ({"EU", "XN", "XS"}, Quality.QUALIFIED)
    assert web.asked == [LOTL, XN, XS]
    assert set(web.accepts) == {XML_TYPE}


async def test_a_decision_costs_no_network_and_renewal_waits_until_it_is_due() -> None:
    web = net()
    found = source(web, refresh=DAY)
    await found.renew(now=NOW)
    web.asked.clear()

    assert quality(found) is Quality.QUALIFIED
    await found.renew(now=NOW + DAY / 2)
    assert web.asked == []

    await found.renew(now=NOW + DAY)
    assert web.asked


async def test_only_the_countries_that_are_wanted_are_fetched() -> None:
    web = net()
    found = source(web, territories={"XS"})

    await found.renew(now=NOW)

    assert (territories(found), web.asked) == ({"EU", "XS"}, [LOTL, XS])


@pytest.mark.parametrize("gone", [LOTL, XN])
async def test_what_cannot_be_had_leaves_what_is_at_hand(gone: str) -> None:
    web = net()
    found = source(web, refresh=DAY)
    await found.renew(now=NOW)
    del web.documents[gone]

    await found.renew(now=NOW + DAY)

    assert quality(found) is Quality.QUALIFIED
    assert gone in found.problems


@pytest.mark.parametrize(("url", "older"), [(LOTL, lotl(2)), (XN, national(sequence=6))])
async def test_an_older_list_than_one_seen_is_not_taken_even_after_a_restart(url: str, older: bytes) -> None:
    first = source(net())
    await first.renew(now=NOW)

    found = source(net(**{url: older}), sequences=first.sequences, territories={"XN"})
    await found.renew(now=NOW)

    assert "newer" in found.problems[url]
    assert quality(found) is Quality.UNKNOWN


async def test_a_list_of_one_country_by_another_is_refused() -> None:
    found = source(net(**{XN: national("XN", by=SOUTH), XS: national("XN", by=SOUTH)}))

    await found.renew(now=NOW)

    assert territories(found) == {"EU"}
    assert "another country" in found.problems[XS]


async def test_an_answer_that_is_no_list_of_lists_is_refused() -> None:
    found = source(net(**{LOTL: national("XN", by=UNION)}))

    await found.renew(now=NOW)

    assert territories(found) == set()
    assert "not the list of lists" in found.problems[LOTL]


def test_a_folder_holds_its_lists_and_their_signers(tmp_path: Path) -> None:
    (tmp_path / "signers").mkdir()
    (tmp_path / "signers/commission.pem").write_bytes(x509.to_pem(UNION.held))
    (tmp_path / "lotl.xml").write_bytes(lotl())
    (tmp_path / "xn.xml").write_bytes(national())

    assert quality(trusted_list_source.open_folder(tmp_path, now=NOW)) is Quality.QUALIFIED
    with pytest.raises(InvalidCertificate):
        trusted_list_source.open_folder(tmp_path / "signers", now=NOW)


def test_a_list_that_is_past_its_time_answers_nothing() -> None:
    found = source()
    found.load({"a": lotl(), "b": national()}, now=NOW)
    later = NOW + timedelta(days=161)

    assert vouching.ask(found.at_hand(), chain=[SEAL], at=NOW - DAY, now=later).quality is Quality.UNKNOWN


def test_the_real_lists_of_2020_are_read_from_a_folder_and_vouch_in_their_time(samples: Path) -> None:
    files = {name: (samples / f"edci-jades/trustedlist-{name}.xml").read_bytes() for name in ("BE", "EU", "IE")}
    found = source(signers=[commission(files["EU"])])

    found.load(files, now=SPRING_2020)

    assert (territories(found), found.problems) == ({"EU", "BE", "IE"}, {})
    assert found.sequences == {"EU": 264, "BE": 46, "IE": 20}
    for territory in ("BE", "IE"):
        assert found.at_hand().fresh_for(territory, now=SPRING_2020)
        assert not found.at_hand().fresh_for(territory, now=NOW)
