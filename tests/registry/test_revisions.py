from dataclasses import replace
from datetime import UTC, datetime

import pytest

from registry import revisions
from registry.errors import BrokenChain
from registry.revisions import Kind, Revision

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)


def chain(*steps: tuple[Kind, str, dict[str, object]]) -> list[Revision]:
    kept: list[Revision] = []
    for kind, subject, body in steps:
        last = kept[-1] if kept else None
        kept.append(Revision.follow(last, at=AT, kind=kind, subject=subject, body=body, author="office"))
    return kept


@pytest.fixture
def history() -> list[Revision]:
    accredited = {"types": ["t"], "accredited_by": "root", "from": "2026-01-01"}
    return chain(
        (Kind.ORGANISATION, "urn:uni", {"name": "University"}),
        (Kind.ACCREDITATION, "urn:uni", accredited),
        (Kind.WITHDRAWAL, "urn:uni", {"accreditation": 2, "on": "2026-06-01", "reason": "closed"}),
        (Kind.STANDING, "urn:uni", {"status": "closed", "reason": "merged"}),
        (Kind.ORGANISATION, "urn:uni", {"name": "University of Examples"}),
    )


def test_an_organisation_is_the_sum_of_its_revisions(history: list[Revision]) -> None:
    entry = revisions.entries(history)["urn:uni"]
    assert entry.number == 1
    assert entry.organisation.name == "University of Examples"
    assert entry.listed.status == "closed"
    assert [each.number for each in entry.granted] == [2]
    assert str(entry.listed.accreditations[0].revoked) == "2026-06-01"


def test_an_unaltered_history_checks(history: list[Revision]) -> None:
    revisions.check(history)


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize("change", [{"author": "somebody"}, {"body": {"name": "Other"}}, {"at": AT.replace(year=2025)}])
def test_a_history_with_one_thing_altered_is_found_out(
    history: list[Revision], index: int, change: dict[str, object]
) -> None:
    history[index] = replace(history[index], **change)  # type: ignore[arg-type]  # any field
    with pytest.raises(BrokenChain):
        revisions.check(history)


@pytest.mark.parametrize("index", range(4))
def test_a_history_with_one_revision_missing_is_found_out(history: list[Revision], index: int) -> None:
    del history[index]
    with pytest.raises(BrokenChain):
        revisions.check(history)
