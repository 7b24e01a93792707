"""Words and keeping: every reason is explained, what was not asked for is cut out, foreign certificates are shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier import records
from trust.report import Actor, Rung
from verifier.explanation import explaining, names
from verifier.verdicts import dossier
from verifier.web import shown

PRESENTED: dict[str, Any] = {
    "query": "one", "verdict": "yes", "code": None, "claims": {}, "surplus": [], "findings": [],
    "format": "dc+sd-jwt", "types": [], "issued_at": "2026-06-30T10:00:00+00:00", "expires": None,
    "issuer": {
        "id": "https://uni.example", "name": "Uni", "kind": "did", "anchored": False, "certificates": [],
        "accredited": [], "accredited_now": None,
    },
}  # fmt: skip


def result(verdict: str, **finding: Any) -> dict[str, Any]:
    """A result that one finding decided."""
    whole = {"evidence": {}, "message": "It is so.", **finding}
    return {**PRESENTED, "verdict": verdict, "code": whole.get("code"), "findings": [whole] if finding else []}


def test_every_rung_and_actor_has_a_name() -> None:
    assert names.RUNGS.keys() == set(Rung)
    assert names.ACTORS.keys() == set(Actor)


@pytest.mark.parametrize("rung", Rung)
def test_what_could_not_be_checked_is_never_explained_as_wrong(rung: Rung) -> None:
    told = explaining.of(result("not_sure", rung=rung.value, outcome="unknown", code="issuer_untrusted"))

    assert told is not None
    assert told.headline.startswith("We could not")


@pytest.mark.parametrize("verdict", ["no", "not_sure"])
def test_a_result_that_is_no_yes_is_never_left_without_words(verdict: str) -> None:
    assert explaining.of(result(verdict)) is not None
    assert explaining.of(result("yes")) is None


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        ([("a",)], {"b": [1, 2, 3], "c": {"d": 1, "e": 2}}),
        ([("b", 0), ("b", 2)], {"a": 1, "b": [2], "c": {"d": 1, "e": 2}}),
        ([("c", "d")], {"a": 1, "b": [1, 2, 3], "c": {"e": 2}}),
        ([("x",), ("b", 9), ("a", "b")], {"a": 1, "b": [1, 2, 3], "c": {"d": 1, "e": 2}}),
    ],
)
def test_what_was_not_asked_for_is_cut_out(paths: list[Any], left: dict[str, Any]) -> None:
    assert dossier.without({"a": 1, "b": [1, 2, 3], "c": {"d": 1, "e": 2}}, paths) == left


@given(st.integers(1, 20).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1)))))
def test_of_an_array_exactly_the_named_places_go(sized: tuple[int, set[int]]) -> None:
    size, gone = sized

    left = dossier.without({"a": list(range(size))}, [("a", place) for place in gone])

    assert left == {"a": [each for each in range(size) if each not in gone]}


def test_a_certificate_that_is_no_micro_credential_is_shown_by_its_own_names() -> None:
    claims = {"credentialSubject": {"id": "did:example:1", "badge": "Gold", "points": 7}}

    sheet = shown.sheet({**PRESENTED, "format": "vc+jwt", "claims": claims})

    assert sheet.facts == (("badge", ("Gold",)), ("points", ("7",)))
    assert sheet.absent == ()
    assert sheet.sentence == "Genuine and valid: awarded by Uni"


ASKED = frozenset({"title", "learner", "annex_i", "grade"})


def test_what_was_asked_for_stands_first_and_by_itself() -> None:
    claims = {name: said for name, said in records.claims().items() if name != "grade"}

    sheet = shown.sheet({**PRESENTED, "claims": claims}, asked=ASKED)

    assert sheet.asked
    assert [label for label, _ in sheet.facts] == ["Title", "Learner", "Elements awarded"]
    assert sheet.missing == ("Grade",)
    outcomes = dict(sheet.rest)["Learning outcomes"]
    assert len(outcomes) == 2  # one by one, and not in one line
    assert not {label for label, _ in sheet.facts} & {label for label, _ in sheet.rest}
    assert "Grade" not in (*sheet.withheld, *sheet.absent)


def test_where_nothing_was_asked_for_by_name_all_stands_together() -> None:
    presented = {**PRESENTED, "claims": records.claims()}

    for asked in (frozenset[str](), frozenset({"hasClaim"})):
        sheet = shown.sheet(presented, asked=asked)

        assert (sheet.asked, sheet.rest, sheet.missing) == (False, (), ())
        assert {"Title", "Learner", "Grade"} <= {label for label, _ in sheet.facts}


def test_of_several_certificates_the_first_line_counts_the_good_ones() -> None:
    good, bad = shown.sheet(PRESENTED), shown.sheet({**PRESENTED, "verdict": "no", "code": "revoked"})

    assert shown.overall([good, good]) == "All 2 certificates are genuine and valid"
    assert shown.overall([good, bad]) == "1 of 2 certificates are genuine and valid"


def test_rules_of_ones_own_that_do_not_hold_are_not_told_as_a_forgery() -> None:
    told = explaining.of(result("no", rung="policy", outcome="failed", code="issuer_untrusted"))

    assert told is not None
    assert told.officer.startswith("It is genuine.")
